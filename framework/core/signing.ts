/**
 * Signed strings: a value, a separator and the value's HMAC, safe in URLs and cookies; with a time stamp, and
 * with an object as value (JSON, compressed where that helps, in base64).
 *
 * Django: `django.core.signing`; https://docs.djangoproject.com/en/5.2/topics/signing/
 */
import { createHmac, type KeyObject } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { settings } from '../conf';
import { dumps as jsonDumps, loads as jsonLoads } from '../python/json';
import { constantTimeCompare, opensslName, saltedKey, type TextOrBytes } from '../utils/crypto';
import type { Duration } from '../utils/duration';
import { importSetting } from '../utils/module_loading';
import { ValueError } from './exceptions';

/** The signature does not match, or there is none. */
export class BadSignature extends Error {
  override name = 'BadSignature';
}

/** The signature is older than the given maximum age. */
export class SignatureExpired extends BadSignature {
  override name = 'SignatureExpired';
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An integer in base 62, as time stamps are written. */
export function b62Encode(number: number): string {
  if (number === 0) return '0';
  let rest = Math.abs(number);
  let text = '';
  while (rest > 0) {
    text = BASE62[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return number < 0 ? `-${text}` : text;
}

/** @throws ValueError for a letter outside of the alphabet. */
export function b62Decode(text: string): number {
  let number = 0;
  const negative = text.startsWith('-');
  for (let i = negative ? 1 : 0; i < text.length; i++) {
    const digit = BASE62.indexOf(text.charAt(i));
    if (digit < 0) throw new ValueError('substring not found');
    number = number * 62 + digit;
  }
  return negative ? -number : number;
}

/** Bytes in URL-safe base64 without padding. */
export function b64Encode(data: TextOrBytes): string {
  return (
    typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.length)
  ).toString('base64url');
}

/** Bytes of URL-safe base64, padded or not. */
export function b64Decode(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

/** The HMAC of a value in URL-safe base64. */
export function base64Hmac(
  salt: TextOrBytes,
  value: TextOrBytes,
  key: TextOrBytes,
  algorithm = 'sha1',
): string {
  return createHmac(opensslName(algorithm), saltedKey(salt, key, algorithm))
    .update(value)
    .digest('base64url');
}

/** Turns values into bytes and back. SESSION_SERIALIZER names a class of such. */
export interface Serializer {
  /** A string stands for its Latin-1 bytes. */
  dumps(value: unknown): string | Uint8Array;
  loads(data: Buffer): unknown;
}

/** A class of serializers, as settings name it. */
export type SerializerClass = new () => Serializer;

/** Python's compact JSON: see `tsango/python/json` for what it takes. */
export class JSONSerializer implements Serializer {
  dumps(value: unknown): string {
    return jsonDumps(value);
  }

  loads(data: Buffer): unknown {
    return jsonLoads(data.toString('latin1'));
  }
}

/** What `signObject` takes besides the object. */
export interface SignObjectOptions {
  serializer?: SerializerClass;
  /** Compress where that makes the result shorter. */
  compress?: boolean;
}

/** Seconds, or a `Duration`. */
export type MaxAge = number | Duration;

/** What reading a signed string takes. */
export interface UnsignOptions {
  /** The greatest age accepted, in seconds. */
  maxAge?: MaxAge | null;
}

/** What a signer is made of. */
export interface SignerOptions {
  /** Default: SECRET_KEY. */
  key?: TextOrBytes;
  /** What stands between value and signature. Default `:`. */
  sep?: string;
  /** Names the purpose: a string signed under one salt is worth nothing under another. */
  salt?: string;
  /** A name that Python's hashlib knows. Default `sha256`. */
  algorithm?: string;
  /** Older keys whose signatures are still accepted. Default: SECRET_KEY_FALLBACKS. */
  fallbackKeys?: readonly TextOrBytes[];
}

/** Letters that a separator may not consist of: a signature does. The range A to z is Django's own. */
const SEP_UNSAFE = /^[A-z0-9\-_=]*$/;

/** Below that many bytes compression costs ten times what it saves; any reader takes either form. */
const COMPRESS_FROM = 128;

function objectToText(value: unknown, options: SignObjectOptions): string {
  const data = new (options.serializer ?? JSONSerializer)().dumps(value);
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  if (options.compress && bytes.length >= COMPRESS_FROM) {
    const compressed = deflateSync(bytes);
    if (compressed.length < bytes.length - 1) return `.${compressed.toString('base64url')}`;
  }
  return b64Encode(bytes);
}

/** The bytes of an object's text, decompressed where it is compressed. */
export function payloadOf(text: string): Buffer {
  const compressed = text.charCodeAt(0) === 46; // '.'
  const bytes = b64Decode(compressed ? text.slice(1) : text);
  return compressed ? inflateSync(bytes) : bytes;
}

function textToObject(text: string, serializer: SerializerClass = JSONSerializer): unknown {
  return new serializer().loads(payloadOf(text));
}

/**
 * Signs strings.
 *
 * @example
 * ```ts
 * const signer = new Signer({ salt: 'unsubscribe' });
 * signer.unsign(signer.sign('amrit@example.com'));
 * ```
 */
export class Signer {
  readonly key: TextOrBytes;
  readonly fallbackKeys: readonly TextOrBytes[];
  readonly sep: string;
  readonly salt: string;
  readonly algorithm: string;
  private readonly digest: string;
  private derived: KeyObject | undefined;

  /** @throws ValueError for a separator that could be part of a signature. */
  constructor(options: SignerOptions = {}) {
    this.key = options.key || settings.SECRET_KEY;
    this.fallbackKeys = options.fallbackKeys ?? settings.SECRET_KEY_FALLBACKS;
    this.sep = options.sep ?? ':';
    if (this.sep !== ':' && SEP_UNSAFE.test(this.sep)) {
      throw new ValueError(
        `Unsafe Signer separator: '${this.sep}' (cannot be empty or consist of only A-z0-9-_=)`,
      );
    }
    // Django's dotted name of the class, whatever this package is called: the signatures depend on it.
    this.salt = options.salt || `django.core.signing.${this.constructor.name}`;
    this.algorithm = options.algorithm || 'sha256';
    this.digest = opensslName(this.algorithm);
  }

  /** The signature of a value. */
  signature(value: string, key?: TextOrBytes): string {
    let derived: KeyObject;
    if (key === undefined || key === this.key) {
      this.derived ??= saltedKey(`${this.salt}signer`, this.key, this.algorithm);
      derived = this.derived;
    } else {
      derived = saltedKey(`${this.salt}signer`, key, this.algorithm);
    }
    return createHmac(this.digest, derived).update(value).digest('base64url');
  }

  /** The value with its signature. */
  sign(value: string): string {
    return `${value}${this.sep}${this.signature(value)}`;
  }

  /**
   * The value of a signed string.
   *
   * @throws BadSignature if its signature is not this signer's.
   */
  unsign(signedValue: string, _options?: UnsignOptions): string {
    const end = signedValue.lastIndexOf(this.sep);
    if (end < 0) throw new BadSignature(`No "${this.sep}" found in value`);
    const value = signedValue.slice(0, end);
    const signature = signedValue.slice(end + this.sep.length);
    if (constantTimeCompare(signature, this.signature(value))) return value;
    for (const key of this.fallbackKeys) {
      if (constantTimeCompare(signature, this.signature(value, key))) return value;
    }
    throw new BadSignature(`Signature "${signature}" does not match`);
  }

  /** An object as a signed string. @throws TypeError for what JSON has no form of. */
  signObject(value: unknown, options: SignObjectOptions = {}): string {
    return this.sign(objectToText(value, options));
  }

  /**
   * The object of a signed string.
   *
   * @throws BadSignature if its signature is not this signer's.
   */
  unsignObject(
    signedObject: string,
    options: UnsignOptions & Pick<SignObjectOptions, 'serializer'> = {},
  ): unknown {
    return textToObject(this.unsign(signedObject, options), options.serializer);
  }
}

/** A signed string's parts, its signature verified. */
export interface Stamped {
  value: string;
  /** When it was signed, in seconds since the epoch. */
  timestamp: number;
}

/** Signs strings together with the time. */
export class TimestampSigner extends Signer {
  /** Now, in seconds since the epoch, in base 62. */
  timestamp(): string {
    return b62Encode(Math.floor(Date.now() / 1000));
  }

  override sign(value: string): string {
    return super.sign(`${value}${this.sep}${this.timestamp()}`);
  }

  /**
   * The value of a signed string, and when it was signed.
   *
   * @throws BadSignature if its signature is not this signer's.
   * @throws SignatureExpired if it is older than `maxAge`.
   */
  unsignStamped(signedValue: string, options: UnsignOptions = {}): Stamped {
    const result = super.unsign(signedValue);
    const end = result.lastIndexOf(this.sep);
    if (end < 0) throw new BadSignature(`No "${this.sep}" found in value`);
    const timestamp = b62Decode(result.slice(end + this.sep.length));
    const { maxAge } = options;
    if (maxAge !== undefined && maxAge !== null) {
      const seconds = typeof maxAge === 'number' ? maxAge : maxAge.totalSeconds();
      const age = Date.now() / 1000 - timestamp;
      if (age > seconds) throw new SignatureExpired(`Signature age ${age} > ${seconds} seconds`);
    }
    return { value: result.slice(0, end), timestamp };
  }

  override unsign(signedValue: string, options: UnsignOptions = {}): string {
    return this.unsignStamped(signedValue, options).value;
  }

  /** Like `unsignObject`, and says when the object was signed. */
  unsignObjectStamped(
    signedObject: string,
    options: UnsignOptions & Pick<SignObjectOptions, 'serializer'> = {},
  ): { value: unknown; timestamp: number } {
    const { value, timestamp } = this.unsignStamped(signedObject, options);
    return { value: textToObject(value, options.serializer), timestamp };
  }
}

/** What the functions `dumps` and `loads` take. */
export interface DumpsOptions extends SignObjectOptions {
  key?: TextOrBytes;
  salt?: string;
}

export interface LoadsOptions extends UnsignOptions {
  key?: TextOrBytes;
  salt?: string;
  serializer?: SerializerClass;
  fallbackKeys?: readonly TextOrBytes[];
}

const DEFAULT_SALT = 'django.core.signing';

/**
 * An object as a URL-safe string, signed with the time.
 *
 * @throws TypeError for what JSON has no form of.
 */
export function dumps(value: unknown, options: DumpsOptions = {}): string {
  const { key, salt = DEFAULT_SALT, ...rest } = options;
  return new TimestampSigner({ salt, ...(key === undefined ? {} : { key }) }).signObject(value, rest);
}

/**
 * The object that `dumps` made a string of.
 *
 * @throws BadSignature if the signature does not match.
 * @throws SignatureExpired if it is older than `maxAge` seconds.
 */
export function loads(text: string, options: LoadsOptions = {}): unknown {
  const { key, salt = DEFAULT_SALT, fallbackKeys, ...rest } = options;
  return new TimestampSigner({
    salt,
    ...(key === undefined ? {} : { key }),
    ...(fallbackKeys === undefined ? {} : { fallbackKeys }),
  }).unsignObject(text, rest);
}

/** What SIGNING_BACKEND names. */
export type SigningBackend = new (options: SignerOptions) => Signer;

function cookieKey(key: TextOrBytes): TextOrBytes {
  return typeof key === 'string'
    ? `django.http.cookies${key}`
    : Buffer.concat([Buffer.from('django.http.cookies'), key]);
}

/** The signer of cookies: that of SIGNING_BACKEND, under keys of its own. */
export function getCookieSigner(salt = 'django.core.signing.get_cookie_signer'): Signer {
  const backend = importSetting<SigningBackend>(settings.SIGNING_BACKEND as string | SigningBackend);
  return new backend({
    key: cookieKey(settings.SECRET_KEY),
    fallbackKeys: settings.SECRET_KEY_FALLBACKS.map(cookieKey),
    salt,
  });
}

/**
 * The salt under which a cookie is signed. Its parts cannot be shifted against each other: the length says where
 * the caller's salt ends.
 */
export function cookieSignerSalt(name: string, salt = ''): string {
  return `django.http.cookies.v2:${[...salt].length}:${salt}${name}`;
}

/** The salt before Django 5.2.15 and 6.0.6: name and salt run together, so that two pairs can share one. */
export function cookieSignerLegacySalt(name: string, salt = ''): string {
  return `${name}${salt}`;
}

/** Signs a cookie's value. Django: `HttpResponse.set_signed_cookie`. */
export function signCookie(name: string, value: string, salt = ''): string {
  return getCookieSigner(cookieSignerSalt(name, salt)).sign(value);
}

/**
 * The value of a signed cookie. With SIGNED_COOKIE_LEGACY_SALT_FALLBACK a cookie signed under the old salt is
 * accepted, too.
 *
 * Django: `HttpRequest.get_signed_cookie`.
 *
 * @throws BadSignature
 * @throws SignatureExpired if it is older than `maxAge` seconds.
 */
export function unsignCookie(name: string, signed: string, salt = '', options: UnsignOptions = {}): string {
  try {
    return getCookieSigner(cookieSignerSalt(name, salt)).unsign(signed, options);
  } catch (error) {
    if (
      settings.SIGNED_COOKIE_LEGACY_SALT_FALLBACK &&
      error instanceof BadSignature &&
      !(error instanceof SignatureExpired)
    ) {
      return getCookieSigner(cookieSignerLegacySalt(name, salt)).unsign(signed, options);
    }
    throw error;
  }
}
