/** Errors of forms. https://docs.djangoproject.com/en/5.2/topics/testing/tools/#django.test.SimpleTestCase.assertFormError */
import { isDeepStrictEqual } from 'node:util';
import { ValidationError, ValueError } from '../../core/exceptions';
import type { MaybePromise } from '../../utils/maybe_promise';
import { fail, failUnequal, type MessageOptions } from './fail';

/** A form, as far as its errors go. */
interface ErrorForm {
  readonly isBound: boolean;
  readonly fields: object;
  readonly errors: MaybePromise<ReadonlyMap<string, Iterable<unknown>>>;
  nonFieldErrors(): MaybePromise<Iterable<unknown>>;
}

/** A formset, as far as its errors go. */
interface ErrorFormSet {
  readonly isBound: boolean;
  readonly forms: readonly ErrorForm[];
  totalFormCount(): number;
  nonFormErrors(): MaybePromise<Iterable<unknown>>;
}

type Errors = string | readonly string[];

const listOf = (errors: Errors): readonly string[] => (typeof errors === 'string' ? [errors] : errors);
const textsOf = (errors: Iterable<unknown>): string[] => Array.from(errors, String);

function compare(found: Iterable<unknown>, errors: Errors, message: string, options: MessageOptions): void {
  const [actual, expected] = [textsOf(found), listOf(errors)];
  if (!isDeepStrictEqual(actual, expected)) {
    const shown = `${message}\n${JSON.stringify(actual)} != ${JSON.stringify(expected)}`;
    failUnequal(shown, actual, expected, options);
  }
}

async function checkForm(
  form: ErrorForm,
  field: string | null,
  errors: Errors,
  options: MessageOptions,
  name: string,
): Promise<void> {
  if (!form.isBound) fail(`The ${name} is not bound, it will never have any errors.`, options);
  if (field === null) {
    compare(await form.nonFieldErrors(), errors, `The non-field errors of ${name} don't match.`, options);
    return;
  }
  const known = form.fields instanceof Map ? form.fields.has(field) : Object.hasOwn(form.fields, field);
  if (!known) fail(`The ${name} does not contain the field '${field}'.`, options);
  const found = (await form.errors).get(field) ?? [];
  compare(found, errors, `The errors of field '${field}' on ${name} don't match.`, options);
}

/**
 * A field of a form has just these errors; `null`: the form has them. Django: `assertFormError`.
 *
 * @throws AssertionError.
 */
export function assertFormError(
  form: ErrorForm,
  field: string | null,
  errors: Errors,
  options: MessageOptions = {},
): Promise<void> {
  return checkForm(form, field, errors, options, `form ${nameOf(form)}`);
}

/**
 * A field of the form at that place has just these errors; without a place, and without a field, the formset has them.
 * Django: `assertFormSetError`.
 *
 * @throws AssertionError; ValueError for a field of no form.
 */
export async function assertFormSetError(
  formset: ErrorFormSet,
  formIndex: number | null,
  field: string | null,
  errors: Errors,
  options: MessageOptions = {},
): Promise<void> {
  const name = `formset ${nameOf(formset)}`;
  if (formIndex === null && field !== null)
    throw new ValueError('You must use field=null with formIndex=null.');
  if (!formset.isBound) fail(`The ${name} is not bound, it will never have any errors.`, options);
  if (formIndex === null) {
    compare(await formset.nonFormErrors(), errors, `The non-form errors of ${name} don't match.`, options);
    return;
  }
  const form = formset.forms[formIndex];
  if (form === undefined) {
    const total = formset.totalFormCount();
    return fail(`The ${name} only has ${total} ${total > 1 ? 'forms' : 'form'}.`, options);
  }
  await checkForm(form, field, errors, options, `form ${formIndex} of ${name}`);
}

const nameOf = (form: object): string => `<${form.constructor.name}>`;

/** Django's `EMPTY_VALUES`. */
const EMPTY_VALUES = [null, '', [], {}] as const;

/** A form field, as far as `assertFieldOutput` uses it. */
interface CleaningField {
  clean(value: unknown): MaybePromise<unknown>;
  readonly errorMessages: Readonly<Record<string, unknown>>;
}

/**
 * A form field cleans these values so, refuses these others with these messages, and knows what is missing.
 * Django: `assertFieldOutput`.
 *
 * @example
 * ```ts
 * await assertFieldOutput(forms.EmailField, [['a@a.com', 'a@a.com']], [['aaa', ['Enter a valid email address.']]]);
 * ```
 * @throws AssertionError.
 */
export async function assertFieldOutput<Options extends object>(
  fieldClass: new (options: Options & { required?: boolean }) => CleaningField,
  valid: readonly (readonly [input: unknown, output: unknown])[],
  invalid: readonly (readonly [input: unknown, errors: Errors])[],
  { fieldOptions, emptyValue = '' }: { fieldOptions?: Options; emptyValue?: unknown } = {},
): Promise<void> {
  const given = fieldOptions ?? ({} as Options);
  const required = new fieldClass({ ...given });
  const optional = new fieldClass({ ...given, required: false });
  for (const [input, output] of valid) {
    for (const field of [required, optional]) await cleansTo(field, input, output);
  }
  for (const [input, errors] of invalid) {
    for (const field of [required, optional]) await refuses(field, input, errors);
  }
  const missing = String(required.errorMessages['required']);
  for (const input of EMPTY_VALUES) {
    await refuses(required, input, missing);
    await cleansTo(optional, input, emptyValue);
  }
}

async function cleansTo(field: CleaningField, input: unknown, expected: unknown): Promise<void> {
  const actual = await field.clean(input);
  if (!isDeepStrictEqual(actual, expected)) {
    failUnequal(
      `${JSON.stringify(input)} became ${String(actual)}, expected ${String(expected)}`,
      actual,
      expected,
    );
  }
}

async function refuses(field: CleaningField, input: unknown, errors: Errors): Promise<void> {
  let cleaned: unknown;
  try {
    cleaned = await field.clean(input);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    compare(error.messages, errors, `The errors of ${JSON.stringify(input)} don't match.`, {});
    return;
  }
  fail(`ValidationError not raised: ${JSON.stringify(input)} became ${String(cleaned)}`);
}
