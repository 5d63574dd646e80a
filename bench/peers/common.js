'use strict';
/** What every peer does alike: the session's content, the page, the port, and the connections to the stores. */
const crypto = require('node:crypto');
const path = require('node:path');

const STORE = process.env.BENCH_STORE ?? 'memory';
const PORT = Number(process.env.BENCH_PORT ?? 8100);
const SECRET = 'benchmark-secret-key-of-more-than-fifty-characters-0123456789';
const SQLITE_FILE =
  process.env.BENCH_SQLITE ?? path.join(require('node:os').tmpdir(), 'tsango-bench.sqlite3');
const PG = {
  host: process.env.PGHOST ?? '127.0.0.1',
  port: Number(process.env.PGPORT ?? 5432),
  user: process.env.PGUSER ?? 'postgres',
  database: process.env.PGDATABASE ?? 'test',
  max: 10,
};
const REDIS_URL = process.env.BENCH_REDIS ?? 'redis://127.0.0.1:6379/9';

/** The five keys of every session. */
const SESSION = { name: 'amrit panta', age: 25, city: 'Kathmandu', theme: 'dark', visits: 7 };

const TEMPLATE = `<!DOCTYPE html>
<html><head><title>Session</title></head><body><h1>Session</h1><ul>
<% for (const [key, value] of items) { %><li><%= key %>: <%= value %></li>
<% } %></ul></body></html>`;

let compiled;
/** The page, from the peers' usual template engine, compiled once. */
function page(session) {
  compiled ??= require('ejs').compile(TEMPLATE);
  return compiled({ items: Object.keys(SESSION).map((key) => [key, session[key]]) });
}

/** Write-ahead log and the driver's own durability, as tsango's: safe against a crash of the process. */
function sqlite() {
  const db = require('better-sqlite3')(SQLITE_FILE);
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${process.env.BENCH_SYNCHRONOUS ?? 'NORMAL'}`);
  return db;
}

async function redis() {
  const client = require('redis').createClient({ url: REDIS_URL });
  await client.connect();
  return client;
}

/**
 * A store with express-session's interface, which Fastify's session shares. Memory: undefined, so that each
 * peer uses its own. SQLite: the same prepared statements as the raw limit, the fastest that the peer can have.
 */
async function sessionStore(session) {
  if (STORE === 'redis')
    return new (require('connect-redis').RedisStore)({ client: await redis(), prefix: 'peer:' });
  if (STORE === 'postgresql') {
    const Store = require('connect-pg-simple')(session ?? { Store: require('node:events').EventEmitter });
    return new Store({
      pool: new (require('pg').Pool)(PG),
      tableName: 'bench_peer',
      createTableIfMissing: true,
    });
  }
  if (STORE !== 'sqlite') return undefined;
  const db = sqlite();
  db.exec(
    'CREATE TABLE IF NOT EXISTS peer (sid TEXT PRIMARY KEY, data TEXT NOT NULL, expires INTEGER NOT NULL)',
  );
  const read = db.prepare('SELECT data FROM peer WHERE sid = ? AND expires > ?');
  const write = db.prepare('INSERT OR REPLACE INTO peer VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM peer WHERE sid = ?');
  const touch = db.prepare('UPDATE peer SET expires = ? WHERE sid = ?');
  const DAYS = 14 * 86_400_000;
  class SqliteStore extends (session?.Store ?? require('node:events').EventEmitter) {
    get(sid, done) {
      const row = read.get(sid, Date.now());
      done(null, row ? JSON.parse(row.data) : null);
    }
    set(sid, value, done) {
      write.run(sid, JSON.stringify(value), Date.now() + DAYS);
      done?.(null);
    }
    destroy(sid, done) {
      remove.run(sid);
      done?.(null);
    }
    touch(sid, _value, done) {
      touch.run(Date.now() + DAYS, sid);
      done?.(null);
    }
  }
  return new SqliteStore();
}

function listening(name) {
  process.stdout.write(`${name} listening on ${PORT} with ${STORE}\n`);
}

/** A server that cannot start says why and ends. */
function abort(error) {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}

module.exports = {
  STORE,
  PORT,
  SECRET,
  SQLITE_FILE,
  REDIS_URL,
  PG,
  SESSION,
  page,
  sqlite,
  redis,
  sessionStore,
  listening,
  abort,
  crypto,
};
