/** What a model's class has of the classes that it extends. Django: `ModelBase.__new__`. */
import type { ModelClass } from './base';
import type { Field } from './fields/base';
import { declaredFields } from './fields/decorators';
import type { MetaOptions } from './meta';
import type { Options } from './options';
import { snakeCase } from './sql/names';

/** The class that a model's class extends; undefined for one that extends Model itself. */
function superclassOf(cls: ModelClass): ModelClass | undefined {
  const parent = Object.getPrototypeOf(cls) as ModelClass;
  const isModel = (each: object): boolean => Object.getPrototypeOf(each) === Function.prototype;
  return isModel(cls) || isModel(parent) ? undefined : parent;
}

/** The concrete model that a class extends, be it through abstract ones. */
export function concreteBase(cls: ModelClass): ModelClass | undefined {
  const parent = superclassOf(cls);
  return parent?.isAbstract ? concreteBase(parent) : parent;
}

/** The descriptions of the models that a class extends. */
export function basesOf(cls: ModelClass): readonly Options[] {
  const base = concreteBase(cls);
  return base === undefined ? [] : [base._meta];
}

/** The fields of a class, and of the abstract classes that it extends; the farthest first. */
export function fieldsOf(cls: ModelClass): [name: string, field: Field][] {
  const parent = superclassOf(cls);
  const inherited = parent?.isAbstract ? fieldsOf(parent) : [];
  const own = [...declaredFields(cls)].map(([property, field]): [string, Field] => [
    snakeCase(property),
    field,
  ]);
  const names = new Set(own.map(([name]) => name));
  return [...inherited.filter(([name]) => !names.has(name)), ...own];
}

/**
 * A class's Meta: its own, or that of the nearest abstract class. From a concrete parent it has `ordering` and
 * `getLatestBy` alone, where it does not say these itself.
 */
export function metaOf(cls: ModelClass): MetaOptions {
  const meta = { ...declaredMeta(cls) };
  delete meta.abstract;
  const parent = superclassOf(cls);
  if (parent === undefined || parent.isAbstract) return meta;
  return { ...inheritedMeta(parent._meta.meta), ...meta };
}

/** What a child has of a concrete parent's Meta. */
export function inheritedMeta({ ordering, getLatestBy }: MetaOptions = {}): MetaOptions {
  return {
    ...(ordering !== undefined && { ordering }),
    ...(getLatestBy !== undefined && { getLatestBy }),
  };
}

function declaredMeta(cls: ModelClass): MetaOptions | undefined {
  if (Object.hasOwn(cls, 'Meta')) return cls.Meta;
  for (let at = superclassOf(cls); at !== undefined; at = superclassOf(at)) {
    if (at.isAbstract) return at.Meta;
  }
  return undefined;
}
