import { dumps } from '../../../python/json';

/**
 * JSON with the spaces that Python's `json.dumps` writes, so that a manifest is the same file on both sides. A Map is
 * an object whose keys stay in their order, also `404`.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${(value instanceof Map ? [...value] : Object.entries(value))
      .map(([key, item]) => `${canonicalJson(key)}: ${canonicalJson(item)}`)
      .join(', ')}}`;
  }
  return dumps(value);
}
