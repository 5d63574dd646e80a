/** Whether two fields, indexes or constraints are the same. Django: `deep_deconstruct`. */
import { isDeepStrictEqual } from 'node:util';
import type { Field } from '../../models/fields/base';
import type { NamedManagers } from '../../models/manager';

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

/** A function of a migration is a copy of the model's: the same text is the same function. */
function comparable(value: unknown): unknown {
  if (typeof value !== 'function') return value;
  if ('value' in value) return { function: value.name, of: comparable(value.value) };
  const constant = /^[A-Z][A-Z_]*$/.test(value.name);
  return constant ? value.name : { function: Function.prototype.toString.call(value) };
}

/** What makes managers again, so that they can be compared. Those of a migration are imported from where the models are. */
export function managersMaking(managers: NamedManagers): unknown {
  return managers.map(([name, manager]) => [name, manager.deconstruct()]);
}

/** Whether two are made alike. */
export function same(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other);
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
