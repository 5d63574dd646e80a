/** Visits of a recorded site, made again: each request, its answer, and what it left in the database. */
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import type { DatabaseWrapper, Row } from 'tsango/db/backends/base/base';
import { Client } from 'tsango/test';
import {
  appFacts,
  bodies,
  camelCase,
  type Json,
  lastName,
  NotThere,
  sites,
  type Transcript,
  templates,
  transcripts,
} from './facts';
import { restore, SiteModels, storedValue } from './models';
import { patternsOf, valuesOf } from './views';

/** How a step ended: as recorded, otherwise (why), or resting on what no recording holds. */
export interface Outcome {
  readonly id: string;
  readonly step: number;
  readonly result: 'passed' | 'failed' | 'elsewhere';
  readonly why?: string;
}

const INSTALLED = new Set(['contenttypes', 'auth', 'sessions', 'messages', 'staticfiles', 'humanize']);

function settingsOf(app: string, given: Json): Json {
  const { settings } = appFacts().get(app) as { settings: Json };
  const all = { ...settings, ...given };
  const names = (list: unknown): string[] => list as string[];
  const hasPart = (name: string): boolean => {
    const contrib = /^django\.contrib\.(\w+)/.exec(name)?.[1];
    return contrib === undefined ? name.startsWith('django.') : INSTALLED.has(contrib);
  };
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== null && typeof value === 'object' && '$unset' in value) continue;
    if (name === 'INSTALLED_APPS') kept[name] = names(value).filter(hasPart);
    else if (name === 'MIDDLEWARE') kept[name] = names(value).filter(hasPart);
    else if (
      [
        'USE_TZ',
        'SECRET_KEY',
        'STATIC_URL',
        'ALLOWED_HOSTS',
        'LANGUAGE_CODE',
        'PASSWORD_HASHERS',
        'DEBUG',
      ].includes(name)
    )
      kept[name] = value;
  }
  return { TIME_ZONE: 'America/Chicago', ...kept };
}

function templateSettings(transcript: Transcript): unknown[] {
  const sources = Object.fromEntries(
    Object.entries(transcript.templates ?? {}).map(([name, hash]) => [
      name,
      templates().get(hash)?.source ?? '',
    ]),
  );
  return [
    {
      BACKEND: 'django.template.backends.django.DjangoTemplates',
      OPTIONS: {
        loaders: [['django.template.loaders.locmem.Loader', sources]],
        context_processors: [
          'django.template.context_processors.debug',
          'django.template.context_processors.request',
          'django.contrib.auth.context_processors.auth',
          'django.contrib.messages.context_processors.messages',
        ],
      },
    },
  ];
}

/** Replays every transcript of an app. */
export async function replayApp(app: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const models = new SiteModels(app);
  apps.reset();
  const restoreSettings = overrideSettings({
    ...settingsOf(app, {}),
    DATABASES: { default: { ENGINE: 'django.db.backends.sqlite3', NAME: ':memory:' } },
  } as never);
  try {
    apps.populate();
    const connection = connections.get();
    await models.createTables(connection);
    const values = valuesOf(models);
    for (const transcript of transcripts(app)) {
      const site = sites().get(transcript.site);
      if (site?.urlconf === undefined) continue;
      jest.useFakeTimers({ now: new Date(transcript.now.replace(' ', 'T')), doNotFake: FAKED_NOT });
      const undo = overrideSettings({
        ...settingsOf(app, transcript.settings),
        ROOT_URLCONF: { urlpatterns: patternsOf(site.urlconf, values) },
        TEMPLATES: templateSettings(transcript),
      } as never);
      try {
        await new Visit(transcript, connection, outcomes).run();
      } finally {
        await undo();
        jest.useRealTimers();
      }
    }
  } finally {
    await connections.closeAll();
    await restoreSettings();
    apps.reset();
  }
  return outcomes;
}

/** Only the date stands still. */
const FAKED_NOT = [
  ...['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'],
  ...['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'],
] as never[];

class Visit {
  private readonly clients = new Map<number, Client>();

  constructor(
    private readonly transcript: Transcript,
    private readonly connection: DatabaseWrapper,
    private readonly outcomes: Outcome[],
  ) {}

  private client(number: unknown): Client {
    const key = Number(number ?? 1);
    let client = this.clients.get(key);
    if (client === undefined) {
      client = new Client();
      this.clients.set(key, client);
    }
    return client;
  }

  async run(): Promise<void> {
    for (const [at, step] of this.transcript.steps.entries()) {
      try {
        if ('snapshot' in step) await restore(this.connection, step['snapshot'] as Record<string, string>);
        else if ('request' in step) {
          if ('custom' in step) throw new NotThere(String(step['custom']));
          await this.request(step);
          this.report(at, 'passed');
        } else if ('db' in step && !('login' in step)) await this.write(step['db'] as Json);
        else throw new NotThere(`the step ${Object.keys(step).join()}`);
      } catch (error) {
        const isElsewhere = error instanceof NotThere;
        this.report(at, isElsewhere ? 'elsewhere' : 'failed', String((error as Error).stack ?? error));
        // What follows may rest on it.
        for (const [later, { request }] of this.transcript.steps.entries()) {
          if (later > at && request !== undefined) this.report(later, 'elsewhere', 'after another');
        }
        return;
      }
    }
  }

  private report(step: number, result: Outcome['result'], why?: string): void {
    if (this.transcript.steps[step]?.['request'] === undefined && result === 'elsewhere') return;
    this.outcomes.push({ id: this.transcript.id, step, result, ...(why !== undefined && { why }) });
  }

  /** Rows that the test itself wrote. */
  private async write(changes: Json): Promise<void> {
    const { ops } = this.connection;
    for (const [table, change] of Object.entries(changes)) {
      const {
        insert = [],
        update = [],
        delete: gone = [],
      } = change as { insert?: Json[]; update?: [unknown, Json][]; delete?: unknown[] };
      const name = ops.quoteName(table);
      const pk = ops.quoteName(await this.keyOf(table));
      for (const row of insert) {
        const columns = Object.keys(row);
        await this.connection.execute(
          `INSERT INTO ${name} (${columns.map((each) => ops.quoteName(each)).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
          columns.map((column) => storedValue(row[column])),
        );
      }
      for (const [key, values] of update) {
        const columns = Object.keys(values);
        await this.connection.execute(
          `UPDATE ${name} SET ${columns.map((each) => `${ops.quoteName(each)} = ?`).join(', ')} WHERE ${pk} = ?`,
          [...columns.map((column) => storedValue(values[column])), storedValue(key)],
        );
      }
      for (const key of gone)
        await this.connection.execute(`DELETE FROM ${name} WHERE ${pk} = ?`, [storedValue(key)]);
    }
  }

  private async keyOf(table: string): Promise<string> {
    const { rows } = await this.connection.execute(
      `PRAGMA table_info(${this.connection.ops.quoteName(table)})`,
    );
    return String(rows.find(({ pk }) => Number(pk) === 1)?.['name'] ?? 'id');
  }

  private async request(step: Json): Promise<void> {
    const asked = step['request'] as Json;
    const wanted = step['response'] as Json;
    const before = await this.snapshot();
    const client = this.client(asked['client']);
    const method = String(asked['method']).toLowerCase() as 'get' | 'post';
    const target = String(asked['path']) + (asked['query'] ? `?${String(asked['query'])}` : '');
    if ('environ' in asked || 'body' in asked) throw new NotThere('a body or an environment');
    const data = (asked['data'] as [string, unknown][] | undefined)?.map(
      ([name, value]): [string, string] => {
        if (typeof value === 'object') throw new NotThere('a file');
        return [name, String(value)];
      },
    );
    const send = client[method] as (url: string, data?: unknown, options?: Json) => Promise<Answer>;
    let answer: Answer;
    try {
      answer = await send.call(client, decodeURI(target), data === undefined ? undefined : multi(data), {
        ...(asked['headers'] !== undefined && { headers: asked['headers'] }),
        ...(asked['scheme'] === 'https' && { secure: true }),
      });
    } catch (error) {
      if (error instanceof NotThere) throw error;
      if (wanted['exception'] === undefined) throw error;
      same('exception', (error as Error).name, wanted['exception']);
      return;
    }
    await this.compare(answer, wanted);
    await this.compareRows(before, (step['db'] as Json | undefined) ?? {});
  }

  private async compare(answer: Answer, wanted: Json): Promise<void> {
    if (wanted['exception'] !== undefined)
      throw new Error(`no ${String(wanted['exception'])} was raised, but ${answer.statusCode}`);
    same('status', answer.statusCode, wanted['status']);
    if (wanted['location'] !== undefined)
      same('location', answer.headers.get('location'), wanted['location']);
    if (wanted['content_type'] !== undefined)
      same('content type', answer.headers.get('content-type'), wanted['content_type']);
    const body = bodies().get(String(wanted['html'] ?? wanted['text_ref'] ?? ''));
    const text = wanted['text'] ?? body?.['html'] ?? body?.['text'];
    if (typeof text === 'string') same('body', unmarked(answer.text), unmarked(text));
    // A page of errors is ours.
    if (Number(wanted['status']) >= 400) return;
    const context = wanted['context'] as
      | { values?: Json; forms?: Readonly<Record<string, Json>> }
      | undefined;
    for (const [name, value] of Object.entries(context?.values ?? {})) {
      const found = valueIn(answer.contexts, name);
      if (found === MISSING) throw new Error(`the context has no ${name}`);
      const said = await described(found);
      if (said === undefined) continue;
      same(`context ${name}`, said, value);
    }
    for (const [name, form] of Object.entries(context?.forms ?? {})) {
      const found = valueIn(answer.contexts, name) as {
        isBound?: boolean;
        errors?: { getJsonData(): unknown };
        fields?: object;
      };
      same(
        `form ${name}`,
        {
          bound: found.isBound,
          fields: Object.keys(found.fields ?? {}),
          errors: found.errors?.getJsonData() ?? {},
        },
        { bound: form['bound'], fields: form['fields'], errors: form['errors'] ?? {} },
      );
    }
  }

  private async snapshot(): Promise<Map<string, Row[]>> {
    const { rows } = await this.connection.execute(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    );
    const all = new Map<string, Row[]>();
    for (const { name } of rows) {
      all.set(
        String(name),
        (await this.connection.execute(`SELECT * FROM ${this.connection.ops.quoteName(String(name))}`)).rows,
      );
    }
    return all;
  }

  private async compareRows(before: ReadonlyMap<string, Row[]>, wanted: Json): Promise<void> {
    const after = await this.snapshot();
    for (const [table, rows] of after) {
      const key = await this.keyOf(table);
      const old = new Map((before.get(table) ?? []).map((row) => [String(row[key]), row]));
      const now = new Map(rows.map((row) => [String(row[key]), row]));
      const change = (wanted[table] ?? {}) as {
        insert?: Json[];
        update?: [unknown, Json][];
        delete?: unknown[];
      };
      const inserted = [...now.keys()].filter((each) => !old.has(each)).sort();
      same(
        `new rows of ${table}`,
        inserted,
        (change.insert ?? []).map((row) => String(storedValue(row[key]))).sort(),
      );
      for (const row of change.insert ?? [])
        sameRow(table, now.get(String(storedValue(row[key]))) as Row, row);
      const gone = [...old.keys()].filter((each) => !now.has(each)).sort();
      same(
        `deleted rows of ${table}`,
        gone,
        (change.delete ?? []).map((each) => String(storedValue(each))).sort(),
      );
      for (const [id, values] of change.update ?? [])
        sameRow(table, now.get(String(storedValue(id))) as Row, values);
      const changed = [...now]
        .filter(([id, row]) => old.has(id) && JSON.stringify(row) !== JSON.stringify(old.get(id)))
        .map(([id]) => id);
      same(
        `changed rows of ${table}`,
        changed.sort(),
        (change.update ?? []).map(([id]) => String(storedValue(id))).sort(),
      );
    }
  }
}

interface Answer {
  readonly statusCode: number;
  readonly headers: { get(name: string): string | null | undefined };
  readonly text: string;
  readonly contexts: readonly unknown[];
}

function multi(pairs: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const known = all[name];
    all[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  return all;
}

function same(what: string, said: unknown, wanted: unknown): void {
  const [ours, theirs] = [JSON.stringify(said), JSON.stringify(wanted)];
  if (ours !== theirs) throw new Error(`${what}:\n    here:   ${ours}\n    django: ${theirs}`);
}

function sameRow(table: string, row: Row, wanted: Json): void {
  for (const [column, value] of Object.entries(wanted)) {
    if (
      value !== null &&
      typeof value === 'object' &&
      ('$now' in value ||
        '$any' in value ||
        '$password' in value ||
        '$session' in value ||
        '$session_data' in value)
    )
      continue;
    same(`${table}.${column}`, String(row[column]), String(storedValue(value)));
  }
}

const unmarked = (html: string): string =>
  html.replace(/name="csrfmiddlewaretoken" value="\w+"/g, 'name="csrfmiddlewaretoken" value="{csrf}"');

const MISSING = Symbol('missing');

function valueIn(contexts: readonly unknown[], name: string): unknown {
  for (const context of contexts) {
    const { has, get } = context as { has?(key: string): boolean; get?(key: string): unknown };
    if (typeof has === 'function' && typeof get === 'function') {
      if (has.call(context, name)) return get.call(context, name);
    } else if (name in (context as object)) return (context as Json)[name];
  }
  return MISSING;
}

/** A value of a context as the recording writes it; undefined for what it does not write. */
async function described(value: unknown): Promise<unknown> {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
  if (typeof value !== 'object') return undefined;
  const meta = (
    value.constructor as { _meta?: { appLabel: string; objectName: string; pk?: { property: string } } }
  )._meta;
  if (meta !== undefined)
    return { $model: `${meta.appLabel}.${meta.objectName}`, pk: (value as { pk: unknown }).pk };
  if (value.constructor.name === 'Page') {
    const page = value as { number: number; paginator: { numPages: number }; objectList: unknown[] };
    return { $page: page.number, num_pages: page.paginator.numPages, objects: await listed(page.objectList) };
  }
  if (value.constructor.name === 'Paginator') {
    const { count, numPages, perPage } = value as { count: number; numPages: number; perPage: number };
    return { $paginator: { count, num_pages: numPages, per_page: perPage } };
  }
  if (value.constructor.name === 'PlainDate') return { $date: String(value) };
  if (Array.isArray(value)) return listed(value);
  if (typeof (value as { slice?: unknown }).slice === 'function')
    return listed(await (value as PromiseLike<unknown[]>));
  return undefined;
}

async function listed(values: readonly unknown[]): Promise<unknown[]> {
  return Promise.all(values.map(async (each) => (await described(each)) ?? each));
}

export { camelCase, lastName };
