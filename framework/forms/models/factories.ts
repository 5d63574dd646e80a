/** Classes of formsets of rows. Django: `modelformset_factory`, `inlineformset_factory` of `django.forms.models`. */
import type { Model, ModelClass } from '../../db/models/base';
import type { BoundFields } from '../declare';
import { type FormSetFactoryOptions, formsetFactory } from '../formsets';
import { type ModelformFactoryOptions, makeForm } from './declare';
import { BaseModelFormSet, type ModelFormSetOptions } from './formset';
import { BaseInlineFormSet, foreignKeyTo, type InlineFormSetOptions } from './inline';
import type { ModelForm } from './model_form';
import type { Chosen, ModelFieldName, ModelFields } from './types';

type ModelOf<T extends Model> = abstract new (...args: never[]) => T;

/** What `modelformsetFactory` takes: how many forms, what is done with them, and what each is told. */
export interface ModelformsetFactoryOptions<N extends string = string>
  extends ModelformFactoryOptions<N>,
    Omit<FormSetFactoryOptions, 'formset'> {
  /** The base class. Default: BaseModelFormSet. */
  readonly formset?: abstract new (
    ...args: never[]
  ) => BaseModelFormSet;
  /** Whether only rows that are there can be changed. */
  readonly editOnly?: boolean;
}

/** What `inlineformsetFactory` takes. */
export interface InlineformsetFactoryOptions<N extends string = string>
  extends ModelformsetFactoryOptions<N> {
  /** The foreign key to the parent, where there are several. */
  readonly fkName?: N;
}

/** The forms of such a formset: those of the class that was given, or forms of the model's fields. */
type FormOf<T extends Model, O> = O extends {
  readonly form: abstract new (...args: never[]) => infer I extends ModelForm;
}
  ? I
  : ModelForm<T, ModelFields<T, Chosen<T, O>>> & BoundFields<ModelFields<T, Chosen<T, O>>>;
type AsForm<I> = Extract<I, ModelForm>;

const FORM_OPTIONS = [
  'form',
  'fields',
  'exclude',
  'widgets',
  'localizedFields',
  'labels',
  'helpTexts',
  'errorMessages',
  'fieldClasses',
  'formfieldCallback',
] as const;

function formsetOf(
  model: ModelOf<Model>,
  Base: object,
  { editOnly, ...options }: ModelformsetFactoryOptions & { fkName?: unknown },
  caller: string,
): { prototype: object } {
  const own = Object.fromEntries(FORM_OPTIONS.map((name) => [name, options[name]]));
  const form = makeForm(model, own as ModelformFactoryOptions, caller);
  const Made = formsetFactory(form as never, { ...options, formset: Base } as FormSetFactoryOptions);
  Object.assign(Made.prototype as object, { model, editOnly: editOnly ?? false });
  return Made;
}

/**
 * A class of formsets of a model's rows.
 *
 * @throws ImproperlyConfigured where neither `fields` nor `exclude` is given, nor has the form.
 * @example
 * ```ts
 * const AuthorFormSet = forms.modelformsetFactory(Author, { fields: ['name'], extra: 2 });
 * const formset = new AuthorFormSet({ data: request.POST, queryset: Author.objects.filter({ name__startswith: 'A' }) });
 * if (await formset.isValid()) await formset.save();
 * ```
 */
export function modelformsetFactory<
  T extends Model,
  const O extends ModelformsetFactoryOptions<ModelFieldName<T>>,
>(
  model: ModelOf<T>,
  options: O,
): new (
  options?: ModelFormSetOptions,
) => BaseModelFormSet<AsForm<FormOf<T, O>>> {
  const { formset = BaseModelFormSet } = options;
  return formsetOf(model, formset, options as ModelformsetFactoryOptions, 'modelformset_factory') as never;
}

/**
 * A class of formsets of the rows that belong to another: three empty forms, and each can be marked for deletion, unless
 * told otherwise.
 *
 * @throws ValueError where no foreign key leads from the model to the parent, or several and `fkName` is not given.
 * @example
 * ```ts
 * const BookFormSet = forms.inlineformsetFactory(Author, Book, { fields: ['title'] });
 * const formset = new BookFormSet({ data: request.POST, instance: author });
 * ```
 */
export function inlineformsetFactory<
  P extends Model,
  T extends Model,
  const O extends InlineformsetFactoryOptions<ModelFieldName<T>>,
>(
  parentModel: ModelOf<P>,
  model: ModelOf<T>,
  options: O,
): new (
  options?: InlineFormSetOptions<P>,
) => BaseInlineFormSet<AsForm<FormOf<T, O>>, P> {
  const { fkName, formset = BaseInlineFormSet, ...rest } = options as InlineformsetFactoryOptions;
  const fk = foreignKeyTo(parentModel as unknown as ModelClass, model as unknown as ModelClass, fkName);
  const given = { extra: 3, canDelete: true, ...rest, ...(fk.unique && { maxNum: 1 }) };
  const Made = formsetOf(model, formset, given, 'inlineformset_factory');
  Object.assign(Made.prototype, { fk });
  return Made as never;
}
