import { defineConfig, stores } from '@adonisjs/session';
import common from '../../common.js';

const data = new Map();
const memory = () => ({
  read: (id) => data.get(id) ?? null,
  write: (id, values) => void data.set(id, values),
  destroy: (id) => void data.delete(id),
  touch: () => undefined,
});

export default defineConfig({
  enabled: true,
  cookieName: 'session',
  clearWithBrowser: false,
  age: '14d',
  cookie: { path: '/', httpOnly: true, secure: false, sameSite: 'lax' },
  store: common.STORE === 'cookie' ? 'cookie' : 'memory',
  stores: { cookie: stores.cookie(), memory },
});
