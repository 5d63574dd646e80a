/** What instances are shown as: `getStatusDisplay()`, `getAbsoluteUrl()`. Django: `get_FOO_display`, `get_absolute_url`. */
import { isConfigured, settings } from '../../conf';
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

/** The address that the setting ABSOLUTE_URL_OVERRIDES gives a model's rows, whatever the class says. */
export function defineAbsoluteUrl(prototype: object, { key }: Options): void {
  const overrides = isConfigured() ? settings.ABSOLUTE_URL_OVERRIDES : {};
  const address = Object.hasOwn(overrides, key) ? (overrides[key] as (row: object) => string) : undefined;
  if (address === undefined) return;
  Object.defineProperty(prototype, 'getAbsoluteUrl', {
    configurable: true,
    writable: true,
    value(this: object): string {
      return address(this);
    },
  });
}
