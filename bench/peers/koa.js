'use strict';
const Koa = require('koa');
const { STORE, PORT, SECRET, SESSION, page, sessionStore, listening, abort } = require('./common');

async function main() {
  const app = new Koa();
  app.keys = [SECRET];
  const koaSession = require('koa-session');
  const createSession = koaSession.createSession ?? koaSession.default ?? koaSession;
  const options = { maxAge: 14 * 86_400_000, sameSite: 'lax' };
  if (STORE !== 'cookie') {
    const inner = await sessionStore();
    if (!inner) {
      const map = new Map();
      options.store = {
        get: (key) => map.get(key),
        set: (key, value) => void map.set(key, { ...value }),
        destroy: (key) => void map.delete(key),
      };
    } else {
      const call = (method, ...args) =>
        new Promise((resolve, reject) => {
          inner[method](...args, (error, value) => (error ? reject(error) : resolve(value)));
        });
      options.store = {
        get: (key) => call('get', key),
        set: (key, value) => call('set', key, { ...value, cookie: {} }),
        destroy: (key) => call('destroy', key),
      };
    }
  }
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
        Object.assign(context.session, SESSION);
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
