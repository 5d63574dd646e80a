/**
 * The bracket syntax: `session['name']`, `'name' in session`, `delete session['name']`.
 *
 * Every session object is a proxy over itself: names of methods mean the methods, anything else is a key of the
 * session. Probes of the runtime and of tools (`then`, `toJSON`, symbols) never throw.
 */
import { AttributeError } from '../../../core/exceptions';
import type { SessionBase } from '../backends/base';
import { deleteItem, getItem, itemsOf, setItem } from './items';
import { STATE } from './state';

/** How a name of the class can be used. */
type Member = 'method' | 'value' | 'settable';

/** Names that promises, test runners and debuggers ask any object for. */
const PROBES: ReadonlySet<string> = new Set([
  'then',
  'catch',
  'inspect',
  'nodeType',
  'tagName',
  'asymmetricMatch',
  '$$typeof',
  '_isMockFunction',
  '@@__IMMUTABLE_ITERABLE__@@',
  '@@__IMMUTABLE_KEYED__@@',
  '@@__IMMUTABLE_ORDERED__@@',
  '@@__IMMUTABLE_LIST__@@',
  '@@__IMMUTABLE_MAP__@@',
  '@@__IMMUTABLE_SET__@@',
  '@@__IMMUTABLE_STACK__@@',
  '@@__IMMUTABLE_RECORD__@@',
]);

/** What to call instead of writing to a method's name. */
const INSTEAD: Readonly<Record<string, string>> = {
  modified: 'it is true or false',
  accessed: 'it is true or false',
  sessionKey: 'cycleKey() gives the session a new key',
  get: 'get(key) reads a key',
  keys: 'keys() lists the keys',
  values: 'values() lists the values',
  items: 'items() lists the items',
  update: 'update({ … }) sets several keys',
  clear: 'clear() removes every key',
  pop: 'pop(key) takes a key out',
  has: 'has(key) asks for a key',
  flush: 'flush() ends the session',
  save: 'save() stores the session',
  setExpiry: 'setExpiry(…) sets when the session ends',
};

function membersOf(cls: object): Map<string, Member> {
  const members = new Map<string, Member>();
  for (
    let prototype = (cls as { prototype: object }).prototype;
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object
  ) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      if (name === 'constructor' || members.has(name)) continue;
      const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
      if (descriptor.set) members.set(name, 'settable');
      else members.set(name, typeof descriptor.value === 'function' ? 'method' : 'value');
    }
  }
  return members;
}

/** Whether a name is one of `Object.prototype`, which every object answers to. */
function isOfEveryObject(name: string): boolean {
  return name in Object.prototype;
}

class SessionHandler implements ProxyHandler<SessionBase> {
  private readonly members: Map<string, Member>;

  /** @param fields names that the engine's constructors assign: properties, not keys. */
  constructor(
    cls: object,
    private readonly fields: ReadonlySet<string>,
  ) {
    this.members = membersOf(cls);
  }

  get(target: SessionBase, name: string | symbol, receiver: unknown): unknown {
    if (name === STATE) return target[STATE];
    if (typeof name === 'symbol') return Reflect.get(target, name, receiver);
    const member = this.members.get(name);
    if (member === 'method') return target[name];
    if (member !== undefined) return Reflect.get(target, name, receiver);
    if (this.fields.has(name)) return Reflect.get(target, name, receiver);
    if (PROBES.has(name)) return this.probe(target, name);
    if (isOfEveryObject(name)) return this.inherited(target, name, receiver);
    return getItem(target, name);
  }

  set(target: SessionBase, name: string | symbol, value: unknown): boolean {
    if (typeof name === 'symbol') return Reflect.set(target, name, value);
    if (this.fields.has(name)) return define(target, name, value);
    const member = this.members.get(name);
    // `modified` and `accessed`: anything else is meant for a key of that name.
    if (member === 'settable' && typeof value === 'boolean') return Reflect.set(target, name, value);
    if (member !== undefined) throw shadowing(target, name);
    setItem(target, name, value);
    return true;
  }

  has(target: SessionBase, name: string | symbol): boolean {
    if (typeof name === 'symbol') return Reflect.has(target, name);
    return Object.hasOwn(itemsOf(target), name);
  }

  deleteProperty(target: SessionBase, name: string | symbol): boolean {
    if (typeof name === 'symbol') return Reflect.deleteProperty(target, name);
    deleteItem(target, name);
    return true;
  }

  ownKeys(target: SessionBase): string[] {
    return Object.keys(itemsOf(target));
  }

  getOwnPropertyDescriptor(target: SessionBase, name: string | symbol): PropertyDescriptor | undefined {
    if (typeof name === 'symbol' || !Object.hasOwn(itemsOf(target), name)) return undefined;
    return { value: getItem(target, name), writable: true, enumerable: true, configurable: true };
  }

  /** Class fields are defined, not assigned, where the engine is compiled that way. */
  defineProperty(target: SessionBase, name: string | symbol, descriptor: PropertyDescriptor): boolean {
    return Reflect.defineProperty(target, name, descriptor);
  }

  preventExtensions(): boolean {
    return false; // Freezing a session would not freeze its items.
  }

  /** Asked of every object by tools: no reason to load the session. */
  private probe(target: SessionBase, name: string): unknown {
    const { data } = target[STATE];
    return data !== undefined && Object.hasOwn(data, name) ? getItem(target, name) : undefined;
  }

  private inherited(target: SessionBase, name: string, receiver: unknown): unknown {
    const state = target[STATE];
    const { accessed } = state;
    try {
      return getItem(target, name);
    } catch {
      // Not a key, or the session cannot be loaded now: what every object answers is no reason to complain.
      state.accessed = accessed;
      return Reflect.get(target, name, receiver);
    }
  }
}

function define(target: object, name: string, value: unknown): boolean {
  return Reflect.defineProperty(target, name, {
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

/** The refusal of a key that is a method's name. */
export function shadowing(session: SessionBase, name: string): AttributeError {
  const hint = Object.hasOwn(INSTEAD, name) ? ` (${INSTEAD[name]})` : '';
  return new AttributeError(
    `'${name}' cannot be a key of ${session[STATE].cls.name} in brackets: it is a method or property of ` +
      `sessions${hint}. Choose another key.`,
  );
}

const handlers = new WeakMap<object, SessionHandler>();

/** Set while a class is tried out, to learn which fields its constructors assign. */
let learning: Set<string> | null = null;

/** The fields that the constructors of an engine's class assign: found by making one object of it. */
function fieldsOf(cls: new (key: string | null) => SessionBase): Set<string> {
  const outer = learning;
  const names = new Set<string>();
  learning = names;
  try {
    new cls(null);
  } catch {
    // What it assigned before it failed is known; the real construction will fail, too, and say why.
  } finally {
    learning = outer;
  }
  return names;
}

function recorder(session: SessionBase, names: Set<string>): SessionBase {
  const record = (target: SessionBase, name: string | symbol, descriptor: PropertyDescriptor): boolean => {
    if (typeof name === 'string') names.add(name);
    return Reflect.defineProperty(target, name, descriptor);
  };
  return new Proxy(session, {
    set: (target, name, value) => record(target, name, { value, writable: true, configurable: true }),
    defineProperty: record,
  });
}

/** The proxy over a session that is being made. Called by the constructor of the base class. */
export function sessionProxy(
  session: SessionBase,
  cls: new (key: string | null) => SessionBase,
): SessionBase {
  if (learning !== null) return recorder(session, learning);
  let handler = handlers.get(cls);
  if (handler === undefined) {
    handler = new SessionHandler(cls, fieldsOf(cls));
    handlers.set(cls, handler);
  }
  return new Proxy(session, handler);
}
