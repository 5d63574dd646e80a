/** What forms are made with, and what they give. */
import type { ValidationError } from '../core/exceptions';
import { isDatetime, PlainDateTime, PlainTime, toDatetime, ZonedDateTime } from '../python/datetime';
import type { BoundField, Label } from './boundfield';
import type { FormData } from './data';
import type { Field } from './fields/base';
import type { FormRenderer } from './renderers';
import type { ErrorList, ErrorListOptions } from './utils';

/** Fields by their names. */
export type Fields = Readonly<Record<string, Field>>;

/** What validation leaves of the fields. */
export type Cleaned<F extends Fields> = { -readonly [K in keyof F]: F[K] extends Field<infer V> ? V : never };

/** A class of error lists. */
export type ErrorListClass = new (
  errors?: Iterable<ValidationError | string>,
  options?: ErrorListOptions,
) => ErrorList;

/** What a form is made with. */
export interface FormOptions {
  /** What was sent: `request.POST`. With it, or with `files`, the form is bound. */
  data?: FormData | null;
  files?: FormData | null;
  /** The pattern of ids; `false` for none. */
  autoId?: string | boolean;
  /** Stands before HTML's names, so that several forms are in one `<form>`. */
  prefix?: string | null;
  /** Values to show, by the fields' names. */
  initial?: Readonly<Record<string, unknown>> | null;
  errorClass?: ErrorListClass;
  /** Stands behind each label: `:`. */
  labelSuffix?: Label | null;
  /** Whether a form that nothing was typed into is valid. */
  emptyPermitted?: boolean;
  fieldOrder?: readonly string[] | null;
  useRequiredAttribute?: boolean | null;
  renderer?: FormRenderer | null;
  boundFieldClass?: typeof BoundField | null;
}

/** The fields of one form, which may be changed, added and removed. */
export type OwnFields<F extends Fields> = { -readonly [K in keyof F]: F[K] } & Record<string, Field>;

/** A value as a widget shows it that knows no microseconds. */
export function withoutMicroseconds(value: unknown): unknown {
  if (value instanceof PlainTime) return new PlainTime(value.hour, value.minute, value.second);
  if (!isDatetime(value)) return value;
  const { year, month, day, hour, minute, second } = toDatetime(value);
  const plain = new PlainDateTime(year, month, day, hour, minute, second);
  if (value instanceof Date) return new ZonedDateTime(plain, 'UTC', 0);
  return value instanceof ZonedDateTime ? new ZonedDateTime(plain, value.timeZone, value.offset) : plain;
}
