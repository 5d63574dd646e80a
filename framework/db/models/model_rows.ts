/** Rows as instances, with those that were selected beside them. Django: `ModelIterable`, `RelatedPopulator`. */
import type { RowValues } from '../backends/base/base';
import { Model, type ModelClass } from './base';
import type { FetchMode } from './fetch_modes';
import type { ForeignObject } from './fields/related';
import { linkRelations } from './fields/relation_properties';
import type { Reader, RowReader } from './iterables';
import { installState, keepWith, type ModelState, rowState, stateOf } from './model_state';
import { deferredPrototype } from './query_utils';
import { mapKey } from './related_managers/map_key';
import { type Column, columnsOf, converter } from './row_columns';
import { postInit } from './signals';
import type { KlassInfo, RelatedInfo } from './sql/compiler/related';
import type { SelectCompiler } from './sql/compiler/select';

/** Instances that are known to be what a field of the rows refers to. */
export interface KnownRelated {
  readonly field: ForeignObject;
  readonly instances: readonly Model[];
}

/** Finds the class of a model whose description is known. */
type ClassOf = (model: KlassInfo['model']) => ModelClass;

/** Rows as instances. No constructor runs and no default is made: a row has its values. */
export function modelReader<T extends Model>(
  cls: ModelClass,
  classOf: ClassOf,
  { mode, known }: { mode: FetchMode; known: readonly KnownRelated[] },
): Reader<T> {
  return (compiler, rows) => {
    const { klassInfo: info, connection } = compiler;
    if (info === undefined) throw new TypeError('Rows of values are no instances.');
    const peers = mode.trackPeers && rows.length > 1 ? (rows as readonly object[]) : undefined;
    const state = rowState(connection.alias, mode, peers);
    const make = instanceMaker(cls, columnsOf(info, compiler), { state, info });
    const annotations = [...compiler.annotationKeys].map(([name, selected]) => ({
      name,
      at: compiler.selected.indexOf(selected),
      convert: converter(selected, connection),
    }));
    const related = info.related.map((each) => relatedReader(each, compiler, { classOf, mode, peers }));
    related.push(...known.map(knownReader));
    if (annotations.length === 0 && related.length === 0) return make as RowReader<T>;
    return (row) => {
      const instance = make(row);
      for (const { name, at, convert } of annotations) instance[name] = convert(row[at]);
      for (const attach of related) attach(instance, row);
      return instance as T;
    };
  };
}

type Instance = Record<string, unknown>;
/** Hangs something on an instance. */
type Attach = (instance: Instance, row: RowValues) => void;

/** What all instances of a query have in common. */
interface Context {
  readonly classOf: ClassOf;
  readonly mode: FetchMode;
  readonly peers: readonly object[] | undefined;
}

export function instanceMaker(
  cls: ModelClass,
  columns: readonly Column[],
  { state, info }: { state: ModelState; info: Pick<KlassInfo, 'mask' | 'model' | 'inherited'> },
): RowReader<Instance> {
  if (cls.fromDb !== Model.fromDb) return ownInstanceMaker(cls, columns, state);
  linkRelations(cls);
  const { mask, model, inherited } = info;
  const isPart = mask !== undefined || inherited?.mask !== undefined;
  const deferred = isPart
    ? model.concreteFields.filter((field) => !columns.some((each) => each.field === field))
    : [];
  const prototype = deferred.length === 0 ? (cls.prototype as object) : deferredPrototype(cls, deferred);
  const { length } = columns;
  return (row) => {
    const instance = Object.create(prototype) as Instance;
    installState(instance, state);
    for (let next = 0; next < length; next++) {
      const { property, at, convert } = columns[next] as Column;
      const value = row[at];
      instance[property] = convert === undefined ? value : convert(value);
    }
    if (postInit.hasReceivers) void postInit.send(cls, { instance: instance as unknown as Model });
    return instance;
  };
}

/** The same for a class that makes its instances itself. */
function ownInstanceMaker(
  cls: ModelClass,
  columns: readonly Column[],
  { db, fetchMode, peers }: ModelState,
): RowReader<Instance> {
  const names = columns.map(({ property }) => property);
  return (row) => {
    const values = columns.map(({ at, convert }) => (convert === undefined ? row[at] : convert(row[at])));
    const instance = cls.fromDb(db, names, values);
    Object.assign(stateOf(instance), { fetchMode, peers });
    return instance as unknown as Instance;
  };
}

function relatedReader(info: RelatedInfo, compiler: SelectCompiler, context: Context): Attach {
  const { classOf, mode, peers } = context;
  const columns = columnsOf(info, compiler);
  // Those of one relation know each other, too.
  const others: Instance[] | undefined = peers && [];
  if (peers && others) keepWith(peers, others, peers.length);
  const state = rowState(compiler.connection.alias, mode, others, peers?.length);
  const make = instanceMaker(classOf(info.model), columns, { state, info });
  const { at } = columns.find(({ field }) => field === info.model.pkFields[0]) as Column;
  const deeper = info.related.map((each) => relatedReader(each, compiler, context));
  return (instance, row) => {
    if (row[at] === null || row[at] === undefined) {
      info.cache.set(instance, null);
      return;
    }
    const other = make(row);
    others?.push(other);
    for (const attach of deeper) attach(other, row);
    info.cache.set(instance, other);
    info.back?.set(other, instance);
  };
}

/** Gives rows the instances that they were asked for by. */
function knownReader({ field, instances }: KnownRelated): Attach {
  const { targetField } = field;
  const byKey = new Map(instances.map((each) => [mapKey(targetField.valueIn(each)), each] as const));
  return (instance) => {
    const known = field.cache.has(instance) ? undefined : byKey.get(mapKey(field.valueIn(instance)));
    if (known === undefined) return;
    field.cache.set(instance, known);
    field.remoteCache?.set(known, instance);
  };
}
