/** Loads what was not loaded with a row, once for whoever waits for it. */
import type { MaybePromise } from '../../utils/maybe_promise';
import type { Fetcher } from './fetch_modes';
import { peekState } from './model_state';

/** What is on its way, by instance and name. */
const underway = new WeakMap<object, Map<string, Promise<void>>>();

/** Loads something as the instance's fetch mode says; what is on its way already is not asked for again. */
export function fetchFor(fetcher: Fetcher, instance: object): MaybePromise<void> {
  const begun = underway.get(instance)?.get(fetcher.name);
  if (begun !== undefined) return begun;
  const { fetchMode, peers } = peekState(instance);
  return fetchMode.fetch(fetcher, instance, peers?.deref());
}

/** Remembers that something is being loaded for these instances, until it is there. */
export function whileUnderway(
  name: string,
  instances: readonly object[],
  work: MaybePromise<void>,
): MaybePromise<void> {
  if (work === undefined) return;
  for (const instance of instances) {
    const names = underway.get(instance) ?? new Map<string, Promise<void>>();
    underway.set(instance, names.set(name, work));
  }
  return work.finally(() => {
    for (const instance of instances) underway.get(instance)?.delete(name);
  });
}
