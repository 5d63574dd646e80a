/** Rows by their keys: what `inBulk` and `contains` look at. */
import { ValueError } from '../../core/exceptions';
import type { DatabaseWrapper } from '../backends/base/base';
import { Model, type ModelClass } from './base';
import { UniqueConstraint } from './constraints';
import type { Options } from './options';
import { findNamed } from './sql/names';
import type { Query } from './sql/query';

/** The property of a field whose values come once. @throws ValueError for another field. */
export function fieldNamed(query: Query, name: string): string {
  if (name === 'pk') return 'pk';
  const { model, distinctFields } = query;
  const field = findNamed(model, name);
  const isField = field !== undefined && 'column' in field;
  const unique = isField && (field.unique || isConstrained(model, field.name));
  if (!unique && !(distinctFields.length === 1 && distinctFields[0] === name)) {
    throw new ValueError(`in_bulk()'s field_name must be a unique field but '${name}' isn't.`);
  }
  return isField ? field.property : name;
}

function isConstrained(model: Options, name: string): boolean {
  return model.constraints.some(
    (each) =>
      each instanceof UniqueConstraint &&
      each.condition === undefined &&
      each.fields.length === 1 &&
      each.fields[0] === name,
  );
}

/** Keys in as many parts as a statement's parameters make. */
export function keysInBatches(ids: Iterable<unknown>, connection: DatabaseWrapper): unknown[][] {
  const all = [...ids];
  const size = connection.features.maxQueryParams;
  const batches: unknown[][] = [];
  for (let at = 0; at < all.length; at += size) batches.push(all.slice(at, at + size));
  return batches;
}

/**
 * Whether an instance is among rows, as far as that can be said without asking.
 *
 * @throws TypeError for what is no instance; ValueError for one that has no key.
 */
export function isAmong(
  model: ModelClass,
  obj: unknown,
  rows: readonly Model[] | undefined,
): boolean | undefined {
  if (!(obj instanceof Model)) throw new TypeError("'obj' must be a model instance.");
  const own = (obj.constructor as unknown as ModelClass)._meta.concreteModel;
  if (own !== model._meta.concreteModel) return false;
  if (obj.pk === null || obj.pk === undefined) {
    throw new ValueError('QuerySet.contains() cannot be used on unsaved objects.');
  }
  return rows?.some((row) => row.pk === obj.pk);
}
