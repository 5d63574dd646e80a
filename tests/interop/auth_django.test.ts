/**
 * A real Django beside our server, one database and one secret: who is logged in at one is logged in at the other, with the
 * same permissions, whatever either does. DJANGO_PATHS: folders with a Django each, besides that of the machine's Python.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { apps } from 'tsango/apps';
import { type DatabaseSettings, overrideSettings, type Settings, settings } from 'tsango/conf';
import { authenticate, login, logout, updateSessionAuthHash } from 'tsango/contrib/auth';
import { Group, Permission, User } from 'tsango/contrib/auth/models';
import { ContentType } from 'tsango/contrib/contenttypes';
import { caches } from 'tsango/core/cache';
import { createServerListener } from 'tsango/core/handlers/node';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { type HttpRequest, JsonResponse } from 'tsango/http';
import { path as route } from 'tsango/urls';
import '../db/settings';
import { AUTH_SITE } from '../support/auth';
import { scratchDatabase } from '../support/databases';
import { type OwnServer, startMemcached, startRedis } from '../support/servers';
import { describeWith, type Need, SERVICES } from '../support/services';

/** The one that Python finds by itself, and others. */
const DJANGOS = ['', ...(process.env['DJANGO_PATHS'] ?? '').split(path.delimiter).filter(Boolean)];
const STEPS = Number(process.env['INTEROP_STEPS'] ?? 500);
/** The seed of a run is in the names of the tests; give it to replay the run. */
const SEED = Number(process.env['INTEROP_SEED'] ?? Date.now() % 1_000_000);

/** What either site says of a visitor. */
interface Answer {
  user: string;
  permissions: string[];
  may: boolean;
  note: unknown;
}

let restoreSecret: (() => Promise<void>)[] = [];

/** Changes a user from outside: what the Django site has as `change`. */
async function change(what: string, name: string, value: string): Promise<void> {
  const users = User.objects.filter({ username: name });
  const permission = (): Promise<Permission> => Permission.objects.get({ codename: value });
  switch (what) {
    case 'create':
      await users.delete();
      await User.objects.createUser(name, `${name}@example.com`, value);
      break;
    case 'active':
      await users.update({ isActive: value === '1' });
      break;
    case 'superuser':
      await users.update({ isSuperuser: value === '1' });
      break;
    case 'own': {
      const [user, one] = [await users.get(), await permission()];
      const has = await user.userPermissions.filter({ pk: one.pk }).exists();
      await (has ? user.userPermissions.remove(one) : user.userPermissions.add(one));
      break;
    }
    case 'group': {
      const [group] = await Group.objects.getOrCreate({ name: 'editors' });
      await group.permissions.set([await permission()]);
      await (await users.get()).groups.add(group);
      break;
    }
    case 'secret':
      restoreSecret.push(
        overrideSettings({
          SECRET_KEY: value,
          SECRET_KEY_FALLBACKS: name === 'keep' ? [settings.SECRET_KEY] : [],
        }),
      );
      break;
    default:
  }
}

async function step(request: HttpRequest): Promise<JsonResponse> {
  const [what = '', name = '', value = ''] = ['what', 'name', 'value'].map(
    (key) => request.GET.get(key, '') as string,
  );
  if (what === 'login') {
    const user = await authenticate(request, { username: name, password: value });
    if (user !== null) await login(request, user);
  } else if (what === 'logout') {
    await logout(request);
  } else if (what === 'note') {
    request.session['note'] = value;
  } else if (what === 'password') {
    const user = await request.user;
    if (user.isAuthenticated) {
      await user.setPassword(value);
      await user.save();
      await updateSessionAuthHash(request, user);
    }
  } else await change(what, name, value);
  const user = await request.user;
  return new JsonResponse({
    user: user.getUsername(),
    permissions: [...(await user.getAllPermissions())].sort(),
    may: await user.hasPerm('auth.view_user'),
    note: request.session.get('note'),
  });
}

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
  /** Who it should be, and with which password it came to be so. */
  user: { name: string; login: object } | null = null;

  send(port: number, query: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = this.cookie === undefined ? {} : { cookie: `sessionid=${this.cookie}` };
      const target = `/?${new URLSearchParams(query)}`;
      const message = httpRequest({ port, path: target, headers, host: '127.0.0.1' }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          body += part;
        });
        response.on('end', () => {
          if (response.statusCode !== 200)
            return reject(new Error(`${response.statusCode}: ${target} ${body}`));
          for (const header of response.headers['set-cookie'] ?? []) this.receive(header);
          resolve(JSON.parse(body) as Answer);
        });
      });
      message.on('error', reject);
      message.end();
    });
  }

  private receive(header: string): void {
    const [pair = '', ...attributes] = header.split(/;\s*/);
    const at = pair.indexOf('=');
    if (pair.slice(0, at) !== 'sessionid') return;
    const maxAge = attributes.find((attribute) => /^max-age=/i.test(attribute));
    this.cookie = maxAge !== undefined && Number(maxAge.slice(8)) <= 0 ? undefined : pair.slice(at + 1);
  }
}

/** What a user is like. `login`: another object whenever sessions of before are worth nothing. */
interface Account {
  password: string;
  active: boolean;
  login: object;
}

const NAMES = ['ada', 'bob'];

/** Does this and that on either side; after each step both are asked who each visitor is. */
async function walk(ports: readonly [number, number], steps: number, hasFallbacks: boolean): Promise<number> {
  const random = randomOf(SEED);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const visitors = [new Visitor(), new Visitor(), new Visitor()];
  const [first] = visitors as [Visitor];
  const accounts = new Map<string, Account>();
  const create = async (name: string, password: string): Promise<void> => {
    await first.send(pick(ports), { what: 'create', name, value: password });
    accounts.set(name, { password, active: true, login: {} });
  };
  for (const name of NAMES) await create(name, 'secret');
  const isStill = ({ user }: Visitor): boolean =>
    user !== null &&
    accounts.get(user.name)?.login === user.login &&
    accounts.get(user.name)?.active === true;
  const all: readonly string[] = [
    ...['login', 'login', 'login', 'login', 'wrong', 'logout', 'password', 'active', 'superuser'],
    ...['own', 'own', 'group', 'note', 'create', 'secret', 'lose'],
  ];
  let loggedIn = 0;
  for (let n = 0; n < steps; n++) {
    const [visitor, port, name] = [pick(visitors), pick(ports), pick(NAMES)];
    // Where nobody is logged in there is little to disagree on.
    const what = visitors.some(isStill) || random(3) === 0 ? pick(all) : 'login';
    const account = accounts.get(name) as Account;
    if (what === 'login' || what === 'wrong') {
      const value = what === 'login' ? account.password : 'wrong';
      await visitor.send(port, { what: 'login', name, value });
      if (what === 'login' && account.active) visitor.user = { name, login: account.login };
    } else if (what === 'logout') {
      await visitor.send(port, { what });
      visitor.user = null;
    } else if (what === 'password') {
      const value = `password ${n}`;
      await visitor.send(port, { what, value });
      if (visitor.user !== null && isStill(visitor)) {
        const own = accounts.get(visitor.user.name) as Account;
        Object.assign(own, { password: value, login: {} });
        visitor.user = { name: visitor.user.name, login: own.login };
      }
    } else if (what === 'active' || what === 'superuser') {
      const value = String(random(2));
      await first.send(port, { what, name, value });
      if (what === 'active') account.active = value === '1';
    } else if (what === 'own' || what === 'group') {
      await first.send(port, { what, name, value: pick(['view_user', 'change_user', 'add_group']) });
    } else if (what === 'note') {
      await visitor.send(port, { what, value: String(n) });
    } else if (what === 'create') {
      await create(name, `new ${n}`);
    } else if (what === 'secret' || what === 'lose') {
      const keep = what === 'secret' && hasFallbacks;
      if (!keep && random(4) !== 0) continue;
      const value = `one secret of more than fifty letters, the ${n}th of them in this run`;
      // Both have to hear of it before either sees a session again.
      for (const each of ports)
        await new Visitor().send(each, { what: 'secret', name: keep ? 'keep' : 'lose', value });
      if (!keep) for (const each of visitors) each.user = null;
    }
    for (const each of visitors) {
      if (!isStill(each)) {
        // Whoever is not active comes back with the session; a session of another password does not.
        if (each.user !== null && accounts.get(each.user.name)?.login !== each.user.login) each.user = null;
      }
      const [one, other] = random(2) === 0 ? ports : ([ports[1], ports[0]] as const);
      const said = await each.send(one);
      const expected = isStill(each) ? each.user?.name : '';
      expect({ n, what, name, user: said.user }).toEqual({ n, what, name, user: expected });
      expect({ n, what, name, port: other, ...(await each.send(other)) }).toEqual({
        n,
        what,
        name,
        port: other,
        ...said,
      });
      if (said.user !== '') loggedIn += 1;
    }
  }
  return loggedIn;
}

/** A store of sessions that both have, and the database of the users. */
interface Pairing {
  readonly name: string;
  readonly needs: readonly Need[];
  readonly engine: string;
  readonly database: () => DatabaseSettings;
  readonly settings?: () => Promise<{ shared: Partial<Settings>; stop: () => Promise<unknown> }>;
  readonly steps: number;
  /** Who makes the tables. */
  readonly migrates: 'django' | 'ours';
}

function beside(folder: string, pairing: Pairing): void {
  const title = `${pairing.name}, migrated by ${pairing.migrates}, beside ${folder || 'the Django of the machine'}`;
  describeWith(['django', ...pairing.needs], title, () => {
    const database = pairing.database();
    let server: Server;
    let child: ChildProcess;
    let django: { port: number; version: string };
    let restore: () => Promise<void>;
    let stop: (() => Promise<unknown>) | undefined;

    beforeAll(async () => {
      const more = await pairing.settings?.();
      stop = more?.stop;
      const shared = {
        SECRET_KEY: 'one secret for both of the sites, of more than fifty letters',
        SESSION_ENGINE: `django.contrib.sessions.backends.${pairing.engine}`,
        ...more?.shared,
      };
      const ENGINE = `django.db.backends.${database.ENGINE === 'postgresql' ? 'postgresql' : 'sqlite3'}`;
      apps.reset();
      restore = overrideSettings({
        ...AUTH_SITE,
        MIDDLEWARE: (AUTH_SITE.MIDDLEWARE ?? []).filter((name) => !String(name).includes('csrf')),
        ROOT_URLCONF: { urlpatterns: [route('', step)] },
        ALLOWED_HOSTS: ['*'],
        DATABASES: { default: { ...database, ENGINE } },
        ...shared,
      });
      apps.populate();
      ContentType.objects.clearCache();
      if (pairing.migrates === 'ours') await callCommand('migrate', { verbosity: 0 });
      [child, django] = await startDjango(folder, {
        migrate: true,
        settings: { ...shared, DATABASES: { default: { ...database, ENGINE } } },
      });
      await callCommand('migrate', { verbosity: 0 });
      server = createServer(createServerListener());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }, 60_000);
    afterAll(async () => {
      server?.close();
      child?.kill('SIGKILL');
      await connections.closeAll();
      await caches.closeAll();
      await stop?.();
      for (const undo of restoreSecret.reverse()) await undo();
      restoreSecret = [];
      await restore?.();
      apps.reset();
    });

    it(`both know who it is in ${pairing.steps} steps at random (seed ${SEED})`, async () => {
      expect(await Permission.objects.count()).toBe(5 * 4);
      const ours = (server.address() as AddressInfo).port;
      const loggedIn = await walk([ours, django.port], pairing.steps, !django.version.startsWith('3.'));
      // There was something to agree on.
      expect(loggedIn).toBeGreaterThan(pairing.steps / 10);
    }, 300_000);
  });
}

async function startDjango(
  folder: string,
  options: object,
): Promise<[ChildProcess, { port: number; version: string }]> {
  // Python passes over a folder that is not there, and takes the Django of the machine.
  if (folder !== '' && !existsSync(path.join(folder, 'django'))) {
    throw new Error(`DJANGO_PATHS names ${folder}, which has no Django.`);
  }
  const child = spawn(
    SERVICES.python,
    [path.join(__dirname, 'django_auth', 'site.py'), JSON.stringify(options)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        PYTHONWARNINGS: 'ignore',
        ...(folder && { PYTHONPATH: folder }),
      },
    },
  );
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) => reject(new Error(`Django ended with status ${code}`)));
  });
  return [child, JSON.parse(line) as { port: number; version: string }];
}

async function memcached(): Promise<{ shared: Partial<Settings>; stop: () => Promise<unknown> }> {
  const own: OwnServer = await startMemcached();
  const BACKEND = 'django.core.cache.backends.memcached.PyMemcacheCache';
  return {
    shared: { CACHES: { default: { BACKEND, LOCATION: `127.0.0.1:${own.port}` } } },
    stop: () => own.stop(),
  };
}

async function redis(): Promise<{ shared: Partial<Settings>; stop: () => Promise<unknown> }> {
  const own: OwnServer = await startRedis();
  const BACKEND = 'django.core.cache.backends.redis.RedisCache';
  return {
    shared: { CACHES: { default: { BACKEND, LOCATION: `redis://127.0.0.1:${own.port}/0` } } },
    stop: () => own.stop(),
  };
}

async function files(): Promise<{ shared: Partial<Settings>; stop: () => Promise<unknown> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'interop-auth-'));
  return {
    shared: { SESSION_FILE_PATH: folder },
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

const sqlite = (): DatabaseSettings => scratchDatabase('better-sqlite3');
const FEWER = Math.ceil(STEPS / 4);
const MEMCACHED: readonly Need[] = ['memcached', 'pymemcache'];

for (const folder of DJANGOS) {
  beside(folder, {
    name: 'db on SQLite',
    needs: [],
    engine: 'db',
    database: sqlite,
    steps: STEPS,
    migrates: 'django',
  });
  beside(folder, {
    name: 'db on PostgreSQL',
    needs: ['postgresql', 'psycopg2'],
    engine: 'db',
    database: () => scratchDatabase('postgresql'),
    steps: STEPS,
    migrates: 'ours',
  });
  beside(folder, {
    name: 'cached_db',
    needs: MEMCACHED,
    engine: 'cached_db',
    database: sqlite,
    settings: memcached,
    steps: FEWER,
    migrates: 'ours',
  });
  beside(folder, {
    name: 'cache',
    needs: MEMCACHED,
    engine: 'cache',
    database: sqlite,
    settings: memcached,
    steps: FEWER,
    migrates: 'django',
  });
  // The Django of the machine is one from before Redis.
  if (folder !== '') {
    beside(folder, {
      name: 'cache on Redis',
      needs: ['redis-server'],
      engine: 'cache',
      database: sqlite,
      settings: redis,
      steps: FEWER,
      migrates: 'django',
    });
    beside(folder, {
      name: 'cached_db on Redis and PostgreSQL',
      needs: ['redis-server', 'postgresql'],
      engine: 'cached_db',
      database: () => scratchDatabase('postgresql'),
      settings: redis,
      steps: FEWER,
      migrates: 'ours',
    });
  }
  beside(folder, {
    name: 'file',
    needs: [],
    engine: 'file',
    database: sqlite,
    settings: files,
    steps: FEWER,
    migrates: 'django',
  });
  beside(folder, {
    name: 'signed_cookies',
    needs: [],
    engine: 'signed_cookies',
    database: sqlite,
    steps: FEWER,
    migrates: 'ours',
  });
}
