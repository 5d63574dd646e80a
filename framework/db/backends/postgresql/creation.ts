/** Django: `django.db.backends.postgresql.creation`. */
import { ImproperlyConfigured } from '../../../core/exceptions';
import { DatabaseCreation } from '../base/creation';

/** A database that every server has. */
const SERVER = 'postgres';

export class PostgresCreation extends DatabaseCreation {
  protected createDatabase(name: string, keepdb: boolean): Promise<void> {
    const { CHARSET, COLLATION, TEMPLATE } = this.test;
    if (COLLATION) {
      throw new ImproperlyConfigured(
        "PostgreSQL does not support collation setting at database creation time: leave TEST['COLLATION'] out.",
      );
    }
    const quote = (identifier: string): string => this.connection.ops.quoteName(identifier);
    const how = `${CHARSET ? ` ENCODING '${CHARSET.replaceAll("'", "''")}'` : ''}${TEMPLATE ? ` TEMPLATE ${quote(TEMPLATE)}` : ''}`;
    return this.besides(SERVER, async (server) => {
      const { rows } = await server.execute('SELECT 1 AS found FROM pg_database WHERE datname = ?', [name]);
      if (rows.length > 0 && keepdb) return;
      await server.execute(`DROP DATABASE IF EXISTS ${quote(name)}`);
      await server.execute(`CREATE DATABASE ${quote(name)}${how === '' ? '' : ` WITH${how}`}`);
    });
  }

  protected cloneDatabase(name: string, template: string): Promise<void> {
    const quote = (identifier: string): string => this.connection.ops.quoteName(identifier);
    return this.besides(SERVER, async (server) => {
      await server.execute(`DROP DATABASE IF EXISTS ${quote(name)}`);
      await server.execute(`CREATE DATABASE ${quote(name)} TEMPLATE ${quote(template)}`);
    });
  }

  protected dropDatabase(name: string): Promise<void> {
    return this.besides(SERVER, async (server) => {
      await server.execute(`DROP DATABASE IF EXISTS ${this.connection.ops.quoteName(name)} WITH (FORCE)`);
    });
  }
}
