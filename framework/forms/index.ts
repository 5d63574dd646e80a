/**
 * Forms: how data is asked for, read and checked.
 *
 * Django: `django.forms`; https://docs.djangoproject.com/en/5.2/ref/forms/
 */
export { NON_FIELD_ERRORS, ValidationError } from '../core/exceptions';
export { BoundField, type Label } from './boundfield';
export { BoundWidget } from './boundwidget';
export { type Choice, type Choices, normalizeChoices } from './choices';
export type { DataSource, FormData } from './data';
export { type BoundFields, type FormClass, form, type Merged } from './declare';
export { ErrorDict } from './error_dict';
export * from './fields';
export { type Cleaned, type ErrorListClass, type Fields, Form, type FormOptions } from './forms';
export {
  allValid,
  BaseFormSet,
  DELETION_FIELD_NAME,
  type FormSetClass,
  type FormSetFactoryOptions,
  type FormSetOptions,
  formsetFactory,
  ORDERING_FIELD_NAME,
} from './formsets';
export * from './models';
export type { FormRenderer } from './renderers';
export { type ErrorData, ErrorList, type ErrorListOptions, flatatt } from './utils';
export * from './widgets';
