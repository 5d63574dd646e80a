/** What a save does about the rows that an instance refers to. Django: `_prepare_related_fields_for_save`. */
import { ValueError } from '../../core/exceptions';
import type { Model, ModelClass } from './base';
import type { Field } from './fields/base';
import { ForeignKey } from './fields/related';

type Values = Record<string, unknown>;

/**
 * Takes over the keys of related rows that were saved after they were assigned.
 *
 * @param operation what is going on, for the message: `save`.
 * @param fields the fields that are looked at; default: all.
 * @throws ValueError for a related row that is not saved.
 */
export function prepareRelatedFieldsForSave(
  instance: Model,
  operation: string,
  fields?: readonly Field[],
): void {
  const { _meta: meta } = instance.constructor as unknown as ModelClass;
  const values = instance as unknown as Values;
  for (const field of meta.privateFields) {
    const related = field.relatedRow(instance);
    if (related && (related.pk ?? null) === null) throw unsaved(operation, field);
  }
  for (const field of fields ?? meta.fields) {
    if (!(field instanceof ForeignKey)) continue;
    const related = field.cache.get(instance);
    if (!related) continue;
    if (related.pk === undefined || related.pk === null) {
      field.remoteCache?.delete(related);
      throw unsaved(operation, field);
    }
    const key = values[field.property];
    const relatedKey = (related as unknown as Values)[field.targetField.property];
    if (key === undefined || key === null || key === '') {
      values[field.cache.name] = related;
    } else if (key !== relatedKey) {
      // The related row has got another key.
      field.cache.delete(instance);
    }
  }
}

function unsaved(operation: string, { name }: Field): ValueError {
  return new ValueError(
    `${operation}() prohibited to prevent data loss due to unsaved related object '${name}'.`,
  );
}
