/** The properties that a class has for relations, on both of their sides. Django: `contribute_to_related_class`. */
import { ImproperlyConfigured } from '../../../core/exceptions';
import type { Model, ModelClass } from '../base';
import type { Options } from '../options';
import { defineManyToMany, defineReverseManager } from '../related_managers/accessors';
import type { ForeignObject } from './related';
import { ForwardManyToOneDescriptor, ReverseOneToOneDescriptor } from './related_descriptors';
import { checkDeclaredReverses } from './reverse';
import { type Relation, relationsTo } from './reverse_related';
import type { SingleRowDescriptor } from './single_row_descriptor';

function define(prototype: object, name: string, descriptor: SingleRowDescriptor): void {
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: Model): unknown {
      return descriptor.get(this);
    },
    set(this: Model, value: unknown) {
      descriptor.set(this, value);
    },
  });
}

/** Gives a class the properties of the rows that its own fields refer to. */
export function defineForwardRelations(cls: ModelClass, options: Options): void {
  for (const field of options.fields) {
    if ('targetField' in field) {
      const key = field as ForeignObject;
      define(cls.prototype, key.cache.name, new ForwardManyToOneDescriptor(key));
    }
  }
  defineManyToMany(cls, options);
}

/**
 * Gives a class the properties of the rows that refer to it. Called before it has instances; looks again when
 * there may be more models.
 */
export function linkRelations(cls: ModelClass): void {
  const { _meta: meta } = cls;
  const { registry } = meta;
  if (meta.linkedVersion === (registry.version ?? 0)) return;
  checkDeclaredReverses(cls);
  for (const relation of knownRelations(meta)) {
    if (relation.saysOrder) defineOrderMethods(cls, relation);
    if (relation.isHidden || relation.property in cls.prototype) continue;
    if (relation.isMultiple) defineReverseManager(cls, relation);
    else define(cls.prototype, relation.property, new ReverseOneToOneDescriptor(relation));
  }
  // The version is of afterwards: looking for the models may have loaded some.
  meta.linkedVersion = registry.version ?? 0;
}

function defineOrderMethods(cls: ModelClass, relation: Relation): void {
  const ordering = require('../order_with_respect_to') as typeof import('../order_with_respect_to');
  ordering.defineOrderMethods(cls, relation);
}

/** What refers to a model. Another model that cannot be described says so itself when it is used, and to `check`. */
export function knownRelations(meta: Options): readonly Relation[] {
  try {
    return relationsTo(meta);
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return [];
    throw error;
  }
}
