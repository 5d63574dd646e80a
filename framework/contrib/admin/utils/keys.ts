/**
 * Keys of objects as text. One of several values (CompositePrimaryKey) is in addresses `A,7`: its parts, each quoted, so that a comma is
 * always between two of them. Elsewhere, in boxes, hidden fields, pop-ups and the log, it is the JSON of a list of texts, which is what Django
 * stores of such a key in generic relations. Django's own admin refuses such models.
 */
import type { Model, ModelClass } from '../../../db/models/base';
import type { Field } from '../../../db/models/fields/base';
import { CompositePrimaryKey } from '../../../db/models/fields/composite';
import type { Options } from '../../../db/models/options';
import { jsonDumps } from '../../../python/json_encoder';
import { toStr } from '../../../python/str';
import { quote, unquote } from './quote';

/** A model's key of several values; undefined where it has another. */
export function compositeKey({ pk }: Options): CompositePrimaryKey | undefined {
  return pk instanceof CompositePrimaryKey ? pk : undefined;
}

/** The key of an object, or the value of another field that stands for it, as text. */
export function keyText(row: Model, attname = 'pk'): string {
  const key = compositeKey((row.constructor as unknown as ModelClass)._meta);
  if (key !== undefined && attname === 'pk') return key.valueToString(row);
  return toStr(attname === 'pk' ? row.pk : row.serializableValue(attname));
}

/** A key as a segment of a path. */
export function quoteKey(key: unknown): string {
  return Array.isArray(key) ? key.map((part) => quote(toStr(part))).join(',') : quote(toStr(key));
}

/** The key of such a segment, as text: of a model's key, or of another field. */
export function unquoteKey(field: Field, segment: string): string {
  return field instanceof CompositePrimaryKey
    ? jsonDumps(segment.split(',').map(unquote), { ensureAscii: false })
    : unquote(segment);
}

/** The segment for a key that was stored as text. */
export function quoteText(meta: Options | undefined, text: string): string {
  const key = meta === undefined ? undefined : compositeKey(meta);
  if (key === undefined) return quote(text);
  try {
    return quoteKey(key.toPython(text));
  } catch {
    // It was stored when the model had another key: nothing is there any more.
    return quote(text);
  }
}

/** The keys that texts say, as lookups take them. Of several values, what is none is left out: it is no object's. */
export function keysOf(meta: Options, texts: readonly string[]): readonly unknown[] {
  const key = compositeKey(meta);
  if (key === undefined) return texts;
  return texts.flatMap((text) => {
    try {
      return [key.toPython(text)];
    } catch {
      return [];
    }
  });
}
