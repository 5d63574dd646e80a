/** What was prefetched of instances' relations. Django: `_prefetched_objects_cache`. */
import type { Model } from '../base';
import type { QuerySet } from '../query';

/** The rows of a relation, and the QuerySet that has them once somebody asks for it. */
export interface Prefetched {
  readonly rows: readonly Model[];
  /** What `Prefetch` was given. */
  readonly base: QuerySet<Model> | undefined;
  queryset?: QuerySet<Model>;
}

const caches = new WeakMap<object, Map<string, Prefetched>>();

/** What was prefetched for an instance under the name of a relation's property. */
export function prefetchedOf(instance: object, name: string): Prefetched | undefined {
  return caches.get(instance)?.get(name);
}

/** Keeps the rows of a relation with an instance. */
export function setPrefetched(instance: object, name: string, value: Prefetched): void {
  let cache = caches.get(instance);
  if (cache === undefined) {
    cache = new Map();
    caches.set(instance, cache);
  }
  cache.set(name, value);
}

/** Forgets the rows of a relation; of all, without a name. */
export function forgetPrefetched(instance: object, name?: string): void {
  if (name === undefined) caches.delete(instance);
  else caches.get(instance)?.delete(name);
}

/** The names of the relations that were prefetched for an instance. */
export function prefetchedNames(instance: object): string[] {
  return [...(caches.get(instance)?.keys() ?? [])];
}
