/** Fields. https://docs.djangoproject.com/en/5.2/ref/forms/fields/ */
export {
  type ErrorMessages,
  Field,
  type FieldOptions,
  type FieldValidator,
  isEmpty,
  type Opt,
} from './base';
export * from './boolean';
export * from './char';
export * from './choice';
export * from './file';
export * from './json';
export * from './multi';
export * from './number';
export * from './path';
export * from './temporal';
