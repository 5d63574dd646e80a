/** Which rows have a key, whether it is the value of one field or of several. */
import { Tuple } from '../expressions/tuple';
import { F } from '../expressions/value';
import type { Field } from '../fields/base';
import { FieldGroup } from '../fields/group';
import { TupleIn } from '../lookups/tuples';
import { Q } from '../q';

/** What `complexFilter` takes. */
export type AnyCondition = Q | Readonly<Record<string, unknown>>;

/** The rows whose field has a value; of several fields a list of values. */
export function conditionOn(field: Field, key: unknown): AnyCondition {
  if (!(field instanceof FieldGroup)) return { [field.name]: key };
  return new Q(Object.fromEntries(field.fields.map(({ name }, at) => [name, (key as unknown[])[at]])));
}

/** The rows whose field has one of these values. */
export function conditionAmong(field: Field, keys: readonly unknown[]): AnyCondition {
  if (!(field instanceof FieldGroup)) return { [`${field.name}__in`]: keys };
  return Q.create([new TupleIn(new Tuple(field.fields.map(({ name }) => F(name))), keys)]);
}
