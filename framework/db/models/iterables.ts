/** From rows to instances, objects and lists. Django: `ModelIterable`, `ValuesIterable`, `ValuesListIterable`. */

import { type MaybePromise, then } from '../../utils/maybe_promise';
import { camelCase } from '../../utils/module_loading';
import type { Chunk, DatabaseWrapper, RowValues } from '../backends/base/base';
import { listsOf } from '../backends/base/statements';
import { Model, type ModelClass } from './base';
import { EmptyResultSet } from './expressions/base';
import { Col } from './expressions/col';
import type { FetchMode } from './fetch_modes';
import { Field } from './fields/base';
import { ForeignKey, type ForeignObject } from './fields/related';
import { linkRelations } from './fields/related_descriptors';
import { installState, keepWith, type ModelState, rowState, stateOf } from './model_state';
import { deferredPrototype } from './query_utils';
import { mapKey } from './related_managers/map_key';
import { postInit } from './signals';
import type { KlassInfo, RelatedInfo } from './sql/compiler/related';
import { SelectCompiler, type Selected } from './sql/compiler/select';
import type { Chain, Planned, Question } from './sql/plans';
import type { Query } from './sql/query';

/** Makes something of a row. */
export type RowReader<T> = (row: RowValues) => T;
/** Makes that of a compiled query; `rows` is where its results will be. */
export type Reader<T> = (compiler: SelectCompiler, rows: readonly unknown[]) => RowReader<T>;

/** Instances that are known to be what a field of the rows refers to. */
export interface KnownRelated {
  readonly field: ForeignObject;
  readonly instances: readonly Model[];
}

/** Finds the class of a model whose description is known. */
type ClassOf = (model: KlassInfo['model']) => ModelClass;

/** Runs a query; each row becomes what the reader makes of it. */
export function fetchRows<T>(
  query: Query,
  connection: DatabaseWrapper,
  reader: Reader<T>,
): MaybePromise<T[]> {
  const compiler = new SelectCompiler(query, connection, true);
  let sql: readonly [string, readonly unknown[]];
  try {
    sql = compiler.asSql();
  } catch (error) {
    if (error instanceof EmptyResultSet) return [];
    throw error;
  }
  return then(connection.execute(sql[0], sql[1], 'lists'), (result) => readRows(result, compiler, reader));
}

/** The same of a chain that came before; undefined where it has no plan for that. */
export function fetchPlanned<T>(
  chain: Chain,
  question: Question,
  connection: DatabaseWrapper,
  reader: Reader<T>,
): MaybePromise<T[]> | undefined {
  let planned: Planned | undefined;
  try {
    planned = chain.statement(question, connection);
  } catch (error) {
    if (error instanceof EmptyResultSet) return [];
    throw error;
  }
  if (planned === undefined) return undefined;
  const { sql, params, compiler, returns } = planned;
  return then(connection.execute(sql, params, returns ? 'kept lists' : 'lists'), (result) =>
    readRows(result, compiler, reader),
  );
}

/** Makes of each row of a compiled query what the reader makes of it. */
export function readRows<T>(found: Chunk, compiler: SelectCompiler, reader: Reader<T>): T[] {
  const rows = listsOf(found, () => compiler.selected.map(({ key }) => key));
  const { length } = rows;
  const all = new Array<T>(length);
  const read = reader(compiler, all);
  for (let at = 0; at < length; at++) all[at] = read(rows[at] as RowValues);
  return all;
}

type Convert = (value: unknown) => unknown;

const asIs: Convert = (value) => value;

/** How a column's value becomes the field's; undefined where it is that already. */
export function fieldConverter(field: Field, connection: DatabaseWrapper): Convert | undefined {
  if (field.fromDb === Field.prototype.fromDb) return undefined;
  if (field instanceof ForeignKey && field.fromDb === ForeignKey.prototype.fromDb) {
    const convert = fieldConverter(field.targetField, connection);
    return convert && ((value) => (value === null || value === undefined ? null : convert(value)));
  }
  return (value) => field.fromDb(value, connection);
}

function converter({ expression }: Selected, connection: DatabaseWrapper): Convert {
  if (expression instanceof Col) return fieldConverter(expression.target, connection) ?? asIs;
  return (value) => expression.convertValue(value, connection);
}

interface Column {
  readonly field: Field;
  readonly property: string;
  /** Where in a row it is. */
  readonly at: number;
  readonly convert: Convert | undefined;
}

/** Found out once for what a compiled query selects: it may be read often. */
const columnsByInfo = new WeakMap<KlassInfo, readonly Column[]>();

function columnsOf(info: KlassInfo, compiler: SelectCompiler): readonly Column[] {
  let columns = columnsByInfo.get(info);
  if (columns === undefined) {
    columns = findColumns(info, compiler);
    columnsByInfo.set(info, columns);
  }
  return columns;
}

function findColumns(info: KlassInfo, compiler: SelectCompiler): Column[] {
  const own = info.fields.map((field, at) => ({
    field,
    property: field.property,
    at: info.from + at,
    convert: fieldConverter(field, compiler.connection),
  }));
  if (info.inherited === undefined) return own;
  const fields = new Set(info.model.concreteFields);
  return [...columnsOf(info.inherited, compiler).filter(({ field }) => fields.has(field)), ...own];
}

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

interface ValueColumn {
  readonly name: string;
  /** Its position in a row. */
  readonly at: number;
  readonly convert: (value: unknown, row: RowValues) => unknown;
}

/** What of a row `values` asks for, in its order. */
function valueColumns(compiler: SelectCompiler): ValueColumn[] {
  const { query, selected, connection } = compiler;
  const all = new Map<string, readonly Selected[]>();
  query.valuesSelect.forEach((name, at) => {
    all.set(name, compiler.valueColumns[at] as readonly Selected[]);
  });
  for (const [name, each] of compiler.annotationKeys) all.set(name, [each]);
  const names = query.selected ?? [...all.keys()];
  return names.flatMap((name): ValueColumn[] => {
    const [first, ...more] = (all.get(name) ?? []).map((each) => ({
      at: selected.indexOf(each),
      convert: converter(each, connection),
    }));
    if (first === undefined) return [];
    const { at, convert } = first;
    if (more.length === 0) return [{ name, at, convert }];
    return [
      {
        name,
        at,
        convert: (value, row) => [convert(value), ...more.map((each) => each.convert(row[each.at]))],
      },
    ];
  });
}

/** Rows as objects; `renames`: fields are called as properties are, annotations as they were given. */
export function valuesReader(renames: boolean): Reader<Instance> {
  return (compiler) => {
    const { annotations } = compiler.query;
    const columns = valueColumns(compiler).map((each) => ({
      ...each,
      name: renames && !annotations.has(each.name) ? camelCase(each.name) : each.name,
    }));
    return (row) => {
      const values: Instance = {};
      for (const { name, at, convert } of columns) {
        if (name === '__proto__') continue;
        values[name] = convert(row[at], row);
      }
      return values;
    };
  };
}

/** Rows as lists. */
export function listReader(compiler: SelectCompiler): RowReader<unknown[]> {
  const columns = valueColumns(compiler);
  return (row) => columns.map(({ at, convert }) => convert(row[at], row));
}

/** Rows as their only value. */
export function flatReader(compiler: SelectCompiler): RowReader<unknown> {
  const [column] = valueColumns(compiler);
  if (column === undefined) return () => null;
  return (row) => column.convert(row[column.at], row);
}

/** Rows as lists whose items have names, too. */
export function namedReader(compiler: SelectCompiler): RowReader<unknown[]> {
  const columns = valueColumns(compiler);
  return (row) => {
    const list: unknown[] & Record<string, unknown> = columns.map(({ at, convert }) =>
      convert(row[at], row),
    ) as never;
    columns.forEach(({ name }, at) => {
      Object.defineProperty(list, name, { value: list[at], configurable: true });
    });
    return list;
  };
}
