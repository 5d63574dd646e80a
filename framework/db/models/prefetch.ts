/**
 * Related rows that are read ahead: one statement a relation, for all rows of a query. Django: `prefetch_related`,
 * `Prefetch`; https://docs.djangoproject.com/en/5.2/ref/models/querysets/#prefetch-related
 */
import { AttributeError, ValueError } from '../../core/exceptions';
import { promised, run, type Steps, wait } from '../../utils/maybe_promise';
import { Model } from './base';
import type { QuerySet } from './query';
import { modelOf } from './related_managers/instances';
import { mapKey } from './related_managers/map_key';
import { type Prefetcher, prefetcherOf } from './related_managers/prefetchers';
import { LOOKUP_SEP } from './sql/constants';
import type { Query } from './sql/query';

/** Any query for instances. */
export type AnyQuerySet = { readonly query: Query } & PromiseLike<readonly Model[]>;

/** What `Prefetch` takes. */
export interface PrefetchOptions<Q, A extends string> {
  /** The rows to read: by default those of the model's default manager. It may be filtered, sorted, sliced. */
  queryset?: Q;
  /** The property that gets the rows as a list, instead of the relation's own. */
  toAttr?: A;
}

/**
 * A relation to read ahead, and how.
 *
 * @throws ValueError for a queryset of values.
 *
 * @example
 * ```ts
 * const authors = await Author.objects.prefetchRelated(
 *   new models.Prefetch('books', { queryset: Book.objects.filter({ pages__gt: 300 }), toAttr: 'longBooks' }),
 * );
 * authors[0].longBooks; // a list
 * ```
 */
export class Prefetch<
  const out L extends string = string,
  out Q extends AnyQuerySet = AnyQuerySet,
  const out A extends string = string,
> {
  /** Only for types: the path. */
  declare readonly path: L;
  /** The path that is followed. */
  prefetchThrough: string;
  /** The path of what gets the rows. */
  prefetchTo: string;
  readonly queryset: Q | undefined;
  readonly toAttr: A | undefined;

  constructor(lookup: L, { queryset, toAttr }: PrefetchOptions<Q, A> = {}) {
    this.prefetchThrough = lookup;
    this.prefetchTo = lookup;
    if (queryset !== undefined) refuseValues(queryset);
    if (toAttr) {
      this.prefetchTo = [...lookup.split(LOOKUP_SEP).slice(0, -1), toAttr].join(LOOKUP_SEP);
    }
    this.queryset = queryset;
    this.toAttr = toAttr;
  }

  /** The same behind a path. */
  within(prefix: string): this {
    return Object.assign(Object.create(Object.getPrototypeOf(this) as object) as this, this, {
      prefetchThrough: prefix + LOOKUP_SEP + this.prefetchThrough,
      prefetchTo: prefix + LOOKUP_SEP + this.prefetchTo,
    });
  }

  /** Up to which path the first steps lead. */
  currentPrefetchTo(level: number): string {
    return this.prefetchTo
      .split(LOOKUP_SEP)
      .slice(0, level + 1)
      .join(LOOKUP_SEP);
  }

  /** The property that gets the rows of a step, and whether it is one that was asked for. */
  currentToAttr(level: number): readonly [name: string, asked: boolean] {
    const parts = this.prefetchTo.split(LOOKUP_SEP);
    return [parts[level] as string, this.toAttr !== undefined && level === parts.length - 1];
  }

  /** The querysets that were given for a step. */
  currentQuerysets(level: number): readonly QuerySet<Model>[] | undefined {
    if (this.queryset === undefined || this.currentPrefetchTo(level) !== this.prefetchTo) return undefined;
    return [this.queryset as unknown as QuerySet<Model>];
  }
}

/** @throws ValueError for a query whose rows are no instances. */
export function refuseValues(queryset: AnyQuerySet): void {
  const { _fields: fields, query } = queryset as Partial<Pick<QuerySet<Model>, '_fields' | 'query'>>;
  if (fields !== undefined || query === undefined) {
    throw new ValueError('Prefetch querysets cannot use raw(), values(), and values_list().');
  }
}

/** A relation to read ahead. */
export type PrefetchLookup = string | Prefetch;

/** Lookups as Prefetch objects, behind a path where one is given. */
export function normalizePrefetchLookups(lookups: readonly PrefetchLookup[], prefix?: string): Prefetch[] {
  return lookups.map((lookup) => {
    const prefetch: Prefetch = typeof lookup === 'string' ? new Prefetch(lookup) : lookup;
    return prefix === undefined ? prefetch : prefetch.within(prefix);
  });
}

/**
 * Reads relations of instances that are there already, all of one model. What is read before is not read again.
 *
 * @throws AttributeError, ValueError for a name that is no relation.
 *
 * @example
 * ```ts
 * await prefetchRelatedObjects([ada, bob], 'books__tags');
 * ```
 */
export function prefetchRelatedObjects(
  instances: Iterable<Model>,
  ...lookups: readonly PrefetchLookup[]
): Promise<void> {
  return promised(() => run(prefetching([...instances], lookups)));
}

/** The steps of `prefetchRelatedObjects`. */
export function* prefetching(instances: readonly unknown[], lookups: readonly PrefetchLookup[]): Steps<void> {
  if (instances.length === 0) return;
  const done = new Map<string, readonly unknown[]>();
  /** The lookups of querysets on the way: these may lead round in circles. */
  const automatic = new Set<string>();
  const followed = new Set<unknown>();
  const waiting = normalizePrefetchLookups(lookups).reverse();
  for (let lookup = waiting.pop(); lookup !== undefined; lookup = waiting.pop()) {
    if (done.has(lookup.prefetchTo)) {
      if (lookup.queryset === undefined) continue;
      throw new ValueError(
        `'${lookup.prefetchTo}' lookup was already seen with a different queryset. You may need to adjust the ordering ` +
          'of your lookups.',
      );
    }
    let objects: readonly unknown[] = instances;
    const names = lookup.prefetchThrough.split(LOOKUP_SEP);
    for (const [level, name] of names.entries()) {
      const first = objects[0];
      if (first === undefined) break;
      const to = lookup.currentPrefetchTo(level);
      const known = done.get(to);
      if (known !== undefined) {
        objects = known;
        continue;
      }
      // Rows of values have no relations.
      if (!objects.every((each): each is Model => each instanceof Model)) break;
      const rows = objects as readonly Model[];
      const prefetcher = prefetcherOf(modelOf(first as Model)._meta, name);
      check(prefetcher, first as Model, name, lookup, level === names.length - 1);
      const [toAttr, asked] = lookup.currentToAttr(level);
      if (asked) refuseField(first as Model, toAttr);
      const missing = rows.filter((row) => !isFetched(row, prefetcher, asked ? toAttr : undefined));
      if (prefetcher === undefined || missing.length === 0) {
        objects = traversed(rows, asked ? toAttr : name, asked ? undefined : prefetcher);
        continue;
      }
      const [found, more] = yield* prefetchOneLevel(missing, prefetcher, lookup, level);
      objects = found;
      if (!(done.has(to) && automatic.has(lookup.prefetchTo) && followed.has(prefetcher))) {
        done.set(to, objects);
        const next = normalizePrefetchLookups([...more].reverse(), to);
        for (const each of next) automatic.add(each.prefetchTo);
        waiting.push(...next);
      }
      followed.add(prefetcher);
    }
  }
}

/** @throws AttributeError, ValueError for a name that cannot be prefetched. */
function check(
  prefetcher: Prefetcher | undefined,
  instance: Model,
  name: string,
  lookup: Prefetch,
  isLast: boolean,
): void {
  if (prefetcher !== undefined) return;
  if (!(name in instance)) {
    throw new AttributeError(
      `Cannot find '${name}' on ${modelOf(instance).name} object, '${lookup.prefetchThrough}' is an invalid parameter ` +
        'to prefetch_related()',
    );
  }
  if (!isLast) return;
  throw new ValueError(
    `'${lookup.prefetchThrough}' does not resolve to an item that supports prefetching - this is an invalid parameter ` +
      'to prefetch_related().',
  );
}

function isFetched(row: Model, prefetcher: Prefetcher | undefined, toAttr: string | undefined): boolean {
  return toAttr === undefined ? (prefetcher?.isFetched(row) ?? true) : toAttr in row;
}

/** What a property that needs no reading leads to. */
function traversed(
  rows: readonly Model[],
  name: string,
  prefetcher: Prefetcher | undefined,
): readonly unknown[] {
  return rows.flatMap((row): unknown[] => {
    const value =
      prefetcher === undefined ? (row as unknown as Record<string, unknown>)[name] : prefetcher.fetched(row);
    if (value === null || value === undefined) return [];
    return Array.isArray(value) ? value : [value];
  });
}

/** Reads one relation of instances. Returns the rows, and what their querysets want read ahead of them. */
function* prefetchOneLevel(
  instances: readonly Model[],
  prefetcher: Prefetcher,
  lookup: Prefetch,
  level: number,
): Steps<readonly [rows: readonly Model[], more: readonly PrefetchLookup[]]> {
  const [toAttr, asked] = lookup.currentToAttr(level);
  const querysets = lookup.currentQuerysets(level);
  const plan = yield* wait(prefetcher.plan(instances, querysets));
  const rows = yield* wait(plan.rows());
  const byKey = new Map<unknown, Model[]>();
  for (const row of rows) {
    const key = mapKey(plan.rowKey(row));
    const found = byKey.get(key);
    if (found === undefined) byKey.set(key, [row]);
    else found.push(row);
  }
  const isLeaf = lookup.prefetchThrough.split(LOOKUP_SEP).length - 1 === level;
  for (const instance of instances) {
    const own = byKey.get(mapKey(plan.instanceKey(instance))) ?? [];
    for (const row of own) plan.attach?.(row, instance);
    if (!asked) prefetcher.keep(instance, own, isLeaf ? querysets?.[0] : undefined);
    else
      (instance as unknown as Record<string, unknown>)[toAttr] = prefetcher.single ? (own[0] ?? null) : own;
  }
  return [rows, plan.lookups];
}

/** @throws ValueError for the name of a field, or of anything that all instances have. */
function refuseField(instance: Model, toAttr: string): void {
  const { _meta: meta, name, prototype } = modelOf(instance);
  if (meta.fieldsByProperty.has(toAttr) || meta.findField(toAttr) !== undefined || toAttr in prototype) {
    throw new ValueError(`to_attr=${toAttr} conflicts with a field on the ${name} model.`);
  }
}
