/** Rows of serializers.jsonl and commands.jsonl: stored as they were, and compared with what was recorded. */
import type { Model } from 'tsango/db/models/base';
import { camelCase } from 'tsango/utils/module_loading';
import { declaredModel } from './declared_models';
import { decode, encode } from './vector_values';

type Json = Readonly<Record<string, unknown>>;

/** An instance. */
export interface Recorded {
  readonly model: string;
  readonly pk: unknown;
  readonly fields: Json;
  readonly m2m?: Readonly<Record<string, readonly unknown[]>>;
  readonly deferred?: Json;
  readonly natural_key?: readonly unknown[];
  readonly related_natural_keys?: Readonly<Record<string, unknown>>;
}

export const camelCased = (named: Json): Record<string, unknown> =>
  Object.fromEntries(Object.entries(named).map(([name, value]) => [camelCase(name), value]));

function instanceOf({ model, fields }: Recorded): Model {
  const cls = declaredModel(model);
  const { concreteFields } = cls._meta;
  const known = Object.entries(fields).filter(([name]) =>
    concreteFields.some(({ attname }) => attname === name),
  );
  const instance = new cls();
  for (const [name, value] of known) {
    Object.assign(instance, { [camelCase(name)]: value === null ? null : decode(value) });
  }
  return instance;
}

interface RelatedManager {
  set(keys: readonly unknown[]): Promise<void>;
}

/** Rows as they were: also those that only a natural key tells of. */
export async function store(objects: readonly Recorded[]): Promise<Model[]> {
  const made = objects.map((object) => [instanceOf(object), object] as const);
  for (const [instance, { pk }] of made) if (pk !== null) await instance.saveBase({ raw: true });
  for (const [instance, object] of made) await storeRelated(instance, object);
  for (const [instance, { m2m = {} }] of made) {
    for (const [name, keys] of Object.entries(m2m)) {
      const manager = (instance as unknown as Record<string, RelatedManager>)[
        camelCase(name)
      ] as RelatedManager;
      const field = declaredModel((instance.constructor as typeof Model)._meta.label)._meta.getField(name);
      if ((field as { hasOwnTable?: boolean }).hasOwnTable && keys.length > 0) {
        const lists = objects.map((object) => object.m2m?.[name] ?? []);
        await storeStubs(instance, name, keys, ordered(lists));
        await manager.set(keys.map(decode));
      }
    }
  }
  return made.map(([instance]) => instance);
}

/** The rows that foreign keys refer to by their natural keys. */
async function storeRelated(
  instance: Model,
  { fields, related_natural_keys: related = {} }: Recorded,
): Promise<void> {
  for (const [name, key] of Object.entries(related)) {
    const pk = fields[`${name}_id`];
    if (pk !== undefined) await storeNamed(instance, name, pk, key as unknown[]);
    else relatedKeys.set(`${(instance.constructor as typeof Model)._meta.key}.${name}`, key as unknown[][]);
  }
}
const relatedKeys = new Map<string, unknown[][]>();

/** Keys in an order that agrees with every list of them: rows that were sorted by what was not recorded. */
function ordered(lists: readonly (readonly unknown[])[]): unknown[] {
  const left = new Set(lists.flat());
  const sorted: unknown[] = [];
  while (left.size > 0) {
    const isFirst = (key: unknown): boolean =>
      lists.every(
        (list) => !list.includes(key) || list.slice(0, list.indexOf(key)).every((each) => !left.has(each)),
      );
    const next = [...left].find(isFirst) ?? [...left][0];
    left.delete(next);
    sorted.push(next);
  }
  return sorted;
}

async function storeStubs(
  instance: Model,
  name: string,
  keys: readonly unknown[],
  order: readonly unknown[],
): Promise<void> {
  const named = relatedKeys.get(`${(instance.constructor as typeof Model)._meta.key}.${name}`);
  for (const [at, pk] of keys.entries()) await storeNamed(instance, name, pk, named?.[at] ?? [], order);
}

async function storeNamed(
  instance: Model,
  name: string,
  pk: unknown,
  key: readonly unknown[],
  order: readonly unknown[] = [],
): Promise<void> {
  const field = (instance.constructor as typeof Model)._meta.getField(name) as unknown as {
    remoteModel: { label: string };
  };
  const cls = declaredModel(field.remoteModel.label);
  const manager = cls._defaultManager as unknown as {
    names?: readonly string[];
    filter(conditions: object): { exists(): Promise<boolean> };
  };
  if (await manager.filter({ pk: decode(pk) }).exists()) return;
  const values = Object.fromEntries((manager.names ?? []).map((each, at) => [camelCase(each), key[at]]));
  const [first] = cls._meta.ordering;
  if (typeof first === 'string' && !(first in values))
    values[camelCase(first)] = String(order.indexOf(pk) + 1000);
  const row = new cls({ ...values, pk: decode(pk) });
  await row.saveBase({ raw: true });
}

/** Keys that rows got here when they were saved, by those that they got when it was recorded. */
const assigned = new Map<unknown, unknown>();
const newKeys = new Set<unknown>();

/** A value of an instance as it was recorded. */
export function isSame(expected: unknown, instance: Model, attname: string): boolean {
  const field = (instance.constructor as typeof Model)._meta.findField(attname);
  if (field === undefined) return false;
  const actual: unknown = field.valueFromObject(instance) ?? null;
  const json = expected as Json | null;
  if (json === null || actual === null) return (json ?? null) === actual;
  if (field.isRelation() && newKeys.has(actual)) {
    if (!assigned.has(expected)) assigned.set(expected, actual);
    return assigned.get(expected) === actual;
  }
  if (typeof json === 'object' && '$datetime' in json) {
    const text = String(json['$datetime']);
    if (/[+-]\d\d:\d\d$/.test(text)) return new Date(text).getTime() === (actual as Date).getTime();
    return field.valueToString(instance) === text;
  }
  if (typeof json === 'object' && ['$date', '$time', '$decimal', '$uuid'].some((tag) => tag in json)) {
    return String(Object.values(json)[0]) === String(actual);
  }
  if (typeof json === 'object' && '$float' in json) return Number(json['$float']) === actual;
  if (actual instanceof Date || String(actual) === String(json)) return String(actual) === String(json);
  return JSON.stringify(encode(actual)) === JSON.stringify(json);
}

/** Lists and tuples are the same here. */
export function plain(value: unknown): string {
  return JSON.stringify(encode(value), (_key, each: unknown) => {
    const json = each as Json | null;
    if (typeof json !== 'object' || json === null) return each;
    if ('$tuple' in json) return json['$tuple'];
    if ('$uuid' in json) return json['$uuid'];
    return Array.isArray(json) ? json : Object.fromEntries(Object.entries(json).sort());
  });
}

/** The rows of parents, which were loaded before: only a child's own is in a fixture of it. */
export async function storeParents(child: Model): Promise<void> {
  for (const parent of (child.constructor as typeof Model)._meta.parents.keys()) {
    const cls = declaredModel(parent.label);
    if (child.pk === null || (await cls._baseManager.filter({ pk: child.pk } as never).exists())) continue;
    const { concreteFields } = cls._meta;
    const values = concreteFields.map(({ property }) => [property, (child as never)[property] ?? 0]);
    await new cls({ ...Object.fromEntries(values), pk: child.pk }).saveBase({ raw: true });
  }
}

/** Forgets what was learned of rows. */
export function forgetRows(): void {
  for (const memory of [relatedKeys, assigned, newKeys]) memory.clear();
}

/** Says that a key was given by the database. */
export function rememberNewKey(key: unknown): void {
  newKeys.add(key);
}
