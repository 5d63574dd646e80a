/** Text that a pattern describes. */
import { toStr } from '../../python';
import { compileTranslated, escapeRegex, translateRegex } from '../../python/re';
import type { Text } from '../../utils/functional';
import { gettextLazy as _ } from '../../utils/translation';
import { BaseCallable, type ValidatorOptions } from './base';

/** What a RegexValidator takes. */
export interface RegexValidatorOptions extends ValidatorOptions {
  /** What matches is refused, instead of what does not. */
  inverseMatch?: boolean | null;
  /** For a pattern that is a text: `i` any case, `s` a dot is also a line end. */
  flags?: '' | 'i' | 's' | 'is' | 'si' | null;
}

/**
 * The value, as text, matches a pattern. A text is a pattern in Python's syntax, as in a URLconf; a RegExp is taken as it is.
 *
 * @example
 * ```ts
 * const validateCode = new RegexValidator(/^[A-Z]{3}$/, { message: 'Three capital letters.', code: 'bad_code' });
 * ```
 */
export class RegexValidator extends BaseCallable {
  /** The pattern where the constructor is given none. */
  readonly regex: RegExp | string = '';
  readonly message: Text = _('Enter a valid value.');
  readonly code: string = 'invalid';
  readonly inverseMatch: boolean = false;
  /** What the constructor was given goes before what a subclass says. */
  private readonly given: RegexValidatorOptions & { regex?: RegExp | string | null };
  private compiled: RegExp | undefined;

  /** @throws TypeError for flags with a RegExp, which has its own. */
  constructor(regex?: RegExp | string | null, options: RegexValidatorOptions = {}) {
    super();
    if (options.flags && regex instanceof RegExp) {
      throw new TypeError('If the flags are set, regex must be a regular expression string.');
    }
    this.given = { ...options, regex: regex ?? null };
  }

  override validate(value: unknown): void {
    this.compiled ??= this.compile();
    // `search` knows nothing of `lastIndex`, so a pattern with the flag g has no memory.
    const matches = toStr(value).search(this.compiled) !== -1;
    if (matches === (this.given.inverseMatch ?? this.inverseMatch)) throw this.refusal(value);
  }

  protected refusal(value: unknown): Error {
    return this.error(value, this.given.message ?? this.message, this.given.code ?? this.code);
  }

  protected override identity(): readonly unknown[] {
    const { message, code, inverseMatch } = this.given;
    return [
      String(this.given.regex ?? this.regex),
      this.given.flags ?? '',
      message ?? this.message,
      code ?? this.code,
      inverseMatch ?? this.inverseMatch,
    ];
  }

  private compile(): RegExp {
    const regex = this.given.regex ?? this.regex;
    if (regex instanceof RegExp) return regex;
    const flags = this.given.flags ?? '';
    const translated = translateRegex((flags === '' ? '' : `(?${flags})`) + regex);
    return compileTranslated(regex, translated.source, translated.ignoreCase);
  }
}

/** An integer, as text. */
export const integerValidator = new RegexValidator(/^-?\p{Nd}+$/u, {
  message: _('Enter a valid integer.'),
  code: 'invalid',
});

/** @throws ValidationError for what is no integer. */
export function validateInteger(value: unknown): void {
  integerValidator(value);
}

/** Latin letters, figures, underscores and hyphens. */
export const validateSlug = new RegexValidator(/^[-a-zA-Z0-9_]+$/, {
  message: _('Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.'),
  code: 'invalid',
});

/** Letters and figures of any script, underscores and hyphens. */
export const validateUnicodeSlug = new RegexValidator(/^[-\p{L}\p{N}_]+$/u, {
  message: _('Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.'),
  code: 'invalid',
});

/** What `intListValidator` takes. */
export interface IntListOptions extends ValidatorOptions {
  sep?: string;
  allowNegative?: boolean;
}

/** A validator of integers with something in between. */
export function intListValidator({
  sep = ',',
  message,
  code = 'invalid',
  allowNegative = false,
}: IntListOptions = {}): RegexValidator {
  const integer = `${allowNegative ? '-?' : ''}\\d+`;
  return new RegexValidator(`^${integer}(?:${escapeRegex(sep)}${integer})*\\Z`, {
    message: message ?? null,
    code,
  });
}

/** Figures with commas in between. */
export const validateCommaSeparatedIntegerList = intListValidator({
  message: _('Enter only digits separated by commas.'),
});

/** What `ProhibitNullCharactersValidator` refuses. */
export class ProhibitNullCharactersValidator extends BaseCallable {
  readonly message: Text;
  readonly code: string;

  constructor({ message, code }: ValidatorOptions = {}) {
    super();
    this.message = message ?? _('Null characters are not allowed.');
    this.code = code ?? 'null_characters_not_allowed';
  }

  override validate(value: unknown): void {
    if (toStr(value).includes('\0')) throw this.error(value, this.message, this.code);
  }

  protected override identity(): readonly unknown[] {
    return [this.message, this.code];
  }
}
