/**
 * Bracket syntax for dictionary-like classes: `request.GET['q']`, `response.headers['Vary'] = '*'`.
 *
 * A Proxy around each object would make every method call on it slow. Here the Proxy ends the prototype chain
 * instead: a property that the class has is found before it, and only a name that nothing else knows reaches it.
 * `Object.prototype` is not on the chain, so `__proto__` and `hasOwnProperty` are names like any other.
 * What such a Proxy cannot see is `in` and `delete`: the first throws and says what to call, the second is the
 * method `delete()`.
 *
 * Subclasses keep their state in `#private` fields: an ordinary field would be an assignment to a new name.
 */

/** What `object[key]` gives. */
export const GET_ITEM = Symbol('tsango.getItem');
/** What `object[key] = value` does. */
export const SET_ITEM = Symbol('tsango.setItem');

/**
 * What a template sees of a text that an object has under a name: a row's dates, times and decimals are text in
 * TypeScript, and Python's types in a template, which formats them.
 */
export const IN_TEMPLATES = Symbol('tsango.inTemplates');

/** What `key in object` would say; templates and `has()` use it. */
export const HAS_ITEM = Symbol('tsango.hasItem');

/** What `item in object` says in a template, now or promised, where that is not about keys. Python: `__contains__`. */
export const CONTAINS = Symbol('tsango.contains');

/** Names that runtimes, test runners and serialisers look for on any object; they never throw. */
const PROBES: ReadonlySet<string> = new Set([
  'then',
  'catch',
  'toJSON',
  'toString',
  'valueOf',
  'constructor',
  'inspect',
  'asymmetricMatch',
  '$$typeof',
  '_isMockFunction',
  'nodeType',
  'tagName',
  'hasAttribute',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  '@@__IMMUTABLE_ITERABLE__@@',
  '@@__IMMUTABLE_RECORD__@@',
]);

/** Whether something other than a program's own code probably asks for that name. */
export function isProbe(name: string): boolean {
  return PROBES.has(name);
}

/** The base of classes with bracket syntax. */
export abstract class Subscriptable {
  abstract [GET_ITEM](key: string): unknown;
  abstract [SET_ITEM](key: string, value: unknown): void;
  abstract [HAS_ITEM](key: string): boolean;
}

const end: ProxyHandler<object> = {
  get(_target, name, receiver: Subscriptable) {
    return typeof name === 'symbol' || typeof receiver?.[GET_ITEM] !== 'function'
      ? undefined
      : receiver[GET_ITEM](name);
  },
  set(_target, name, value, receiver: Subscriptable) {
    if (typeof name === 'symbol') {
      return Reflect.defineProperty(receiver, name, { value, writable: true, configurable: true });
    }
    receiver[SET_ITEM](name, value);
    return true;
  },
  has(_target, name) {
    if (typeof name === 'symbol' || PROBES.has(name)) return false;
    throw new TypeError(`'in' cannot look inside this object: call .has('${name}').`);
  },
  getPrototypeOf: () => null,
};
/**
 * Makes the methods of a class what brackets cannot put anything over: `dict[name] = value` with a name that a client
 * chose (`get`, `items`) is a TypeError, where it would take the method from that object.
 */
export function protectMethods(cls: { readonly prototype: object }): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(cls.prototype))) {
    if (typeof value === 'function') Object.defineProperty(cls.prototype, name, { writable: false });
  }
}

Object.setPrototypeOf(Subscriptable.prototype, new Proxy(Object.create(null) as object, end));
