/** What the compiler knows of a form of a model; only types. */
import type { UploadedFile } from '../../core/files/uploadedfile';
import type { Model } from '../../db/models/base';
import type { FieldFile } from '../../db/models/fields/field_file';
import type { FieldName, TARGET } from '../../db/models/typing';
import type { BoundFields, FormClass } from '../declare';
import type { Field } from '../fields/base';
import type { Fields } from '../form_options';
import type { Form } from '../forms';
import type { ModelForm, ModelFormInit } from './model_form';
import type { ALL_FIELDS } from './options';

type Plain<V> = Exclude<Awaited<V>, null | undefined>;

/** What a form leaves of a field of a model: of a relation the row, of several a list of those chosen. */
export type CleanedValue<V> =
  Plain<V> extends { readonly [TARGET]: infer R extends Model }
    ? R[]
    : Plain<V> extends FieldFile
      ? UploadedFile | FieldFile | false | null
      : Awaited<V>;

/** The names that a form of a model can have fields of. */
export type ModelFieldName<T> = FieldName<T>;

/** The names that options choose. */
export type Chosen<T, O> = Exclude<
  O extends { readonly fields: readonly (infer N)[] } ? N & FieldName<T> : FieldName<T>,
  O extends { readonly exclude: readonly (infer N)[] }
    ? N
    : O extends { fields: readonly unknown[] }
      ? never
      : 'id'
>;

/** The fields of a model as those of a form. */
export type ModelFields<T, N extends PropertyKey> = {
  readonly [K in N & keyof T]: Field<CleanedValue<T[K]>>;
};

/** A class of forms of a model. */
export interface ModelFormClass<T extends Model, F extends Fields, I = ModelForm<T, F> & BoundFields<F>>
  extends Omit<FormClass<F, I>, never> {
  new (options?: ModelFormInit<T>): I;
  readonly baseFields: F;
}

export type AllFields = typeof ALL_FIELDS;
/** The members that a form's class adds, without its fields. */
export type OwnMembers<I, F extends Fields> = Omit<I, keyof Form | keyof ModelForm | keyof F>;
