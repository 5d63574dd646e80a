/** Addresses of e-mail. */
import { textLength, toStr } from '../../python';
import type { Text } from '../../utils/functional';
import { gettextLazy as _ } from '../../utils/translation';
import { BaseCallable, type ValidatorOptions } from './base';
import { isIpAddress } from './ip';
import { EMAIL_DOMAIN } from './urls';

// The letters behind A-Z are those that Python takes for one of them in any case.
const ATOM =
  /^[-!#$%&'*+/=?^_`{}|~0-9A-Z\u0130\u0131\u017f\u212a]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Z\u0130\u0131\u017f\u212a]+)*$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a quoted text may have them
const QUOTED = /^"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*"$/;
const LITERAL = /^\[([A-F0-9:.]+)\]$/i;

/** What an EmailValidator takes. */
export interface EmailValidatorOptions extends ValidatorOptions {
  /** Domains that are taken though they have no dot; default: `localhost`. */
  allowlist?: readonly string[] | null;
}

/** An address of e-mail. */
export class EmailValidator extends BaseCallable {
  readonly message: Text;
  readonly code: string;
  readonly domainAllowlist: readonly string[];

  constructor({ message, code, allowlist }: EmailValidatorOptions = {}) {
    super();
    this.message = message ?? _('Enter a valid email address.');
    this.code = code ?? 'invalid';
    this.domainAllowlist = allowlist ?? ['localhost'];
  }

  override validate(value: unknown): void {
    const text = value === null || value === undefined ? '' : toStr(value);
    const at = text.lastIndexOf('@');
    // RFC 3696, 3: 320 characters at most.
    if (at === -1 || textLength(text) > 320) throw this.error(value, this.message, this.code);
    const user = text.slice(0, at);
    const domain = text.slice(at + 1);
    if (!ATOM.test(user) && !QUOTED.test(user)) throw this.error(value, this.message, this.code);
    if (!this.domainAllowlist.includes(domain) && !this.validateDomainPart(domain)) {
      throw this.error(value, this.message, this.code);
    }
  }

  /** Whether what follows the @ is a domain, or an IP address in brackets. */
  validateDomainPart(domain: string): boolean {
    if (EMAIL_DOMAIN.test(domain)) return true;
    const literal = LITERAL.exec(domain);
    return literal !== null && isIpAddress(literal[1]);
  }

  protected override identity(): readonly unknown[] {
    return [this.message, this.code, [...this.domainAllowlist].sort().join(' ')];
  }
}

/** An address of e-mail. */
export const validateEmail = new EmailValidator();
