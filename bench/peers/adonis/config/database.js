import { defineConfig } from '@adonisjs/lucid';
import common from '../../common.js';

const { host, port, user, database, max } = common.PG;

export default defineConfig({
  connection: common.STORE === 'postgresql' ? 'pg' : 'sqlite',
  connections: {
    pg: { client: 'pg', connection: { host, port, user, database }, pool: { min: 1, max } },
    sqlite: {
      client: 'better-sqlite3',
      connection: { filename: common.SQLITE_FILE },
      useNullAsDefault: true,
      pool: {
        afterCreate(connection, done) {
          connection.pragma('journal_mode = WAL');
          connection.pragma('synchronous = NORMAL');
          done(null, connection);
        },
      },
    },
  },
});
