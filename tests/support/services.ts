/**
 * What a test needs beyond Node. A test whose need is missing is reported as skipped, with the reason; with
 * REQUIRE_SERVICES=1 it fails instead, so that nothing is skipped where everything should be there.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The environment variable that turns a missing service into a failure. */
export const REQUIRED = process.env['REQUIRE_SERVICES'] === '1';

function answers(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** Whether something listens there. Synchronous, because jest decides what to skip while it collects tests. */
function listens(host: string, port: number): boolean {
  const probe = `const s=require('net').connect(${port},'${host}');s.on('connect',()=>process.exit(0));s.on('error',()=>process.exit(1));setTimeout(()=>process.exit(1),1000)`;
  return answers(process.execPath, ['-e', probe]);
}

const PYTHON = '/usr/bin/python3';

/** Where the services are; each can be moved with its environment variable. */
export const SERVICES = {
  postgresql: {
    host: process.env['PGHOST'] ?? '127.0.0.1',
    port: Number(process.env['PGPORT'] ?? 5432),
    user: process.env['PGUSER'] ?? 'postgres',
    database: process.env['PGDATABASE'] ?? 'test',
  },
  mysql: {
    host: process.env['MYSQL_HOST'] ?? '127.0.0.1',
    port: Number(process.env['MYSQL_PORT'] ?? 3306),
    user: process.env['MYSQL_USER'] ?? 'root',
    password: process.env['MYSQL_PASSWORD'] ?? '',
    database: process.env['MYSQL_DATABASE'] ?? 'test',
  },
  redis: { host: process.env['REDIS_HOST'] ?? '127.0.0.1', port: Number(process.env['REDIS_PORT'] ?? 6379) },
  chromium: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  python: process.env['PYTHON'] ?? PYTHON,
} as const;

const PROBES = {
  aiosmtpd: () => answers(SERVICES.python, ['-c', 'import aiosmtpd']),
  postgresql: () => listens(SERVICES.postgresql.host, SERVICES.postgresql.port),
  mysql: () => listens(SERVICES.mysql.host, SERVICES.mysql.port),
  redis: () => listens(SERVICES.redis.host, SERVICES.redis.port),
  'redis-server': () => answers('redis-server', ['--version']),
  memcached: () => answers('memcached', ['-h']),
  chromium: () => existsSync(SERVICES.chromium),
  django: () => answers(SERVICES.python, ['-c', 'import django']),
  /** A terminal to type into. */
  pty: () => answers(SERVICES.python, ['-c', 'import pty']),
  PyYAML: () => answers(SERVICES.python, ['-c', 'import yaml']),
  // What Django reaches these services with.
  psycopg2: () => answers(SERVICES.python, ['-c', 'import psycopg2']),
  MySQLdb: () => answers(SERVICES.python, ['-c', 'import MySQLdb']),
  pymemcache: () => answers(SERVICES.python, ['-c', 'import pymemcache, pylibmc']),
  'redis-py': () => answers(SERVICES.python, ['-c', 'import redis']),
  nginx: () => answers('nginx', ['-v']),
  curl: () => answers('curl', ['--version']),
  openssl: () => answers('openssl', ['version']),
  wrk: () => existsSync('/usr/bin/wrk'),
  // Native drivers are built for one version of Node; its own module comes with the newer ones.
  'better-sqlite3': () => answers(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:')"]),
  sqlite3: () => answers(process.execPath, ['-e', "require('sqlite3')"]),
  'node:sqlite': () => process.getBuiltinModule?.('node:sqlite') !== undefined,
  /** A package registry that answers: for the test that installs the package as a user does. */
  registry: () => answers('npm', ['view', 'reflect-metadata', 'version']),
} satisfies Record<string, () => boolean>;

/** What a test can need. */
export type Need = keyof typeof PROBES;

const found = new Map<Need, boolean>();

/** Whether a service is there. */
export function available(need: Need): boolean {
  let answer = found.get(need);
  if (answer === undefined) {
    answer = PROBES[need]();
    found.set(need, answer);
  }
  return answer;
}

/** Beside Django a test needs Django's driver, too. */
const DRIVERS: Partial<Record<Need, Need>> = {
  postgresql: 'psycopg2',
  mysql: 'MySQLdb',
  memcached: 'pymemcache',
  'redis-server': 'redis-py',
};

function withDrivers(needs: readonly Need[]): Need[] {
  if (!needs.includes('django')) return [...needs];
  return needs.flatMap((need) => [need, ...[DRIVERS[need] ?? []].flat()]);
}

/** What this Node may be too old for, so that nothing could be done about it. */
const NOT_EVERYWHERE: ReadonlySet<Need> = new Set(['node:sqlite']);

/** A `describe` that needs services: skipped with the reason where one is missing, failed under REQUIRE_SERVICES=1. */
export function describeWith(needs: Need | readonly Need[], title: string, body: () => void): void {
  const missing = withDrivers(typeof needs === 'string' ? [needs] : needs).filter((need) => !available(need));
  if (missing.length === 0) {
    describe(title, body);
  } else if (REQUIRED && !missing.every((need) => NOT_EVERYWHERE.has(need))) {
    describe(title, () => {
      it('finds what it needs', () => {
        throw new Error(`REQUIRE_SERVICES=1, and there is no ${missing.join(', no ')} here.`);
      });
    });
  } else {
    describe.skip(`${title} (skipped: no ${missing.join(', no ')} here)`, body);
  }
}
