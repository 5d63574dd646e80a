import { defineConfig, stores } from '@adonisjs/session';
import common from '../../common.js';

const STORES = { sqlite: 'database', postgresql: 'database', redis: 'redis', cookie: 'cookie' };

export default defineConfig({
  enabled: true,
  cookieName: 'session',
  clearWithBrowser: false,
  age: '14d',
  cookie: { path: '/', httpOnly: true, secure: false, sameSite: 'lax' },
  store: STORES[common.STORE] ?? 'memory',
  stores: {
    cookie: stores.cookie(),
    ...(STORES[common.STORE] === 'redis' && { redis: stores.redis({ connection: 'main' }) }),
    ...(STORES[common.STORE] === 'database' && { database: stores.database() }),
  },
});
