/** From an instance to a form and back. Django: `model_to_dict`, `construct_instance` of `django.forms.models`. */
import type { Model, ModelClass } from '../../db/models/base';
import type { Field as ModelField } from '../../db/models/fields/base';
import { FileField } from '../../db/models/fields/files';
import { forEach, type MaybePromise } from '../../utils/maybe_promise';
import { isEmpty } from '../fields/base';
import type { Form } from '../forms';
import { htmlName } from '../names';
import { type ALL_FIELDS, formName, namesOf } from './options';
import { toFormValue } from './values';

type Names = readonly string[] | typeof ALL_FIELDS | null | undefined;

function metaOf(instance: Model): ModelClass['_meta'] {
  return (instance.constructor as unknown as ModelClass)._meta;
}

/** Whether a list of names, and one of names that are left out, have a field. */
function selector(
  fields: Names,
  exclude: readonly string[] | null | undefined,
): (field: ModelField) => boolean {
  const wanted = namesOf(fields);
  const excluded = new Set(exclude);
  return (field) => {
    const name = formName(field);
    return (wanted === null || wanted.has(name)) && !excluded.has(name);
  };
}

/**
 * The values of an instance as a form begins with them, by the names of its fields: its `initial`. Of a many-to-many field
 * it is the rows, read when somebody waits for them.
 */
export function modelToDict(
  instance: Model,
  fields: Names = null,
  exclude: readonly string[] | null = null,
): Record<string, unknown> {
  const meta = metaOf(instance);
  const has = selector(fields, exclude);
  const values = Object.create(null) as Record<string, unknown>;
  for (const field of [...meta.concreteFields, ...meta.privateFields, ...meta.manyToMany]) {
    if (!field.editable || !has(field)) continue;
    values[formName(field)] = toFormValue(field, field.valueFromObject(instance));
  }
  return values;
}

/**
 * Gives an instance what a form has read. What was not sent keeps its default. Files come last: where one is stored may
 * depend on the other values.
 */
export function constructInstance(
  form: Form,
  instance: Model,
  fields: Names = null,
  exclude: readonly string[] | null = null,
): MaybePromise<void> {
  const has = selector(fields, exclude);
  const cleaned = form.cleanedData as Readonly<Record<string, unknown>>;
  const given = metaOf(instance).fields.filter((field) => {
    const name = formName(field);
    if (!field.editable || field.isAuto || !Object.hasOwn(cleaned, name) || !has(field)) return false;
    return !field.hasDefault || !isEmpty(cleaned[name]) || !isOmitted(form, name);
  });
  const files = given.filter((field) => field instanceof FileField);
  const others = given.filter((field) => !(field instanceof FileField));
  return forEach([...others, ...files], (field) => field.saveFormData(instance, cleaned[formName(field)]));
}

function isOmitted(form: Form, name: string): boolean {
  const { widget } = form.get(name).field;
  return widget.valueOmittedFromData(form.data, form.files, form.addPrefix(htmlName(name)));
}

/** Stores the rows of many-to-many fields, and of what behaves like one. */
export function saveManyToMany(
  form: Form,
  instance: Model,
  fields: Names,
  exclude: readonly string[] | null | undefined,
): MaybePromise<void> {
  const meta = metaOf(instance);
  const has = selector(fields, exclude);
  const cleaned = form.cleanedData as Readonly<Record<string, unknown>>;
  const given = [...meta.manyToMany, ...meta.privateFields].filter(
    (field) => has(field) && Object.hasOwn(cleaned, formName(field)),
  );
  return forEach(given, (field) => field.saveFormData(instance, cleaned[formName(field)]));
}
