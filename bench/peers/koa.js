'use strict';
const Koa = require('koa');
const {
  STORE,
  PORT,
  SECRET,
  PG,
  DAYS_14,
  newSession,
  page,
  redis,
  sqliteTable,
  listening,
  abort,
} = require('./common');

/** koa-session takes any object with get, set and destroy; these are the fastest that it can have. */
async function openStore() {
  if (STORE === 'sqlite') return sqliteTable();
  if (STORE === 'redis') {
    const client = await redis();
    return {
      async get(key) {
        const text = await client.get(key);
        return text === null ? null : JSON.parse(text);
      },
      set: (key, value, maxAge) =>
        client.set(key, JSON.stringify(value), { expiration: { type: 'PX', value: maxAge } }),
      destroy: (key) => client.del(key),
    };
  }
  if (STORE === 'postgresql') {
    const pool = new (require('pg').Pool)(PG);
    await pool.query(
      'CREATE TABLE IF NOT EXISTS bench_koa (sid text PRIMARY KEY, data text NOT NULL, expires timestamptz NOT NULL)',
    );
    const read = 'SELECT data FROM bench_koa WHERE sid = $1 AND expires > $2';
    const write =
      'INSERT INTO bench_koa VALUES ($1, $2, $3) ON CONFLICT (sid) DO UPDATE SET data = $2, expires = $3';
    return {
      async get(key) {
        const { rows } = await pool.query({ name: 'read', text: read, values: [key, new Date()] });
        return rows[0] ? JSON.parse(rows[0].data) : null;
      },
      set(key, value, maxAge) {
        const values = [key, JSON.stringify(value), new Date(Date.now() + maxAge)];
        return pool.query({ name: 'write', text: write, values });
      },
      destroy: (key) => pool.query('DELETE FROM bench_koa WHERE sid = $1', [key]),
    };
  }
  const map = new Map();
  return {
    get: (key) => map.get(key),
    set: (key, value) => void map.set(key, value),
    destroy: (key) => void map.delete(key),
  };
}

async function main() {
  const app = new Koa();
  app.keys = [SECRET];
  const koaSession = require('koa-session');
  const createSession = koaSession.createSession ?? koaSession.default ?? koaSession;
  const options = { maxAge: DAYS_14, sameSite: 'lax' };
  if (STORE !== 'cookie') options.store = await openStore();
  app.use(createSession(options, app));
  app.use((context) => {
    switch (context.path) {
      case '/plain':
        context.body = 'Hello, world';
        break;
      case '/get':
        context.body = `data is ${context.session.name}`;
        break;
      case '/set':
        Object.assign(context.session, newSession());
        context.body = 'set successfully';
        break;
      case '/page':
        context.type = 'html';
        context.body = page(context.session);
        break;
    }
  });
  app.listen(PORT, '127.0.0.1', () => listening('koa'));
}

main().catch(abort);
