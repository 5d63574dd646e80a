/** Actions that say how far they are: async generators. */
import type { HttpResponseBase } from '../../../http/response_base';
import type { Text } from '../../../utils/functional';

/** How far an action is. */
export interface ActionProgress {
  /** How many are done. */
  readonly done: number;
  /** Of how many; null where nobody knows. */
  readonly total?: number | null;
  /** What it does just now, for whoever waits. */
  readonly message?: Text;
}

/** A run of an action: what it yields while it is on its way, and the response that it ends with, if it has one of its own. */
export type ActionSteps = AsyncGenerator<
  ActionProgress,
  // biome-ignore lint/suspicious/noConfusingVoidType: most actions return nothing.
  HttpResponseBase | undefined | void,
  unknown
>;

/** Whether a function is an async generator: what is known of an action before it runs. */
export function isGeneratorFunction(action: unknown): boolean {
  return Object.prototype.toString.call(action) === '[object AsyncGeneratorFunction]';
}

/** Whether what an action returned has to be run yet. Rows and streamed responses are iterable, too, but have no `next()`. */
export function isSteps(result: unknown): result is ActionSteps {
  return (
    typeof result === 'object' &&
    result !== null &&
    Symbol.asyncIterator in result &&
    typeof (result as { next?: unknown }).next === 'function'
  );
}

/**
 * Runs an action to its end, and ends it early where `onProgress` answers false: its `finally` blocks run, and `undefined` comes back.
 * Between two steps others have their turn, however quick the steps are.
 *
 * @throws TypeError for something else than progress; whatever the action throws.
 */
export async function runSteps(
  steps: ActionSteps,
  onProgress: (progress: ActionProgress) => Promise<boolean> | boolean,
): Promise<{ readonly isStopped: boolean; readonly response?: HttpResponseBase | undefined }> {
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done) return { isStopped: false, response: step.value ?? undefined };
      const { value } = step;
      if (typeof (value as ActionProgress | undefined)?.done !== 'number') {
        throw new TypeError(
          `An action that is a generator yields how far it is, { done: 3, total: 10 }, not ${JSON.stringify(value)}.`,
        );
      }
      if (!(await onProgress(value))) return { isStopped: true };
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    // Nothing for one that has come to its end.
    await steps.return(undefined);
  }
}
