'use strict';
/** Uses everything that needs an optional peer, and prints what each says. Runs where the package is installed. */
const { configure } = require('tsango/conf');
const { runChecks } = require('tsango/core/checks');
const { caches } = require('tsango/core/cache');
const { ContentFile } = require('tsango/core/files/base');
const { sendMail } = require('tsango/core/mail');
const { deserialize } = require('tsango/core/serializers');
const { connections } = require('tsango/db');
const { ImageField } = require('tsango/forms');
const { dictConfig } = require('tsango/utils/log');
const { staticServer } = require('tsango/core/servers/static');

const sqlite = (ENGINE) => ({ ENGINE, NAME: ':memory:' });
const server = (ENGINE) => ({ ENGINE, NAME: 'site', HOST: '127.0.0.1', PORT: 9 });
configure({
  SECRET_KEY: 'not a secret',
  DATABASES: {
    default: sqlite('better-sqlite3'),
    asynchronous: sqlite('sqlite3'),
    postgresql: server('postgresql'),
    mysql: server('mysql'),
  },
  CACHES: {
    default: { BACKEND: 'tsango.core.cache.backends.redis.RedisCache', LOCATION: 'redis://127.0.0.1:9' },
  },
  EMAIL_HOST: '127.0.0.1',
  EMAIL_PORT: 9,
  STATIC_ROOT: __dirname,
  STATIC_URL: 'static/',
});

const ask = (alias) => async () => connections.get(alias).execute('SELECT 1');
const read = async (format, text) => {
  for await (const object of deserialize(format, text)) throw new Error(String(object));
};
const log = (handler) => async () => dictConfig({ handlers: { it: handler } });
const GIF = Buffer.from('GIF89a\x02\0\x01\0\0\0\0', 'latin1');
const FEATURES = {
  'better-sqlite3': ask('default'),
  sqlite3: ask('asynchronous'),
  pg: ask('postgresql'),
  mysql2: ask('mysql'),
  redis: async () => caches.default.get('key'),
  'check, with a Redis cache': async () => {
    const messages = await runChecks({ tags: ['caches'] });
    if (messages.length > 0) throw messages[0];
  },
  'check, of the databases': async () => {
    const messages = await runChecks({ tags: ['settings'] });
    const ids = messages.filter(({ id }) => id === 'databases.E101');
    throw new Error(ids.map(({ msg }) => /needs the package (\S+?),/.exec(msg)?.[1]).join(' '));
  },
  pino: log({ class: 'tsango.utils.log.PinoHandler' }),
  sirv: async () => staticServer(),
  nodemailer: async () => sendMail('A', 'a', null, ['a@example.com']),
  saxes: async () => read('xml', '<django-objects/>'),
  yaml: async () => read('yaml', '[]'),
  'image-size': async () => new ImageField().clean(new ContentFile(GIF, 'a.gif')),
};

async function main() {
  const said = {};
  for (const [name, use] of Object.entries(FEATURES)) {
    said[name] = await use().then(
      () => 'works',
      (error) => (error.id ? String(error) : `${error.name}: ${error.message}`),
    );
  }
  process.stdout.write(JSON.stringify(said));
}

void main();
