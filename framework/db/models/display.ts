/** `getStatusDisplay()`: what is shown of a value that is chosen. Django: `get_FOO_display`. */
import { displayOf } from './fields/choices';
import type { Options } from './options';

/** Gives a model's prototype a method for each field with choices; one that the class declares stays. */
export function defineDisplays(prototype: object, options: Options): void {
  for (const field of options.fields) {
    if (field.options.choices === undefined) continue;
    const name = `get${field.property.charAt(0).toUpperCase()}${field.property.slice(1)}Display`;
    if (name in prototype) continue;
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: Readonly<Record<string, unknown>>): unknown {
        return displayOf(field.flatchoices, this[field.property]);
      },
    });
  }
}
