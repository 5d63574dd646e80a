/** From rows to instances, objects and lists. Django: `ModelIterable`, `ValuesIterable`, `ValuesListIterable`. */

import { type MaybePromise, then } from '../../utils/maybe_promise';
import { camelCase } from '../../utils/module_loading';
import type { DatabaseWrapper, Row } from '../backends/base/base';
import type { Model, ModelClass } from './base';
import { EmptyResultSet } from './expressions/base';
import { Field } from './fields/base';
import type { KlassInfo, RelatedInfo } from './sql/compiler/related';
import { SelectCompiler, type Selected } from './sql/compiler/select';
import type { Query } from './sql/query';

/** Makes something of a row. */
export type RowReader<T> = (row: Row) => T;

/** Finds the class of a model whose description is known. */
type ClassOf = (model: KlassInfo['model']) => ModelClass;

/** Runs a query; each row becomes what the reader makes of it. */
export function fetchRows<T>(
  query: Query,
  connection: DatabaseWrapper,
  reader: (compiler: SelectCompiler) => RowReader<T>,
): MaybePromise<T[]> {
  const compiler = new SelectCompiler(query, connection, true);
  let sql: readonly [string, readonly unknown[]];
  try {
    sql = compiler.asSql();
  } catch (error) {
    if (error instanceof EmptyResultSet) return [];
    throw error;
  }
  return then(connection.execute(sql[0], sql[1]), ({ rows }) => {
    const read = reader(compiler);
    const { length } = rows;
    const all = new Array<T>(length);
    for (let at = 0; at < length; at++) all[at] = read(rows[at] as Row);
    return all;
  });
}

type Convert = (value: unknown) => unknown;

/** How a column's value becomes the field's; undefined where it is that already. */
function fieldConverter(field: Field, connection: DatabaseWrapper): Convert | undefined {
  if (field.fromDb === Field.prototype.fromDb) return undefined;
  return (value) => field.fromDb(value, connection);
}

function converter({ expression }: Selected, connection: DatabaseWrapper): Convert {
  return (value) => expression.convertValue(value, connection);
}

interface Column {
  readonly property: string;
  readonly key: string;
  readonly convert: Convert | undefined;
}

function columnsOf(info: KlassInfo, compiler: SelectCompiler): Column[] {
  return info.fields.map((field, at) => ({
    property: field.property,
    key: (compiler.selected[info.from + at] as Selected).key,
    convert: fieldConverter(field, compiler.connection),
  }));
}

/** Rows as instances. No constructor runs and no default is made: a row has its values. */
export function modelReader<T extends Model>(
  cls: ModelClass,
  classOf: ClassOf,
): (compiler: SelectCompiler) => RowReader<T> {
  return (compiler) => {
    const { klassInfo: info, connection } = compiler;
    if (info === undefined) throw new TypeError('Rows of values are no instances.');
    const make = instanceMaker(cls, columnsOf(info, compiler));
    const annotations = [...compiler.annotationKeys].map(([name, selected]) => ({
      name,
      key: selected.key,
      convert: converter(selected, connection),
    }));
    const related = info.related.map((each) => relatedReader(each, compiler, classOf));
    if (annotations.length === 0 && related.length === 0) return make as RowReader<T>;
    return (row) => {
      const instance = make(row);
      for (const { name, key, convert } of annotations) instance[name] = convert(row[key]);
      for (const attach of related) attach(instance, row);
      return instance as T;
    };
  };
}

type Instance = Record<string, unknown>;

function instanceMaker(cls: ModelClass, columns: readonly Column[]): RowReader<Instance> {
  const prototype = cls.prototype as object;
  const { length } = columns;
  return (row) => {
    const instance = Object.create(prototype) as Instance;
    for (let at = 0; at < length; at++) {
      const { property, key, convert } = columns[at] as Column;
      const value = row[key];
      instance[property] = convert === undefined ? value : convert(value);
    }
    return instance;
  };
}

function relatedReader(
  info: RelatedInfo,
  compiler: SelectCompiler,
  classOf: ClassOf,
): (instance: Instance, row: Row) => void {
  const columns = columnsOf(info, compiler);
  const make = instanceMaker(classOf(info.model), columns);
  const key = (columns[info.fields.indexOf(info.model.pk)] as Column).key;
  const deeper = info.related.map((each) => relatedReader(each, compiler, classOf));
  return (instance, row) => {
    if (row[key] === null || row[key] === undefined) {
      instance[info.property] = null;
      return;
    }
    const other = make(row);
    for (const attach of deeper) attach(other, row);
    instance[info.property] = other;
    if (info.back !== undefined) {
      Object.defineProperty(other, info.back, { value: instance, writable: true, configurable: true });
    }
  };
}

/** What of a row `values` asks for, in its order. */
function valueColumns(compiler: SelectCompiler): { name: string; key: string; convert: Convert }[] {
  const { query, selected, connection } = compiler;
  const all = new Map<string, Selected>();
  query.valuesSelect.forEach((name, at) => {
    all.set(name, selected[at] as Selected);
  });
  for (const [name, each] of compiler.annotationKeys) all.set(name, each);
  const names = query.selected ?? [...all.keys()];
  return names.flatMap((name) => {
    const each = all.get(name);
    return each === undefined ? [] : [{ name, key: each.key, convert: converter(each, connection) }];
  });
}

/** Rows as objects; `renames`: fields are called as properties are, annotations as they were given. */
export function valuesReader(renames: boolean): (compiler: SelectCompiler) => RowReader<Instance> {
  return (compiler) => {
    const { annotations } = compiler.query;
    const columns = valueColumns(compiler).map((each) => ({
      ...each,
      name: renames && !annotations.has(each.name) ? camelCase(each.name) : each.name,
    }));
    return (row) => {
      const values: Instance = {};
      for (const { name, key, convert } of columns) {
        if (name === '__proto__') continue;
        values[name] = convert(row[key]);
      }
      return values;
    };
  };
}

/** Rows as lists. */
export function listReader(compiler: SelectCompiler): RowReader<unknown[]> {
  const columns = valueColumns(compiler);
  return (row) => columns.map(({ key, convert }) => convert(row[key]));
}

/** Rows as their only value. */
export function flatReader(compiler: SelectCompiler): RowReader<unknown> {
  const [column] = valueColumns(compiler);
  if (column === undefined) return () => null;
  return (row) => column.convert(row[column.key]);
}
