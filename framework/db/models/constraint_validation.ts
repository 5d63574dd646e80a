/** Whether an instance keeps the constraints of its model. Django: `BaseConstraint.validate`. */
import { FieldError, ValidationError } from '../../core/exceptions';
import { connections } from '../connections';
import type { Model, ModelClass } from './base';
import { CheckConstraint, type Constraint, UniqueConstraint } from './constraints';
import type { Expression } from './expressions/base';
import { OrderBy } from './expressions/order_by';
import { Exists } from './expressions/subquery';
import { F, FExpression } from './expressions/value';
import { pathsOf } from './filtered_relation';
import { Exact, IsNull } from './lookups/builtin';
import { Q } from './q';
import type { QuerySet } from './query';
import { rawCheckHolds, valuesByName, whetherHolds } from './row_values';
import { findNamed } from './sql/names';
import { isAdding, othersWith, uniqueErrorMessage } from './unique';

/** @throws ValidationError where it does not. What names a field that is left out is not looked at. */
export async function validateConstraint(
  instance: Model,
  constraint: Constraint,
  exclude: ReadonlySet<string>,
  using: string | undefined,
): Promise<void> {
  try {
    if (await isKept(instance, constraint, exclude, using)) return;
  } catch (error) {
    // The condition names what the instance by itself does not have.
    if (error instanceof FieldError) return;
    throw error;
  }
  throw violation(instance, constraint);
}

function isKept(
  instance: Model,
  constraint: Constraint,
  exclude: ReadonlySet<string>,
  using: string | undefined,
): Promise<boolean> {
  if (constraint instanceof CheckConstraint) return keepsCheck(instance, constraint, exclude, using);
  if (constraint instanceof UniqueConstraint) return isUnique(instance, constraint, exclude, using);
  return constraint.holds(instance, exclude, using);
}

function violation(instance: Model, constraint: Constraint): ValidationError {
  const { name, violationErrorMessage, violationErrorCode: code } = constraint;
  if (constraint instanceof UniqueConstraint && constraint.hasDefaultMessage) {
    const { fields, condition } = constraint;
    if (fields.length > 0 && condition === undefined) return uniqueErrorMessage(instance, fields);
  }
  return new ValidationError(violationErrorMessage, { ...(code !== null && { code }), params: { name } });
}

function metaOf(instance: Model): ModelClass['_meta'] {
  return (instance.constructor as unknown as ModelClass)._meta;
}

/** The database is asked, with the instance's values in place of the columns. What is unknown is no violation, as in SQL. */
async function keepsCheck(
  instance: Model,
  { condition }: CheckConstraint,
  exclude: ReadonlySet<string>,
  using: string | undefined,
): Promise<boolean> {
  const connection = connections.get(using);
  if (typeof condition === 'string') return rawCheckHolds(instance, condition, exclude, connection);
  return whetherHolds(asQ(condition), instance, exclude, connection);
}

function asQ(condition: Q | Expression): Q {
  return condition instanceof Q ? condition : new Q(condition);
}

/** Whether there is no other row with the same values. */
async function isUnique(
  instance: Model,
  constraint: UniqueConstraint,
  exclude: ReadonlySet<string>,
  using: string | undefined,
): Promise<boolean> {
  const { condition } = constraint;
  const rows =
    constraint.fields.length > 0
      ? othersWithFields(instance, constraint, exclude, using)
      : othersWithExpressions(instance, constraint, exclude, using);
  if (rows === undefined) return true;
  if (condition === undefined) return !(await rows.exists());
  const violated = condition.and(Exists(rows.filter(condition)));
  const connection = connections.get(using);
  return !(await whetherHolds(violated, instance, exclude, connection));
}

/** The other rows with the values of these fields; undefined where there can be none. */
function othersWithFields(
  instance: Model,
  { fields: names, nullsDistinct }: UniqueConstraint,
  exclude: ReadonlySet<string>,
  using: string | undefined,
): QuerySet<Model> | undefined {
  if (names.some((name) => exclude.has(name))) return undefined;
  const meta = metaOf(instance);
  const fields = names.map((name) => meta.getField(name));
  const generated = fields.filter((field) => field.generated);
  const plain = fields.filter((field) => !field.generated);
  const rows = othersWith(instance, plain, using, nullsDistinct === false);
  if (generated.length === 0 || rows === undefined) return rows;
  const values = valuesByName(instance, exclude);
  const missing = generated.some(({ name }) => !values.has(name));
  if (missing) return undefined;
  return rows.filter(
    ...generated.map(({ name }) => sameAs(F(name), values.get(name) as Expression, nullsDistinct)),
  );
}

/** Whether two values are the same; NULL is as NULL only where the constraint says so. */
function sameAs(one: Expression, other: Expression, nullsDistinct: boolean | undefined): Q {
  const same = new Q(new Exact(one, other));
  if (nullsDistinct !== false) return same;
  return same.or(new Q(new IsNull(one, true), new IsNull(other, true)));
}

function othersWithExpressions(
  instance: Model,
  { expressions, nullsDistinct }: UniqueConstraint,
  exclude: ReadonlySet<string>,
  using: string | undefined,
): QuerySet<Model> | undefined {
  const meta = metaOf(instance);
  const isExcluded = (path: string): boolean => {
    const field = findNamed(meta, path.split('__')[0] as string);
    return field !== undefined && 'name' in field && exclude.has(field.name);
  };
  if (expressions.some((each) => pathsOf(each).some(isExcluded))) return undefined;
  const values = valuesByName(instance, exclude);
  const filters = expressions.map((each) => {
    const own = each instanceof OrderBy ? each.expression : each;
    const value = own.replaceExpressions((part) =>
      part instanceof FExpression ? values.get(part.name) : undefined,
    );
    return sameAs(own, value, nullsDistinct);
  });
  const { _defaultManager: manager } = instance.constructor as unknown as ModelClass;
  const rows = manager.using(using).filter(...filters);
  const { pk } = instance;
  return isAdding(instance) || pk === null || pk === undefined ? rows : rows.exclude({ pk });
}
