import { defineConfig } from '@adonisjs/redis';
import common from '../../common.js';

const { hostname, port, pathname } = new URL(common.REDIS_URL);

export default defineConfig({
  connection: 'main',
  connections: { main: { host: hostname, port: Number(port), db: Number(pathname.slice(1)) } },
});
