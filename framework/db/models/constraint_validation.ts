/** Whether an instance keeps the constraints of its model. Django: `BaseConstraint.validate`. */
import { ValidationError } from '../../core/exceptions';
import { gettextLazy as _ } from '../../utils/translation';
import { connections } from '../connections';
import type { Model, ModelClass } from './base';
import { CheckConstraint, type Constraint, UniqueConstraint } from './indexes';
import { othersWith, uniqueErrorMessage } from './unique';

const VIOLATED = _('Constraint “%(name)s” is violated.');

/** @throws ValidationError where it does not. What names a field that is left out is not looked at. */
export async function validateConstraint(
  instance: Model,
  constraint: Constraint,
  exclude: ReadonlySet<string>,
  using: string | undefined,
): Promise<void> {
  if (constraint instanceof UniqueConstraint) await validateUniqueness(instance, constraint, exclude, using);
  else if (constraint instanceof CheckConstraint) await validateCheck(instance, constraint, exclude, using);
}

async function validateUniqueness(
  instance: Model,
  { fields: names }: UniqueConstraint,
  exclude: ReadonlySet<string>,
  using: string | undefined,
): Promise<void> {
  if (names.some((name) => exclude.has(name))) return;
  const { _meta: meta } = instance.constructor as unknown as ModelClass;
  const fields = names.map((name) => meta.getField(name));
  if (await othersWith(instance, fields, using)?.exists()) throw uniqueErrorMessage(meta, names);
}

/** The database is asked, with the instance's values in place of the columns. What is unknown is no violation, as in SQL. */
async function validateCheck(
  instance: Model,
  { condition, name }: CheckConstraint,
  exclude: ReadonlySet<string>,
  using: string | undefined,
): Promise<void> {
  const { _meta: meta } = instance.constructor as unknown as ModelClass;
  const connection = connections.get(using);
  const named = meta.localFields.filter(({ column }) => condition.includes(column));
  if (named.some((field) => exclude.has(field.name))) return;
  const columns = named.map((field) => {
    const type = connection.vendor === 'postgresql' ? field.dbType(connection) : null;
    return `${type === null ? '?' : `CAST(? AS ${type})`} AS ${connection.ops.quoteName(field.column)}`;
  });
  const values = named.map((field) =>
    field.toDb((instance as unknown as Record<string, unknown>)[field.property] ?? null, connection),
  );
  const { rows } = await connection.execute(
    `SELECT 1 AS violated FROM (SELECT ${columns.length > 0 ? columns.join(', ') : '1 AS one'}) t WHERE NOT (${condition})`,
    values,
  );
  if (rows.length > 0) throw new ValidationError(VIOLATED, { params: { name } });
}
