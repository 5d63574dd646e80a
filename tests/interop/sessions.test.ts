/**
 * A real Django beside our server, one secret: a visitor whose requests go to either at random sees one session.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import {
  configure,
  type DatabaseSettings,
  overrideSettings,
  resetSettings,
  type Settings,
} from 'tsango/conf';
import { caches } from 'tsango/core/cache';
import { createServerListener } from 'tsango/core/handlers/node';
import { connections } from 'tsango/db';
import { type HttpRequest, JsonResponse } from 'tsango/http';
import { path as route } from 'tsango/urls';
import { getLogger } from 'tsango/utils/log';
import { type OwnServer, startMemcached } from '../support/servers';
import { describeWith, type Need, SERVICES } from '../support/services';

const SECRET_KEY = 'one secret for both of the sites, of more than fifty letters';
const STEPS = Number(process.env['INTEROP_STEPS'] ?? 500);
/** The seed of a run is printed; give it to replay the run. */
const SEED = Number(process.env['INTEROP_SEED'] ?? Date.now() % 1_000_000);

type Items = Record<string, unknown>;

async function step(request: HttpRequest): Promise<JsonResponse> {
  const { session, GET } = request;
  const value = (): unknown => JSON.parse(GET['value'] ?? 'null');
  switch (GET['what']) {
    case 'set':
      session[String(GET['key'])] = value();
      break;
    case 'delete':
      session.pop(String(GET['key']), null);
      break;
    case 'push':
      session.setdefault<unknown[]>('list', []).push(value());
      break;
    case 'flush':
      void session.flush();
      break;
    case 'clear':
      session.clear();
      break;
    case 'cycle':
      await session.cycleKey();
      break;
    case 'expiry':
      session.setExpiry(value() as number | null);
      break;
    default:
  }
  return new JsonResponse({ items: Object.fromEntries(session.items()) });
}

const urlconf = { urlpatterns: [route('', step)] };

/** A generator of numbers that a seed decides (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** A browser with one cookie. */
class Visitor {
  cookie: string | undefined;

  async send(port: number, query: Record<string, string>): Promise<Items> {
    const { status, headers, body } = await get(port, `/?${new URLSearchParams(query)}`, this.cookie);
    if (status !== 200) throw new Error(`${status}: ${body}`);
    for (const header of headers['set-cookie'] ?? []) this.receive(header);
    return (JSON.parse(body) as { items: Items }).items;
  }

  private receive(header: string): void {
    const [pair = '', ...attributes] = header.split(/;\s*/);
    const at = pair.indexOf('=');
    if (pair.slice(0, at) !== 'sessionid') return;
    const maxAge = attributes.find((attribute) => /^max-age=/i.test(attribute));
    const gone = maxAge !== undefined && Number(maxAge.slice(8)) <= 0;
    this.cookie = gone ? undefined : pair.slice(at + 1);
  }
}

function get(
  port: number,
  target: string,
  cookie: string | undefined,
): Promise<{ status: number; headers: { 'set-cookie'?: string[] | undefined }; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = cookie === undefined ? {} : { cookie: `sessionid=${cookie}` };
    const message = httpRequest({ port, path: target, headers, host: '127.0.0.1' }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    message.on('error', reject);
    message.end();
  });
}

/** Starts Django with these settings on a port of its choice. */
async function startDjango(options: object): Promise<{ port: number; child: ChildProcess }> {
  const script = path.join(__dirname, 'django_sessions', 'site.py');
  const child = spawn(SERVICES.python, [script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise<number>((resolve, reject) => {
    lines.once('line', (line) => resolve(Number(line)));
    child.once('exit', (code) => reject(new Error(`Django ended with status ${code}`)));
  });
  return { port, child };
}

/** One of the stores that both can use. */
interface Pairing {
  name: string;
  needs: readonly Need[];
  engine: string;
  /** Whether a key that is no longer valid can be refused: not where the cookie is the session. */
  server: boolean;
  prepare: () => Promise<{ ours: Partial<Settings>; django: Items; stop?: () => Promise<unknown> }>;
}

const VALUES = [
  'amrit panta',
  '',
  0,
  -17,
  2.5,
  true,
  false,
  null,
  'नेपाल 🎸',
  [1, [2, 'x']],
  { a: { b: null } },
];
const KEYS = ['name', 'age', 'städte', '_private', 'constructor', '__proto__', '1', ''];

async function walk(pairing: Pairing, ports: readonly [number, number]): Promise<void> {
  const random = randomOf(SEED);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const visitor = new Visitor();
  const dead: string[] = [];
  let expected = new Map<string, unknown>();
  const list: unknown[] = [];
  for (let n = 0; n < STEPS; n++) {
    const port = pick(ports);
    const before = visitor.cookie;
    const what = pick([
      'set',
      'set',
      'set',
      'push',
      'delete',
      'read',
      'read',
      'flush',
      'clear',
      'cycle',
      'expiry',
      'dead',
    ]);
    const [key, value] = [pick(KEYS), pick(VALUES)];
    if (what === 'dead') {
      const old = pick(dead);
      if (old === undefined || !pairing.server) continue;
      const stranger = new Visitor();
      stranger.cookie = old;
      expect({ n, old: await stranger.send(port, { what: 'read' }) }).toEqual({ n, old: {} });
      continue;
    }
    const seconds = pick([300, 3600, 0, null]);
    const query = { what, key, value: JSON.stringify(what === 'expiry' ? seconds : value) };
    if (what === 'set') expected.set(key, value);
    else if (what === 'delete') expected.delete(key);
    else if (what === 'push') {
      if (!expected.has('list')) list.length = 0;
      list.push(value);
      expected.set('list', [...list]);
    } else if (what === 'expiry') {
      if (seconds === null) expected.delete('_session_expiry');
      else expected.set('_session_expiry', seconds);
    } else if (what === 'flush' || what === 'clear') expected = new Map();
    const items = await visitor.send(port, query);
    expect({ n, port, what, items: new Map(Object.entries(items)) }).toEqual({
      n,
      port,
      what,
      items: expected,
    });
    if (before !== undefined && before !== visitor.cookie) dead.push(before);
  }
}

const announced = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

function interoperate(pairing: Pairing): void {
  describeWith(['django', ...pairing.needs], `${pairing.name} shared with Django`, () => {
    let server: Server;
    let django: { port: number; child: ChildProcess };
    let restore: () => Promise<void>;
    let stop: (() => Promise<unknown>) | undefined;

    beforeAll(async () => {
      const prepared = await pairing.prepare();
      stop = prepared.stop;
      restore = overrideSettings({
        SESSION_ENGINE: `django.contrib.sessions.backends.${pairing.engine}`,
        ...prepared.ours,
      });
      await announced();
      django = await startDjango({
        migrate: 'DATABASES' in prepared.django,
        settings: {
          SECRET_KEY,
          SESSION_ENGINE: `django.contrib.sessions.backends.${pairing.engine}`,
          ...prepared.django,
        },
      });
      server = createServer(createServerListener());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }, 60_000);
    afterAll(async () => {
      server?.close();
      django?.child.kill('SIGKILL');
      await connections.closeAll();
      await caches.closeAll();
      await stop?.();
      await restore?.();
    });

    it(`is one session in ${STEPS} steps at random (seed ${SEED})`, async () => {
      await walk(pairing, [(server.address() as AddressInfo).port, django.port]);
    }, 120_000);
  });
}

beforeAll(() => {
  resetSettings();
  configure({
    SECRET_KEY,
    ALLOWED_HOSTS: ['*'],
    ROOT_URLCONF: urlconf as unknown as string,
    MIDDLEWARE: ['tsango.contrib.sessions.middleware.SessionMiddleware'],
    LOGGING_CONFIG: null,
  });
  getLogger('tsango.server').disabled = true;
});
afterAll(resetSettings);

async function sqlite(): Promise<{ ours: Partial<Settings>; django: Items; stop: () => Promise<unknown> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'interop-'));
  const NAME = path.join(folder, 'db.sqlite3');
  return {
    ours: { DATABASES: { default: { ENGINE: 'django.db.backends.sqlite3', NAME } } },
    django: { DATABASES: { default: { ENGINE: 'django.db.backends.sqlite3', NAME } } },
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function memcached(BACKEND: string): Promise<{
  ours: Partial<Settings>;
  django: Items;
  stop: () => Promise<unknown>;
}> {
  const own: OwnServer = await startMemcached();
  const CACHES = { default: { BACKEND, LOCATION: `127.0.0.1:${own.port}` } };
  return { ours: { CACHES }, django: { CACHES }, stop: () => own.stop() };
}

const MEMCACHED = 'django.core.cache.backends.memcached.PyMemcacheCache';

interoperate({ name: 'db on SQLite', needs: [], engine: 'db', server: true, prepare: sqlite });
interoperate({
  name: 'db on PostgreSQL',
  needs: ['postgresql'],
  engine: 'db',
  server: true,
  prepare: async () => {
    const schema = `interop_${process.pid}`;
    const database = {
      ENGINE: 'django.db.backends.postgresql',
      NAME: SERVICES.postgresql.database,
      USER: SERVICES.postgresql.user,
      HOST: SERVICES.postgresql.host,
      PORT: SERVICES.postgresql.port,
      OPTIONS: { options: `-c search_path=${schema}` },
    } satisfies DatabaseSettings;
    const ours = { DATABASES: { default: database } };
    await overrideSettings(ours, async () => {
      await connections.get().execute(`CREATE SCHEMA ${schema}`);
    });
    return {
      ours,
      django: ours,
      stop: () =>
        overrideSettings(ours, async () => {
          await connections.get().execute(`DROP SCHEMA ${schema} CASCADE`);
          await connections.closeAll();
        }),
    };
  },
});
interoperate({
  name: 'file',
  needs: [],
  engine: 'file',
  server: true,
  prepare: async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'interop-'));
    const settings = { SESSION_FILE_PATH: folder };
    return {
      ours: settings,
      django: settings,
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});
interoperate({
  name: 'signed_cookies',
  needs: [],
  engine: 'signed_cookies',
  server: false,
  prepare: async () => ({ ours: {}, django: {} }),
});
interoperate({
  name: 'cache on memcached',
  needs: ['memcached'],
  engine: 'cache',
  server: true,
  prepare: () => memcached(MEMCACHED),
});
interoperate({
  name: 'cached_db on memcached and SQLite',
  needs: ['memcached'],
  engine: 'cached_db',
  server: true,
  prepare: async () => {
    const [cache, database] = [await memcached(MEMCACHED), await sqlite()];
    return {
      ours: { ...cache.ours, ...database.ours },
      django: { ...cache.django, ...database.django },
      stop: async () => {
        await cache.stop();
        await database.stop();
      },
    };
  },
});
