/** Django: `django.db.migrations.utils`. */
import type { Field } from '../models/fields/base';
import { type ForeignKeyOptions, type ManyToManyOptions, relationKey } from '../models/fields/related';

/** A model by its app and its name in lower case. */
interface ModelName {
  appLabel: string;
  modelName: string;
}

/**
 * Whether a field of a model refers to another model, or to a field of it, as its target or through the table in
 * between. The field need not be part of a model. Django: `field_references`.
 */
export function fieldReferences(
  model: ModelName,
  field: Field,
  target: ModelName,
  fieldName?: string,
): boolean {
  if (!field.isRelation()) return false;
  const { to, through, throughFields, toField } = field.options as ManyToManyOptions & ForeignKeyOptions;
  const wanted = `${target.appLabel}.${target.modelName}`;
  if (relationKey(to, () => model) === wanted) {
    // Without a field's name it is the primary key, which any field may be.
    if (fieldName === undefined || toField === undefined || toField === fieldName) return true;
  }
  if (through === undefined || relationKey(through, () => model) !== wanted) return false;
  return fieldName === undefined || throughFields === undefined || throughFields.includes(fieldName);
}
