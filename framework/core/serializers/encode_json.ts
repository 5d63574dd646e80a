/**
 * JSON as Python's `json.dumps` with Django's encoder writes it: a space after commas and colons, everything
 * outside ASCII escaped.
 *
 * Django: `django.core.serializers.json`.
 */

/** A date as Django's encoder writes it: milliseconds only where there are some. ECMA-262, 21.4.1.32. */
function isoDate(date: Date): string {
  const text = date.toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

function encodeSpecial(value: unknown): unknown {
  if (value instanceof Date) return isoDate(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  if (value instanceof Uint8Array) throw new TypeError('Object of type bytes is not JSON serializable');
  return value;
}

/** Whether something needs more than JavaScript's own JSON; the replacer slows that down several times. */
function isSpecial(value: unknown, depth = 0): boolean {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint';
  if (value instanceof Date || value instanceof Map || value instanceof Set || value instanceof Uint8Array)
    return true;
  if (depth > 50) return true;
  if (Array.isArray(value)) return value.some((item) => isSpecial(item, depth + 1));
  for (const key in value) {
    if (isSpecial((value as Record<string, unknown>)[key], depth + 1)) return true;
  }
  return false;
}

/** Stands around the digits of a bigint until they are written without quotes: no JSON text holds it unescaped. */
const BIGINT_MARK = '\u0000bigint:';
const MARKED_BIGINT = /"\\u0000bigint:(-?\d+)"/g;

function replacer(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  if (typeof original === 'bigint') return `${BIGINT_MARK}${original}`;
  return original instanceof Date ? isoDate(original) : encodeSpecial(value);
}

/**
 * Encodes data.
 *
 * @param indent spaces of each level; everything on one line if absent.
 * @throws TypeError for what JSON cannot hold: bytes, functions, circles.
 */
export function encodeJson(data: unknown, indent?: number): string {
  const special = isSpecial(data);
  // With indentation there is a line break after each comma and bracket, and nowhere else: in strings it is escaped.
  const pretty: string | undefined = JSON.stringify(data, special ? replacer : undefined, indent ?? 1);
  if (pretty === undefined) {
    throw new TypeError(`Object of type ${typeof data} is not JSON serializable`);
  }
  let text = indent === undefined ? pretty.replace(/,\n */g, ', ').replace(/\n */g, '') : pretty;
  if (special) text = text.replace(MARKED_BIGINT, '$1');
  return text.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
