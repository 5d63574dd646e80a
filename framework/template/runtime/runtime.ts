/** What the JavaScript of a compiled template calls. Beside it, nunjucks' own runtime is at hand as `nunjucks`. */
import { types } from 'node:util';
import { isConfigured, settings } from '../../conf';
import { ValueError } from '../../core/exceptions';
import {
  isPlainObject,
  isTruthy,
  pyCompare,
  pyContains,
  pyEquals,
  repr,
  toStr,
  typeName,
} from '../../python';
import { Tuple } from '../../python/types';
import { escapeHtml, escapeToText } from '../../utils/html';
import { isPromise, loadNow } from '../../utils/maybe_promise';
import { camelCase, once } from '../../utils/module_loading';
import { markSafe, SafeString } from '../../utils/safestring';
import { CONTAINS, HAS_ITEM } from '../../utils/subscriptable';
import type { Context } from '../context';
import { VariableDoesNotExist } from '../exceptions';
import { awaited, callInTemplate, quietly, settled } from './lookup';
import { Suspend, type Waiting } from './waiting';

// A module that others have loaded is looked for anew at each `require`: these are asked for at each value.
const formats = once(() => require('../../utils/formats') as typeof import('../../utils/formats'));
const timezone = once(() => require('../../utils/timezone') as typeof import('../../utils/timezone'));
const translation = once(
  () => require('../../utils/translation') as typeof import('../../utils/translation'),
);

export { attribute, callInTemplate } from './lookup';
export { Suspend } from './waiting';

function waitingOf(context: Context): Waiting {
  if (context.waiting === null) {
    throw new TypeError('A promise can be used in a template only while the template renders.');
  }
  return context.waiting;
}

/** The first name of a lookup: called if it can be, `undefined` if it is not there. `raw`: as the context has it. */
export function variable(raw: unknown, name: string, context: Context): unknown {
  if (typeof raw === 'function') return callInTemplate(raw, null, context);
  if (raw !== undefined) return raw;
  if (name.includes('_')) {
    const twin = context.fetchOwn(camelCase(name));
    if (twin !== undefined) return typeof twin === 'function' ? callInTemplate(twin, null, context) : twin;
  }
  return undefined;
}

/** A value that a loop or `with` gave a name: called if it can be. */
export function local(value: unknown, context: Context): unknown {
  return typeof value === 'function' ? callInTemplate(value, null, context) : value;
}

/** A promised value, once it is there. */
export function ready(value: unknown, context: Context): unknown {
  if (typeof value === 'object' && value !== null && isPromise(value)) {
    return settled(value, context);
  }
  return value;
}

function printed(value: unknown, context: Context): unknown {
  if (typeof value === 'object' && value !== null && isPromise(value as unknown)) {
    return quietly(context, () => {
      const now = loadNow(value);
      if (!isPromise(now)) return now;
      const found = waitingOf(context).print(value as unknown as PromiseLike<unknown>);
      return found === undefined ? null : found;
    });
  }
  return value;
}

/** What `{{ value }}` prints where the value is no string, before it is escaped: text, a safe string, or another. */
function localized(value: unknown, context: Context): unknown {
  if (typeof value === 'number') {
    if (Number.isInteger(value) && !(isConfigured() && settings.USE_THOUSAND_SEPARATOR)) return toStr(value);
  } else if (typeof value === 'boolean' || value === null || value === undefined) {
    return toStr(value ?? null);
  } else if (types.isProxy(value)) {
    // Asking it for anything may fail, or count as an access.
    return `<${String((Object.getPrototypeOf(value) as object | null)?.constructor.name ?? 'Proxy')} object>`;
  } else if (value instanceof SafeString || Array.isArray(value) || isPlainObject(value)) {
    return value;
  }
  const { localize } = formats();
  return localize(localtime(value, context), context.useL10n);
}

/** A datetime in the current time zone; anything else as it is. Django: `template_localtime`. */
export function localtime(value: unknown, context: Context): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { templateLocaltime } = timezone();
  return templateLocaltime(value, context.useTz);
}

/** What `{{ value }}` prints with autoescaping on. */
export function escaped(value: unknown, context: Context): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (value instanceof SafeString) return value.value;
  if (value === undefined) return '';
  const given = printed(value, context);
  try {
    return escapeToText(localized(given, context));
  } catch (error) {
    throw awaited(error, context);
  }
}

/** What `{{ value }}` prints with autoescaping off. */
export function plain(value: unknown, context: Context): string {
  if (typeof value === 'string') return value;
  if (value instanceof SafeString) return value.value;
  if (value === undefined) return '';
  const given = printed(value, context);
  try {
    return toStr(localized(given, context));
  } catch (error) {
    throw awaited(error, context);
  }
}

/** Django: `render_value_in_context`. */
export function renderValueInContext(value: unknown, context: Context): string {
  return context.autoescape ? escaped(value, context) : plain(value, context);
}

/** Python's truth of a value. */
export function truthy(value: unknown, context: Context): boolean {
  if (value === true) return true;
  if (value === undefined || value === null || value === false) return false;
  if (typeof value === 'string') return value !== '';
  return isTruthy(ready(value, context));
}

/** The items of a loop. @throws TypeError if the value has none. */
export function iterate(value: unknown, context: Context): ArrayLike<unknown> {
  if (Array.isArray(value)) return value as unknown[];
  const given = ready(value, context);
  if (given === null || given === undefined) return [];
  if (typeof given === 'string') return [...given];
  if (typeof given === 'object') {
    if (Array.isArray(given)) return given as unknown[];
    if (given instanceof Map) return [...given.keys()];
    if (given instanceof Uint8Array) return given;
    const iterator = (given as Partial<Iterable<unknown>>)[Symbol.iterator];
    if (typeof iterator === 'function') {
      const items = (): unknown[] => {
        const list = itemsOf(given as Iterable<unknown>, context);
        // A dictionary class is iterated by its keys in Python.
        return typeof (given as Record<symbol, unknown>)[HAS_ITEM] === 'function' && list.every(isEntry)
          ? list.map((entry) => entry[0])
          : list;
      };
      // An iterator runs dry: what it gave is kept for the next attempt.
      return context.waiting === null ? items() : context.waiting.call(iterate, given, items);
    }
    if (isPlainObject(given)) return Object.keys(given);
  }
  throw new TypeError(`'${typeName(given)}' object is not iterable`);
}

function itemsOf(given: Iterable<unknown>, context: Context): unknown[] {
  try {
    return Array.from(given);
  } catch (error) {
    throw awaited(error, context);
  }
}

function isEntry(item: unknown): item is [unknown, unknown] {
  return Array.isArray(item) && item.length === 2;
}

/** The values for several names of a loop. @throws ValueError if there are not as many. */
export function unpack(item: unknown, count: number, context: Context): ArrayLike<unknown> {
  const given = ready(item, context);
  let values: ArrayLike<unknown> | null = null;
  let length = 1;
  if (Array.isArray(given)) {
    values = given;
    length = given.length;
  } else if (
    given !== null &&
    given !== undefined &&
    (typeof given === 'object' || typeof given === 'string')
  ) {
    try {
      values = iterate(given, context);
      length = values.length;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  if (length !== count) {
    throw new ValueError(`Need ${count} values to unpack in for loop; got ${length}. `);
  }
  if (values === null) throw new TypeError(`'${typeName(given)}' object is not iterable`);
  return values;
}

/** A value, or what stands for one that does not exist. */
export function orElse(value: unknown, otherwise: unknown): unknown {
  return value === undefined ? otherwise : value;
}

/** Keeps what a filter gives safe where its input was and it promises to add nothing unsafe. */
export function keep(input: unknown, output: unknown): unknown {
  return input instanceof SafeString ? markSafe(typeof output === 'string' ? output : toStr(output)) : output;
}

/** `a == b` */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return !(typeof a === 'number' && Number.isNaN(a));
  return pyEquals(a ?? null, b ?? null);
}

/** `a < b` and so on; false where Python cannot compare the two. */
export function compare(a: unknown, operator: '<' | '<=' | '>' | '>=', b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
  }
  try {
    const order = pyCompare(a, b, operator);
    if (Number.isNaN(order)) return false;
    return operator === '<'
      ? order < 0
      : operator === '<='
        ? order <= 0
        : operator === '>'
          ? order > 0
          : order >= 0;
  } catch {
    return false;
  }
}

/** `item in container`; false where the value contains nothing. */
export function contains(container: unknown, item: unknown, negate: boolean, context: Context): boolean {
  if (typeof container === 'object' && container !== null && CONTAINS in container) {
    const { [CONTAINS]: answer } = container as { [CONTAINS](item: unknown): unknown };
    return truthy(answer.call(container, item), context) !== negate;
  }
  // Python cannot look a list or a dictionary up among keys.
  if (isKeyed(container) && isUnhashable(item)) return false;
  try {
    return pyContains(container, item) !== negate;
  } catch {
    return false;
  }
}

function isKeyed(container: unknown): boolean {
  return container instanceof Map || container instanceof Set || isPlainObject(container);
}

function isUnhashable(item: unknown): boolean {
  return isKeyed(item) || (Array.isArray(item) && !(item instanceof Tuple));
}

/** `a is b` */
export function identical(a: unknown, b: unknown): boolean {
  const left = a instanceof SafeString ? a.value : (a ?? null);
  const right = b instanceof SafeString ? b.value : (b ?? null);
  return left === right;
}

/** An operator of `{% if %}` whose operands may fail: it is false then. */
export function attempt(body: () => boolean): boolean {
  try {
    return body();
  } catch (error) {
    return failed(error);
  }
}

/** A condition that failed is false; one that has to wait, waits. */
export function failed(error: unknown): false {
  if (error instanceof Suspend) throw error;
  return false;
}

/** A condition without operators fails, but where a filter's argument is missing. */
export function missing(error: unknown): false {
  if (error instanceof VariableDoesNotExist) return false;
  throw error;
}

/** A loop goes on with its next round where this one has to wait; any other error is one. */
export function skip(error: unknown, context: Context, depth: number): void {
  const waiting = context.waiting;
  if (!(error instanceof Suspend) || waiting === null || waiting.attempts === 0) throw error;
  waiting.skipped = true;
  context.dicts.length = depth;
}

/**
 * A text in the active language; safe if it was. Its percent signs are doubled, as in the catalogs of templates' texts:
 * filters see them so, and `{% translate %}` takes that back when it prints. Django: `Variable.resolve`.
 */
export function translate(message: unknown, messageContext: unknown = null): unknown {
  const { gettext, pgettext } = translation();
  const text = toStr(message);
  if (text === '') return message;
  const id = text.replaceAll('%', '%%');
  const result = messageContext === null ? gettext(id) : pgettext(toStr(messageContext), id);
  return message instanceof SafeString ? markSafe(result) : result;
}

/** Calls a filter that may give a promise: see `Waiting.again`. */
export function again(
  context: Context,
  site: { filter: { fn: (...args: unknown[]) => unknown } },
  ...args: unknown[]
): unknown {
  const { fn } = site.filter;
  const { waiting } = context;
  return waiting === null
    ? fn(...args)
    : waiting.again(site, () => fn(...args), fn.constructor.name === 'AsyncFunction');
}

/** The argument of a filter. @throws VariableDoesNotExist if there is no such variable. */
export function argument(value: unknown, name: string, context: Context): unknown {
  if (value === undefined) throw doesNotExist(name, context);
  return ready(value, context);
}

/** The error for a variable that has to be there. */
export function doesNotExist(name: string, context: Context): VariableDoesNotExist {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const names = Object.keys(context.flatten()).filter((key) => !['True', 'False', 'None'].includes(key));
  return new VariableDoesNotExist(`Failed lookup for key [${last}] in ${repr(names)} (of '${name}')`);
}

/** What stands for a variable that does not exist. */
export function invalidText(stringIfInvalid: string, name: string): string {
  return stringIfInvalid.replace('%s', () => name);
}
