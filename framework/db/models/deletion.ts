/**
 * What becomes of rows whose target is deleted. Django: `django.db.models.deletion`. As in Django, the tables know
 * nothing of it; `delete()` carries it out.
 */
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import { IntegrityError } from '../errors';
import type { Model, ModelClass } from './base';
import type { Field } from './fields/base';
import type { ForeignKey } from './fields/related';
import type { Options } from './options';

export const CASCADE = 'CASCADE';
export const PROTECT = 'PROTECT';
export const RESTRICT = 'RESTRICT';
export const SET_NULL = 'SET_NULL';
export const SET_DEFAULT = 'SET_DEFAULT';
export const DO_NOTHING = 'DO_NOTHING';

/** A row cannot be deleted because another refers to it. */
export class ProtectedError extends IntegrityError {}

/** Deletes an instance's row and what refers to it. */
export async function deleteInstance(instance: Model, options: { using?: string }): Promise<number> {
  const cls = instance.constructor as unknown as ModelClass;
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
