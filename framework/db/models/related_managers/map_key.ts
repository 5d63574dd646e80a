/** Values as keys of Maps. */

/** A value as the key of a Map: equal values are the same key, whatever they are. */
export function mapKey(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) {
    const parts = value.map(mapKey).map((part) => `${typeof part} ${String(part)}`);
    return `list ${JSON.stringify(parts)}`;
  }
  return `${value.constructor.name} ${String(value)}`;
}
