/** Values that are compared with a limit. */
import { isFloat, len, pyCompare, toFloat } from '../../python';
import { Decimal, PlainDate, PlainDateTime, PlainTime, pyFloat } from '../../python/types';
import { parseDate, parseDatetime, parseTime } from '../../utils/dateparse';
import type { Text } from '../../utils/functional';
import { gettextLazy as _, ngettextLazy } from '../../utils/translation';
import { BaseCallable, type ValidatorOptions } from './base';

/** What a text is as a value like another: numbers, days, times and moments are text in TypeScript's sources. */
function ofKind(like: unknown, text: string): unknown {
  if (like instanceof Decimal) return Decimal.from(text);
  if (like instanceof PlainDate) return parseDate(text) ?? text;
  if (like instanceof PlainTime) return parseTime(text) ?? text;
  if (like instanceof Date || like instanceof PlainDateTime) return parseDatetime(text) ?? text;
  return text;
}

/** The base of validators with a limit, which is a value or a function that gives one each time. */
export class BaseValidator extends BaseCallable {
  readonly message: Text = _('Ensure this value is %(limit_value)s (it is %(show_value)s).');
  readonly code: string = 'limit_value';
  protected readonly given: ValidatorOptions;

  constructor(
    readonly limitValue: unknown,
    options: ValidatorOptions = {},
  ) {
    super();
    this.given = options;
  }

  override validate(value: unknown): void {
    const cleaned = this.clean(value);
    const limit = this.limit(cleaned);
    if (!this.compare(cleaned, limit)) return;
    throw this.error(value, this.given.message ?? this.message, this.given.code ?? this.code, {
      limit_value: limit,
      show_value: cleaned,
    });
  }

  /** The limit of now. One that is text is of the kind of the value that is compared with it. */
  protected limit(cleaned: unknown): unknown {
    const limit =
      typeof this.limitValue === 'function' ? (this.limitValue as () => unknown)() : this.limitValue;
    return typeof limit === 'string' ? ofKind(cleaned, limit) : limit;
  }

  /** Whether the value is refused. */
  compare(value: unknown, limit: unknown): boolean {
    return !Object.is(value, limit);
  }

  /** What of the value is compared. */
  clean(value: unknown): unknown {
    return value;
  }

  protected override identity(): readonly unknown[] {
    return [this.limitValue, this.given.message ?? this.message, this.given.code ?? this.code];
  }
}

/** At most so much. */
export class MaxValueValidator extends BaseValidator {
  override readonly message: Text = _('Ensure this value is less than or equal to %(limit_value)s.');
  override readonly code: string = 'max_value';

  override compare(value: unknown, limit: unknown): boolean {
    return pyCompare(value, limit, '>') > 0;
  }
}

/** At least so much. */
export class MinValueValidator extends BaseValidator {
  override readonly message: Text = _('Ensure this value is greater than or equal to %(limit_value)s.');
  override readonly code: string = 'min_value';

  override compare(value: unknown, limit: unknown): boolean {
    return pyCompare(value, limit, '<') < 0;
  }
}

/** What a StepValueValidator takes. */
export interface StepValueOptions extends ValidatorOptions {
  /** Where the steps begin; default: 0. */
  offset?: unknown;
}

/** A multiple of a step, counted from an offset. */
export class StepValueValidator extends BaseValidator {
  override readonly message: Text;
  override readonly code: string = 'step_size';
  readonly offset: unknown;

  constructor(limitValue: unknown, { offset, ...options }: StepValueOptions = {}) {
    super(limitValue, options);
    this.offset = offset ?? null;
    this.message =
      this.offset === null
        ? _('Ensure this value is a multiple of step size %(limit_value)s.')
        : _(
            'Ensure this value is a multiple of step size %(limit_value)s, starting from %(offset)s, e.g. %(offset)s, ' +
              '%(valid_value1)s, %(valid_value2)s, and so on.',
          );
  }

  override validate(value: unknown): void {
    if (this.offset === null) {
      super.validate(value);
      return;
    }
    const cleaned = this.clean(value);
    const limit = this.limit(cleaned);
    if (!this.compare(cleaned, limit)) return;
    const first = stepsFrom(this.offset, limit, 1, cleaned);
    throw this.error(value, this.message, this.given.code ?? this.code, {
      limit_value: limit,
      offset: stepsFrom(this.offset, limit, 0, cleaned),
      valid_value1: first,
      valid_value2: stepsFrom(this.offset, limit, 2, cleaned),
    });
  }

  override compare(value: unknown, limit: unknown): boolean {
    const distance = toFloat(value) - (this.offset === null ? 0 : toFloat(this.offset));
    return Math.abs(remainder(distance, toFloat(limit))) > 1e-9;
  }

  protected override identity(): readonly unknown[] {
    return [...super.identity(), this.offset];
  }
}

/** `offset + steps * limit`, as a number of the kind that the value is. */
function stepsFrom(offset: unknown, limit: unknown, steps: number, like: unknown): unknown {
  if (like instanceof Decimal || limit instanceof Decimal) {
    const decimal = (number: unknown): Decimal =>
      number instanceof Decimal ? number : Decimal.from(number as number);
    let sum = decimal(offset);
    for (let step = 0; step < steps; step++) sum = sum.plus(decimal(limit));
    return sum;
  }
  const sum = toFloat(offset) + steps * toFloat(limit);
  return isFloat(like) || (steps > 0 && isFloat(limit)) ? pyFloat(sum) : sum;
}

/** What is left of a division whose quotient is the nearest integer, the even one of two. Python: `math.remainder`. */
function remainder(value: number, divisor: number): number {
  const size = Math.abs(divisor);
  const rest = Math.abs(value) % size;
  const other = size - rest;
  const isEven = (Math.abs(value) - rest) % (2 * size) === 0;
  const signed = rest < other || (rest === other && isEven) ? rest : -other;
  return value < 0 ? -signed : signed;
}

/** At least so many characters or items. */
export class MinLengthValidator extends BaseValidator {
  override readonly message: Text = ngettextLazy(
    'Ensure this value has at least %(limit_value)d character (it has %(show_value)d).',
    'Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).',
    'limit_value',
  );
  override readonly code: string = 'min_length';

  override compare(value: unknown, limit: unknown): boolean {
    return pyCompare(value, limit, '<') < 0;
  }

  override clean(value: unknown): unknown {
    return len(value);
  }
}

/** At most so many characters or items. */
export class MaxLengthValidator extends BaseValidator {
  override readonly message: Text = ngettextLazy(
    'Ensure this value has at most %(limit_value)d character (it has %(show_value)d).',
    'Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).',
    'limit_value',
  );
  override readonly code: string = 'max_length';

  override compare(value: unknown, limit: unknown): boolean {
    return pyCompare(value, limit, '>') > 0;
  }

  override clean(value: unknown): unknown {
    return len(value);
  }
}
