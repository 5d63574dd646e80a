/** What `new Article({ headline: 'x' })` does with its values. Django: `Model.__init__`. */
import { once } from '../../utils/module_loading';
import type { Model, ModelClass } from './base';
import { ForeignKey } from './fields/related';

const baseModule = once(() => require('./base') as typeof import('./base'));

/** Whether a model class (not Model itself, nor JavaScript's own) declares a setter of that name. */
function declaresSetter(instance: Model, name: string): boolean {
  const { prototype: plain } = baseModule().Model;
  for (
    let prototype = Object.getPrototypeOf(instance) as object;
    prototype !== plain;
    prototype = Object.getPrototypeOf(prototype) as object
  ) {
    if (Object.getOwnPropertyDescriptor(prototype, name)?.set !== undefined) return true;
  }
  return false;
}

/**
 * Gives an instance values by the names of its fields, of relations (which set the key, too), `pk`, and setters that the
 * model declares. Names may come from anywhere: `save`, `toString` and `__proto__` are none of these.
 *
 * @throws TypeError for any other name; ValueError for a row of another model.
 */
export function assignValues(instance: Model, values: Readonly<Record<string, unknown>>): void {
  const { _meta: meta, name: className } = instance.constructor as unknown as ModelClass;
  const fields = meta.fieldsByProperty;
  const target = instance as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    const field = name === 'pk' ? meta.pk : fields.get(name);
    if (field === undefined) {
      if (!declaresSetter(instance, name)) {
        throw new TypeError(`${className}() got unexpected keyword arguments: '${name}'`);
      }
      target[name] = value;
    } else if (field instanceof ForeignKey && name === field.cache.name) {
      target[name] = value;
    } else {
      target[field.property] = value;
    }
  }
}
