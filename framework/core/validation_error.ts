/** Values that are refused, one or many. Django: `ValidationError` of `django.core.exceptions`. */
import { pyEquals, repr } from '../python';
import { AttributeError } from '../python/errors';
import { percentFormat } from '../python/format';
import { LazyText, type Text } from '../utils/functional';

/** What a ValidationError is made of: a text, others of its kind, or either by the name of a field. */
export type ValidationMessage =
  | Text
  | ValidationError
  | readonly ValidationMessage[]
  | ReadonlyMap<string, ValidationMessage>
  | Readonly<Record<string, Text | ValidationError | readonly ValidationMessage[]>>;

/** The key of errors that belong to no field. */
export const NON_FIELD_ERRORS = '__all__';

/** What is said besides the message. */
export interface ValidationErrorOptions {
  /** A short name of the kind of error: `invalid`, `required`. */
  code?: string | null;
  /** Values for the places `%(name)s` of the message. */
  params?: Readonly<Record<string, unknown>> | null;
}

function filledIn(message: Text, params: Readonly<Record<string, unknown>> | null): string {
  const text = message instanceof LazyText ? message.resolve(params) : message;
  return params === null || Object.keys(params).length === 0 ? text : percentFormat(text, params);
}

let caught = false;

/**
 * Runs what may throw ValidationErrors that are caught at once: they are made without their stacks, which nobody will
 * read and which cost more than everything else of a validation. Errors of any other kind have theirs.
 */
export function withoutStacks<T>(body: () => T): T {
  if (caught) return body();
  caught = true;
  try {
    return body();
  } finally {
    caught = false;
  }
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
  /** The kind of a single error; null where none was given, and where there are several. */
  readonly code: string | null = null;
  readonly params: Readonly<Record<string, unknown>> | null = null;
  /** The single errors, where there is no field. */
  readonly errorList: ValidationError[] = [];
  /** The errors by field; null where there are no fields. */
  readonly errorDict: Map<string, ValidationError[]> | null = null;

  constructor(message: ValidationMessage, { code = null, params = null }: ValidationErrorOptions = {}) {
    const text = isText(message) ? filledIn(message, params) : '';
    const limit = Error.stackTraceLimit;
    if (caught) Error.stackTraceLimit = 0;
    super(text);
    if (caught) Error.stackTraceLimit = limit;
    if (isText(message)) {
      this.code = code;
      this.params = params;
      this.errorList = [this];
    } else if (message instanceof ValidationError && message.isSingle) {
      this.message = message.message;
      this.code = message.code;
      this.params = message.params;
      this.errorList = [this];
    } else {
      const fields = fieldsOf(message);
      if (fields === null)
        this.errorList = singles(message as ValidationError | readonly ValidationMessage[]);
      else this.errorDict = new Map([...fields].map(([field, messages]) => [field, errorListOf(messages)]));
      this.message = this.toString();
    }
  }

  /** Whether this is one error, not a collection of them. */
  private get isSingle(): boolean {
    return this.errorList[0] === this;
  }

  /** The texts by field. @throws AttributeError where there are no fields. */
  get messageDict(): Record<string, string[]> {
    if (this.errorDict === null) {
      throw new AttributeError("'ValidationError' object has no attribute 'error_dict'");
    }
    return Object.fromEntries([...this.errorDict].map(([field, errors]) => [field, texts(errors)]));
  }

  /** The texts, fields or not. */
  get messages(): string[] {
    return texts(this.errorDict === null ? this.errorList : [...this.errorDict.values()].flat());
  }

  /** Adds what this holds to errors by field; what belongs to none goes under NON_FIELD_ERRORS. */
  updateErrorDict(errors: Map<string, ValidationError[]>): Map<string, ValidationError[]> {
    const own = this.errorDict ?? new Map([[NON_FIELD_ERRORS, this.errorList]]);
    for (const [field, list] of own) {
      const known = errors.get(field);
      if (known === undefined) errors.set(field, [...list]);
      else known.push(...list);
    }
    return errors;
  }

  /** Whether another says the same: text, code and params, in any order. Python: `__eq__`. */
  equals(other: unknown): boolean {
    if (!(other instanceof ValidationError) || this.isSingle !== other.isSingle) return false;
    if (this.isSingle) {
      return (
        this.message === other.message && this.code === other.code && pyEquals(this.params, other.params)
      );
    }
    const mine = this.errorDict;
    const theirs = other.errorDict;
    if (mine === null || theirs === null) {
      return mine === theirs && sameErrors(this.errorList, other.errorList, true);
    }
    return (
      mine.size === theirs.size &&
      [...mine].every(([field, list]) => sameErrors(list, theirs.get(field) ?? [], false))
    );
  }

  /** The texts, or pairs of a field and its texts. */
  *[Symbol.iterator](): Generator<string | [field: string, messages: string[]]> {
    if (this.errorDict === null) yield* this.messages;
    else for (const [field, errors] of this.errorDict) yield [field, texts(errors)];
  }

  override toString(): string {
    return this.errorDict === null
      ? repr(this.messages)
      : repr(new Map([...this.errorDict].map(([field, errors]) => [field, texts(errors)])));
  }

  repr(): string {
    return `ValidationError(${this.toString()})`;
  }
}

function isText(message: ValidationMessage): message is Text {
  return typeof message === 'string' || message instanceof LazyText;
}

function texts(errors: readonly ValidationError[]): string[] {
  return errors.map(({ message }) => message);
}

/** What is said of fields; null for a list of errors. */
function fieldsOf(message: Exclude<ValidationMessage, Text>): ReadonlyMap<string, ValidationMessage> | null {
  if (message instanceof ValidationError) return message.errorDict;
  if (message instanceof Map) return message as ReadonlyMap<string, ValidationMessage>;
  if (Array.isArray(message)) return null;
  return new Map(Object.entries(message as Readonly<Record<string, ValidationMessage>>));
}

/** The single errors of one message. */
function errorListOf(message: ValidationMessage): ValidationError[] {
  return (message instanceof ValidationError ? message : new ValidationError(message)).errorList;
}

/** All single errors of a list, those of fields too. */
function singles(messages: ValidationError | readonly ValidationMessage[]): ValidationError[] {
  if (messages instanceof ValidationError) return [...messages.errorList];
  return messages.flatMap((each) => {
    const error = each instanceof ValidationError ? each : new ValidationError(each);
    return error.errorDict === null ? error.errorList : [...error.errorDict.values()].flat();
  });
}

function sameErrors(a: readonly ValidationError[], b: readonly ValidationError[], sorted: boolean): boolean {
  const order = (list: readonly ValidationError[]): readonly ValidationError[] =>
    sorted ? [...list].sort((x, y) => (x.message < y.message ? -1 : Number(x.message > y.message))) : list;
  const others = order(b);
  return a.length === b.length && order(a).every((error, i) => error.equals(others[i]));
}
