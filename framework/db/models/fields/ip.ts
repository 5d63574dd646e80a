/** Addresses of the internet protocol. Django: `GenericIPAddressField`. */
import { ValidationError } from '../../../core/exceptions';
import { ipAddressValidators, type Validator } from '../../../core/validators';
import { strip, toStr } from '../../../python';
import { cleanIpv6Address } from '../../../utils/ipv6';
import { gettextLazy as _ } from '../../../utils/translation';
import type { DatabaseWrapper } from '../../backends/base/base';
import { Field, type FieldOptions } from './base';
import type { ErrorMessages } from './messages';

const INVALID: ErrorMessages = { invalid: _('Enter a valid %(protocol)s address.') };

/** What a GenericIPAddressField takes. */
export interface GenericIPAddressFieldOptions extends FieldOptions {
  /** Which addresses there can be; default: both. */
  protocol?: 'both' | 'IPv4' | 'IPv6' | 'ipv4' | 'ipv6';
  /** `::ffff:192.0.2.1` becomes `192.0.2.1`; with both protocols only. */
  unpackIpv4?: boolean;
}

/** An IPv4 or IPv6 address: text. */
export class GenericIPAddressField extends Field {
  readonly internalType = 'GenericIPAddressField';
  override readonly emptyStringsAllowed = false;
  declare readonly options: Readonly<GenericIPAddressFieldOptions>;
  private readonly protocolValidators: readonly Validator[];

  /** @throws ValueError for a protocol that there is not, or `unpackIpv4` with one of the two. */
  constructor(verboseName?: string | GenericIPAddressFieldOptions, options?: GenericIPAddressFieldOptions) {
    super(verboseName, options);
    this.protocolValidators = ipAddressValidators(
      this.options.protocol ?? 'both',
      this.options.unpackIpv4 ?? false,
    );
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, maxLength: 39, protocol: 'both', unpackIpv4: false };
  }

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...INVALID };
  }

  protected override defaultValidators(): readonly Validator[] {
    return this.protocolValidators;
  }

  /** An address in its shortest form. @throws ValidationError for what has a colon and is no IPv6 address. */
  override toPython(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    const text = strip(toStr(value));
    return text.includes(':') ? this.shortest(text) : text;
  }

  private shortest(text: string): string {
    return cleanIpv6Address(text, {
      unpackIpv4: this.options.unpackIpv4 ?? false,
      errorMessage: this.errorMessages['invalid'] ?? '',
    });
  }

  /** No address is NULL, however it was said. */
  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    return super.toDb(value, connection) || null;
  }

  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    const text = strip(toStr(value));
    if (!text.includes(':')) return text;
    try {
      return this.shortest(text);
    } catch (error) {
      // What is no address is the database's to refuse.
      if (error instanceof ValidationError) return text;
      throw error;
    }
  }
}
