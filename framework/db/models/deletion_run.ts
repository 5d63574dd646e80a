/** Carries out what a collector has found: the second half of `Collector` in Django. */
import { forEach, type MaybePromise, then } from '../../utils/maybe_promise';
import type { Model, ModelClass } from './base';
import { inBatches } from './batches';
import type { Collector } from './deletion';
import { type InstanceSet, isRowSource, RelatedRows } from './deletion_rows';
import { Exact, In } from './lookups/builtin';
import type { Options } from './options';
import { postDelete, preDelete } from './signals';
import { deleteRowsOf, updateRows } from './sql/compiler/update';
import { Query } from './sql/query';

/** How many rows are gone, and how many of each model: `[3, { 'blog.Post': 1, 'blog.Comment': 2 }]`. */
export type Deleted = [count: number, perModel: Record<string, number>];

/** How many keys one statement names: what every database takes. */
const MOST_KEYS = 30_000;

type Group = [model: Options, instances: Model[]];

/** Deletes what is collected, in one transaction; the instances have no key any more. */
export function runDeletion(collector: Collector): MaybePromise<Deleted> {
  const { connection, fastDeletes, fieldUpdates } = collector;
  const groups = inOrder(collector.data, collector.dependencies);
  const counts = new Map<string, number>();
  const lone = groups.length === 1 && groups[0]?.[1].length === 1 ? groups[0] : undefined;
  const isOneStatement =
    fieldUpdates.length === 0 &&
    (groups.length === 0
      ? fastDeletes.length === 1
      : fastDeletes.length === 0 && lone !== undefined && collector.canFastDelete(lone[0]));
  const run = (): MaybePromise<void> =>
    then(announce(collector, preDelete, groups), () =>
      then(fastDelete(collector, counts), () =>
        then(updateFields(collector), () => deleteInstances(collector, groups, counts)),
      ),
    );
  const done =
    isOneStatement && !connection.inAtomicBlock ? run() : connection.atomic(run, { savepoint: false });
  return then(done, (): Deleted => {
    if (isOneStatement && lone !== undefined && counts.size === 0) counts.set(lone[0].label, 0);
    for (const [model, instances] of groups) for (const instance of instances) forgetKey(model, instance);
    return [[...counts.values()].reduce((sum, count) => sum + count, 0), Object.fromEntries(counts)];
  });
}

function forgetKey(model: Options, instance: Model): void {
  (instance as unknown as Record<string, unknown>)[model.pk.property] = null;
}

function add(counts: Map<string, number>, model: Options, count: number): void {
  if (count > 0) counts.set(model.label, (counts.get(model.label) ?? 0) + count);
}

/** The models so that who refers goes before what it refers to; as they came, where there is no such order. */
function inOrder(
  data: ReadonlyMap<Options, InstanceSet>,
  dependencies: ReadonlyMap<Options, ReadonlySet<Options>>,
): Group[] {
  const groups = [...data].map(([model, instances]): Group => [model, instances.sorted()]);
  const sorted = new Set<Group>();
  const done = new Set<Options>();
  while (sorted.size < groups.length) {
    const before = sorted.size;
    for (const group of groups) {
      const waits = [...(dependencies.get(group[0].concreteModel) ?? [])].some((model) => !done.has(model));
      if (sorted.has(group) || waits) continue;
      sorted.add(group);
      done.add(group[0].concreteModel);
    }
    if (sorted.size === before) return groups;
  }
  return [...sorted];
}

type DeletionSignal = typeof preDelete;

function announce(
  { connection, origin }: Collector,
  signal: DeletionSignal,
  groups: readonly Group[],
): MaybePromise<void> {
  if (!signal.hasReceivers) return undefined;
  const all = groups.flatMap(([model, instances]) => (model.autoCreated ? [] : instances));
  return forEach(all, (instance) =>
    signal.send(instance.constructor as unknown as ModelClass, { instance, using: connection.alias, origin }),
  );
}

function fastDelete({ connection, fastDeletes }: Collector, counts: Map<string, number>): MaybePromise<void> {
  return forEach(fastDeletes, ({ model, query }) =>
    then(deleteRowsOf(query.clone(), connection), (count) => add(counts, model._meta, count)),
  );
}

function deleteInstances(
  collector: Collector,
  groups: readonly Group[],
  counts: Map<string, number>,
): MaybePromise<void> {
  const { connection } = collector;
  return forEach(groups, ([model, instances]) => {
    // The last first, as in Django: rows of a tree refer to those before them.
    instances.reverse();
    const keys = instances.map((instance) => instance.pk);
    return then(
      forEach(batchesOf(collector, model, keys), (batch) =>
        then(deleteRowsOf(keyQuery(model, batch), connection), (count) => add(counts, model, count)),
      ),
      () => announce(collector, postDelete, [[model, instances]]),
    );
  });
}

function updateFields(collector: Collector): MaybePromise<void> {
  const { connection } = collector;
  return forEach(collector.fieldUpdates, ({ field, value, rows }) => {
    const values = field.columnsFor(value);
    const targets = rows.flatMap((each) => (each instanceof RelatedRows ? each.targets : []));
    const queries = rows.flatMap((each) =>
      isRowSource(each) && !(each instanceof RelatedRows) ? [each.query] : [],
    );
    const keys = [...new Set(rows.flatMap((each) => (isRowSource(each) ? [] : each.map(({ pk }) => pk))))];
    const all = [
      ...(targets.length === 0
        ? []
        : inBatches(targets, MOST_KEYS).map((some) => new RelatedRows([field], some).query)),
      ...queries,
      ...batchesOf(collector, field.model, keys).map((batch) => keyQuery(field.model, batch)),
    ];
    return forEach(all, (query) => updateRows(query, values, connection));
  });
}

function batchesOf(
  { connection }: Collector,
  model: Options,
  keys: readonly unknown[],
): (readonly unknown[])[] {
  return inBatches(keys, connection.ops.bulkBatchSize([model.pk], keys.length));
}

/** The query of the rows with these keys. */
function keyQuery(model: Options, keys: readonly unknown[]): Query {
  const query = new Query(model);
  const column = query.column(model.pk, query.getInitialAlias());
  const [Equal, Among] = [model.pk.getLookup('exact') ?? Exact, model.pk.getLookup('in') ?? In];
  query.where.add(keys.length === 1 ? new Equal(column, keys[0]) : new Among(column, keys), 'AND');
  return query;
}
