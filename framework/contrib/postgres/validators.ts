/** Django: `django.contrib.postgres.validators`. */
import { ValidationError } from '../../core/exceptions';
import {
  MaxLengthValidator,
  MaxValueValidator,
  MinLengthValidator,
  MinValueValidator,
} from '../../core/validators';
import { BaseCallable } from '../../core/validators/base';
import type { Text } from '../../utils/functional';
import { gettextLazy as _, ngettextLazy } from '../../utils/translation';
import type { Range } from './range';
import { pairsOf } from './records';

/** At most so many items. */
export class ArrayMaxLengthValidator extends MaxLengthValidator {
  override readonly message: Text = ngettextLazy(
    'List contains %(show_value)d item, it should contain no more than %(limit_value)d.',
    'List contains %(show_value)d items, it should contain no more than %(limit_value)d.',
    'show_value',
  );
}

/** At least so many items. */
export class ArrayMinLengthValidator extends MinLengthValidator {
  override readonly message: Text = ngettextLazy(
    'List contains %(show_value)d item, it should contain no fewer than %(limit_value)d.',
    'List contains %(show_value)d items, it should contain no fewer than %(limit_value)d.',
    'show_value',
  );
}

/** What a KeysValidator takes. */
export interface KeysValidatorOptions {
  /** Whether there may be no other keys. Default: false. */
  readonly strict?: boolean;
  /** Texts by their codes, `missing_keys` and `extra_keys`, with `%(keys)s` in them. */
  readonly messages?: Readonly<Record<string, Text>>;
}

/**
 * The keys that an hstore has to have.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/validators/#keysvalidator
 * @example `@HStoreField({ validators: [new KeysValidator(['breed'], { strict: true })] }) declare data: HStore;`
 */
export class KeysValidator extends BaseCallable {
  readonly keys: ReadonlySet<string>;
  readonly strict: boolean;
  readonly messages: Readonly<Record<string, Text>>;

  constructor(keys: Iterable<string>, { strict = false, messages = {} }: KeysValidatorOptions = {}) {
    super();
    this.keys = new Set(keys);
    this.strict = strict;
    this.messages = {
      missing_keys: _('Some keys were missing: %(keys)s'),
      extra_keys: _('Some unknown keys were provided: %(keys)s'),
      ...messages,
    };
  }

  override validate(value: unknown): void {
    const given = new Set(pairsOf(value).map(([key]) => key));
    this.refuse('missing_keys', this.keys, given);
    if (this.strict) this.refuse('extra_keys', given, this.keys);
  }

  /** @throws ValidationError for what is in the one and not in the other. */
  private refuse(code: string, some: Iterable<string>, others: ReadonlySet<string>): void {
    const keys = [...some].filter((key) => !others.has(key)).join(', ');
    if (keys !== '') throw new ValidationError(this.messages[code] ?? code, { code, params: { keys } });
  }

  protected override identity(): readonly unknown[] {
    return [[...this.keys].sort(), this.strict, ...Object.values(this.messages)];
  }
}

/** The upper end of a range is at most so much; one without an end is more. */
export class RangeMaxValueValidator extends MaxValueValidator {
  override readonly message: Text = _(
    'Ensure that the upper bound of the range is not greater than %(limit_value)s.',
  );

  override compare(value: unknown, limit: unknown): boolean {
    const { upper } = value as Range;
    return upper === null || super.compare(upper, limit);
  }
}

/** The lower end of a range is at least so much; one without an end is less. */
export class RangeMinValueValidator extends MinValueValidator {
  override readonly message: Text = _(
    'Ensure that the lower bound of the range is not less than %(limit_value)s.',
  );

  override compare(value: unknown, limit: unknown): boolean {
    const { lower } = value as Range;
    return lower === null || super.compare(lower, limit);
  }
}
