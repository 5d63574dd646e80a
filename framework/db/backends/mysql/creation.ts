/** Django: `django.db.backends.mysql.creation`. */
import type { DatabaseSettings } from '../../../conf';
import { DatabaseCreation } from '../base/creation';
import { MysqlWrapper } from './base';

export class MysqlCreation extends DatabaseCreation {
  async createTestDb({
    suffix,
    keepdb = false,
  }: {
    suffix?: string;
    keepdb?: boolean;
  } = {}): Promise<DatabaseSettings> {
    const NAME = this.testDbName(suffix);
    const word = (text: string): string => text.replace(/\W/g, '');
    const { CHARSET, COLLATION } = this.test;
    const how = `${CHARSET ? ` CHARACTER SET ${word(CHARSET)}` : ''}${COLLATION ? ` COLLATE ${word(COLLATION)}` : ''}`;
    await this.besides(async (server) => {
      const name = this.connection.ops.quoteName(NAME);
      if (!keepdb) await server.execute(`DROP DATABASE IF EXISTS ${name}`);
      await server.execute(`CREATE DATABASE IF NOT EXISTS ${name}${how}`);
    });
    return { ...this.connection.settingsDict, NAME };
  }

  destroyTestDb({ NAME }: DatabaseSettings): Promise<void> {
    return this.besides(async (server) => {
      await server.execute(`DROP DATABASE IF EXISTS ${this.connection.ops.quoteName(NAME)}`);
    });
  }

  /** Works on a connection that is in no database of the site's. */
  private async besides(work: (server: MysqlWrapper) => Promise<void>): Promise<void> {
    const server = new MysqlWrapper(
      { ...this.connection.settingsDict, NAME: 'information_schema' },
      this.connection.alias,
    );
    try {
      await work(server);
    } finally {
      await server.close();
    }
  }
}
