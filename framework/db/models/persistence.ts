/** How instances become rows, and rows go. Django: `Model.save`, `Model.delete`, `django.db.models.deletion`. */
import type { EntityManager } from 'typeorm';
import { repr } from '../../python';
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import { IntegrityError } from '../errors';
import type { Model, ModelClass } from './base';
import type { Field } from './fields/base';
import type { ForeignKey } from './fields/related';
import type { Options } from './options';

/** A row cannot be deleted because another refers to it. */
export class ProtectedError extends IntegrityError {}

const sources = new WeakMap<DatabaseWrapper, WeakMap<ModelClass, Promise<EntityManager>>>();

/** TypeORM's manager that knows a model: the connection's, or one of its own for a model of the past. */
export async function entityManagerOf(cls: ModelClass, connection: DatabaseWrapper): Promise<EntityManager> {
  const manager = await connection.manager();
  if (manager.connection.hasMetadata(cls)) return manager;
  const own = sources.get(connection) ?? new WeakMap<ModelClass, Promise<EntityManager>>();
  sources.set(connection, own);
  let opened = own.get(cls);
  if (opened === undefined) {
    const { openDataSource } = require('../backends/typeorm') as typeof import('../backends/typeorm');
    const { entityOf } = require('./entities') as typeof import('./entities');
    opened = openDataSource(connection, [entityOf(cls, connection, { relations: false })]).then(
      (source) => source.manager,
    );
    own.set(cls, opened);
  }
  return opened;
}

function modelOf(instance: Model): ModelClass {
  return instance.constructor as unknown as ModelClass;
}

function read(instance: Model, field: Field): unknown {
  return (instance as unknown as Record<string, unknown>)[field.property];
}

function write(instance: Model, field: Field, value: unknown): void {
  (instance as unknown as Record<string, unknown>)[field.property] = value;
}

/** The values of a row; what the instance does not have gets the field's default. */
function rowOf(instance: Model, fields: readonly Field[], adding: boolean): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const field of fields) {
    let value = read(instance, field);
    if (field.isAuto && (value === undefined || value === null)) continue;
    if (value === undefined) value = field.getDefault();
    value = field.preSave(value, adding);
    write(instance, field, value);
    row[field.property] = storable(field, value);
  }
  return row;
}

/**
 * What TypeORM is handed for a field. @throws TypeError for a function: TypeORM would call it, and take what it
 * returns for SQL.
 */
export function storable(field: Field, value: unknown): unknown {
  if (typeof value === 'function') {
    throw new TypeError(`Field '${field.name}' expected a value but got a function, ${repr(value)}.`);
  }
  return isRelation(field) ? field.keyOf(value) : value;
}

function isRelation(field: Field): field is ForeignKey {
  return 'keyOf' in field;
}

/** Writes a new row; the instance learns its key. */
export async function insertInstance(instance: Model, using?: string): Promise<void> {
  const cls = modelOf(instance);
  const manager = await entityManagerOf(cls, connections.get(using));
  const row = rowOf(instance, cls._meta.localFields, true);
  const { identifiers } = await manager.insert(cls, row);
  const { pk } = cls._meta;
  const key: unknown = identifiers[0]?.[pk.property];
  if (pk.isAuto && key !== undefined) write(instance, pk, key);
}

/** Updates the row with the instance's key; if there is none, makes it. */
export async function saveInstance(
  instance: Model,
  options: { using?: string; updateFields?: readonly string[]; forceInsert?: boolean },
): Promise<void> {
  const cls = modelOf(instance);
  const { _meta: meta } = cls;
  const key = read(instance, meta.pk);
  if (options.forceInsert || key === undefined || key === null) {
    await insertInstance(instance, options.using);
    return;
  }
  const { resolveField } = require('./lookups') as typeof import('./lookups');
  const named = options.updateFields?.map((name) => resolveField(meta, name));
  const fields = (named ?? meta.localFields).filter((field) => !field.primaryKey);
  const connection = connections.get(options.using);
  const manager = await entityManagerOf(cls, connection);
  const column = connection.ops.quoteName(meta.pk.column);
  const where = { sql: `${column} = :pk`, params: { pk: meta.pk.toDb(key, connection) } };
  if (fields.length > 0) {
    const { affected } = await manager
      .createQueryBuilder()
      .update(cls)
      .set(rowOf(instance, fields, false))
      .where(where.sql, where.params)
      .execute();
    if (affected) return;
  } else if (await cls.objects.using(options.using).filter({ pk: key }).exists()) {
    return;
  }
  if (named) throw new cls.DoesNotExist('Save with updateFields did not affect any rows.');
  await insertInstance(instance, options.using);
}

/** Deletes an instance's row and what refers to it. */
export async function deleteInstance(instance: Model, options: { using?: string }): Promise<number> {
  const cls = modelOf(instance);
  if (instance.pk === undefined || instance.pk === null) {
    throw new Error(
      `${cls.name} object can't be deleted because its ${cls._meta.pk.name} attribute is set to None.`,
    );
  }
  const connection = connections.get(options.using);
  return connection.atomic(() => deleteRows(cls._meta, [instance.pk], connection));
}

/** How many keys one statement names. */
const BATCH = 500;

/** Deletes rows by key; what refers to them first, each as its field's `onDelete` says. */
export async function deleteRows(
  model: Options,
  keys: readonly unknown[],
  connection: DatabaseWrapper,
): Promise<number> {
  let deleted = 0;
  for (let at = 0; at < keys.length; at += BATCH) {
    const batch = keys.slice(at, at + BATCH);
    for (const field of model.relatedObjectsOf(model.pk)) {
      deleted += await deleteReferring(field, model, batch, connection);
    }
    deleted += await remove(model, model.pk, batch, connection);
  }
  return deleted;
}

async function deleteReferring(
  field: ForeignKey,
  target: Options,
  keys: readonly unknown[],
  connection: DatabaseWrapper,
): Promise<number> {
  const { onDelete } = field.options;
  if (onDelete === 'DO_NOTHING') return 0;
  const owner = field.model;
  const { quoteName } = quoting(connection);
  const where = `${quoteName(field.column)} IN (${keys.map(() => '?').join(', ')})`;
  const stored = keys.map((key) => field.toDb(key, connection));
  if (onDelete === 'SET_NULL' || onDelete === 'SET_DEFAULT') {
    const value = onDelete === 'SET_NULL' ? null : field.toDb(field.getDefault(), connection);
    await connection.execute(
      `UPDATE ${quoteName(owner.dbTable)} SET ${quoteName(field.column)} = ? WHERE ${where}`,
      [value, ...stored],
    );
    return 0;
  }
  if (owner.autoCreated) return remove(owner, field, keys, connection);
  const { rows } = await connection.execute(
    `SELECT ${quoteName(owner.pk.column)} AS k FROM ${quoteName(owner.dbTable)} WHERE ${where}`,
    stored,
  );
  if (rows.length === 0) return 0;
  if (onDelete !== 'CASCADE') {
    throw new ProtectedError(
      `Cannot delete some instances of model '${target.objectName}' because they are referenced through protected ` +
        `foreign keys: '${owner.objectName}.${field.name}'.`,
    );
  }
  return deleteRows(
    owner,
    rows.map((row) => owner.pk.fromDb(row['k'], connection)),
    connection,
  );
}

async function remove(
  model: Options,
  field: Field,
  keys: readonly unknown[],
  connection: DatabaseWrapper,
): Promise<number> {
  const { quoteName } = quoting(connection);
  const { rowCount } = await connection.execute(
    `DELETE FROM ${quoteName(model.dbTable)} WHERE ${quoteName(field.column)} IN (${keys.map(() => '?').join(', ')})`,
    keys.map((key) => field.toDb(key, connection)),
  );
  return rowCount;
}

function quoting(connection: DatabaseWrapper): { quoteName: (name: string) => string } {
  return { quoteName: (name) => connection.ops.quoteName(name) };
}
