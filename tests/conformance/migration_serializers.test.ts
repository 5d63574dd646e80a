/** What Django's serializers wrote and read, written and read by ours. */
import { inspect } from 'node:util';
import { configure } from 'tsango/conf';
import { deserialize, serialize } from 'tsango/core/serializers';
import { DeserializationError } from 'tsango/core/serializers/errors';
import { connections } from 'tsango/db';
import type { Model } from 'tsango/db/models/base';
import { camelCase } from 'tsango/utils/module_loading';
import { type DeclaredModel, declaredModel, declareModels } from '../support/declared_models';
import { createTables } from '../support/model_tables';
import { SQLITE_ENGINE } from '../support/sqlite';
import { decode, encode } from '../support/vector_values';
import { describeVectors, reportArea, vectors } from '../support/vectors';

type Json = Readonly<Record<string, unknown>>;

interface Recorded {
  readonly model: string;
  readonly pk: unknown;
  readonly fields: Json;
  readonly m2m?: Readonly<Record<string, readonly unknown[]>>;
  readonly deferred?: Json;
  readonly natural_key?: readonly unknown[];
  readonly related_natural_keys?: Readonly<Record<string, unknown>>;
}

interface Fact {
  readonly call: 'serialize' | 'deserialize';
  readonly format: string;
  readonly models: readonly DeclaredModel[];
  readonly options: Json;
  readonly objects?: readonly Recorded[];
  readonly existing?: readonly Recorded[];
  readonly text?: string;
  readonly data?: readonly unknown[];
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly test: string;
}

/** What cannot be the same here, and why. */
const OTHERWISE: readonly (readonly [test: RegExp, reason: string])[] = [
  [
    /test_unimportable_serializer$/,
    'a module of Python that is not there: ours names the module of JavaScript',
  ],
  [/NoYamlSerializerTestCase/, 'PyYAML is not there: ours needs another package, and says so'],
];

configure({
  SECRET_KEY: 'not a secret',
  DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
  USE_TZ: false,
});
afterAll(() => connections.closeAll());

const camelCased = (named: Json): Record<string, unknown> =>
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
async function store(objects: readonly Recorded[]): Promise<Model[]> {
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
function isSame(expected: unknown, instance: Model, attname: string): boolean {
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

function difference(
  expected: Recorded,
  read: { object: Model; m2mData: unknown; deferredFields: ReadonlyMap<{ name: string }, unknown> },
): string | undefined {
  const { object } = read;
  if ((object.constructor as typeof Model)._meta.key !== expected.model) return `model ${object.toString()}`;
  for (const [name, value] of Object.entries(expected.fields)) {
    if (!isSame(value, object, name))
      return `${name}: ${inspect((object as never)[camelCase(name)])}, not ${JSON.stringify(value)}`;
  }
  const m2m = Object.fromEntries((read.m2mData as Map<string, unknown>) ?? []);
  const wanted = camelCased(expected.m2m ?? {});
  for (const [name, keys] of Object.entries(wanted)) {
    if (plain(m2m[name] ?? []) !== plain(keys)) return `${name}: ${plain(m2m[name])}, not ${plain(keys)}`;
  }
  const deferred = Object.fromEntries([...read.deferredFields].map(([{ name }, value]) => [name, value]));
  const later = expected.deferred ?? {};
  return plain(deferred) === plain(later) ? undefined : `deferred: ${plain(deferred)}, not ${plain(later)}`;
}

/** Lists and tuples are the same here. */
function plain(value: unknown): string {
  return JSON.stringify(encode(value), (_key, each: unknown) => {
    const json = each as Json | null;
    if (typeof json !== 'object' || json === null) return each;
    if ('$tuple' in json) return json['$tuple'];
    if ('$uuid' in json) return json['$uuid'];
    return Array.isArray(json) ? json : Object.fromEntries(Object.entries(json).sort());
  });
}

async function written(fact: Fact): Promise<string | undefined> {
  const rows = await store(fact.objects ?? []);
  const { fields, ...options } = camelCased(fact.options);
  const text: unknown = await serialize(fact.format, rows, { ...options, fields: fields as string[] });
  if (fact.format !== 'python')
    return text === fact.text ? undefined : `${String(text)}\n--- not\n${fact.text}`;
  const wanted = plain(decode(fact.result));
  return plain(text) === wanted ? undefined : `${plain(text)}, not ${wanted}`;
}

/** The rows of parents, which were loaded before: only a child's own is in a fixture of it. */
async function storeParents(child: Model): Promise<void> {
  for (const parent of (child.constructor as typeof Model)._meta.parents.keys()) {
    const cls = declaredModel(parent.label);
    if (child.pk === null || (await cls._baseManager.filter({ pk: child.pk } as never).exists())) continue;
    const { concreteFields } = cls._meta;
    const values = concreteFields.map(({ property }) => [property, (child as never)[property] ?? 0]);
    await new cls({ ...Object.fromEntries(values), pk: child.pk }).saveBase({ raw: true });
  }
}

async function read(fact: Fact): Promise<string | undefined> {
  await store(fact.existing ?? []);
  const { handle_forward_references: later, ignorenonexistent, using } = fact.options;
  const source = fact.format === 'python' ? (fact.data as readonly unknown[]).map(decode) : (fact.text ?? '');
  const results = fact.result as readonly Recorded[];
  let count = 0;
  for await (const object of deserialize(fact.format, source as string, {
    handleForwardReferences: later === true,
    ignorenonexistent: ignorenonexistent === true,
    ...(typeof using === 'string' && { using }),
  })) {
    const expected = results[count++];
    if (expected === undefined) return 'one object too many';
    const why = difference(expected, object);
    if (why !== undefined) return why;
    // What was read is there for what follows, as the recorded tests saved it.
    await storeParents(object.object);
    await object.save({ saveM2m: false });
    if (expected.pk === null) newKeys.add(object.object.pk);
  }
  return count === results.length ? undefined : `${count} objects, not ${results.length}`;
}

async function outcome(fact: Fact): Promise<string | undefined> {
  try {
    const why = await (fact.call === 'serialize' ? written(fact) : read(fact));
    return why ?? (fact.error === undefined ? undefined : `no ${fact.error}: ${fact.message}`);
  } catch (error) {
    const { name, message } = error as Error;
    if (fact.error === name && fact.message === message) return undefined;
    if (fact.error !== undefined) return `${name}: ${message}, not ${fact.error}: ${fact.message}`;
    return error instanceof DeserializationError ? `${name}: ${message}` : String((error as Error).stack);
  }
}

describeVectors('migrations/serializers', 'serializers', () => {
  it('write and read what Django’s do', async () => {
    const facts = vectors<Fact>('migrations/serializers');
    const classes = declareModels(facts.flatMap(({ models }) => models));
    await createTables(classes.filter(({ _meta: meta }) => !meta.proxy));
    const connection = connections.get();
    await connection.execute('PRAGMA foreign_keys = OFF');
    const tables = await connection.introspection.tableNames();
    const only = process.env['ONLY'];
    let agreed = 0;
    const differ: string[] = [];
    for (const fact of facts) {
      if (only !== undefined && !`${fact.call} ${fact.format} ${fact.test}`.includes(only)) continue;
      for (const table of tables) await connection.execute(`DELETE FROM ${connection.ops.quoteName(table)}`);
      for (const memory of [relatedKeys, assigned, newKeys]) memory.clear();
      const why = await outcome(fact);
      const exception = OTHERWISE.find(([test]) => test.test(fact.test));
      if (why === undefined) agreed++;
      else if (exception === undefined) differ.push(`${fact.call} ${fact.format} ${fact.test}\n${why}`);
      else expect(why).not.toMatch(/^no /);
    }
    reportArea('migrations serializers', agreed, facts.length);
    if (process.env['REASONS']) process.stdout.write(`${differ.join('\n\n')}\n`);
    expect(differ).toEqual([]);
  });
});
