/** Names of tables and columns as names of models and fields. Django: `normalize_table_name`, `normalize_col_name`. */
import { camelCase } from '../../utils/module_loading';
import { Model } from '../models/base';

/** Python's words: a Django of the same database would have to call the field something else, too. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'and as assert async await break class continue def del elif else except finally for from global if import in is ' +
    'lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
/** What an instance or a class has besides. `then` would make a promise of it. */
const TAKEN: ReadonlySet<string> = new Set(['constructor', 'objects', 'pk', 'then', 'catch', 'finally']);
/** What the written module uses by these names. */
const TYPES: ReadonlySet<string> = new Set(['Buffer', 'Date', 'Duration', 'Object', 'Promise']);

/** A column as a field. */
export interface FieldName {
  readonly name: string;
  /** The column, where the name does not say it. */
  readonly dbColumn: string | undefined;
  /** What was changed, for people. */
  readonly notes: readonly string[];
}

/**
 * The name of a field for a column.
 *
 * @param used the names that fields of the model have already.
 */
export function fieldName(column: string, used: ReadonlySet<string>, isRelation: boolean): FieldName {
  const notes: string[] = [];
  let name = column.toLowerCase();
  if (name !== column) notes.push('Field name made lowercase.');
  let isNamed = false;
  if (isRelation) {
    if (name.endsWith('_id') && name.length > '_id'.length) name = name.slice(0, -'_id'.length);
    else isNamed = true;
  }
  const suitable = name.replace(/[^\p{L}\p{N}_]/gu, '_');
  if (suitable !== name) notes.push('Field renamed to remove unsuitable characters.');
  name = suitable.replace(/_{2,}/g, '_');
  if (name !== suitable && column.includes('__')) {
    notes.push("Field renamed because it contained more than one '_' in a row.");
  }
  if (name.startsWith('_')) {
    name = `field${name}`;
    notes.push("Field renamed because it started with '_'.");
  }
  if (name.endsWith('_')) {
    name = `${name}field`;
    notes.push("Field renamed because it ended with '_'.");
  }
  if (KEYWORDS.has(name)) {
    name = `${name}_field`;
    notes.push('Field renamed because it was a Python reserved word.');
  }
  if (isTaken(name)) {
    name = `${name}_field`;
    notes.push('Field renamed because models have something of this name.');
  }
  if (/^\p{N}/u.test(name)) {
    name = `number_${name}`;
    notes.push("Field renamed because it wasn't a valid Python identifier.");
  }
  if (used.has(name)) {
    let number = 0;
    while (used.has(`${name}_${number}`)) number += 1;
    name = `${name}_${number}`;
    notes.push('Field renamed because of name conflict.');
  }
  const says = isNamed || (name !== column && notes.length > 0);
  return { name, dbColumn: says ? column : undefined, notes };
}

function isTaken(name: string): boolean {
  const property = camelCase(name);
  return TAKEN.has(property) || property in Model.prototype;
}

/**
 * The name of a model for a table.
 *
 * @param used the names of other tables' models.
 */
export function modelName(table: string, used: ReadonlySet<string> = new Set()): string {
  const title = table.toLowerCase().replace(/\p{L}+/gu, (word) => word[0]?.toUpperCase() + word.slice(1));
  const plain = title.replace(/[^A-Za-z0-9]/g, '');
  const valid = /^[A-Z]/.test(plain) ? plain : `Table${plain}`;
  const free = TYPES.has(valid) ? `${valid}Model` : valid;
  if (!used.has(free)) return free;
  let number = 2;
  while (used.has(`${free}${number}`)) number += 1;
  return `${free}${number}`;
}
