/** What a row says in a file: for people as text, for programs as values. */
import { ObjectDoesNotExist } from '../../../core/exceptions';
import type { Model } from '../../../db/models/base';
import { displayOf } from '../../../db/models/fields/choices';
import { FieldFile } from '../../../db/models/fields/field_file';
import { ForeignKey } from '../../../db/models/fields/related';
import { isPlainObject } from '../../../python/dict';
import { jsonDumps } from '../../../python/json_encoder';
import { isNumber } from '../../../python/numbers';
import { toStr } from '../../../python/str';
import { stripTags } from '../../../utils/html';
import { isPromise } from '../../../utils/maybe_promise';
import { SafeString } from '../../../utils/safestring';
import type { ModelAdmin } from '../options/model_admin';
import type { FieldReference } from '../types';
import { type LookedUp, lookupField } from '../utils/fields';

/** A value with the field that it is of. */
type Exported = Pick<LookedUp, 'field' | 'value'>;

/** What a column has on a row; of a relation the row that it leads to. */
export async function cellOf(admin: ModelAdmin, row: Model, name: FieldReference): Promise<Exported> {
  try {
    const { field, value } = await lookupField(name, row, admin);
    return { field, value: isPromise(value) ? await value : value };
  } catch (error) {
    if (error instanceof ObjectDoesNotExist) return { field: null, value: null };
    throw error;
  }
}

/** Text that a spreadsheet would run as a formula, or take for one after it has dropped the white space. */
const FORMULA = /^[\s\0]*[=+\-@\uff0b\uff0d\uff1d\uff20|%]|^[\t\r\n]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * A text that nothing runs: an apostrophe before what begins as a formula does. Numbers stay numbers.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export function unformula(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** A cell of CSV (RFC 4180). */
export function csvCell(text: string): string {
  const safe = unformula(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A value as a person reads it: of a choice what it is called, of a relation the row. */
export function textOf({ field, value }: Exported): string {
  if (value === null || value === undefined) return '';
  if (value instanceof SafeString) return stripTags(value.value);
  if (value instanceof Date) return value.toISOString();
  if (field !== null && 'flatchoices' in field && field.choices !== undefined) {
    return toStr(displayOf(field.flatchoices, value));
  }
  if (Array.isArray(value)) return value.map(toStr).join(', ');
  return isPlainObject(value) ? jsonDumps(value, { ensureAscii: false }) : toStr(value);
}

/** A value as JSON has it: what is stored, of a relation the key. */
export function jsonOf({ field, value }: Exported): unknown {
  if (value === null || value === undefined) return null;
  if (value instanceof SafeString) return stripTags(value.value);
  if (field instanceof ForeignKey) return (value as { readonly pk?: unknown }).pk ?? null;
  if (value instanceof FieldFile) return toStr(value);
  if (typeof value === 'boolean' || isNumber(value) || Array.isArray(value) || isPlainObject(value))
    return value;
  return value instanceof Date ? value : toStr(value);
}
