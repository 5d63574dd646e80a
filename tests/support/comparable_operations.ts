/** Operations as values that can be compared. */
import { Operation } from 'tsango/db/migrations';
import { Field, Manager } from 'tsango/db/models';

/** An operation as something that can be compared; groups of unique fields have no order, nor have empty options a meaning. */
export function shown(value: unknown, key = ''): unknown {
  if (value instanceof Operation) return comparable(value);
  if (value instanceof Field) {
    const { default: _default, ...options } = value.options as Record<string, unknown>;
    return [value.internalType, shown(options), value.hasDefault];
  }
  if (value instanceof Manager) return shown(value.deconstruct());
  if (Array.isArray(value)) {
    const items = value.map((item) => shown(item));
    return key.endsWith('Together') ? items.map((item) => JSON.stringify(item)).sort() : items;
  }
  if (typeof value === 'function') return value.name || String(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, entry]): [string, unknown] => [name, shown(entry, name)])
      .filter(([, entry]) => !isEmpty(entry))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function isEmpty(entry: unknown): boolean {
  return (
    entry === undefined || entry === null || (typeof entry === 'object' && Object.keys(entry).length === 0)
  );
}

/** The operation's class, and what makes it again. */
export const comparable = (operation: Operation): unknown => [
  operation.constructor.name,
  shown(operation.deconstruct()),
];
