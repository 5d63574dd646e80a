/** Databases with a session table, for tests that need no migrations. */
import type { DatabaseSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { type Need, SERVICES } from './services';
import { SQLITE_ENGINES } from './sqlite';

/** A schema of this process's own where the server is shared. */
const OWN = `sessions_${process.pid}`;

/** Every database that sessions can be in. */
export const DATABASES: Readonly<Record<string, { needs: readonly Need[]; settings: DatabaseSettings }>> = {
  ...Object.fromEntries(
    SQLITE_ENGINES.map((engine) => [
      engine,
      { needs: [engine], settings: { ENGINE: engine, NAME: ':memory:' } },
    ]),
  ),
  postgresql: {
    needs: ['postgresql'],
    settings: {
      ENGINE: 'postgresql',
      NAME: SERVICES.postgresql.database,
      USER: SERVICES.postgresql.user,
      HOST: SERVICES.postgresql.host,
      PORT: SERVICES.postgresql.port,
      OPTIONS: { options: `-c search_path=${OWN}` },
    },
  },
  mysql: {
    needs: ['mysql'],
    settings: {
      ENGINE: 'mysql',
      NAME: SERVICES.mysql.database,
      USER: SERVICES.mysql.user,
      PASSWORD: SERVICES.mysql.password,
      HOST: SERVICES.mysql.host,
      PORT: SERVICES.mysql.port,
    },
  },
};

const TYPES = {
  sqlite: ['text', 'datetime'],
  postgresql: ['text', 'timestamp with time zone'],
  mysql: ['longtext', 'datetime(6)'],
} as const;

/** Creates `django_session` in the default database. */
export async function createSessionTable(): Promise<void> {
  const connection = connections.get();
  const [text, date] = TYPES[connection.vendor];
  if (connection.vendor === 'postgresql') await connection.execute(`CREATE SCHEMA IF NOT EXISTS ${OWN}`);
  else if (connection.vendor === 'mysql') await connection.execute('DROP TABLE IF EXISTS django_session');
  await connection.execute(
    `CREATE TABLE django_session (session_key varchar(40) NOT NULL PRIMARY KEY, session_data ${text} NOT NULL, ` +
      `expire_date ${date} NOT NULL)`,
  );
  await connection.execute(
    'CREATE INDEX django_session_expire_date_a5c62663 ON django_session (expire_date)',
  );
}

/** Removes it, and closes the database. */
export async function dropSessionTable(): Promise<void> {
  const connection = connections.get();
  if (connection.vendor === 'postgresql') await connection.execute(`DROP SCHEMA ${OWN} CASCADE`);
  else await connection.execute('DROP TABLE django_session');
  await connections.closeAll();
}
