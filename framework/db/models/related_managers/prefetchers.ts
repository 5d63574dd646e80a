/** How the rows of each kind of relation are read for many instances. Django: `get_prefetch_querysets`. */
import type { MaybePromise } from '../../../utils/maybe_promise';
import { camelCase } from '../../../utils/module_loading';
import type { Model } from '../base';
import { classOf } from '../classes';
import { Col } from '../expressions/col';
import type { Field } from '../fields/base';
import { membersOf } from '../fields/group';
import { ForeignObject, ManyToManyField } from '../fields/related';
import { type Relation, relationsTo } from '../fields/reverse_related';
import type { Options } from '../options';
import type { PrefetchLookup } from '../prefetch';
import type { QuerySet } from '../query';
import { LOOKUP_SEP } from '../sql/constants';
import { callOf } from '../sql/plan_calls';
import { type ManagerAccessor, ManyToManyAccessor, ReverseManyToOneAccessor } from './accessors';
import { Prefetched, prefetchedOf, setPrefetched } from './cache';
import { conditionAmong } from './conditions';
import { fieldValue } from './instances';
import { narrowToInstances } from './prefetch_queryset';

/** How the rows are read, and which belong to which instance. */
export interface PrefetchPlan {
  /** What the query itself wants read ahead: that is done with the rest. */
  readonly lookups: readonly PrefetchLookup[];
  rows(): MaybePromise<readonly Model[]>;
  /** What is equal of a row and its instance. */
  rowKey(row: Model): unknown;
  instanceKey(instance: Model): unknown;
  /** Tells a row of its instance. */
  attach?(row: Model, instance: Model): void;
}

/** A relation that can be read ahead. */
export interface Prefetcher {
  /** Whether an instance has one row at most. */
  readonly single: boolean;
  /** Whether an instance has its rows already. */
  isFetched(instance: Model): boolean;
  /** The rows that an instance has. */
  fetched(instance: Model): Model | readonly Model[] | null;
  /** @throws ValueError for more querysets than it takes. */
  plan(
    instances: readonly Model[],
    querysets: readonly QuerySet<Model>[] | undefined,
  ): MaybePromise<PrefetchPlan>;
  /** Gives an instance its rows; `queryset` is the one that was given for them. */
  keep(instance: Model, rows: readonly Model[], queryset: QuerySet<Model> | undefined): void;
}

/** The rows of a new query, which reads nothing ahead itself any more. */
export function rowsOf(queryset: QuerySet<Model>): Pick<PrefetchPlan, 'lookups' | 'rows'> {
  const lookups = queryset._prefetchRelatedLookups;
  queryset._prefetchRelatedLookups = [];
  return { lookups, rows: () => queryset._fetchAll() };
}

/** The row that a foreign key refers to. */
class ForwardPrefetcher implements Prefetcher {
  readonly single = true;

  constructor(private readonly field: ForeignObject) {}

  isFetched(instance: Model): boolean {
    return this.field.cache.has(instance);
  }

  fetched(instance: Model): Model | null {
    return this.field.cache.get(instance) ?? null;
  }

  plan(instances: readonly Model[], querysets: readonly QuerySet<Model>[] | undefined): PrefetchPlan {
    const { field } = this;
    const { targetField, remoteCache } = field;
    const queryset = querysets?.[0] ?? classOf(field.remoteModel)._baseManager.all();
    const keys = instances.map((instance) => fieldValue(instance, field)).filter((key) => key !== null);
    // One row an instance: their order means nothing.
    const narrowed = queryset.complexFilter(conditionAmong(targetField, keys))._unordered();
    return {
      ...rowsOf(narrowed),
      rowKey: (row) => fieldValue(row, targetField),
      instanceKey: (instance) => fieldValue(instance, field),
      ...(remoteCache !== undefined && { attach: (row, instance) => remoteCache.set(row, instance) }),
    };
  }

  keep(instance: Model, [row]: readonly Model[]): void {
    this.field.cache.set(instance, row ?? null);
  }
}

/** The row that refers to an instance by a one-to-one field. */
class ReverseOneToOnePrefetcher implements Prefetcher {
  readonly single = true;
  private readonly field: ForeignObject;

  constructor(private readonly relation: Relation) {
    this.field = relation.field as ForeignObject;
  }

  isFetched(instance: Model): boolean {
    return this.relation.cache.has(instance);
  }

  fetched(instance: Model): Model | null {
    return this.relation.cache.get(instance) ?? null;
  }

  plan(instances: readonly Model[], querysets: readonly QuerySet<Model>[] | undefined): PrefetchPlan {
    const { field } = this;
    const queryset = querysets?.[0] ?? classOf(this.relation.relatedModel)._baseManager.all();
    const narrowed = queryset.filter({ [`${field.name}__in`]: instances } as never)._unordered();
    return {
      ...rowsOf(narrowed),
      rowKey: (row) => fieldValue(row, field),
      instanceKey: (instance) => fieldValue(instance, field.targetField),
      attach: (row, instance) => field.cache.set(row, instance),
    };
  }

  keep(instance: Model, [row]: readonly Model[]): void {
    this.relation.cache.set(instance, row ?? null);
  }
}

/** The rows of a manager. */
export abstract class ManagerPrefetcher implements Prefetcher {
  readonly single = false;

  constructor(protected readonly accessor: ManagerAccessor) {}

  isFetched(instance: Model): boolean {
    return prefetchedOf(instance, this.accessor.property) !== undefined;
  }

  fetched(instance: Model): readonly Model[] {
    return prefetchedOf(instance, this.accessor.property)?.rows ?? [];
  }

  /** The rows of all these instances. */
  protected narrowed(
    instances: readonly Model[],
    back: { readonly name: string; readonly key: Field },
    querysets: readonly QuerySet<Model>[] | undefined,
  ): QuerySet<Model> {
    const all = querysets?.[0] ?? this.accessor.get(instances[0] as Model).unrelatedQueryset();
    return narrowToInstances(all.all(), back, instances);
  }

  abstract plan(
    instances: readonly Model[],
    querysets: readonly QuerySet<Model>[] | undefined,
  ): MaybePromise<PrefetchPlan>;

  keep(instance: Model, rows: readonly Model[], base: QuerySet<Model> | undefined): void {
    setPrefetched(instance, this.accessor.property, new Prefetched(rows, base));
  }
}

class ReverseManyToOnePrefetcher extends ManagerPrefetcher {
  constructor(private readonly relation: Relation) {
    super(new ReverseManyToOneAccessor(relation));
  }

  plan(instances: readonly Model[], querysets: readonly QuerySet<Model>[] | undefined): PrefetchPlan {
    const field = this.relation.field as ForeignObject;
    const read = rowsOf(this.narrowed(instances, { name: field.name, key: field.targetField }, querysets));
    // A query that reads it ahead itself wants it otherwise.
    const isWanted = read.lookups.some((lookup) => {
      const [name] = (typeof lookup === 'string' ? lookup : lookup.prefetchTo).split(LOOKUP_SEP);
      return name === field.name || name === field.cache.name;
    });
    return {
      ...read,
      rowKey: (row) => fieldValue(row, field),
      instanceKey: (instance) => fieldValue(instance, field.targetField),
      ...(!isWanted && {
        attach: (row: Model, instance: Model) => {
          if (!field.cache.has(row)) field.cache.set(row, instance);
        },
      }),
    };
  }
}

class ManyToManyPrefetcher extends ManagerPrefetcher {
  constructor(protected override readonly accessor: ManyToManyAccessor) {
    super(accessor);
  }

  plan(instances: readonly Model[], querysets: readonly QuerySet<Model>[] | undefined): PrefetchPlan {
    const { source, queryName } = this.accessor.direction;
    const own = membersOf(source.sourceField);
    const names = own.map(({ attname }) => `_prefetch_related_val_${attname}`);
    const found = this.narrowed(instances, { name: queryName, key: source.targetField }, querysets);
    // Each row comes with the key of the instance that it was found for: once for each.
    const table = source.model.dbTable;
    const queryset = found._step(callOf('prefetch', [table, ...names]), (query) => {
      const alias = [...query.aliasMap].find(([, each]) => each.tableName === table)?.[0] as string;
      own.forEach((field, at) => {
        query.addAnnotation(new Col(alias, field), names[at] as string);
      });
    });
    const [only] = names;
    const keyOf: (row: Readonly<Record<string, unknown>>) => unknown =
      names.length === 1 ? (row) => row[only as string] : (row) => names.map((name) => row[name]);
    return {
      ...rowsOf(queryset),
      rowKey: (row) => keyOf(row as unknown as Readonly<Record<string, unknown>>),
      instanceKey: (instance) => fieldValue(instance, source.targetField),
    };
  }
}

interface Known {
  readonly version: number | undefined;
  readonly byName: ReadonlyMap<string, Prefetcher>;
}
const known = new WeakMap<Options, Known>();

/** The relation that a property of a model's instances is, by its name or Django's. */
export function prefetcherOf(model: Options, name: string): Prefetcher | undefined {
  const { registry } = model;
  let found = known.get(model);
  if (found === undefined || found.version !== registry.version) {
    const byName = prefetchersOf(model);
    // The version is of afterwards: looking for the models may have loaded some.
    found = { version: registry.version, byName };
    known.set(model, found);
  }
  return found.byName.get(name);
}

function prefetchersOf(model: Options): Map<string, Prefetcher> {
  const byName = new Map<string, Prefetcher>();
  const add = (name: string, prefetcher: Prefetcher): void => {
    byName.set(name, prefetcher);
    byName.set(camelCase(name), prefetcher);
  };
  for (const relation of relationsTo(model)) {
    if (relation.isHidden) continue;
    const { field } = relation;
    if (field instanceof ManyToManyField) {
      add(relation.accessorName, new ManyToManyPrefetcher(new ManyToManyAccessor(field, true)));
    } else if (relation.isMultiple) add(relation.accessorName, new ReverseManyToOnePrefetcher(relation));
    else add(relation.accessorName, new ReverseOneToOnePrefetcher(relation));
  }
  for (const field of model.localManyToMany) {
    add(field.name, new ManyToManyPrefetcher(new ManyToManyAccessor(field, false)));
  }
  for (const field of model.localFields) {
    if (field instanceof ForeignObject) add(field.name, new ForwardPrefetcher(field));
  }
  for (const field of model.privateFields) add(field.name, field.prefetcher());
  return byName;
}
