/** Paths into JSON. They are parameters, never a part of a statement. Django: `compile_json_path`. */
import type { DatabaseWrapper } from '../../backends/base/base';
import { NotSupportedError } from '../../errors';
import { jsonText } from '../fields/json_text';

/** The position in a list that a name means, as Python's `int` reads it; undefined: it is a key. */
export function indexOf(name: string): bigint | undefined {
  return /^[+-]?\d{1,18}$/.test(name) ? BigInt(name.replace('+', '')) : undefined;
}

/** A key as it stands in a path. */
export function keyStep(name: string): string {
  return `.${jsonText(name)}`;
}

/** @throws NotSupportedError for one from the end on MySQL: MariaDB finds it in the first row alone. */
function indexStep(index: bigint, vendor: string): string {
  if (index >= 0n) return `[${index}]`;
  if (vendor === 'sqlite') return `[#${index}]`;
  throw new NotSupportedError('Using negative JSON array indices is not supported on this database backend.');
}

/** The path of SQLite and MySQL; a name that is a number is a position. */
export function jsonPath(names: readonly string[], { vendor }: DatabaseWrapper): string {
  return names
    .map((name) => {
      const index = indexOf(name);
      return index === undefined ? keyStep(name) : indexStep(index, vendor);
    })
    .join('');
}

/** A list of texts as PostgreSQL writes it. */
export function textArray(names: readonly string[]): string {
  return `{${names.map((name) => `"${name.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
