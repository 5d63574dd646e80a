/** An action whose progress is followed: a response of lines of JSON, of which the last one says how it ended. */
import { settings } from '../../../conf';
import { inTransactions } from '../../../core/handlers/base';
import { responseForException } from '../../../core/handlers/exception';
import type { HttpRequest } from '../../../http/request';
import { HttpResponseRedirect, StreamingHttpResponse } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { getUrlconf, overrideUrlconf } from '../../../urls/base';
import * as timezone from '../../../utils/timezone';
import * as translation from '../../../utils/translation';
import { BaseStorage, type Message, type Retrieved } from '../../messages/storage/base';
import { carriedResponse } from './finish';
import { Lines } from './lines';
import { type ActionProgress, type ActionSteps, runSteps } from './steps';

/** The type of lines of JSON; asking for it asks for the progress of an action. */
export const LINES_OF_JSON = 'application/x-ndjson';

/** Milliseconds between two lines: nobody sees more. */
const INTERVAL = 100;

/** Thrown to undo the transactions of an action that was stopped. */
class Stopped extends Error {}

/** Messages that are added after the middleware has kept those of the request. */
class LateMessages extends BaseStorage {
  override retrieve(): Retrieved {
    return { messages: [], allRetrieved: true };
  }

  override store(messages: Message[]): Message[] {
    return messages;
  }
}

/**
 * Runs an action while its lines are read. With ATOMIC_REQUESTS it is one transaction, as without: the view's own has ended by then. Whoever
 * reads no further stops it.
 */
export function progressResponse(request: HttpRequest, steps: ActionSteps): StreamingHttpResponse {
  const inContext = contextOfNow();
  const lines = new Lines((self) => inContext(() => follow(request, steps, self)));
  return new StreamingHttpResponse(lines, {
    contentType: LINES_OF_JSON,
    // nginx would keep the lines until there are 4 kB of them.
    headers: { 'X-Accel-Buffering': 'no' },
  });
}

/** What middleware has said of this request, which need not hold any more when its content is read. */
function contextOfNow(): <T>(body: () => T) => T {
  const [language, zone, urlconf] = [translation.getLanguage(), timezone.getCurrentTimezone(), getUrlconf()];
  return (body) =>
    translation.override(language, () =>
      timezone.override(zone, () => (urlconf === undefined ? body() : overrideUrlconf(urlconf, body))),
    );
}

async function follow(request: HttpRequest, steps: ActionSteps, lines: Lines): Promise<void> {
  let late: LateMessages | undefined;
  if (request._messages !== undefined) {
    late = new LateMessages(request);
    late.level = request._messages.level;
    request._messages = late;
  }
  let last: object;
  try {
    const response = await inRequestTransactions(request, () => run(request, steps, lines));
    await keepSession(request);
    // A page that has shown them is the page that they were for.
    last = {
      finished: await carriedResponse(request, response, late === undefined || late.used ? [] : [...late]),
    };
  } catch (error) {
    if (error instanceof Stopped) return;
    last = { error: await failureText(request, error) };
  }
  await lines.send(line(last));
}

/** @throws Stopped where nobody reads any more. */
async function run(request: HttpRequest, steps: ActionSteps, lines: Lines): Promise<HttpResponseBase> {
  let sentAt = -INTERVAL;
  const { isStopped, response } = await runSteps(steps, async ({ done, total, message }: ActionProgress) => {
    const now = performance.now();
    if (now - sentAt >= INTERVAL) {
      sentAt = now;
      await lines.send(line({ done, total: total ?? null, message: String(message ?? '') }));
    }
    return !lines.isAbandoned;
  });
  if (isStopped) throw new Stopped();
  return response ?? new HttpResponseRedirect(request.getFullPath());
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** In a transaction for each database for which the view had one. */
async function inRequestTransactions(
  request: HttpRequest,
  body: () => Promise<HttpResponseBase>,
): Promise<HttpResponseBase> {
  const view = request.resolverMatch?.func as { nonAtomicRequests?: ReadonlySet<string> } | undefined;
  const nonAtomicRequests = view?.nonAtomicRequests;
  return inTransactions(Object.assign(body, nonAtomicRequests && { nonAtomicRequests }))(request, {});
}

/** What the action put into the session: the middleware has saved it before. */
async function keepSession({ session }: HttpRequest): Promise<void> {
  if (session.modified) await session.save();
}

/** What whoever waits may know of an error, which is logged and announced as that of any view. */
async function failureText(request: HttpRequest, error: unknown): Promise<string> {
  const { statusCode, reasonPhrase } = await responseForException(request, error);
  if (settings.DEBUG) return String(error);
  return statusCode < 500
    ? reasonPhrase
    : translation.gettext(
        'There’s been an error. It’s been reported to the site administrators via email and should be fixed shortly. Thanks for your patience.',
      );
}
