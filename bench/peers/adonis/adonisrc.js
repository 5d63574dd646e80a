import { defineConfig } from '@adonisjs/core/app';
import common from '../common.js';

const database = common.STORE === 'sqlite' || common.STORE === 'postgresql';

export default defineConfig({
  providers: [
    () => import('@adonisjs/core/providers/app_provider'),
    () => import('@adonisjs/core/providers/hash_provider'),
    ...(database ? [() => import('@adonisjs/lucid/database_provider')] : []),
    ...(common.STORE === 'redis' ? [() => import('@adonisjs/redis/redis_provider')] : []),
    () => import('@adonisjs/session/session_provider'),
    ...(process.env.BENCH_AUTH === '1' ? [() => import('@adonisjs/auth/auth_provider')] : []),
  ],
  preloads: [...(database ? [() => import('./table.js')] : []), () => import('./routes.js')],
});
