/** What serialized rows refer to. Django: `build_instance`, `deserialize_fk_value`, `deserialize_m2m_values`. */

import type { Model, ModelClass } from '../../db/models/base';
import { classIn } from '../../db/models/classes';
import type { ForeignKey, ManyToManyField, RelatedField } from '../../db/models/fields/related';
import type { Manager } from '../../db/models/manager';
import { typeName } from '../../python';
import type { MaybePromise } from '../../utils/maybe_promise';
import { ObjectDoesNotExist } from '../exceptions';
import { M2MDeserializationError } from './errors';

/** In the place of a value: the row that it refers to is not there yet. */
export const DEFER_FIELD: unique symbol = Symbol('DEFER_FIELD');

interface FindsByNaturalKey extends Manager<Model> {
  getByNaturalKey(...key: readonly unknown[]): MaybePromise<Model>;
}

/** The manager that finds rows by their natural keys; undefined where there is none. */
export function naturalManager(cls: ModelClass, using: string | undefined): FindsByNaturalKey | undefined {
  const manager = cls._defaultManager as FindsByNaturalKey;
  if (typeof manager.getByNaturalKey !== 'function') return undefined;
  return using === undefined ? manager : (manager.dbManager(using) as FindsByNaturalKey);
}

function targetOf(field: RelatedField): ModelClass {
  return classIn(field.model, field.remoteModel);
}

/** What a foreign key's value is: of a natural key that of the row which it names. @throws what the field and the manager throw. */
export async function deserializeFkValue(
  field: ForeignKey,
  value: unknown,
  using: string | undefined,
  handleForwardReferences: boolean,
): Promise<unknown> {
  if (value === null || value === undefined) return null;
  const manager = Array.isArray(value) ? naturalManager(targetOf(field), using) : undefined;
  if (manager === undefined) return field.targetField.toPython(value);
  try {
    const row = await manager.getByNaturalKey(...(value as readonly unknown[]));
    return row[field.targetField.property as keyof Model];
  } catch (error) {
    if (error instanceof ObjectDoesNotExist && handleForwardReferences) return DEFER_FIELD;
    throw error;
  }
}

/** The keys of related rows. @throws M2MDeserializationError with the one that cannot be read. */
export async function deserializeM2mValues(
  field: ManyToManyField,
  value: unknown,
  using: string | undefined,
  handleForwardReferences: boolean,
): Promise<readonly unknown[] | typeof DEFER_FIELD> {
  if (!Array.isArray(value) && typeof value !== 'string') {
    throw new M2MDeserializationError(new TypeError(`'${typeName(value)}' object is not iterable`), value);
  }
  const manager = naturalManager(targetOf(field), using);
  const { pk } = field.remoteModel;
  const keys: unknown[] = [];
  for (const each of value as Iterable<unknown>) {
    try {
      const isNatural = manager !== undefined && Array.isArray(each);
      keys.push(isNatural ? (await manager.getByNaturalKey(...(each as unknown[]))).pk : pk.toPython(each));
    } catch (error) {
      if (error instanceof ObjectDoesNotExist && handleForwardReferences) return DEFER_FIELD;
      throw new M2MDeserializationError(error, each);
    }
  }
  return keys;
}

/** An instance of values; without a key it gets that of the row which its natural key names, if there is one. */
export async function buildInstance(
  cls: ModelClass,
  values: Record<string, unknown>,
  using: string | undefined,
): Promise<Model> {
  const { pk } = cls._meta;
  // What a fixture does not say is what an instance of Django's has without being told.
  for (const field of cls._meta.concreteFields) {
    const isSaid = field.property in values || field.hasDefault || field.hasDbDefault || field.generated;
    if (!isSaid) values[field.property] = field.getDefault();
  }
  const made = new cls(values);
  const { naturalKey } = made as { naturalKey?: () => MaybePromise<readonly unknown[]> };
  if ((values[pk.property] ?? null) !== null || typeof naturalKey !== 'function') return made;
  const manager = naturalManager(cls, using);
  if (manager === undefined) return made;
  if (using !== undefined) made._state.db = using;
  try {
    const key = await naturalKey.call(made);
    const found = await manager.getByNaturalKey(...key);
    return new cls({ ...values, [pk.property]: pk.toPython(found.pk) });
  } catch (error) {
    if (error instanceof cls.DoesNotExist) return new cls(values);
    throw error;
  }
}
