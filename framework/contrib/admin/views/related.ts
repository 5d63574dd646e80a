/** The relations that columns lead through: their rows are read with the rows themselves. */
import { ForeignObject } from '../../../db/models/fields/related';
import type { Options } from '../../../db/models/options';
import type { FieldReference } from '../types';
import { fieldOf } from '../utils/fields';

/** The foreign keys of a column: `author`, and of `author__agent__name` `author__agent`. */
function joinOf(opts: Options, name: string): string | undefined {
  const names: string[] = [];
  let meta = opts;
  for (const part of name.split('__')) {
    const field = fieldOf(meta, part);
    if (!(field instanceof ForeignObject)) break;
    names.push(field.name);
    meta = field.remoteModel;
  }
  return names.length === 0 ? undefined : names.join('__');
}

/** What `selectRelated` takes for columns. */
export function joinsOf(opts: Options, columns: readonly FieldReference<never>[]): string[] {
  return columns.flatMap((name) => (typeof name === 'string' ? (joinOf(opts, name) ?? []) : []));
}
