/** Names of domains, and URLs. */
import { textLength } from '../../python';
import { ValueError } from '../../python/errors';
import { SPACE } from '../../python/text';
import { type SplitResult, urlsplit } from '../../python/urllib_parse';
import type { Text } from '../../utils/functional';
import { MAX_URL_LENGTH } from '../../utils/http';
import { isValidIpv6Address } from '../../utils/ipv6';
import { gettextLazy as _ } from '../../utils/translation';
import { RegexValidator, type RegexValidatorOptions } from './regex';

/** Letters of other scripts. */
const UL = '\\u00a1-\\uffff';
/** RFC 1034, 3.1: a label has up to 63 characters, and no hyphen at its ends. */
const HOSTNAME = `[a-z${UL}0-9](?:[a-z${UL}0-9\\-]{0,61}[a-z${UL}0-9])?`;
const DOMAIN = `(?:\\.(?!-)[a-z${UL}0-9\\-]{1,63}(?<!-))*`;
const TLD_NO_FQDN = `\\.(?!-)(?:[a-z${UL}\\-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)`;
const TLD = `${TLD_NO_FQDN}\\.?`;
const ASCII_HOSTNAME = '[a-zA-Z0-9](?:[a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?';
const ASCII_DOMAIN = '(?:\\.(?!-)[a-zA-Z0-9\\-]{1,63}(?<!-))*';
const ASCII_TLD = '\\.(?!-)[a-zA-Z0-9\\-]{2,63}(?<!-)\\.?';

/** The domain of an e-mail address. */
export const EMAIL_DOMAIN = new RegExp(`^${HOSTNAME}${DOMAIN}${TLD_NO_FQDN}$`, 'iu');
const ANY_DOMAIN = new RegExp(`^${HOSTNAME}${DOMAIN}${TLD}$`, 'iu');
const ASCII_ONLY_DOMAIN = new RegExp(`^${ASCII_HOSTNAME}${ASCII_DOMAIN}${ASCII_TLD}$`, 'i');

const OCTET = '(?:0|25[0-5]|2[0-4][0-9]|1[0-9]?[0-9]?|[1-9][0-9]?)';
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
/** What stands there is looked at afterwards. */
const IPV6 = '\\[[0-9a-f:.]+\\]';
const URL_PATTERN = new RegExp(
  `^[a-z0-9.+\\-]*://(?:[^${SPACE}:@/]+(?::[^${SPACE}:@/]*)?@)?` +
    `(?:${IPV4}|${IPV6}|${HOSTNAME}${DOMAIN}${TLD}|localhost)(?::[0-9]{1,5})?(?:[/?#][^${SPACE}]*)?$`,
  'iu',
);
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ASCII = /^[\x00-\x7f]*$/;

/** What a DomainNameValidator takes. */
export interface DomainNameOptions extends RegexValidatorOptions {
  /** False: ASCII alone. */
  acceptIdna?: boolean;
}

/** The name of a domain: `example.com`. */
export class DomainNameValidator extends RegexValidator {
  override readonly message: Text = _('Enter a valid domain name.');
  readonly maxLength: number = 255;
  readonly acceptIdna: boolean;

  constructor({ acceptIdna = true, ...options }: DomainNameOptions = {}) {
    super(acceptIdna ? ANY_DOMAIN : ASCII_ONLY_DOMAIN, options);
    this.acceptIdna = acceptIdna;
  }

  override validate(value: unknown): void {
    if (typeof value !== 'string' || textLength(value) > this.maxLength) throw this.refusal(value);
    if (!this.acceptIdna && !ASCII.test(value)) throw this.refusal(value);
    super.validate(value);
  }
}

/** The name of a domain, of any script. */
export const validateDomainName = new DomainNameValidator();

/** What a URLValidator takes. */
export interface URLValidatorOptions extends RegexValidatorOptions {
  /** Default: http, https, ftp, ftps. */
  schemes?: readonly string[] | null;
  regex?: RegExp | string | null;
}

/**
 * A URL with a scheme and a host.
 *
 * @example
 * ```ts
 * const validateLink = new URLValidator({ schemes: ['https'] });
 * validateLink('https://example.com/');
 * ```
 */
export class URLValidator extends RegexValidator {
  override readonly message: Text = _('Enter a valid URL.');
  readonly maxLength: number = MAX_URL_LENGTH;
  readonly schemes: readonly string[];

  constructor({ schemes, regex, ...options }: URLValidatorOptions = {}) {
    super(regex ?? URL_PATTERN, options);
    this.schemes = schemes ?? ['http', 'https', 'ftp', 'ftps'];
  }

  override validate(value: unknown): void {
    if (typeof value !== 'string' || textLength(value) > this.maxLength || /[\t\r\n]/.test(value)) {
      throw this.refusal(value);
    }
    const [scheme = ''] = value.split('://', 1);
    if (!this.schemes.includes(scheme.toLowerCase())) throw this.refusal(value);
    const { netloc } = this.split(value);
    super.validate(value);
    const bracketed = /^\[(.+)\](?::[0-9]{1,5})?$/.exec(netloc);
    if (bracketed !== null && !isValidIpv6Address(bracketed[1])) throw this.refusal(value);
    // RFC 1034, 3.1: 255 bytes with that of the length and that of the last dot.
    const host = hostOf(netloc);
    if (host === '' || textLength(host) > 253) throw this.refusal(value);
  }

  private split(value: string): SplitResult {
    try {
      return urlsplit(value);
    } catch (error) {
      throw error instanceof ValueError ? this.refusal(value) : error;
    }
  }

  protected override identity(): readonly unknown[] {
    return [...super.identity(), this.schemes.join(' ')];
  }
}

/** The host of a netloc, without user and port. */
function hostOf(netloc: string): string {
  const address = netloc.slice(netloc.lastIndexOf('@') + 1);
  if (address.startsWith('[')) return address.slice(1).split(']', 1)[0] as string;
  return address.split(':', 1)[0] as string;
}
