/**
 * What it costs to know who asks, beside Express with passport, AdonisJS and Django under gunicorn: sessions and users in SQLite, one
 * server at a time on one processor, wrk on the other, rounds in turns, every answer compared before. Microseconds of processor time a
 * request: of a plain page without a cookie, of the same page for somebody who is logged in, and of one that says the user's name.
 *
 * npx ts-node bench/auth/run.ts [--rounds N] [--seconds N] [--peers tsango,express,adonis,django]
 */
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { load, type Measurement } from '../load';
import { inFolder, listed, numberOption, prepare, runMain } from '../prepare';
import { type Launch, launch, onPath } from '../processes';
import { PEERS, PYTHON } from '../servers';
import { median } from '../statistics';
import { PASSWORD } from './site';

const PAGES = { plain: 'plain', present: 'plain', who: 'ada' } as const;
type Page = keyof typeof PAGES;
type Measured = Record<Page, Measurement>;

/** How each starts; its files are in the folder that is given. */
const CONTESTANTS: Readonly<Record<string, (folder: string) => Omit<Launch, 'name'>>> = {
  tsango: (folder) => ({
    command: ['node', '-r', 'ts-node/register', '-r', 'tsconfig-paths/register', 'serve.ts', folder],
    cwd: __dirname,
    env: {},
  }),
  express: (folder) => ({
    command: ['node', 'express_passport.js'],
    cwd: PEERS,
    env: { BENCH_STORE: 'sqlite', BENCH_SQLITE: `${folder}/express.sqlite3` },
  }),
  adonis: (folder) => ({
    command: ['node', 'adonis/server.js'],
    cwd: PEERS,
    env: { BENCH_STORE: 'sqlite', BENCH_SQLITE: `${folder}/adonis.sqlite3`, BENCH_AUTH: '1' },
  }),
  django: (folder) => ({
    command: [
      ...[PYTHON, '-m', 'gunicorn', '-w', '1', '--log-level', 'error'],
      ...['-b', '127.0.0.1:{port}', 'django_user:application'],
    ],
    cwd: __dirname,
    env: { BENCH_FOLDER: folder, PYTHONPATH: process.env['PYTHONPATH'] ?? '' },
  }),
};

/** An answer's text, and the cookies that it sets. */
function ask(url: string, cookie = ''): Promise<{ text: string; cookies: string }> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false, headers: { cookie } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => {
        const set = response.headers['set-cookie'] ?? [];
        resolve({ text, cookies: set.map((each) => each.split(';')[0]).join('; ') });
      });
    });
    request.once('error', reject);
  });
}

/** One start of one server. @throws Error where an answer is not what it has to be. */
async function measure(name: string, folder: string, seconds: number): Promise<Measured> {
  const start = CONTESTANTS[name];
  if (start === undefined) throw new Error(`Not a contestant: ${name}`);
  mkdirSync(folder, { recursive: true });
  const server = await launch({ name, ...start(folder) });
  try {
    const query = `username=ada&password=${encodeURIComponent(PASSWORD)}`;
    const { text, cookies } = await ask(`${server.url}/enter?${query}`);
    if (text !== 'in') throw new Error(`${name}: nobody was logged in: ${text}`);
    const found = {} as Measured;
    for (const [page, expected] of Object.entries(PAGES) as [Page, string][]) {
      const answered = await ask(`${server.url}/${page}`, cookies);
      if (answered.text !== expected) throw new Error(`${name} /${page}: ${answered.text}`);
      // The first load is to warm up: what comes first would pay for all.
      await load(server, page, [cookies], 3, folder);
    }
    for (const page of Object.keys(PAGES) as Page[]) {
      found[page] = await load(server, page, [cookies], seconds, folder);
    }
    return found;
  } finally {
    await server.stop();
  }
}

runMain(async () => {
  const { values } = parseArgs({
    options: { rounds: { type: 'string' }, seconds: { type: 'string' }, peers: { type: 'string' } },
  });
  if (!onPath('wrk')) throw new Error("wrk is missing: it is Debian's package of that name.");
  const rounds = numberOption(values.rounds, 3);
  const seconds = numberOption(values.seconds, 4);
  const names = listed(values.peers) ?? Object.keys(CONTESTANTS);
  prepare();
  await inFolder([], async (folder) => {
    const all = new Map<string, Measured[]>(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const name of names)
        all.get(name)?.push(await measure(name, path.join(folder, `${name}-${round}`), seconds));
      process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    }
    const middle = (name: string, page: Page, kind: 'cpu' | 'rps'): number =>
      median((all.get(name) ?? []).map((each) => each[page][kind]));
    process.stdout.write(
      `Microseconds of processor time a request, medians of ${rounds} rounds; who: with requests a second, by the clock\n\n` +
        '| | plain | plain, logged in | who | to know who | who, a second |\n| --- | --- | --- | --- | --- | --- |\n',
    );
    for (const name of names) {
      const [plain, present, who] = [
        middle(name, 'plain', 'cpu'),
        middle(name, 'present', 'cpu'),
        middle(name, 'who', 'cpu'),
      ];
      const cells = [plain, present, who, who - plain, middle(name, 'who', 'rps')];
      process.stdout.write(`| ${[name, ...cells.map((figure) => figure.toFixed(0))].join(' | ')} |\n`);
    }
  });
});
