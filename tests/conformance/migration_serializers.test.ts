/** What Django's serializers wrote and read, written and read by ours. */
import { inspect } from 'node:util';
import { configure } from 'tsango/conf';
import { deserialize, serialize } from 'tsango/core/serializers';
import { DeserializationError } from 'tsango/core/serializers/errors';
import { connections } from 'tsango/db';
import type { Model } from 'tsango/db/models/base';
import { camelCase } from 'tsango/utils/module_loading';
import { type DeclaredModel, declareModels } from '../support/declared_models';
import { createTables } from '../support/model_tables';
import {
  camelCased,
  forgetRows,
  isSame,
  plain,
  type Recorded,
  rememberNewKey,
  store,
  storeParents,
} from '../support/recorded_rows';
import { SQLITE_ENGINE } from '../support/sqlite';
import { decode } from '../support/vector_values';
import { describeVectors, reportArea, vectors } from '../support/vectors';

type Json = Readonly<Record<string, unknown>>;

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

async function written(fact: Fact): Promise<string | undefined> {
  const rows = await store(fact.objects ?? []);
  const { fields, ...options } = camelCased(fact.options);
  const text: unknown = await serialize(fact.format, rows, { ...options, fields: fields as string[] });
  if (fact.format !== 'python')
    return text === fact.text ? undefined : `${String(text)}\n--- not\n${fact.text}`;
  const wanted = plain(decode(fact.result));
  return plain(text) === wanted ? undefined : `${plain(text)}, not ${wanted}`;
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
    if (expected.pk === null) rememberNewKey(object.object.pk);
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
      forgetRows();
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
