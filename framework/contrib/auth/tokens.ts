/** Tokens for links by mail. Django: `django.contrib.auth.tokens`. */
import { settings } from '../../conf';
import { ValueError } from '../../core/exceptions';
import { PlainDateTime } from '../../python/datetime';
import { constantTimeCompare, saltedHmac } from '../../utils/crypto';
import { base36ToInt, intToBase36 } from '../../utils/http';
import { getDefaultTimezone, makeNaive } from '../../utils/timezone';

/** Seconds from 1970 to 2001, when the clock of tokens begins. */
const EPOCH = Date.UTC(2001, 0, 1) / 1000;

/** Who a token is for. */
export interface TokenUser {
  pk: unknown;
  /** The hash. */
  password: string;
  lastLogin: Date | null;
}

interface TokenUserClass {
  /** The name of the field with the address of mail. */
  getEmailFieldName?(): string;
}

/** A moment as Python prints it without its zone and its microseconds; empty for none. */
function printed(moment: Date | null): string {
  if (moment === null || moment === undefined) return '';
  const { year, month, day, hour, minute, second } = makeNaive(
    moment,
    settings.USE_TZ ? 'UTC' : getDefaultTimezone(),
  );
  return new PlainDateTime(year, month, day, hour, minute, second).toString();
}

/**
 * Makes and checks tokens that are good once and for PASSWORD_RESET_TIMEOUT: they are signed over the password's hash and
 * the last log-in, which change when they are used. A token that Django made is good here, and the other way round.
 *
 * @example
 * ```ts
 * const token = defaultTokenGenerator.makeToken(user);
 * defaultTokenGenerator.checkToken(user, token); // true
 * ```
 */
export class PasswordResetTokenGenerator {
  keySalt = 'django.contrib.auth.tokens.PasswordResetTokenGenerator';
  /** A name that Python's hashlib knows. */
  algorithm = 'sha256';
  /** Default: SECRET_KEY. */
  secret: string | undefined;
  /** Secrets whose tokens are still good. Default: SECRET_KEY_FALLBACKS. */
  secretFallbacks: readonly string[] | undefined;

  /** A token for that user. */
  makeToken(user: TokenUser): string {
    return this.makeTokenWithTimestamp(user, this.numSeconds(), this.currentSecret);
  }

  /** Whether a token is that user's, not used and not too old. */
  checkToken(user: TokenUser | null, token: string | null): boolean {
    if (!user || !token) return false;
    const [timestamp36 = '', ...rest] = token.split('-');
    if (rest.length !== 1) return false;
    const timestamp = parsed(timestamp36);
    if (timestamp === undefined) return false;
    const secrets = [this.currentSecret, ...(this.secretFallbacks ?? settings.SECRET_KEY_FALLBACKS)];
    const isGood = secrets.some((secret) =>
      constantTimeCompare(this.makeTokenWithTimestamp(user, timestamp, secret), token),
    );
    return isGood && this.numSeconds() - timestamp <= settings.PASSWORD_RESET_TIMEOUT;
  }

  /** What a token is signed over. A subclass for another purpose signs what its use changes. */
  protected makeHashValue(user: TokenUser, timestamp: number): string {
    const cls = user.constructor as unknown as TokenUserClass;
    const email = (user as unknown as Readonly<Record<string, unknown>>)[
      cls.getEmailFieldName?.() ?? 'email'
    ];
    return `${String(user.pk)}${user.password}${printed(user.lastLogin)}${timestamp}${email ? String(email) : ''}`;
  }

  private get currentSecret(): string {
    return this.secret || settings.SECRET_KEY;
  }

  private makeTokenWithTimestamp(user: TokenUser, timestamp: number, secret: string): string {
    const hash = saltedHmac(this.keySalt, this.makeHashValue(user, timestamp), {
      secret,
      algorithm: this.algorithm,
    }).toString('hex');
    // Every second letter: the address stays short.
    const short = hash.replace(/(.)./g, '$1');
    return `${intToBase36(timestamp)}-${short}`;
  }

  /** Seconds since 2001, by the clock on the wall of TIME_ZONE: that is what Django counts. */
  private numSeconds(): number {
    return makeNaive(new Date(), getDefaultTimezone()).seconds - EPOCH;
  }
}

/** The number of a base 36 text; undefined for what is none, or none of a token. */
function parsed(text: string): number | undefined {
  try {
    const value = base36ToInt(text);
    return typeof value === 'number' && value >= 0 ? value : undefined;
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/** The generator of links for a new password. */
export const defaultTokenGenerator = new PasswordResetTokenGenerator();
