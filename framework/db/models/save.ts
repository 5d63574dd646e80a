/** How instances become rows. Django: `Model.save`. */
import { repr } from '../../python';
import { connections } from '../connections';
import type { Model, ModelClass } from './base';
import type { Field } from './fields/base';
import type { ForeignKey } from './fields/related';
import { entityManagerOf } from './typeorm';

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
