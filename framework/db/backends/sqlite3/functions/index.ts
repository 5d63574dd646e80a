/**
 * The functions that Django's ORM needs and SQLite has not, under Django's names. Django:
 * `django.db.backends.sqlite3._functions.register`.
 */
import { OperationalError } from '../../../errors';
import type { SyncDatabase } from '../sync_base';
import type { Given } from './dates';
import * as dates from './dates';
import * as durations from './durations';
import * as numbers from './numbers';
import * as text from './text';

// biome-ignore lint/suspicious/noExplicitAny: each takes what SQL gives it.
type Call = (...given: any[]) => string | number | bigint | null;

/** By name: how many arguments, and what is called. */
const FUNCTIONS: Readonly<Record<string, readonly [arity: number, call: Call]>> = {
  django_date_extract: [2, dates.datetimeExtract],
  django_date_trunc: [4, dates.dateTrunc],
  django_datetime_cast_date: [3, dates.datetimeCastDate],
  django_datetime_cast_time: [3, dates.datetimeCastTime],
  django_datetime_extract: [4, dates.datetimeExtract],
  django_datetime_trunc: [4, dates.datetimeTrunc],
  django_time_extract: [2, dates.timeExtract],
  django_time_trunc: [4, dates.timeTrunc],
  django_time_diff: [2, durations.timeDiff],
  django_timestamp_diff: [2, durations.timestampDiff],
  django_format_dtdelta: [3, durations.formatDtdelta],
  regexp: [2, text.regexp],
  BITXOR: [2, numbers.bitxor],
  COT: [1, numbers.cot],
  LPAD: [3, text.lpad],
  MD5: [1, text.hash('md5')],
  REPEAT: [2, text.repeat],
  REVERSE: [1, text.reverse],
  RPAD: [3, text.rpad],
  SHA1: [1, text.hash('sha1')],
  SHA224: [1, text.hash('sha224')],
  SHA256: [1, text.hash('sha256')],
  SHA384: [1, text.hash('sha384')],
  SHA512: [1, text.hash('sha512')],
  SIGN: [1, numbers.sign],
};

/** Gives a handle the functions. */
export function registerFunctions(handle: SyncDatabase): void {
  for (const [name, [arity, call]] of Object.entries(FUNCTIONS)) {
    // Lengths of time in microseconds are longer than a number is exact.
    const safeIntegers = name === 'django_format_dtdelta';
    handle.function(name, { deterministic: true, safeIntegers }, withArity(call, arity));
  }
  handle.function('RAND', { deterministic: false }, numbers.random);
  for (const [name, aggregate] of Object.entries(numbers.AGGREGATES)) handle.aggregate(name, aggregate);
  const has = handle.prepare("SELECT sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS') AS has").get([]);
  if (Number((has as { has: number }).has) === 1) return;
  for (const [name, arity, call] of numbers.MATH) {
    handle.function(name, { deterministic: true }, withArity(call, arity));
  }
}

/** Whether a function is one of these: what a driver lacks that cannot be given any. */
export function isOurs(name: string): boolean {
  const known = [...Object.keys(FUNCTIONS), ...Object.keys(numbers.AGGREGATES), 'RAND'];
  return known.some((each) => each.toUpperCase() === name.toUpperCase());
}

/** What goes wrong in a function is an error of the statement, as in Django; `cause` says what it was. */
function guarded(call: Call): Call {
  return (...given: Given[]) => {
    try {
      return call(...given);
    } catch (error) {
      throw new OperationalError('user-defined function raised exception', { cause: error });
    }
  };
}

/** The drivers take the number of arguments from the function's own. */
function withArity(unguarded: Call, arity: number): Call {
  const call = guarded(unguarded);
  switch (arity) {
    case 0:
      return () => call();
    case 1:
      return (a: Given) => call(a);
    case 2:
      return (a: Given, b: Given) => call(a, b);
    case 3:
      return (a: Given, b: Given, c: Given) => call(a, b, c);
    default:
      return (a: Given, b: Given, c: Given, d: Given) => call(a, b, c, d);
  }
}
