/** How assertions fail: with node's AssertionError, which every runner knows. */
import { AssertionError } from 'node:assert';

/** What every assertion takes. */
export interface MessageOptions {
  /** Stands before the message, with a colon. */
  msgPrefix?: string;
}

/** @throws AssertionError. */
export function fail(message: string, { msgPrefix }: MessageOptions = {}): never {
  throw new AssertionError({ message: withPrefix(message, msgPrefix), stackStartFn: fail });
}

/** @throws AssertionError where there is a message. */
export function failIf(message: string | undefined, options: MessageOptions = {}): void {
  if (message !== undefined) fail(message, options);
}

/** @throws AssertionError with both values. */
export function failUnequal(
  message: string,
  actual: unknown,
  expected: unknown,
  { msgPrefix }: MessageOptions = {},
): never {
  const shown = withPrefix(message, msgPrefix);
  throw new AssertionError({
    message: shown,
    actual,
    expected,
    operator: 'equal',
    stackStartFn: failUnequal,
  });
}

function withPrefix(message: string, prefix: string | undefined): string {
  return prefix ? `${prefix}: ${message}` : message;
}
