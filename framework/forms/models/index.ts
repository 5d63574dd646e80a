/**
 * Forms of models.
 *
 * Django: `django.forms.models`; https://docs.djangoproject.com/en/5.2/topics/forms/modelforms/
 */
export {
  ModelChoiceField,
  type ModelChoiceFieldOptions,
  type Queryable,
} from './choice_field';
export { ModelChoiceIterator, ModelChoiceIteratorValue } from './choice_iterator';
export { type ModelformFactoryOptions, modelForm, modelformFactory } from './declare';
export {
  type InlineformsetFactoryOptions,
  inlineformsetFactory,
  type ModelformsetFactoryOptions,
  modelformsetFactory,
} from './factories';
export { type FieldsForModelOptions, fieldsForModel } from './fields_for_model';
export type { FormFieldClass, FormFieldOptions } from './formfields';
export { BaseModelFormSet, type ModelFormSetOptions } from './formset';
export { BaseInlineFormSet, type InlineFormSetOptions } from './inline';
export { InlineForeignKeyField } from './inline_field';
export { constructInstance, modelToDict } from './instances';
export { ModelForm, type ModelFormInit, type ModelFormSaveOptions } from './model_form';
export { ModelMultipleChoiceField, type ModelMultipleChoiceFieldOptions } from './multiple_choice_field';
export { ALL_FIELDS, type FormfieldCallback, type ModelFormMeta } from './options';
export type { ModelFormClass } from './types';
