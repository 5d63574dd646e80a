/**
 * What a class writes into each new instance after the values that were given: JavaScript makes a class's own fields
 * when the constructor of Model has returned. One instance a class is made to see it, when the class is described.
 */
import { ImproperlyConfigured } from '../../core/exceptions';
import { camelCase } from '../../utils/module_loading';
import type { Field } from './fields/base';
import type { Options } from './options';

/** Stands for a value that was given. */
const GIVEN = '\u0000given';

/** The description with a given value for every field. */
export function probeOptions(options: Options): Options {
  const given = (field: Field): Field =>
    Object.create(field, { hasDefault: { value: true }, getDefault: { value: () => GIVEN } }) as Field;
  const fields = options.concreteFields.map(given);
  return Object.create(options, {
    fields: { value: fields },
    fieldsWithDefault: { value: fields },
    // What refers to it does not matter, and is not looked for.
    linkedVersion: { value: options.registry.version ?? 0 },
  }) as Options;
}

/** Those of some properties that a new instance has itself: what the class's prototype has under the name is never met. */
export function hidden(instance: object, properties: readonly string[]): readonly string[] {
  return properties.filter((property) => {
    const own = Object.getOwnPropertyDescriptor(instance, property);
    return own !== undefined && 'value' in own;
  });
}

/** The properties of a new instance that hold something else than what was given, by what they hold. */
export function overwritten(instance: object, options: Options): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const field of [...options.fields, ...options.manyToMany]) {
    for (const property of new Set([camelCase(field.name), field.property])) {
      const own = Object.getOwnPropertyDescriptor(instance, property);
      // An accessor is the field's own.
      if (own !== undefined && 'value' in own && own.value !== GIVEN) found.set(property, own.value);
    }
  }
  return found;
}

/** @throws ImproperlyConfigured where values would be lost: fields as they are without `declare`. */
export function refuseClassFields(className: string, written: ReadonlyMap<string, unknown>): void {
  const lost = [...written].filter(([, value]) => value === undefined).map(([property]) => property);
  if (lost.length === 0) return;
  throw new ImproperlyConfigured(
    `The model ${className} loses the values of ${lost.map((name) => `'${name}'`).join(', ')}: its compiler makes class ` +
      'fields of them, which begin as undefined. Set "useDefineForClassFields": false in the compilerOptions of ' +
      'tsconfig.json, which ts-node, tsx and esbuild read, too (for swc jsc.transform.useDefineForClassFields), or write ' +
      `'declare' in front of each: declare ${lost[0]}.`,
  );
}
