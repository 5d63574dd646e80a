/**
 * What pages of the admin cost beside a real Django's on the same database: 100,000 books, 1,000 authors, a book with ten reviews.
 * Milliseconds of processor time of the worker (of PostgreSQL's own none) and, in brackets, by the clock; rounds that take turns, medians.
 *
 * npx ts-node bench/admin/run.ts [--rounds N] [--seconds N] [--engine postgresql] [--books 1000000]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { apps } from 'tsango/apps';
import { BaseHandler } from 'tsango/core/handlers/base';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import type { HttpResponse } from 'tsango/http';
import { Client, RequestFactory } from 'tsango/test';
import { median } from '../statistics';
import { configureSite, ENGINES, fill, makeDatabase, SECRET_KEY } from './database';

const pagesOf = (books: number): Readonly<Record<string, string>> => ({
  index: '/admin/',
  list: '/admin/library/book/',
  'last page': `/admin/library/book/?p=${Math.ceil(books / 100)}`,
  'list, search': '/admin/library/book/?q=77777',
  'list, dates': '/dated/library/book/',
  'list, a year': '/dated/library/book/?published__year=2010',
  'form, 1,000 authors': '/admin/library/book/1/change/',
  'form, search': '/dated/library/book/1/change/',
});

interface Measured {
  readonly status: number;
  readonly ms: number;
  /** By the clock: the database's own time is in it. */
  readonly wall: number;
  readonly bytes: number;
  readonly reviews: number;
  readonly checks: number;
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

type Times = Pick<Measured, 'ms' | 'wall'>;

async function measure(get: ReturnType<typeof visitor>, url: string, seconds: number): Promise<Measured> {
  const response = await get(url);
  const text = String(response.content);
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  for (let i = 0; i < 5; i++) await get(url);
  const [start, from] = [process.cpuUsage(), performance.now()];
  let [pages, used] = [0, 0];
  while (used < seconds * 1e6 && performance.now() - from < seconds * 4000) {
    for (let i = 0; i < BETWEEN; i++) void (await get(url)).content.length;
    pages += BETWEEN;
    const { user, system } = process.cpuUsage(start);
    used = user + system;
  }
  return {
    status: response.statusCode,
    ms: used / pages / 1000,
    wall: (performance.now() - from) / pages,
    bytes: text.length,
    reviews: count(/name="review_set-\d+-text"/g),
    checks: count(/_selected_action/g),
  };
}

function django(
  pages: object,
  database: object,
  session: string,
  seconds: number,
): Record<string, Measured> | null {
  const input = JSON.stringify({ pages, database, session, seconds, secret: SECRET_KEY });
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
      books: { type: 'string', default: '100000' },
    },
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'tsango-bench-admin-'));
  const engine = ENGINES.find((each) => each === values.engine);
  if (engine === undefined) throw new Error(`--engine is one of ${ENGINES.join(', ')}.`);
  const books = Number(values.books);
  const pages = pagesOf(books);
  const database = await makeDatabase(engine, folder);
  configureSite(engine, database);
  apps.populate();
  await callCommand('migrate', { verbosity: 0 });
  await fill(books);
  const { User } = require('tsango/contrib/auth/models') as typeof import('tsango/contrib/auth/models');
  const client = new Client();
  await client.forceLogin(await User.objects.createSuperuser('boss', null, 'secret'));
  const session = client.cookies.get('sessionid')?.value ?? '';
  const get = visitor(client);
  const same = { ENGINE: `django.db.backends.${engine}`, ...database.settings };
  const seconds = Number(values.seconds);
  const ours = new Map<string, Times[]>();
  const theirs = new Map<string, Times[]>();
  for (let round = 0; round < Number(values.rounds); round++) {
    const peer = django(pages, same, session, seconds);
    for (const [name, url] of Object.entries(pages)) {
      const facts = await measure(get, url, seconds);
      ours.set(name, [...(ours.get(name) ?? []), facts]);
      const other = peer?.[name];
      if (facts.status !== 200) throw new Error(`${name}: ${facts.status}`);
      if (other === undefined) continue;
      theirs.set(name, [...(theirs.get(name) ?? []), other]);
      const agree = other.status === 200 && other.reviews === facts.reviews && other.checks >= facts.checks;
      if (!agree) throw new Error(`${name}: ${JSON.stringify([facts, other])}`);
    }
  }
  const cell = (times: Times[] | undefined): string =>
    times === undefined
      ? '–'
      : `${median(times.map(({ ms }) => ms)).toFixed(1)} (${median(times.map(({ wall }) => wall)).toFixed(1)})`;
  const names = Object.keys(pages);
  const rows = [
    ['', ...names],
    ['---', ...names.map(() => '---')],
    ['**tsango**', ...names.map((name) => cell(ours.get(name)))],
    ['Django', ...names.map((name) => cell(theirs.get(name)))],
  ];
  process.stdout.write(`${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
  await connections.closeAll();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
}

main().catch((error: unknown) => {
  process.stderr.write(`${String((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
});
