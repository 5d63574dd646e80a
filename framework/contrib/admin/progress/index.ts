/** Actions that take their time, and say how far they are. */
import type { HttpRequest } from '../../../http/request';
import { HttpResponseRedirect } from '../../../http/response';
import { HttpResponseBase } from '../../../http/response_base';
import { type ActionSteps, isSteps, runSteps } from './steps';
import { LINES_OF_JSON, progressResponse } from './stream';

export { FINISHED_VAR, finishedResponse } from './finish';
export { type ActionProgress, type ActionSteps, isGeneratorFunction } from './steps';

// biome-ignore lint/suspicious/noConfusingVoidType: most actions return nothing.
type ActionResult = HttpResponseBase | ActionSteps | undefined | void;

/** An action that was over at once, for who wants to follow it nevertheless. */
// biome-ignore lint/correctness/useYield: there is nothing to say on the way.
async function* ended(response: Exclude<ActionResult, ActionSteps>): ActionSteps {
  return response;
}

/**
 * The response to an action: its own, or back to the list. One that says how far it is runs to its end, or while whoever asked for lines of JSON
 * reads them.
 */
export async function actionResponse(request: HttpRequest, result: ActionResult): Promise<HttpResponseBase> {
  if (request.getPreferredType(['text/html', LINES_OF_JSON]) === LINES_OF_JSON) {
    return progressResponse(request, isSteps(result) ? result : ended(result));
  }
  const response = isSteps(result) ? (await runSteps(result, () => true)).response : result;
  return response instanceof HttpResponseBase ? response : new HttpResponseRedirect(request.getFullPath());
}
