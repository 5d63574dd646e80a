/** What was prefetched of instances' relations. Django: `_prefetched_objects_cache`. */
import type { Model } from '../base';
import { peekState, stateOf } from '../model_state';
import type { QuerySet } from '../query';

/** The rows of a relation, and the QuerySet that has them once somebody asks for it. */
export class Prefetched {
  queryset: QuerySet<Model> | undefined;

  constructor(
    readonly rows: readonly Model[],
    /** What `Prefetch` was given. */
    readonly base: QuerySet<Model> | undefined,
  ) {}
}

/** What was prefetched for an instance under the name of a relation's property. */
export function prefetchedOf(instance: object, name: string): Prefetched | undefined {
  const found = peekState(instance).cached(name)?.value;
  return found instanceof Prefetched ? found : undefined;
}

/** Keeps the rows of a relation with an instance. */
export function setPrefetched(instance: object, name: string, value: Prefetched): void {
  stateOf(instance).keep(name, null, value);
}

/** Forgets the rows of a relation; of all, without a name. */
export function forgetPrefetched(instance: object, name?: string): void {
  for (const each of prefetchedNames(instance)) {
    if (name === undefined || each === name) stateOf(instance).forget(each);
  }
}

/** The names of the relations that were prefetched for an instance. */
export function prefetchedNames(instance: object): string[] {
  return [...peekState(instance).allCached()]
    .filter(({ value }) => value instanceof Prefetched)
    .map(({ name }) => name);
}
