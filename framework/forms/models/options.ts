/** What a model form is told. Django: `ModelFormOptions` of `django.forms.models`. */
import { ImproperlyConfigured } from '../../core/exceptions';
import type { ModelClass } from '../../db/models/base';
import type { Field as ModelField } from '../../db/models/fields/base';
import type { Text } from '../../utils/functional';
import { camelCase } from '../../utils/module_loading';
import type { Field, FieldText } from '../fields/base';
import { htmlName } from '../names';
import type { Widget, WidgetClass } from '../widgets';
import type { FormFieldClass, FormFieldOptions } from './formfields';

/** All fields of the model. */
export const ALL_FIELDS = '__all__';

type Named<N extends string, V> = { readonly [K in N]?: V };

/** Makes the form field of a model's field; `null` leaves it out. */
export type FormfieldCallback = (field: ModelField, options: FormFieldOptions) => Field | null;

/**
 * What a model form is told: Django's `class Meta`. Fields have the names of the model's properties, a relation that of
 * the row.
 *
 * @typeParam N the names of the model's fields.
 */
export interface ModelFormMeta<N extends string = string> {
  /** The fields, in this order, or `'__all__'`. One of `fields` and `exclude` has to be given. */
  readonly fields?: readonly N[] | typeof ALL_FIELDS | null;
  /** Fields that are left out. */
  readonly exclude?: readonly N[] | null;
  readonly widgets?: Named<N, Widget | WidgetClass> | null;
  /** Fields whose values are shown and read in the format of the language, or `'__all__'`. */
  readonly localizedFields?: readonly N[] | typeof ALL_FIELDS | null;
  readonly labels?: Named<N, FieldText> | null;
  readonly helpTexts?: Named<N, FieldText> | null;
  /** Texts of errors by field and code; under NON_FIELD_ERRORS those of none. */
  readonly errorMessages?: Named<N | '__all__', Readonly<Record<string, Text>>> | null;
  readonly fieldClasses?: Named<N, FormFieldClass> | null;
  readonly formfieldCallback?: FormfieldCallback | null;
}

/** The same, as a class of forms keeps it. */
export interface ModelFormOptions extends ModelFormMeta {
  readonly model: ModelClass | null;
}

/** The name that a form has for a field of a model: the one whose HTML name is the field's. */
export function formName(field: { readonly name: string }): string {
  const name = camelCase(field.name);
  return htmlName(name) === field.name ? name : field.name;
}

const LISTS = ['fields', 'exclude', 'localizedFields'] as const;

/** @throws TypeError for a name where a list of names has to be; ImproperlyConfigured where neither is given. */
export function checkMeta(form: string, model: string, meta: ModelFormMeta): void {
  for (const option of LISTS) {
    const value: unknown = meta[option];
    if (typeof value === 'string' && (value !== ALL_FIELDS || option === 'exclude')) {
      throw new TypeError(`${form} of ${model}: '${option}' cannot be a string. Did you mean ['${value}']?`);
    }
  }
  if ((meta.fields ?? null) === null && (meta.exclude ?? null) === null) {
    throw new ImproperlyConfigured(
      "Creating a ModelForm without either the 'fields' attribute or the 'exclude' attribute is prohibited; " +
        `form ${form} needs updating.`,
    );
  }
}

/** The names of a list; `null` for all. */
export function namesOf(
  names: readonly string[] | typeof ALL_FIELDS | null | undefined,
): ReadonlySet<string> | null {
  return names === ALL_FIELDS || names === null || names === undefined ? null : new Set(names);
}
