/** Django: `django.db.migrations.utils`. */
import { camelCase } from '../../utils/module_loading';
import type { Field } from '../models/fields/base';
import {
  type ForeignKeyOptions,
  type ForeignObjectOptions,
  type ManyToManyOptions,
  relationKey,
} from '../models/fields/related';

/** Whether a reference is to the field of that name: by it, or by the property that has its value. */
export function namesField(reference: string, name: string): boolean {
  return reference === name || reference === camelCase(name);
}

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
  const { to, through, throughFields, toField, toFields } = field.options as ManyToManyOptions &
    ForeignKeyOptions &
    Partial<ForeignObjectOptions>;
  const wanted = `${target.appLabel}.${target.modelName}`;
  if (relationKey(to, () => model) === wanted) {
    // Without a field's name it is the primary key, which any field may be.
    const names = toFields ?? (toField === undefined ? undefined : [toField]);
    if (fieldName === undefined || names === undefined) return true;
    if (names.some((each) => namesField(each, fieldName))) return true;
  }
  if (through === undefined || relationKey(through, () => model) !== wanted) return false;
  return fieldName === undefined || throughFields === undefined || throughFields.includes(fieldName);
}
