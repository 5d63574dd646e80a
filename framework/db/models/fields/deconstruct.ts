/** Fields as what makes them again. Django: `Field.deconstruct`. */
import { isDeepStrictEqual } from 'node:util';
import type { FieldOptions } from './base';

/** A field's name, the class that makes one, and what it is made with: everything that is not the default anyway. */
export type Deconstructed = readonly [
  name: string | null,
  path: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
];

/** What the options of every field are where nobody says otherwise. */
export const OPTION_DEFAULTS: Readonly<Partial<Record<keyof FieldOptions, unknown>>> = {
  autoCreated: false,
  blank: false,
  dbColumn: null,
  dbIndex: false,
  editable: true,
  helpText: '',
  maxLength: null,
  null: false,
  primaryKey: false,
  serialize: true,
  unique: false,
  validators: [],
};

/** The options that say something that the defaults do not. */
export function withoutDefaults(
  options: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) =>
        value !== undefined &&
        (name === 'default' || !(Object.hasOwn(defaults, name) && isEqual(value, defaults[name]))),
    ),
  );
}

/** Most options are no objects: of those no comparison looks inside. */
function isEqual(value: unknown, other: unknown): boolean {
  return typeof value === 'object' ? isDeepStrictEqual(value, other) : Object.is(value, other);
}

const modules = new WeakMap<object, string>();

/** Says in which module of the framework a class of fields is exported. */
export function declareBuiltin(cls: object, module = 'tsango.db.models'): void {
  modules.set(cls, module);
}

/** Whether a class of fields is the framework's: what its fields are made with are their options alone. */
export function isBuiltin(cls: object): boolean {
  return modules.has(cls);
}

/** Where a class of fields is found: those of a site by their names alone, for a class does not know its module. */
export function pathOf(cls: { readonly name: string }): string {
  const module = modules.get(cls);
  return module === undefined ? cls.name : `${module}.${cls.name}`;
}
