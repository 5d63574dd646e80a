/** Whether what a query of the recorded ORM came to is what was recorded, and if not, how it differs. */
import { isDeepStrictEqual } from 'node:util';
import { ObjectDoesNotExist } from 'tsango/core/exceptions';
import { Expression } from 'tsango/db/models/expressions/base';
import { FieldFile } from 'tsango/db/models/fields/field_file';
import { PlainDateTime } from 'tsango/python/datetime';
import { Decimal } from 'tsango/python/decimal';
import { Duration } from 'tsango/python/timedelta';
import { type Json, momentOf } from './vector_expressions';
import { propertyOf } from './vector_instances';
import { decode } from './vector_values';

/** How two values differ; undefined where they do not. */
export type Difference = string | undefined;

const close = (one: number, other: number): boolean =>
  one === other ||
  (Number.isNaN(one) && Number.isNaN(other)) ||
  Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));

const spelled = (name: string): string => name.split('__').map(propertyOf).join('__');

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return typeof value;
  const [first = ''] = Object.keys(value);
  if (Array.isArray(value)) return 'a list';
  if (Object.getPrototypeOf(value) === Object.prototype) return first.startsWith('$') ? first : 'an object';
  return `a ${value.constructor?.name ?? 'thing'}`;
}

const differs = (where: string, expected: unknown, actual: unknown): string => {
  const [wanted, got] = [kindOf(expected), kindOf(actual)];
  return wanted === got ? `another ${wanted}${where}` : `${wanted} is ${got}${where}`;
};

/** How a value differs from what was recorded. */
export async function difference(expected: unknown, actual: unknown, where = ''): Promise<Difference> {
  if (expected === null && isThenable(actual)) return ofAbsent(actual, where);
  if (isThenable(actual)) return `a promise${where}, not loaded`;
  // What a file field holds is recorded as its name.
  if (actual instanceof FieldFile) return difference(expected ?? '', actual.name, where);
  if (typeof expected === 'number') {
    const number = typeof actual === 'number' || typeof actual === 'bigint';
    return number && close(expected, Number(actual)) ? undefined : differs(where, expected, actual);
  }
  if (typeof expected !== 'object' || expected === null) {
    return expected === (actual ?? null) ? undefined : differs(where, expected, actual);
  }
  if (Array.isArray(expected)) return ofLists(expected, actual, where);
  const json = expected as Json;
  const [kind = ''] = Object.keys(json);
  const content = json[kind];
  switch (kind) {
    case '$tuple':
      return ofLists(content as unknown[], actual, where);
    case '$set':
      return ofLists(content as unknown[], [...(actual as Iterable<unknown>)], where);
    case '$obj':
    case '$new':
      return ofInstances(json, actual, where);
    case '$map':
      return actual instanceof Map
        ? ofLists(content as unknown[], [...actual].sort(byKeyOf(content as [unknown, unknown][])), where)
        : differs(where, expected, actual);
    case '$expr':
      // What was assigned and is still there, whatever the class is called here.
      return actual instanceof Expression && actual.constructor.name.startsWith(String(content))
        ? undefined
        : differs(where, expected, actual);
    case '$row':
      return Array.isArray(actual)
        ? ofLists(Object.values(content as Json), actual, where)
        : ofObjects(content as Json, actual, where);
    default:
      if (kind.startsWith('$'))
        return isValue(kind, json, actual) ? undefined : differs(where, expected, actual);
      return ofObjects(json, actual, where);
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/** What is known not to be there is a promise that fails. */
async function ofAbsent(promise: PromiseLike<unknown>, where: string): Promise<Difference> {
  try {
    const found = await promise;
    return found === null ? undefined : differs(where, null, found);
  } catch (error) {
    return error instanceof ObjectDoesNotExist ? undefined : `null is ${String(error)}${where}`;
  }
}

const byKeyOf =
  (pairs: readonly (readonly [unknown, unknown])[]) =>
  ([one]: readonly [unknown, unknown], [other]: readonly [unknown, unknown]): number => {
    const at = (key: unknown): number => pairs.findIndex(([each]) => String(decode(each)) === String(key));
    return at(one) - at(other);
  };

const same = (one: string, other: string): boolean =>
  String(Decimal.from(one)) === String(Decimal.from(other));

function isValue(kind: string, json: Json, actual: unknown): boolean {
  const content = json[kind];
  switch (kind) {
    case '$float':
      return typeof actual === 'number' && close(Number(String(content).replace('inf', 'Infinity')), actual);
    case '$json':
      return isDeepStrictEqual(content, actual);
    case '$bytes':
      return actual instanceof Uint8Array && Buffer.from(actual).toString('hex') === content;
    case '$timedelta':
      return actual instanceof Duration && String(decode(json)) === String(actual);
    case '$datetime': {
      const text = String(content);
      if (text === 'now')
        return actual instanceof Date && Math.abs(actual.getTime() - Date.now()) < 3_600_000;
      // What was given in memory, with its microseconds.
      if (actual instanceof PlainDateTime) return String(decode(json)) === String(actual);
      return actual instanceof Date && momentOf(json).getTime() === actual.getTime();
    }
    case '$decimal':
      return /^[\d.eE+-]|^(?:NaN|-?Infinity)/.test(String(actual)) && same(String(content), String(actual));
    case '$uuid':
      return content === 'random' ? /^[0-9a-f-]{32,36}$/.test(String(actual)) : content === String(actual);
    default:
      return String(content) === String(actual);
  }
}

async function ofLists(expected: readonly unknown[], actual: unknown, where: string): Promise<Difference> {
  if (!Array.isArray(actual)) return differs(where, expected, actual);
  if (actual.length !== expected.length)
    return `${expected.length} are ${actual.length}${where}`.replace(/\d+/g, 'n');
  for (let at = 0; at < expected.length; at++) {
    const other = await difference(expected[at], actual[at], where);
    if (other !== undefined) return other;
  }
  return undefined;
}

/** How lists differ whose order does not count. */
export async function ofMultisets(
  expected: readonly unknown[],
  actual: unknown,
  where = '',
): Promise<Difference> {
  if (!Array.isArray(actual) || actual.length !== expected.length) return ofLists(expected, actual, where);
  const left = [...actual] as unknown[];
  for (const each of expected) {
    let found = -1;
    let first: Difference;
    for (let at = 0; at < left.length && found < 0; at++) {
      const other = await difference(each, left[at], where);
      if (other === undefined) found = at;
      first ??= other;
    }
    if (found < 0) return first ?? `another row${where}`;
    left.splice(found, 1);
  }
  return undefined;
}

async function ofObjects(expected: Json, actual: unknown, where: string): Promise<Difference> {
  if (typeof actual !== 'object' || actual === null) return differs(where, expected, actual);
  const entries = actual instanceof Map ? [...actual] : Object.entries(actual);
  const row = new Map(entries.map(([name, value]) => [spelled(String(name)), value as unknown]));
  const names = Object.keys(expected);
  if (row.size !== names.length) return `other names${where}`;
  for (const name of names) {
    if (!row.has(spelled(name))) return `other names${where}`;
    const other = await difference(expected[name], row.get(spelled(name)), where);
    if (other !== undefined) return other;
  }
  return undefined;
}

interface InstanceLike extends Record<string, unknown> {
  readonly pk: unknown;
  readonly constructor: { readonly _meta?: { readonly label: string } } & (new () => object);
  getDeferredFields?(): Iterable<string>;
  readonly _state?: { cached(property: string): { readonly value: unknown } | undefined };
}

async function ofInstances(json: Json, actual: unknown, where: string): Promise<Difference> {
  const [label, pk] = (json['$obj'] ?? json['$new']) as [string, unknown];
  if (typeof actual !== 'object' || actual === null) return differs(where, json, actual);
  const instance = actual as InstanceLike;
  if (instance.constructor._meta?.label !== label) return differs(where, json, actual);
  if ('$new' in json) return undefined;
  const other = await difference(pk, instance.pk, ' in a key');
  if (other !== undefined) return other;
  const deferred = (json['deferred'] ?? []) as readonly string[];
  if (deferred.length > 0 || instance.getDeferredFields !== undefined) {
    const own = [...(instance.getDeferredFields?.() ?? [])].map(propertyOf).sort();
    if (json['fields'] !== undefined && own.join() !== deferred.map(propertyOf).sort().join()) {
      return 'other deferred fields';
    }
  }
  for (const part of ['fields', 'annotations', 'related'] as const) {
    for (const [name, value] of Object.entries((json[part] ?? {}) as Json)) {
      const property = part === 'annotations' ? name : propertyOf(name);
      const own = part === 'related' ? knownRelated(instance, property) : instance[property];
      const differing = await difference(value, own, ` in ${part}`);
      if (differing !== undefined) return differing;
    }
  }
  return ofPrefetched((json['prefetched'] ?? {}) as Json, instance);
}

/** A related row that an instance has, or that it has none. */
function knownRelated(instance: InstanceLike, property: string): unknown {
  const known = instance._state?.cached(property);
  return known === undefined ? instance[property] : known.value;
}

async function ofPrefetched(expected: Json, instance: InstanceLike): Promise<Difference> {
  for (const [name, rows] of Object.entries(expected)) {
    const found = (instance[name] ?? instance[propertyOf(name)]) as
      | { all?(): PromiseLike<unknown[]> }
      | undefined;
    const all = Array.isArray(found) ? found : await found?.all?.();
    const differing = Array.isArray(rows)
      ? await ofMultisets(rows, all, ' in prefetched')
      : await difference(rows, found, ' in prefetched');
    if (differing !== undefined) return differing;
  }
  return undefined;
}
