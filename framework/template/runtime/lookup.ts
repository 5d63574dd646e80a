/**
 * Finds `b` of `{{ a.b }}`: dictionary key, attribute, index; and calls what can be called.
 *
 * Django: `Variable._resolve_lookup`. What JavaScript's own prototypes have (`constructor`, `toString`, an array's
 * `map`, …) does not exist for a template; Python's attributes of such values are in `attributes.ts`.
 */

import { types } from 'node:util';
import { AttributeError, KeyError, SynchronousOnlyOperation } from '../../core/exceptions';
import { isPromise, loadNow, ROWS } from '../../utils/maybe_promise';
import { camelCase } from '../../utils/module_loading';
import { SafeString } from '../../utils/safestring';
import { GET_ITEM, HAS_ITEM, IN_TEMPLATES } from '../../utils/subscriptable';
import type { Context } from '../context';
import { getOrMake } from '../get_or_make';
import { NO_ATTRIBUTE, pythonAttribute } from './attributes';

/** Names that every JavaScript object has of itself. */
export const UNSAFE_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

const OBJECT = Object.prototype;
const getPrototypeOf = Object.getPrototypeOf as (object: object) => object | null;

/** Prototypes whose members a template does not reach. */
const FOREIGN: ReadonlySet<object> = new Set<object>(
  [
    ...[Object, Function, Array, String, Number, Boolean, BigInt, Symbol, Date, RegExp, Error, Promise],
    ...[Map, Set, WeakMap, WeakSet, WeakRef, ArrayBuffer, DataView, Buffer, URL, URLSearchParams],
    ...[EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError],
    ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
    ...[
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
      getPrototypeOf(Uint8Array) as typeof Uint8Array,
    ],
  ]
    .map((type) => type.prototype as object)
    .concat(
      // Of iterators and of the several kinds of functions, which have no names.
      [async () => undefined, function* () {}, async function* () {}].flatMap((fn) => {
        const prototype = getPrototypeOf(fn) as { prototype?: object };
        const made = prototype.prototype;
        return made === undefined ? [prototype] : [prototype, made, getPrototypeOf(made) as object];
      }),
      [[], new Map(), new Set(), ''].map((items) => getPrototypeOf(items[Symbol.iterator]()) as object),
    ),
);

const known = new WeakMap<object, Map<string, boolean>>();

/** Whether a class (not JavaScript's own) has that member. Remembered by prototype. */
function classHas(prototype: object | null, name: string): boolean {
  if (prototype === null) return false;
  const answer = known.get(prototype)?.get(name);
  if (answer !== undefined) return answer;
  if (FOREIGN.has(prototype) || types.isProxy(prototype)) return false;
  const found =
    name !== 'constructor' && (Object.hasOwn(prototype, name) || classHas(getPrototypeOf(prototype), name));
  getOrMake(known, prototype, () => new Map<string, boolean>()).set(name, found);
  return found;
}

/** A function's attributes that come from JavaScript and not from its author. */
const FUNCTION_OWN: ReadonlySet<string> = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);

interface Mapping {
  [GET_ITEM](key: string): unknown;
  [HAS_ITEM](key: string): boolean;
}

/** `undefined` where there is no such thing. */
function member(value: object, name: string): unknown {
  if (types.isProxy(value)) return proxyMember(value, name);
  if (value instanceof Map) {
    if (value.has(name)) return value.get(name);
  } else if (typeof (value as Partial<Mapping>)[HAS_ITEM] === 'function') {
    // A dictionary class of the framework: QueryDict, headers, cookies.
    if ((value as Mapping)[HAS_ITEM](name)) return (value as Mapping)[GET_ITEM](name);
  }
  const prototype = getPrototypeOf(value);
  const isFunction = typeof value === 'function';
  if (Object.hasOwn(value, name)) {
    if (!Array.isArray(value) && !(isFunction && FUNCTION_OWN.has(name)) && !(value instanceof String)) {
      return shown(value, name, (value as Record<string, unknown>)[name]);
    }
    return isIndex(name) ? (value as unknown as Record<string, unknown>)[name] : undefined;
  }
  if (classHas(prototype, name)) return shown(value, name, (value as Record<string, unknown>)[name]);
  return undefined;
}

interface Shown {
  readonly [IN_TEMPLATES]?: (name: string, text: string) => unknown;
}

/** A text as the object that has it shows it to templates. */
function shown(owner: object, name: string, found: unknown): unknown {
  return typeof found === 'string' ? ((owner as Shown)[IN_TEMPLATES]?.(name, found) ?? found) : found;
}

/** A session, or anything else behind a Proxy: it says itself what it has. */
function proxyMember(value: object, name: string): unknown {
  if (UNSAFE_NAMES.has(name)) return Object.getOwnPropertyDescriptor(value, name)?.value as unknown;
  // As in Django, what a dictionary holds comes before its methods: a key may be called `items`.
  const mapping = value as Partial<Mapping>;
  try {
    if (typeof mapping[HAS_ITEM] === 'function' && mapping[HAS_ITEM](name)) return mapping[GET_ITEM]?.(name);
  } catch (error) {
    // A session that is not loaded says so when its items are needed, not when a method is.
    if (!(error instanceof SynchronousOnlyOperation)) throw error;
  }
  try {
    return (value as Record<string, unknown>)[name];
  } catch (error) {
    if (error instanceof KeyError || error instanceof AttributeError) return undefined;
    throw error;
  }
}

const INDEX = /^[+-]?\d+$/;

function isIndex(name: string): boolean {
  return INDEX.test(name);
}

function itemAt(value: unknown, name: string): unknown {
  const index = Number(name);
  if (typeof value === 'string') return at([...value], index);
  if (value instanceof SafeString) return at([...value.value], index);
  if (Array.isArray(value)) return at(value, index);
  if (value instanceof Uint8Array) return index < 0 ? value[value.length + index] : value[index];
  if (value instanceof Map) return value.get(index);
  return undefined;
}

function at(items: readonly unknown[], index: number): unknown {
  return index < 0 ? items[items.length + index] : items[index];
}

/** The raw attribute of a value, not called; `undefined` if there is none. */
export function getMember(value: unknown, name: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'object' || typeof value === 'function') {
    const found = member(value, name);
    if (found !== undefined) return found;
    if (Object.hasOwn(value, name) && getPrototypeOf(value) === OBJECT) return null;
    if (name.includes('_')) {
      const twin = member(value, camelCase(name));
      if (twin !== undefined) return twin;
    }
  }
  const attribute = pythonAttribute(value, name);
  if (attribute !== NO_ATTRIBUTE) return attribute;
  return isIndex(name) ? itemAt(value, name) : undefined;
}

/** What a function says about itself to templates. */
interface Callable {
  (...args: unknown[]): unknown;
  altersData?: boolean;
  doNotCallInTemplates?: boolean;
}

/** Verbs of methods that change things. One of these is called only if it is clear that it may be. */
const CHANGES =
  /^(?:set|setdefault|reset|revoke|delete|remove|save|flush|clear|destroy|update|create|add|insert|push|pop|cycle)(?![a-z])/;

/** What there is to know of a function before it is called. */
interface Kind {
  readonly isClass: boolean;
  /** Whether its name is that of a change. */
  readonly changes: boolean;
}

const kinds = new WeakMap<object, Kind>();

function kindOf(fn: Callable): Kind {
  let kind = kinds.get(fn);
  if (kind === undefined) {
    kind = {
      isClass: /^class\b/.test(Function.prototype.toString.call(fn)),
      changes: CHANGES.test(fn.name.replace(/^bound /, '')),
    };
    kinds.set(fn, kind);
  }
  return kind;
}

function altersData(fn: Callable, owner: unknown): boolean {
  if (fn.altersData === true) return true;
  if (owner === null || typeof owner !== 'object') return false;
  // A method of some class, named after a change. What a dictionary holds was put there to be used.
  return kindOf(fn).changes && !isDictionary(owner);
}

function isDictionary(owner: object): boolean {
  return !types.isProxy(owner) && [OBJECT, null].includes(getPrototypeOf(owner));
}

/** What a callable gives a template: its result, itself, or string_if_invalid. */
export function callInTemplate(fn: unknown, owner: unknown, context: Context): unknown {
  const callable = fn as Callable;
  if (callable.doNotCallInTemplates === true || kindOf(callable).isClass) return callable;
  const invalid = context.template?.engine.stringIfInvalid ?? '';
  if (altersData(callable, owner)) return invalid;
  const waiting = context.waiting;
  try {
    const result =
      waiting === null
        ? callable.call(owner)
        : waiting.call(callable, owner, () => callable.call(owner) as unknown);
    return result === undefined ? null : result;
  } catch (error) {
    if (isSilent(error)) return invalid;
    // It wanted an argument. JavaScript notices only when it uses the missing one.
    if (error instanceof TypeError && callable.length > 0) return invalid;
    throw awaited(error, context);
  }
}

/**
 * An error of something that could not answer at once and says what it waits for: the rendering waits for that, and is
 * done anew. Any other error as it is.
 *
 * @throws Suspend.
 */
export function awaited(error: unknown, context: Context): unknown {
  if (error instanceof SynchronousOnlyOperation && error.waitsFor !== undefined && context.waiting !== null) {
    context.waiting.take(error.waitsFor);
  }
  return error;
}

function isSilent(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  type Flagged = { silentVariableFailure?: boolean };
  const { silentVariableFailure } = error as Flagged;
  return (
    silentVariableFailure === true ||
    (error.constructor as Flagged | undefined)?.silentVariableFailure === true
  );
}

/** What a body gives; string_if_invalid where it fails with an error that templates keep silent about. */
export function quietly(context: Context, body: () => unknown): unknown {
  try {
    return body();
  } catch (error) {
    if (isSilent(error)) return context.template?.engine.stringIfInvalid ?? '';
    throw error;
  }
}

/** A promised value, once it is there. */
export function settled(promise: PromiseLike<unknown>, context: Context): unknown {
  return quietly(context, () => {
    const now = loadNow(promise);
    return isPromise(now) ? waitingOf(context).take(promise) : now;
  });
}

/** One step of a dotted name: the attribute, called if it can be; `undefined` if there is none. */
export function attribute(value: unknown, name: string, context: Context): unknown {
  let object = value;
  if (typeof object === 'function') {
    object = callInTemplate(object, null, context);
  }
  // A number behind rows is one of them, another name one of the query's.
  if (isPromise(object) && (!(ROWS in object) || isIndex(name))) {
    object = settled(object, context);
  }
  let found: unknown;
  try {
    found = getMember(object, name);
  } catch (error) {
    if (isSilent(error)) return context.template?.engine.stringIfInvalid ?? '';
    throw awaited(error, context);
  }
  if (typeof found === 'function') return callInTemplate(found, object, context);
  if (isPromise(found as unknown) && context.waiting !== null && !(ROWS in (found as object))) {
    return context.waiting.property(object, name, found);
  }
  return found;
}

function waitingOf(context: Context): { take(promise: PromiseLike<unknown>): unknown } {
  if (context.waiting === null) {
    throw new TypeError('A promise can be used in a template only while the template renders.');
  }
  return context.waiting;
}
