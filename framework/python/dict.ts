/** Python's dict as JavaScript has it. */

/**
 * An empty dictionary for keys that come from outside: without `Object.prototype`, and unlike `Object.create(null)`,
 * which V8 keeps as a hash table, as fast as any other object.
 */
export const Dict = function Dict() {} as unknown as new <T = unknown>() => Record<string, T>;
Dict.prototype = Object.create(null);

/** Whether an object is a dictionary: `{}`, `Object.create(null)` and `Dict`, no class's instance. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === Object.prototype ||
    prototype === null ||
    prototype === Dict.prototype ||
    isForeignObjectPrototype(prototype)
  );
}

/** `Object.prototype` of another realm (a vm context, such as jest's) is the only prototype that has none. */
function isForeignObjectPrototype(prototype: unknown): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'hasOwnProperty');
}
