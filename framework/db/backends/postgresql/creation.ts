/** Django: `django.db.backends.postgresql.creation`. */
import type { DatabaseSettings } from '../../../conf';
import { ImproperlyConfigured } from '../../../core/exceptions';
import { DatabaseCreation } from '../base/creation';
import { PostgresWrapper } from './base';

export class PostgresCreation extends DatabaseCreation {
  async createTestDb({
    suffix,
    keepdb = false,
  }: {
    suffix?: string;
    keepdb?: boolean;
  } = {}): Promise<DatabaseSettings> {
    const NAME = this.testDbName(suffix);
    const { CHARSET, COLLATION, TEMPLATE } = this.test;
    if (COLLATION) {
      throw new ImproperlyConfigured(
        "PostgreSQL does not support collation setting at database creation time: leave TEST['COLLATION'] out.",
      );
    }
    const quote = (name: string): string => this.connection.ops.quoteName(name);
    const how = `${CHARSET ? ` ENCODING '${CHARSET.replaceAll("'", "''")}'` : ''}${TEMPLATE ? ` TEMPLATE ${quote(TEMPLATE)}` : ''}`;
    await this.besides(async (server) => {
      const { rows } = await server.execute('SELECT 1 AS found FROM pg_database WHERE datname = ?', [NAME]);
      if (rows.length > 0 && keepdb) return;
      await server.execute(`DROP DATABASE IF EXISTS ${quote(NAME)}`);
      await server.execute(`CREATE DATABASE ${quote(NAME)}${how === '' ? '' : ` WITH${how}`}`);
    });
    return { ...this.connection.settingsDict, NAME };
  }

  destroyTestDb({ NAME }: DatabaseSettings): Promise<void> {
    return this.besides(async (server) => {
      await server.execute(`DROP DATABASE IF EXISTS ${this.connection.ops.quoteName(NAME)} WITH (FORCE)`);
    });
  }

  /** Works on a connection to the database that every server has: none can be dropped from inside. */
  private async besides(work: (server: PostgresWrapper) => Promise<void>): Promise<void> {
    const server = new PostgresWrapper(
      { ...this.connection.settingsDict, NAME: 'postgres' },
      this.connection.alias,
    );
    try {
      await work(server);
    } finally {
      await server.close();
    }
  }
}
