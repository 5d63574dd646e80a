/** Who takes part in the comparison of what it costs to know who asks, and what each has to answer. */
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import { type Launch, launch, type Running } from '../processes';
import { PEERS, PYTHON } from '../servers';
import { PASSWORD } from './site';

/** The pages, and what they say to somebody who is logged in. */
export const PAGES = { plain: 'plain', present: 'plain', who: 'ada' } as const;
export type Page = keyof typeof PAGES;

/** How each starts; its files are in the folder that is given. */
export const CONTESTANTS: Readonly<Record<string, (folder: string) => Omit<Launch, 'name'>>> = {
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

/** Starts a contestant and logs somebody in. @throws Error where an answer is not what it has to be. */
export async function started(name: string, folder: string): Promise<{ server: Running; cookies: string }> {
  const start = CONTESTANTS[name];
  if (start === undefined) throw new Error(`Not a contestant: ${name}`);
  mkdirSync(folder, { recursive: true });
  const server = await launch({ name, ...start(folder) });
  try {
    const query = `username=ada&password=${encodeURIComponent(PASSWORD)}`;
    const { text, cookies } = await ask(`${server.url}/enter?${query}`);
    if (text !== 'in') throw new Error(`${name}: nobody was logged in: ${text}`);
    for (const [page, expected] of Object.entries(PAGES)) {
      const answered = await ask(`${server.url}/${page}`, cookies);
      if (answered.text !== expected) throw new Error(`${name} /${page}: ${answered.text}`);
    }
    return { server, cookies };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
