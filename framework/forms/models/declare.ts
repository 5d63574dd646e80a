/** How forms of models are declared. Django: `ModelFormMetaclass`, `modelform_factory` of `django.forms.models`. */
import { ImproperlyConfigured } from '../../core/exceptions';
import type { Model, ModelClass } from '../../db/models/base';
import type { Declared } from '../base_fields';
import { type BoundFields, defineBoundFields, type Merged } from '../declare';
import type { Field } from '../fields/base';
import type { Fields } from '../form_options';
import { ModelForm } from './model_form';
import type { ModelFormMeta, ModelFormOptions } from './options';
import type { Chosen, ModelFieldName, ModelFields, ModelFormClass, OwnMembers } from './types';

/** A model: its class. */
type ModelOf<T extends Model> = abstract new (...args: never[]) => T;
type AnyModelForm = abstract new (...args: never[]) => { instance: Model };
/** Which fields a form has is always said, so that a new one of the model is not in it by accident. */
type SomeFields = { readonly fields: unknown } | { readonly exclude: unknown };
type DeclaredFields = Readonly<Record<string, Field | null>>;

/**
 * The base class of a form of a model. Fields of its own come last, and take the place of the model's; with another such
 * form first, of one that has its options, fields and methods, too. A field that is `null` is removed.
 *
 * @param model the model, or a form of one.
 * @param meta which fields, and how they are shown: Django's `class Meta`.
 * @throws when it is first used: FieldError for a field that is not the model's or not editable; ImproperlyConfigured
 *   where neither `fields` nor `exclude` is given.
 *
 * @example
 * ```ts
 * class ArticleForm extends forms.modelForm(Article, { fields: ['headline', 'pubDate'] }) {}
 *
 * const form = new ArticleForm({ data: request.POST, instance: article });
 * if (await form.isValid()) await form.save();
 * ```
 * https://docs.djangoproject.com/en/5.2/topics/forms/modelforms/
 */
export function modelForm<
  T extends Model,
  const O extends ModelFormMeta<ModelFieldName<T>> & SomeFields,
  // biome-ignore lint/complexity/noBannedTypes: no fields of its own.
  const D extends DeclaredFields = {},
>(model: ModelOf<T>, meta: O, declared?: D): ModelFormClass<T, Merged<ModelFields<T, Chosen<T, O>>, D>>;
export function modelForm<
  T extends Model,
  A extends Fields,
  I extends object,
  const O extends ModelFormMeta<ModelFieldName<T>>,
  // biome-ignore lint/complexity/noBannedTypes: no fields of its own.
  const D extends DeclaredFields = {},
>(
  form: ModelFormClass<never, A, I>,
  meta: O & {
    /** Another model than that of the form: one that has what the form asks for. */ readonly model: ModelOf<T>;
  },
  declared?: D,
): ModelFormClass<
  T,
  Inherited<T, A, O, D>,
  ModelForm<T, Inherited<T, A, O, D>> & BoundFields<Inherited<T, A, O, D>> & OwnMembers<I, A>
>;
export function modelForm<
  T extends Model,
  A extends Fields,
  I extends object,
  const O extends ModelFormMeta<ModelFieldName<T>>,
  // biome-ignore lint/complexity/noBannedTypes: no fields of its own.
  const D extends DeclaredFields = {},
>(
  form: ModelFormClass<T, A, I>,
  meta: O,
  declared?: D,
): ModelFormClass<
  T,
  Inherited<T, A, O, D>,
  ModelForm<T, Inherited<T, A, O, D>> & BoundFields<Inherited<T, A, O, D>> & OwnMembers<I, A>
>;
export function modelForm(
  model: ModelOf<Model> | AnyModelForm,
  meta: ModelFormMeta,
  declared: DeclaredFields = {},
): never {
  const isForm = model.prototype instanceof ModelForm;
  const Base = (isForm ? model : ModelForm) as typeof ModelForm;
  const options = isForm ? meta : { model: model as unknown as ModelClass, ...meta };
  return derive(Base, options, declared) as never;
}

/** What a form has of the one that it extends: other fields only where it names some. */
type Inherited<T, A extends Fields, O, D> = Merged<
  O extends { readonly fields: unknown }
    ? ModelFields<T, Chosen<T, O>>
    : O extends { readonly exclude: readonly (infer N)[] }
      ? Omit<A, N & PropertyKey>
      : A,
  D
>;

function derive(
  Base: typeof ModelForm,
  options: Partial<ModelFormOptions>,
  declared: Declared,
): typeof ModelForm {
  const meta: ModelFormOptions = { ...Base._meta, ...options };
  class Made extends Base {
    static override readonly _meta = meta;
    static override readonly declaredFields = declared;
  }
  const { fields } = meta;
  // The model may not be there yet; names that are said are.
  defineBoundFields(Made.prototype, [...(Array.isArray(fields) ? fields : []), ...Object.keys(declared)]);
  return Made as unknown as typeof ModelForm;
}

/** What `modelformFactory` takes: what a form is told, and which form it extends. */
export interface ModelformFactoryOptions<N extends string = string> extends ModelFormMeta<N> {
  readonly form?: AnyModelForm;
}

/**
 * A class of forms of a model, where none is written.
 *
 * @throws ImproperlyConfigured where neither `fields` nor `exclude` is given, nor has the form that it extends.
 * @example `const ArticleForm = forms.modelformFactory(Article, { fields: ['headline'] });`
 */
export function modelformFactory<T extends Model, const O extends ModelformFactoryOptions<ModelFieldName<T>>>(
  model: ModelOf<T>,
  options: O,
): ModelFormClass<T, ModelFields<T, Chosen<T, O>>> {
  return makeForm(model, options, 'modelform_factory') as unknown as ModelFormClass<
    T,
    ModelFields<T, Chosen<T, O>>
  >;
}

/** @internal Makes the class, for a function that is called so. */
export function makeForm(
  model: ModelOf<Model>,
  { form, ...options }: ModelformFactoryOptions,
  caller: string,
): typeof ModelForm {
  const Base = (form ?? ModelForm) as unknown as typeof ModelForm;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => (value ?? null) !== null));
  const { fields, exclude } = { ...Base._meta, ...given } as ModelFormMeta;
  if ((fields ?? null) === null && (exclude ?? null) === null) {
    throw new ImproperlyConfigured(
      `Calling ${caller} without defining 'fields' or 'exclude' explicitly is prohibited.`,
    );
  }
  const cls = model as unknown as ModelClass;
  const Made = derive(Base, { ...given, model: cls }, {});
  Object.defineProperty(Made, 'name', { value: `${cls.name}Form` });
  return Made;
}
