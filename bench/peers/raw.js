'use strict';
/**
 * The physical limit: node:http and the store's client alone, one read or one insert a request, in a table like
 * Django's. BENCH_HEADERS sends what tsango's default middleware sends, to show what these cost.
 */
const http = require('node:http');
const {
  STORE,
  PORT,
  SECRET,
  PG,
  KEYS,
  DAYS_14,
  newSession,
  sqlite,
  redis,
  listening,
  abort,
  crypto,
} = require('./common');

const sign = (text) => crypto.createHmac('sha256', SECRET).update(text).digest('base64url');

async function openStore() {
  if (STORE === 'sqlite') {
    const db = sqlite();
    db.exec(
      'CREATE TABLE IF NOT EXISTS raw (k varchar(40) NOT NULL PRIMARY KEY, data text NOT NULL, expires datetime NOT NULL);' +
        'CREATE INDEX IF NOT EXISTS raw_expires ON raw (expires)',
    );
    const read = db.prepare('SELECT data FROM raw WHERE k = ? AND expires > ?');
    const insert = db.prepare('INSERT INTO raw VALUES (?, ?, ?)');
    return {
      get: (key) => read.get(key, new Date().toISOString())?.data,
      set: (key, data) => insert.run(key, data, new Date(Date.now() + DAYS_14).toISOString()),
    };
  }
  if (STORE === 'postgresql') {
    const pool = new (require('pg').Pool)(PG);
    await pool.query(
      'CREATE TABLE IF NOT EXISTS bench_raw (k varchar(40) NOT NULL PRIMARY KEY, data text NOT NULL, expires timestamptz NOT NULL);' +
        'CREATE INDEX IF NOT EXISTS bench_raw_like ON bench_raw (k varchar_pattern_ops);' +
        'CREATE INDEX IF NOT EXISTS bench_raw_expires ON bench_raw (expires)',
    );
    return {
      get: async (key) => {
        const query = {
          name: 'r',
          text: 'SELECT data FROM bench_raw WHERE k = $1 AND expires > $2',
          values: [key, new Date()],
        };
        return (await pool.query(query)).rows[0]?.data;
      },
      set: (key, data) =>
        pool.query({
          name: 'w',
          text: 'INSERT INTO bench_raw VALUES ($1, $2, $3)',
          values: [key, data, new Date(Date.now() + DAYS_14)],
        }),
    };
  }
  if (STORE === 'redis') {
    const client = await redis();
    return {
      get: (key) => client.get(`raw:${key}`),
      set: (key, data) => client.set(`raw:${key}`, data, { expiration: { type: 'EX', value: 1_209_600 } }),
    };
  }
  const map = new Map();
  return { get: (key) => map.get(key), set: (key, data) => void map.set(key, data) };
}

const SECURITY =
  process.env.BENCH_HEADERS === '1'
    ? {
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'same-origin',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'X-Frame-Options': 'DENY',
      }
    : {};

function send(response, type, body, headers) {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...SECURITY,
    ...headers,
  });
  response.end(body);
}

const text = (response, body, headers) => send(response, 'text/plain; charset=utf-8', body, headers);

const REFERENCES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };

function escapeHtml(value) {
  const string = String(value);
  return /[&<>"']/.test(string) ? string.replace(/[&<>"']/g, (character) => REFERENCES[character]) : string;
}

function page(response, session) {
  let items = '';
  for (const key of KEYS) items += `<li>${key}: ${escapeHtml(session[key])}</li>\n`;
  const body = `<!DOCTYPE html>\n<html><head><title>Session</title></head><body><h1>Session</h1><ul>\n${items}</ul></body></html>`;
  send(response, 'text/html; charset=utf-8', body);
}

const ATTRIBUTES = '; Max-Age=1209600; Path=/; HttpOnly; SameSite=Lax';
const cookieOf = (request) => /(?:^|; )s=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';

function fromCookie(request) {
  const [payload = '', signature = ''] = cookieOf(request).split('.');
  const expected = sign(payload);
  const valid =
    signature.length === expected.length &&
    crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
  return valid ? JSON.parse(Buffer.from(payload, 'base64url').toString()) : {};
}

async function main() {
  const store = await openStore();
  const use = (request, done) => {
    if (STORE === 'cookie') return done(fromCookie(request));
    const data = store.get(cookieOf(request));
    if (typeof data?.then === 'function') return void data.then((value) => done(JSON.parse(value ?? '{}')));
    done(JSON.parse(data ?? '{}'));
  };
  const server = http.createServer((request, response) => {
    switch (request.url) {
      case '/plain':
        return text(response, 'Hello, world');
      case '/get':
        return use(request, (session) => text(response, `data is ${session.name}`));
      case '/page':
        return use(request, (session) => page(response, session));
      case '/set': {
        if (STORE === 'cookie') {
          const payload = Buffer.from(JSON.stringify(newSession())).toString('base64url');
          return text(response, 'set successfully', {
            'Set-Cookie': `s=${payload}.${sign(payload)}${ATTRIBUTES}`,
          });
        }
        const key = crypto.randomBytes(16).toString('hex');
        const done = () => text(response, 'set successfully', { 'Set-Cookie': `s=${key}${ATTRIBUTES}` });
        const written = store.set(key, JSON.stringify(newSession()));
        return typeof written?.then === 'function' ? void written.then(done) : done();
      }
      default:
        response.writeHead(404).end();
    }
  });
  server.listen(PORT, '127.0.0.1', () => listening('raw'));
}

main().catch(abort);
