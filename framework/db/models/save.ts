/** How instances become rows. Django: `Model.save`. */
import { isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import type { Model, ModelClass } from './base';
import type { Field } from './fields/base';
import type { ForeignKey } from './fields/related';
import { Exact } from './lookups/builtin';
import type { Options } from './options';
import { insertRows, updateRows } from './sql/compiler/write';
import { findNamed } from './sql/names';
import { Query } from './sql/query';

function modelOf(instance: Model): ModelClass {
  return instance.constructor as unknown as ModelClass;
}

function read(instance: Model, field: Field): unknown {
  return (instance as unknown as Record<string, unknown>)[field.property];
}

function write(instance: Model, field: Field, value: unknown): void {
  (instance as unknown as Record<string, unknown>)[field.property] = value;
}

/** A value of an instance on its way into a row; what the instance does not have gets the field's default. */
export function savedValue(instance: Model, field: Field, adding: boolean): unknown {
  let value = read(instance, field);
  if (value === undefined) value = field.getDefault();
  value = field.preSave(value, adding);
  write(instance, field, value);
  return 'keyOf' in field ? (field as ForeignKey).keyOf(value) : value;
}

const withoutKey = new WeakMap<Options, readonly Field[]>();

/** The fields of an INSERT: all, without the key that the database makes. */
export function insertedFields(model: Options, withKey: boolean): readonly Field[] {
  if (withKey) return model.localFields;
  let fields = withoutKey.get(model);
  if (fields === undefined) {
    fields = model.localFields.filter((field) => !field.primaryKey);
    withoutKey.set(model, fields);
  }
  return fields;
}

/** Writes a new row; the instance learns its key. */
export function insertInstance(instance: Model, connection: DatabaseWrapper): MaybePromise<void> {
  const { _meta: meta } = modelOf(instance);
  const { pk } = meta;
  const key = read(instance, pk);
  const makesKey = pk.isAuto && (key === undefined || key === null);
  const fields = insertedFields(meta, !makesKey);
  const row = fields.map((field) => savedValue(instance, field, true));
  const done = insertRows(meta, fields, [row], connection, { returning: makesKey });
  if (!makesKey) return isPromise(done) ? done.then(() => undefined) : undefined;
  return then(done, ({ insertId, rows }) => {
    write(instance, pk, pk.fromDb(rows[0]?.[pk.column] ?? insertId, connection));
  });
}

/** Updates the row with the instance's key; if there is none, makes it. */
export function saveInstance(
  instance: Model,
  options: { using?: string; updateFields?: readonly string[]; forceInsert?: boolean },
): MaybePromise<void> {
  const cls = modelOf(instance);
  const { _meta: meta } = cls;
  const connection = connections.get(options.using);
  const key = read(instance, meta.pk);
  if (options.forceInsert || key === undefined || key === null) return insertInstance(instance, connection);
  const named = options.updateFields?.map((name) => namedField(cls, name));
  const fields = (named ?? meta.localFields).filter((field) => !field.primaryKey);
  const query = rowQuery(meta, key);
  const values = fields.map((field) => [field, savedValue(instance, field, false)] as const);
  const matched = values.length > 0 ? updateRows(query, values, connection) : countOf(query, connection);
  return then(matched, (count) => {
    if (count > 0) return undefined;
    if (named) throw new cls.DoesNotExist('Save with updateFields did not affect any rows.');
    return insertInstance(instance, connection);
  });
}

/** The query of one row. */
function rowQuery(meta: Options, key: unknown): Query {
  const query = new Query(meta);
  const alias = query.getInitialAlias();
  query.where.add(new Exact(query.column(meta.pk, alias), key), 'AND');
  return query;
}

function countOf(query: Query, connection: DatabaseWrapper): MaybePromise<number> {
  const { SelectCompiler } = require('./sql/compiler/select') as typeof import('./sql/compiler/select');
  const [sql, params] = new SelectCompiler(query.exists(), connection).asSql();
  return then(connection.execute(sql, params), ({ rows }) => rows.length);
}

function namedField(cls: ModelClass, name: string): Field {
  const field = findNamed(cls._meta, name);
  if (field === undefined || !('column' in field)) return cls._meta.getField(name);
  return field;
}
