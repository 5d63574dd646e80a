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
  database: process.env.PGDATABASE ?? 'tsango_bench',
  max: 10,
};
const REDIS_URL = process.env.BENCH_REDIS ?? 'redis://127.0.0.1:6379/9';

/** The five keys of every session; one value has something to escape. */
const KEYS = ['name', 'age', 'city', 'theme', 'visits'];
let made = 0;
/** What `set` stores. No two sessions are alike, so that no cache of texts takes one for the other. */
function newSession() {
  return { name: 'amrit panta', age: 25, city: 'Kathmandu', theme: 'dark <&> bold', visits: ++made };
}

const TEMPLATE = `<!DOCTYPE html>
<html><head><title>Session</title></head><body><h1>Session</h1><ul>
<% for (const [key, value] of items) { %><li><%= key %>: <%= value %></li>
<% } %></ul></body></html>`;

let compiled;
/** The page, from the peers' usual template engine, compiled once. */
function page(session) {
  compiled ??= require('ejs').compile(TEMPLATE);
  return compiled({ items: KEYS.map((key) => [key, session[key]]) });
}

/** Write-ahead log and the driver's own durability, as tsango's: safe against a crash of the process. */
function sqlite() {
  const db = require('better-sqlite3')(SQLITE_FILE);
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${process.env.BENCH_SYNCHRONOUS ?? 'NORMAL'}`);
  return db;
}

/** node-redis 5, as tsango has it; its version 6 took four times as long for a GET when this was written. */
async function redis() {
  const client = require('redis').createClient({ url: REDIS_URL });
  await client.connect();
  return client;
}

const DAYS_14 = 14 * 86_400_000;

/** A table of sessions in SQLite with prepared statements: the fastest that a peer can have. */
function sqliteTable() {
  const db = sqlite();
  db.exec(
    'CREATE TABLE IF NOT EXISTS peer (sid TEXT PRIMARY KEY, data TEXT NOT NULL, expires INTEGER NOT NULL)',
  );
  const read = db.prepare('SELECT data FROM peer WHERE sid = ? AND expires > ?');
  const write = db.prepare('INSERT OR REPLACE INTO peer VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM peer WHERE sid = ?');
  return {
    get(sid) {
      const row = read.get(sid, Date.now());
      return row ? JSON.parse(row.data) : null;
    },
    set: (sid, value) => void write.run(sid, JSON.stringify(value), Date.now() + DAYS_14),
    destroy: (sid) => void remove.run(sid),
  };
}

/**
 * A store with express-session's interface, which Fastify's session shares. Memory: undefined, so that each
 * peer uses its own. Redis and PostgreSQL: the maintained packages, without a write at each read (`disableTouch`).
 * SQLite: there is no maintained package, so an adapter of ours.
 */
async function sessionStore(session) {
  const Store = session?.Store ?? require('node:events').EventEmitter;
  if (STORE === 'redis')
    return new (require('connect-redis').RedisStore)({
      client: await redis(),
      prefix: 'peer:',
      disableTouch: true,
    });
  if (STORE === 'postgresql') {
    return new (require('connect-pg-simple')({ Store }))({
      pool: new (require('pg').Pool)(PG),
      tableName: 'bench_peer',
      createTableIfMissing: true,
      disableTouch: true,
    });
  }
  if (STORE !== 'sqlite') return undefined;
  const table = sqliteTable();
  return new (class SqliteStore extends Store {
    get(sid, done) {
      done(null, table.get(sid));
    }
    set(sid, value, done) {
      table.set(sid, value);
      done?.(null);
    }
    destroy(sid, done) {
      table.destroy(sid);
      done?.(null);
    }
  })();
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
  KEYS,
  DAYS_14,
  newSession,
  page,
  sqlite,
  redis,
  sqliteTable,
  sessionStore,
  listening,
  abort,
  crypto,
};
