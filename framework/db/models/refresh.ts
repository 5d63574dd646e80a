/** Reads a row again. Django: `Model.refresh_from_db`. */
import { ValueError } from '../../core/exceptions';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { Model, ModelClass } from './base';
import { ForeignKey, ForeignObject } from './fields/related';
import { relationsTo } from './fields/reverse_related';
import { peekState } from './model_state';
import type { QuerySet } from './query';
import { deferredFields } from './query_utils';
import { forgetPrefetched, prefetchedNames } from './related_managers/cache';
import { LOOKUP_SEP } from './sql/constants';
import { snakeCase } from './sql/names';

type Values = Record<string, unknown>;

/** A query for instances. It says nothing of their class: a model whose methods name queries for itself has no end for the compiler. */
export interface RowsQuery extends PromiseLike<readonly object[]> {
  readonly query: object;
}

/** What `refreshFromDb` takes. */
export interface RefreshOptions {
  /** The database that is asked; default: the one that the row came from. */
  using?: string;
  /** The properties that are read again; default: all that are loaded. Also relations, whose rows are forgotten. */
  fields?: Iterable<string>;
  /** The query that has the row; default: one on all rows, whatever managers the model has. */
  fromQueryset?: RowsQuery;
}

/** Reads a row's values again. @throws the model's DoesNotExist; ValueError for a path. */
export function reload(instance: Model, options: RefreshOptions = {}): MaybePromise<void> {
  const cls = instance.constructor as unknown as ModelClass;
  const { _meta: meta } = cls;
  const prefetched = prefetchedNames(instance);
  let wanted = options.fields && [...options.fields];
  if (wanted === undefined) forgetPrefetched(instance);
  for (const name of wanted?.filter((each) => prefetched.includes(each)) ?? [])
    forgetPrefetched(instance, name);
  wanted = wanted?.filter((name) => !prefetched.includes(name));
  if (wanted?.length === 0) return;
  if (wanted?.some((name) => name.includes(LOOKUP_SEP))) {
    throw new ValueError(
      `Found "${LOOKUP_SEP}" in fields argument. Relations and transforms are not allowed in fields.`,
    );
  }
  const using = options.using ?? (options.fromQueryset === undefined ? peekState(instance).db : undefined);
  const all = (options.fromQueryset ?? cls._baseManager.all()) as unknown as QuerySet<Model>;
  const rows = (using === undefined ? all : all.using(using)).filter({ pk: instance.pk } as never);
  const deferred = new Set(deferredFields(instance));
  let names: readonly string[] | undefined;
  if (wanted !== undefined) {
    const reverse = new Map(relationsTo(meta).map(({ property, queryName }) => [property, queryName]));
    names = wanted.map((name) => reverse.get(name) ?? name);
  } else if (deferred.size > 0) {
    names = meta.concreteFields.filter((field) => !deferred.has(field)).map(({ attname }) => attname);
  }
  const some = names === undefined ? rows : (rows.only(...(names as never[])) as unknown as QuerySet<Model>);
  return then(some.fetch(), ([fresh]) => {
    if (fresh === undefined) throw new cls.DoesNotExist(`${cls.name} matching query does not exist.`);
    takeOver(instance, fresh, wanted?.map(snakeCase));
  });
}

function takeOver(instance: Model, fresh: Model, wanted: readonly string[] | undefined): void {
  const { _meta: meta } = instance.constructor as unknown as ModelClass;
  const missing = new Set(deferredFields(fresh));
  for (const field of meta.concreteFields) {
    if (missing.has(field)) continue;
    (instance as unknown as Values)[field.property] = (fresh as unknown as Values)[field.property];
    if (!(field instanceof ForeignKey)) continue;
    const related = field.cache.get(fresh);
    if (related === undefined) field.cache.delete(instance);
    else field.cache.set(instance, related);
  }
  for (const field of meta.fields) {
    if (field instanceof ForeignObject && !field.concrete) field.cache.delete(instance);
  }
  for (const relation of relationsTo(meta)) {
    if (wanted === undefined || wanted.includes(relation.accessorName)) relation.cache.delete(instance);
  }
  instance._state.db = fresh._state.db;
}
