/** Texts by keys: what an hstore is made of. */

/** What an HStoreField's property holds. */
export type HStore = Readonly<Record<string, string | null>>;

/** The pairs of an object or a Map; none for what is neither. */
export function pairsOf(value: unknown): [string, unknown][] {
  if (value instanceof Map) return [...(value as Map<string, unknown>)];
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** Keys are the data's: `__proto__` is one like another. */
export function recordOf<V>(pairs: readonly (readonly [string, V])[]): Record<string, V> {
  const record: Record<string, V> = {};
  for (const [key, value] of pairs) {
    Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return record;
}
