/** `getNextByPubDate()`, `getPreviousByPubDate()`. Django: `get_next_by_FOO`, `get_previous_by_FOO`. */
import { ValueError } from '../../core/exceptions';
import type { Model, ModelClass } from './base';
import type { Field } from './fields/base';
import type { Options } from './options';
import { Q } from './q';

const DATES: ReadonlySet<string> = new Set(['DateField', 'DateTimeField']);

/**
 * Gives a model's prototype both methods for each date that cannot be null; one that the class declares stays. They take
 * conditions, as `filter` does.
 */
export function defineAdjacent(prototype: object, options: Options): void {
  for (const field of options.localFields) {
    if (!DATES.has(field.internalType) || field.null) continue;
    const name = `${field.property.charAt(0).toUpperCase()}${field.property.slice(1)}`;
    define(prototype, `getNextBy${name}`, field, true);
    define(prototype, `getPreviousBy${name}`, field, false);
  }
}

function define(prototype: object, name: string, field: Field, isNext: boolean): void {
  if (name in prototype) return;
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value(this: Model, conditions: Readonly<Record<string, unknown>> = {}): Promise<Model> {
      return adjacent(this, field, isNext, conditions);
    },
  });
}

/** The row before or after by a date, and by the key where dates are equal. @throws the model's DoesNotExist. */
async function adjacent(
  instance: Model,
  field: Field,
  isNext: boolean,
  conditions: Readonly<Record<string, unknown>>,
): Promise<Model> {
  const { pk } = instance;
  if (pk === undefined || pk === null) {
    throw new ValueError('get_next/get_previous cannot be used on unsaved objects.');
  }
  const cls = instance.constructor as unknown as ModelClass;
  const value = (instance as unknown as Readonly<Record<string, unknown>>)[field.property];
  const beyond = isNext ? 'gt' : 'lt';
  const sign = isNext ? '' : '-';
  const same = new Q({ [field.name]: value, [`pk__${beyond}`]: pk });
  const [found] = await cls._defaultManager
    .using(instance._state.db)
    .filter(conditions)
    .filter(same.or(new Q({ [`${field.name}__${beyond}`]: value })))
    .orderBy(...([`${sign}${field.name}`, `${sign}pk`] as never[]))
    .slice(0, 1);
  if (found === undefined) throw new cls.DoesNotExist(`${cls.name} matching query does not exist.`);
  return found;
}
