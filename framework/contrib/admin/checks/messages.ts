/** The messages that several checks of admins give. */
import { Error as CheckError } from '../../../core/checks/messages';
import type { Field } from '../../../db/models/fields/base';
import type { Relation } from '../../../db/models/fields/reverse_related';
import type { Options } from '../../../db/models/options';
import { camelCase } from '../../../utils/module_loading';
import type { BaseModelAdmin } from '../options/base';
import { stepOf } from '../utils/paths';

/** An option by its name, as it was given: what has no types may have given anything. */
export function optionOf(admin: BaseModelAdmin, name: string): unknown {
  return (admin as unknown as Readonly<Record<string, unknown>>)[name];
}

/** An error of an admin's class. */
export function wrong(admin: BaseModelAdmin, id: string, msg: string, hint?: string): CheckError {
  return new CheckError(msg, { obj: admin.constructor, id, hint });
}

export function mustBe(admin: BaseModelAdmin, id: string, option: string, type: string): CheckError {
  return wrong(admin, id, `The value of '${option}' must be ${type}.`);
}

export function mustInheritFrom(
  admin: BaseModelAdmin,
  id: string,
  option: string,
  parent: string,
): CheckError {
  return wrong(admin, id, `The value of '${option}' must inherit from '${parent}'.`);
}

export function missingField(admin: BaseModelAdmin, id: string, option: string, field: unknown): CheckError {
  return wrong(
    admin,
    id,
    `The value of '${option}' refers to '${String(field)}', which is not a field of '${admin.opts.label}'.`,
  );
}

/** The items of an option that is a list, with what messages call each. */
export function itemsOf(list: readonly unknown[], option: string): [item: unknown, label: string][] {
  return list.map((item, index) => [item, `${option}[${index}]`]);
}

/** Whether a value is a class that extends another, or is that. */
export function isSubclass(value: unknown, base: abstract new (...args: never[]) => object): boolean {
  return typeof value === 'function' && (value === base || value.prototype instanceof base);
}

/** Whether a value is an object of names, as Python's dictionaries are. */
export function isDictionary(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a list has something twice, in either spelling. */
export function hasDuplicates(items: readonly unknown[]): boolean {
  return new Set(items.map(spelling)).size < items.length;
}

/** Names that mean the same are the same. */
export function spelling(item: unknown): unknown {
  return typeof item === 'string' ? camelCase(item) : item;
}

/** The field of that name in the spelling of TypeScript or of Django, of whatever kind, or the relation from its other side. */
export function anyField(meta: Options, name: unknown): Field | Relation | undefined {
  if (typeof name !== 'string') return undefined;
  const isNamed = (each: { readonly name: string }): boolean =>
    each.name === name || camelCase(each.name) === name;
  return meta.fieldsByProperty.get(name) ?? stepOf(meta, name) ?? meta.privateFields.find(isNamed);
}

/** Whether an object has a member of that name, in either spelling, that not every object has. */
export function hasMember(object: object, name: string): boolean {
  return [name, camelCase(name)].some((each) => each in object && !(each in Object.prototype));
}
