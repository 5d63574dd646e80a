/** What the managers of relations do with instances. */
import { repr } from '../../../python';
import { camelCase } from '../../../utils/module_loading';
import { assignValues } from '../assign_values';
import { Model, type ModelClass } from '../base';
import type { Field } from '../fields/base';
import type { ForeignObject } from '../fields/related';

/** The class of an instance. */
export function modelOf(instance: object): ModelClass {
  return instance.constructor as unknown as ModelClass;
}

/** The value of a field, null where there is none. */
export function fieldValue(instance: object, field: Field): unknown {
  return field.valueIn(instance);
}

/** Makes an instance refer to another one, or to none. */
export function setRelated(instance: Model, key: ForeignObject, other: Model | null): void {
  assignValues(instance, { [camelCase(key.name)]: other });
}

/** Whether a value is a row of a model. */
export function isInstanceOf(value: unknown, model: ModelClass): value is Model {
  if (!(value instanceof Model)) return false;
  return value instanceof model || modelOf(value)._meta.concreteModel === model._meta.concreteModel;
}

/** @throws TypeError for what is no row of the model. */
export function requireInstance(value: unknown, model: ModelClass): asserts value is Model {
  if (isInstanceOf(value, model)) return;
  throw new TypeError(`'${model._meta.objectName}' instance expected, got ${shown(value)}`);
}

/** A value as messages show it. Django: `Model.__repr__`. */
export function shown(value: unknown): string {
  return value instanceof Model ? `<${modelOf(value).name}: ${String(value)}>` : repr(value);
}

/** The rows that a method was given, and the options behind them. */
export function withOptions<O extends object>(given: readonly unknown[]): [rows: unknown[], options: O] {
  const last = given[given.length - 1];
  const isOptions =
    typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype;
  return isOptions ? [given.slice(0, -1), last as O] : [[...given], {} as O];
}
