/**
 * Validators: functions that throw a `ValidationError` for a value that will not do.
 *
 * Django: `django.core.validators`; https://docs.djangoproject.com/en/5.2/ref/validators/
 */
import { isPlainObject } from '../../python';

export { BaseCallable, type Validator, type ValidatorOptions } from './base';
export { DecimalValidator } from './decimal';
export { EmailValidator, type EmailValidatorOptions, validateEmail } from './email';
export { FileExtensionValidator, getAvailableImageExtensions, validateImageFileExtension } from './files';
export { ipAddressValidators, validateIpv4Address, validateIpv6Address, validateIpv46Address } from './ip';
export {
  BaseValidator,
  MaxLengthValidator,
  MaxValueValidator,
  MinLengthValidator,
  MinValueValidator,
  type StepValueOptions,
  StepValueValidator,
} from './limits';
export {
  type IntListOptions,
  integerValidator,
  intListValidator,
  ProhibitNullCharactersValidator,
  RegexValidator,
  type RegexValidatorOptions,
  validateCommaSeparatedIntegerList,
  validateInteger,
  validateSlug,
  validateUnicodeSlug,
} from './regex';
export {
  type DomainNameOptions,
  DomainNameValidator,
  URLValidator,
  type URLValidatorOptions,
  validateDomainName,
} from './urls';

/** What is no value. Python's `EMPTY_VALUES`: None, and text and collections that are empty. */
export function isEmptyValue(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPlainObject(value) && Object.keys(value).length === 0;
}
