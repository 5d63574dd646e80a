/**
 * What pages of the admin cost beside a real Django's on the same database: 100,000 books, 1,000 authors, a book with ten reviews.
 * Milliseconds of processor time, rounds that take turns, medians.
 *
 * npx ts-node bench/admin/run.ts [--rounds N] [--seconds N] [--engine postgresql]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { apps } from 'tsango/apps';
import { configure } from 'tsango/conf';
import { BaseHandler } from 'tsango/core/handlers/base';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import type { HttpResponse } from 'tsango/http';
import { Client, RequestFactory } from 'tsango/test';
import { path as route } from 'tsango/urls';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { createTables } from '../../tests/support/model_tables';
import { median } from '../statistics';
import type * as Library from './site/library/models';

const PAGES: Readonly<Record<string, string>> = {
  index: '/admin/',
  list: '/admin/library/book/',
  'list, dates': '/dated/library/book/',
  'list, a year': '/dated/library/book/?published__year=2010',
  'form, 1,000 authors': '/admin/library/book/1/change/',
  'form, search': '/dated/library/book/1/change/',
};
const SECRET_KEY = 'what the bench of the admin signs with';

interface Measured {
  readonly status: number;
  readonly ms: number;
  readonly bytes: number;
  readonly reviews: number;
  readonly checks: number;
}

async function fill(): Promise<void> {
  const library = require('./site/library/models') as typeof Library;
  await createTables([library.Author, library.Book, library.Review]);
  const connection = connections.get();
  const series = (to: number): string =>
    connection.vendor === 'postgresql'
      ? `generate_series(1, ${to}) AS n(i)`
      : `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${to}) SELECT i FROM n) AS n`;
  const day =
    connection.vendor === 'postgresql'
      ? "DATE '2000-01-01' + (i * 7919) % 8000"
      : "date('2000-01-01', '+' || ((i * 7919) % 8000) || ' days')";
  const truth = connection.vendor === 'postgresql' ? 'i % 3 = 0' : 'CASE WHEN i % 3 = 0 THEN 1 ELSE 0 END';
  await connection.execute(`INSERT INTO library_author (name) SELECT 'Author ' || i FROM ${series(1000)}`);
  await connection.execute(
    `INSERT INTO library_book (title, author_id, published, price, is_public) ` +
      `SELECT 'Book ' || i, 1 + i % 1000, ${day}, (i % 90) + 0.5, ${truth} FROM ${series(100_000)}`,
  );
  await connection.execute(
    `INSERT INTO library_review (book_id, text, stars) SELECT 1, 'Review ' || i, 1 + i % 5 FROM ${series(10)}`,
  );
  await connection.execute('ANALYZE');
}

/** So many pages are asked for between two looks at the clock, which costs a part of a small page. */
const BETWEEN = 5;

/** Asks as django_admin.py does: requests that never were on a wire, through all middleware. */
function visitor({ cookies }: Client): (url: string) => Promise<HttpResponse> {
  const handler = new BaseHandler();
  handler.loadMiddleware();
  const factory = new RequestFactory();
  factory.cookies = cookies;
  return async (url) => (await handler.getResponse(factory.get(url))) as HttpResponse;
}

async function measure(get: ReturnType<typeof visitor>, url: string, seconds: number): Promise<Measured> {
  const response = await get(url);
  const text = String(response.content);
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  for (let i = 0; i < 5; i++) await get(url);
  const start = process.cpuUsage();
  let [pages, used] = [0, 0];
  while (used < seconds * 1e6) {
    for (let i = 0; i < BETWEEN; i++) void (await get(url)).content.length;
    pages += BETWEEN;
    const { user, system } = process.cpuUsage(start);
    used = user + system;
  }
  return {
    status: response.statusCode,
    ms: used / pages / 1000,
    bytes: text.length,
    reviews: count(/name="review_set-\d+-text"/g),
    checks: count(/_selected_action/g),
  };
}

function django(database: object, session: string, seconds: number): Record<string, Measured> | null {
  const input = JSON.stringify({ pages: PAGES, database, session, seconds, secret: SECRET_KEY });
  const { status, stdout, stderr } = spawnSync(
    process.env['PYTHON'] ?? '/usr/bin/python3',
    [path.join(__dirname, 'django_admin.py')],
    { input: `${input}\n`, encoding: 'utf8' },
  );
  if (status === 0) return JSON.parse(stdout) as Record<string, Measured>;
  process.stderr.write(`without Django: ${stderr.trim().split('\n').at(-1)}\n`);
  return null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '1' },
      engine: { type: 'string', default: 'sqlite3' },
    },
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'tsango-bench-admin-'));
  const isSqlite = values.engine === 'sqlite3';
  const NAME = isSqlite ? path.join(folder, 'db.sqlite3') : 'tsango_bench_admin';
  const server = { HOST: '127.0.0.1', USER: 'postgres' };
  setSiteRoot(path.join(__dirname, 'site'));
  configure({
    SECRET_KEY,
    ALLOWED_HOSTS: ['*'],
    STATIC_URL: '/static/',
    INSTALLED_APPS: [
      ...['admin', 'auth', 'contenttypes', 'sessions', 'messages', 'staticfiles'].map(
        (name) => `django.contrib.${name}`,
      ),
      'library',
    ],
    MIDDLEWARE: [
      'django.contrib.sessions.middleware.SessionMiddleware',
      'django.middleware.csrf.CsrfViewMiddleware',
      'django.contrib.auth.middleware.AuthenticationMiddleware',
      'django.contrib.messages.middleware.MessageMiddleware',
    ],
    TEMPLATES: [
      {
        BACKEND: 'django.template.backends.django.DjangoTemplates',
        APP_DIRS: true,
        OPTIONS: {
          context_processors: [
            'django.template.context_processors.request',
            'django.contrib.auth.context_processors.auth',
            'django.contrib.messages.context_processors.messages',
          ],
        },
      },
    ],
    DATABASES: {
      default: isSqlite ? { ENGINE: 'better-sqlite3', NAME } : { ENGINE: 'postgresql', NAME, ...server },
    },
    ROOT_URLCONF: {
      get urlpatterns() {
        const { site } = require('tsango/contrib/admin') as typeof import('tsango/contrib/admin');
        const { dated } = require('./site/library/admin') as typeof import('./site/library/admin');
        return [route('admin/', site.urls), route('dated/', dated.urls)];
      },
    },
  } as never);
  apps.populate();
  await callCommand('migrate', { verbosity: 0 });
  await fill();
  const { User } = require('tsango/contrib/auth/models') as typeof import('tsango/contrib/auth/models');
  const client = new Client();
  await client.forceLogin(await User.objects.createSuperuser('boss', null, 'secret'));
  const session = client.cookies.get('sessionid')?.value ?? '';
  const get = visitor(client);
  const engine = `django.db.backends.${isSqlite ? 'sqlite3' : 'postgresql'}`;
  const database = { ENGINE: engine, NAME, ...(isSqlite ? {} : server) };
  const seconds = Number(values.seconds);
  const ours = new Map<string, number[]>();
  const theirs = new Map<string, number[]>();
  for (let round = 0; round < Number(values.rounds); round++) {
    const peer = django(database, session, seconds);
    for (const [name, url] of Object.entries(PAGES)) {
      const { ms, ...facts } = await measure(get, url, seconds);
      ours.set(name, [...(ours.get(name) ?? []), ms]);
      const other = peer?.[name];
      if (facts.status !== 200) throw new Error(`${name}: ${facts.status}`);
      if (other === undefined) continue;
      theirs.set(name, [...(theirs.get(name) ?? []), other.ms]);
      const same = other.status === 200 && other.reviews === facts.reviews && other.checks >= facts.checks;
      if (!same) throw new Error(`${name}: ${JSON.stringify([facts, other])}`);
    }
  }
  const cell = (times: number[] | undefined): string =>
    times === undefined ? '–' : median(times).toFixed(2);
  const names = Object.keys(PAGES);
  const rows = [
    ['', ...names],
    ['---', ...names.map(() => '---')],
    ['**tsango**', ...names.map((name) => cell(ours.get(name)))],
    ['Django', ...names.map((name) => cell(theirs.get(name)))],
  ];
  process.stdout.write(`${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
  await connections.closeAll();
  rmSync(folder, { recursive: true, force: true });
}

main().catch((error: unknown) => {
  process.stderr.write(`${String((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
});
