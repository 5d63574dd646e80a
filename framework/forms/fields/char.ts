/** Text. Django: `CharField` and what it is the base of, of `django.forms.fields`. */
import { settings } from '../../conf';
import {
  ipAddressValidators,
  MaxLengthValidator,
  MinLengthValidator,
  ProhibitNullCharactersValidator,
  RegexValidator,
  URLValidator,
  validateEmail,
  validateSlug,
  validateUnicodeSlug,
} from '../../core/validators';
import { ValueError } from '../../python/errors';
import { toStr } from '../../python/str';
import { strip } from '../../python/text';
import { UUID } from '../../python/types';
import { cleanIpv6Address, MAX_IPV6_ADDRESS_LENGTH } from '../../utils/ipv6';
import type { MaybePromise } from '../../utils/maybe_promise';
import { gettextLazy as _ } from '../../utils/translation';
import { type Attrs, EmailInput, URLInput, type Widget } from '../widgets';
import { Field, type FieldOptions, type FieldValidator, isEmpty, type Opt } from './base';

/** What fields for text take. */
export interface CharFieldOptions extends FieldOptions {
  readonly maxLength?: number | null;
  readonly minLength?: number | null;
  /** Whether white space around the text is taken away. Default: true. */
  readonly strip?: boolean;
  /** What stands for nothing. Default: ''. */
  readonly emptyValue?: string | null;
}

/** Text, and what stands for nothing. */
export type TextValue<O> = O extends { readonly emptyValue: infer E } ? string | E : string;

/** @internal What all fields for text have in common; `V` is not always text. */
export class TextField<out V> extends Field<V> {
  declare maxLength: number | null;
  declare minLength: number | null;
  declare strip: boolean;
  declare emptyValue: string | null;

  constructor(options: CharFieldOptions = {}) {
    super(options);
    if (this.minLength !== null) this.validators.push(new MinLengthValidator(this.minLength));
    if (this.maxLength !== null) this.validators.push(new MaxLengthValidator(this.maxLength));
    this.validators.push(NO_NULLS);
  }

  protected override setUp(options: CharFieldOptions): void {
    this.maxLength = options.maxLength ?? null;
    this.minLength = options.minLength ?? null;
    this.strip = options.strip ?? true;
    this.emptyValue = options.emptyValue === undefined ? '' : options.emptyValue;
  }

  /** The text, or the empty value. */
  protected text(value: unknown): string | null {
    if (isEmpty(value)) return this.emptyValue;
    const text = this.strip ? strip(toStr(value)) : toStr(value);
    return text === '' ? this.emptyValue : text;
  }

  override toPython(value: unknown): MaybePromise<V> {
    return this.text(value) as V;
  }

  override widgetAttrs(widget: Widget): Attrs {
    const attrs = super.widgetAttrs(widget);
    if (!widget.isHidden) {
      if (this.maxLength !== null) attrs['maxlength'] = String(this.maxLength);
      if (this.minLength !== null) attrs['minlength'] = String(this.minLength);
    }
    return attrs;
  }
}

const NO_NULLS = new ProhibitNullCharactersValidator();

/** Text. */
export class CharField<const O extends CharFieldOptions = CharFieldOptions> extends TextField<TextValue<O>> {
  constructor(options?: O) {
    super(options);
  }
}

/** What a RegexField takes. */
export type RegexFieldOptions = CharFieldOptions & {
  /** A text is Python's syntax, as in a URLconf. */
  readonly regex: RegExp | string;
};

/** Text that a pattern describes. */
export class RegexField<const O extends RegexFieldOptions> extends TextField<TextValue<O>> {
  private ownRegex: RegExp | string;
  private regexValidator: RegexValidator;

  constructor(given: O) {
    const { regex, ...options }: RegexFieldOptions = given;
    super({ strip: false, ...options });
    this.ownRegex = regex;
    this.regexValidator = new RegexValidator(regex);
    this.validators.push(this.regexValidator);
  }

  get regex(): RegExp | string {
    return this.ownRegex;
  }

  set regex(regex: RegExp | string) {
    this.ownRegex = regex;
    const old = this.regexValidator;
    this.regexValidator = new RegexValidator(regex);
    this.validators = [...this.validators.filter((each) => each !== old), this.regexValidator];
  }
}

/** An address of e-mail. */
export class EmailField<
  const O extends Omit<CharFieldOptions, 'strip'> = Omit<CharFieldOptions, 'strip'>,
> extends TextField<TextValue<O>> {
  static override widget = EmailInput;
  static override defaultValidators: readonly FieldValidator[] = [validateEmail];

  constructor(options?: O) {
    super({ maxLength: 320, ...options, strip: true });
  }
}

/** What a URLField takes. */
export type URLFieldOptions = Omit<CharFieldOptions, 'strip'> & {
  /** The scheme of addresses that are typed without one. */
  readonly assumeScheme?: string | null;
};

/** A URL; `example.com` is `http://example.com`, with FORMS_URLFIELD_ASSUME_HTTPS `https://`. */
export class URLField<const O extends URLFieldOptions = URLFieldOptions> extends TextField<TextValue<O>> {
  static override widget = URLInput;
  static override defaultErrorMessages = { invalid: _('Enter a valid URL.') };
  static override defaultValidators: readonly FieldValidator[] = [new URLValidator()];
  assumeScheme: string | null;

  constructor(given?: O) {
    const { assumeScheme, ...options }: URLFieldOptions = given ?? {};
    super({ ...options, strip: true });
    this.assumeScheme = assumeScheme ?? null;
  }

  protected override text(value: unknown): string | null {
    const text = super.text(value);
    if (!text) return text;
    const scheme = /^([A-Za-z][^:/]*):/.exec(text);
    if (scheme !== null) return text;
    const assumed = this.assumeScheme ?? (settings.FORMS_URLFIELD_ASSUME_HTTPS ? 'https' : 'http');
    return text.startsWith('//') ? `${assumed}:${text}` : `${assumed}://${text}`;
  }
}

/** What a SlugField takes. */
export type SlugFieldOptions = CharFieldOptions & {
  readonly allowUnicode?: boolean;
};

/** Letters, figures, underscores and hyphens. */
export class SlugField<const O extends SlugFieldOptions = SlugFieldOptions> extends TextField<TextValue<O>> {
  declare allowUnicode: boolean;

  constructor(options?: O) {
    super(options);
  }

  protected override setUp(options: SlugFieldOptions): void {
    super.setUp(options);
    this.allowUnicode = options.allowUnicode ?? false;
  }

  protected override classValidators(): readonly FieldValidator[] {
    return [this.allowUnicode ? validateUnicodeSlug : validateSlug];
  }
}

/** What a GenericIPAddressField takes. */
export type GenericIPAddressFieldOptions = CharFieldOptions & {
  readonly protocol?: 'both' | 'IPv4' | 'IPv6' | 'ipv4' | 'ipv6';
  /** Whether `::ffff:192.0.2.1` becomes `192.0.2.1`. */
  readonly unpackIpv4?: boolean;
};

/** An address of IPv4 or IPv6. */
export class GenericIPAddressField extends TextField<string> {
  declare unpackIpv4: boolean;
  declare private protocol: string;

  constructor(options: GenericIPAddressFieldOptions = {}) {
    super({ maxLength: MAX_IPV6_ADDRESS_LENGTH, ...options });
  }

  protected override setUp(options: GenericIPAddressFieldOptions): void {
    super.setUp(options);
    this.unpackIpv4 = options.unpackIpv4 ?? false;
    this.protocol = options.protocol ?? 'both';
  }

  protected override classValidators(): readonly FieldValidator[] {
    return ipAddressValidators(this.protocol, this.unpackIpv4);
  }

  protected override text(value: unknown): string | null {
    if (isEmpty(value)) return '';
    const text = strip(toStr(value));
    if (!text.includes(':')) return text;
    return cleanIpv6Address(text, {
      unpackIpv4: this.unpackIpv4,
      maxLength: this.maxLength ?? Number.POSITIVE_INFINITY,
    });
  }
}

/** A UUID, with or without hyphens. */
export class UUIDField<const O extends CharFieldOptions = CharFieldOptions> extends TextField<Opt<UUID, O>> {
  static override defaultErrorMessages = { invalid: _('Enter a valid UUID.') };

  constructor(options?: O) {
    super(options);
  }

  override prepareValue(value: unknown): unknown {
    return value instanceof UUID ? value.toString() : value;
  }

  override toPython(value: unknown): Opt<UUID, O> {
    const text = this.text(value);
    if (isEmpty(text)) return null as Opt<UUID, O>;
    try {
      return new UUID(text as string) as Opt<UUID, O>;
    } catch (error) {
      if (error instanceof ValueError) throw this.error('invalid');
      throw error;
    }
  }
}
