/** Values that are refused, one or many. Django: `ValidationError` of `django.core.exceptions`. */

/** What a ValidationError is made of: a text, others of its kind, or either by the name of a field. */
export type ValidationMessage =
  | string
  | ValidationError
  | readonly ValidationMessage[]
  | Readonly<Record<string, string | ValidationError | readonly ValidationMessage[]>>;

/** The key of errors that belong to no field. */
export const NON_FIELD_ERRORS = '__all__';

/** What is said besides the message. */
export interface ValidationErrorOptions {
  /** A short name of the kind of error: `invalid`, `required`. */
  code?: string | null;
  /** Values for the places `%(name)s` of the message. */
  params?: Readonly<Record<string, unknown>> | null;
}

function filledIn(message: string, params: Readonly<Record<string, unknown>> | null): string {
  if (params === null) return message;
  return message.replace(/%(?:\((\w+)\)([sd])|%)/g, (found, name: string | undefined) =>
    name === undefined ? '%' : Object.hasOwn(params, name) ? String(params[name]) : found,
  );
}

/**
 * A value is refused. https://docs.djangoproject.com/en/5.2/ref/exceptions/#validationerror
 *
 * @example
 * ```ts
 * throw new ValidationError('Enter a number above %(limit)s.', { code: 'min_value', params: { limit: 5 } });
 * throw new ValidationError({ headline: ['This field is required.'] });
 * ```
 */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';
  readonly code: string | null;
  readonly params: Readonly<Record<string, unknown>> | null;
  /** The single errors, where there is no field. */
  readonly errorList: ValidationError[] = [];
  /** The errors by field; null where there are no fields. */
  readonly errorDict: Map<string, ValidationError[]> | null = null;

  constructor(message: ValidationMessage, { code = null, params = null }: ValidationErrorOptions = {}) {
    super(typeof message === 'string' ? filledIn(message, params) : 'ValidationError');
    this.code = code;
    this.params = params;
    if (typeof message === 'string') {
      this.errorList = [this];
    } else if (message instanceof ValidationError) {
      this.errorDict = message.errorDict;
      this.errorList = message.errorList;
      this.message = message.message;
      this.code = message.code;
      this.params = message.params;
    } else if (Array.isArray(message)) {
      for (const each of message as readonly ValidationMessage[]) {
        const error = each instanceof ValidationError ? each : new ValidationError(each);
        this.errorList.push(
          ...(error.errorDict === null ? error.errorList : [...error.errorDict.values()].flat()),
        );
      }
    } else {
      const fields = new Map<string, ValidationError[]>();
      for (const [field, messages] of Object.entries(message as Record<string, ValidationMessage>)) {
        fields.set(
          field,
          messages instanceof ValidationError ? messages.errorList : new ValidationError(messages).errorList,
        );
      }
      this.errorDict = fields;
    }
    if (typeof message !== 'string' && !(message instanceof ValidationError)) this.message = this.toString();
  }

  /** The texts by field. @throws AttributeError-like TypeError where there are no fields. */
  get messageDict(): Record<string, string[]> {
    if (this.errorDict === null)
      throw new TypeError("'ValidationError' object has no attribute 'error_dict'");
    return Object.fromEntries(
      [...this.errorDict].map(([field, errors]) => [field, errors.map(({ message }) => message)]),
    );
  }

  /** The texts, fields or not. */
  get messages(): string[] {
    const errors = this.errorDict === null ? this.errorList : [...this.errorDict.values()].flat();
    return errors.map(({ message }) => message);
  }

  /** Adds what this holds to errors by field. */
  updateErrorDict(errors: Map<string, ValidationError[]>): Map<string, ValidationError[]> {
    const own = this.errorDict ?? new Map([[NON_FIELD_ERRORS, this.errorList]]);
    for (const [field, list] of own) errors.set(field, [...(errors.get(field) ?? []), ...list]);
    return errors;
  }

  override toString(): string {
    const list = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`;
    if (this.errorDict === null) return list(this.messages);
    return `{${[...this.errorDict].map(([field, errors]) => `'${field}': ${list(errors.map(({ message }) => message))}`).join(', ')}}`;
  }
}
