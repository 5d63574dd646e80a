/** Instances of what a row has. Django: `Model.from_db`. */
import { ValueError } from '../../core/exceptions';
import type { Model, ModelClass } from './base';
import { linkRelations } from './fields/relation_properties';
import { installState, ModelState } from './model_state';
import { deferredPrototype } from './query_utils';
import { postInit } from './signals';

/**
 * An instance of values that a row has; fields that are not named are deferred.
 *
 * @throws FieldDoesNotExist for a name of no field; ValueError for more or fewer values than names.
 */
export function fromDb(
  cls: ModelClass,
  db: string | undefined,
  names: readonly string[],
  values: readonly unknown[],
): Model {
  if (names.length !== values.length) {
    throw new ValueError(
      `${cls.name}.fromDb() takes a value for each field: ${names.length} names, ${values.length} values.`,
    );
  }
  linkRelations(cls);
  const { _meta: meta } = cls;
  const fields = names.map((name) => meta.fieldsByProperty.get(name) ?? meta.getField(name));
  const deferred = meta.concreteFields.filter((field) => !fields.includes(field));
  const prototype = deferred.length === 0 ? (cls.prototype as object) : deferredPrototype(cls, deferred);
  const instance = Object.create(prototype) as Record<string, unknown>;
  installState(instance, new ModelState(false, db));
  fields.forEach(({ property }, at) => {
    instance[property] = values[at];
  });
  if (postInit.hasReceivers) void postInit.send(cls, { instance: instance as unknown as Model });
  return instance as unknown as Model;
}
