/**
 * Content Security Policy. Django 6.0: `django.utils.csp`; https://docs.djangoproject.com/en/6.0/ref/csp/, W3C CSP 3.
 */
import { randomBytes } from 'node:crypto';

/** The values that policies are made of, with the quotes that they need. */
export const CSP = {
  HEADER_ENFORCE: 'Content-Security-Policy',
  HEADER_REPORT_ONLY: 'Content-Security-Policy-Report-Only',

  NONE: "'none'",
  REPORT_SAMPLE: "'report-sample'",
  SELF: "'self'",
  STRICT_DYNAMIC: "'strict-dynamic'",
  UNSAFE_EVAL: "'unsafe-eval'",
  UNSAFE_HASHES: "'unsafe-hashes'",
  UNSAFE_INLINE: "'unsafe-inline'",
  WASM_UNSAFE_EVAL: "'wasm-unsafe-eval'",

  /** Stands for the nonce of the request, which the middleware puts in its place. */
  NONCE: '<CSP_NONCE_SENTINEL>',
} as const;

/** The value of a directive: one or several; `true` for a directive without values; `null`, `false` leave it out. */
export type CspValue = string | readonly string[] | ReadonlySet<string> | boolean | null;

/** A policy: directives and their values. */
export type CspPolicy = Readonly<Record<string, CspValue>>;

/**
 * The nonce of one request. It is made when it is first printed; before that it is false in a template, so that
 * nothing sends a nonce that nobody uses.
 */
export class LazyNonce {
  private value: string | undefined;

  /** Whether it has been used. */
  get isGenerated(): boolean {
    return this.value !== undefined;
  }

  /** 0 before it is used: that is how templates tell whether it is true. */
  get length(): number {
    return this.value?.length ?? 0;
  }

  *[Symbol.iterator](): Iterator<string> {
    yield* this.value ?? '';
  }

  toString(): string {
    this.value ??= randomBytes(16).toString('base64url');
    return this.value;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The header's value for a policy. Without a nonce (or with one that nobody used) its placeholder is left out. */
export function buildPolicy(policy: CspPolicy, nonce?: LazyNonce | string): string {
  const isUsed = nonce instanceof LazyNonce ? nonce.isGenerated : Boolean(nonce);
  const directives: string[] = [];
  for (const [directive, value] of Object.entries(policy)) {
    if (value === null || value === false || value === undefined) continue;
    if (value === true) {
      directives.push(directive);
      continue;
    }
    // The order of a set is not the site's, and headers that differ for nothing spoil caches.
    const values =
      value instanceof Set
        ? [...value].sort()
        : typeof value === 'string'
          ? [value]
          : [...(value as string[])];
    const sources = values
      .filter((source) => isUsed || source !== CSP.NONCE)
      .map((source) => (source === CSP.NONCE ? `'nonce-${nonce}'` : source));
    if (sources.length > 0) directives.push(`${directive} ${sources.join(' ')}`.trimEnd());
  }
  return directives.join('; ');
}
