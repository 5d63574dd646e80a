/** Whether two fields, indexes or constraints are the same. Django: `deep_deconstruct`. */
import { isDeepStrictEqual } from 'node:util';
import { LazyText } from '../../../utils/functional';
import { BaseConstraint } from '../../models/constraints';
import { Field } from '../../models/fields/base';
import { CompositePrimaryKey } from '../../models/fields/composite';
import { isBuiltin } from '../../models/fields/deconstruct';
import { Index } from '../../models/indexes';
import type { NamedManagers } from '../../models/manager';
import { isExpression, Q } from '../../models/q';

/** The class that makes a field, and what it is made with. */
export type FieldMaking = readonly [
  path: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
];

/** What makes a field again, but for its name, so that it can be compared. */
export function makingOf(field: Field): FieldMaking {
  const [, path, args, kwargs] = field.deconstruct();
  // A state of the site's models has no validators: a migration looks at no values.
  const entries = Object.entries(kwargs)
    .filter(([name]) => name !== 'validators')
    .map(([name, value]) => [name, comparable(value)]);
  return [path, args, Object.fromEntries(entries)];
}

/** What a value is made of: what it has found out about itself since does not count. */
function comparable(value: unknown): unknown {
  if (typeof value === 'function') return comparableFunction(value);
  // Validators are imported by migrations: of those each is itself.
  if (Array.isArray(value)) {
    return value.map((each: unknown) => (typeof each === 'function' ? each : comparable(each)));
  }
  if (typeof value !== 'object' || value === null) return value;
  // A migration has the text itself.
  if (value instanceof LazyText) return String(value);
  if (value instanceof Field) return makingOf(value);
  if (isExpression(value)) return [value.constructor, ...value.deconstruct().map(comparable)];
  const isMade = value instanceof Q || value instanceof Index || value instanceof BaseConstraint;
  const made: unknown = value.constructor;
  if (!isMade && made !== Object) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, comparable(each)]);
  return isMade ? [made, Object.fromEntries(entries)] : Object.fromEntries(entries);
}

/** A function of a migration is a copy of the model's: the same text is the same function. */
function comparableFunction(value: object & { readonly name: string }): unknown {
  if ('value' in value) return { function: value.name, of: comparable(value.value) };
  const constant = /^[A-Z][A-Z_]*$/.test(value.name);
  return constant ? value.name : { function: textOf(value) };
}

/** The text of a function, however a compiler has laid it out. */
function textOf(value: object): string {
  const text = Function.prototype.toString.call(value).replace(/\s+/g, ' ');
  return text.replace(/ ?([=>(){}[\],;:]) ?/g, '$1');
}

/** What makes managers again, so that they can be compared. Those of a migration are imported from where the models are. */
export function managersMaking(managers: NamedManagers): unknown {
  return managers.map(([name, manager]) => [name, manager.deconstruct()]);
}

/** Whether two fields are made alike, but for their names. */
export function sameField(one: Field, other: Field): boolean {
  return one === other || haveSameOptions(one, other) || isDeepStrictEqual(makingOf(one), makingOf(other));
}

/**
 * Whether that is plain to see, as it is of nearly all fields: of one class of ours, with the same options. What a relation's
 * `toField` is depends on the key of its model.
 */
function haveSameOptions(one: Field, other: Field): boolean {
  const { constructor: cls, options } = one;
  const isOther = other.constructor !== cls || 'toField' in options || !one.concrete;
  if (isOther || !isBuiltin(cls) || one instanceof CompositePrimaryKey) return false;
  const [own, others] = [options, other.options] as [Options, Options];
  const names = givenIn(own);
  return names.length === givenIn(others).length && names.every((name) => Object.is(own[name], others[name]));
}

type Options = Readonly<Record<string, unknown>>;

/** The options that a field was made with, without those that no state has. */
function givenIn(options: Options): string[] {
  return Object.keys(options).filter((name) => name !== 'validators' && options[name] !== undefined);
}

/** Whether two are made alike. */
export function same(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(comparable(one), comparable(other));
}

/** What makes the fields of a model, whatever they are called and refer to. */
export function relationAgnostic(fields: ReadonlyMap<string, Field>): unknown {
  return [...fields]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, field]) => {
      const [path, args, { to, ...kwargs }] = makingOf(field);
      return [path, args, field.isRelation() ? kwargs : { ...kwargs, ...(to !== undefined && { to }) }];
    });
}
