/** Django: `django.db.backends.mysql.creation`. */
import { DatabaseCreation } from '../base/creation';

/** A database that every server has, and none of the site's. */
const SERVER = 'information_schema';

export class MysqlCreation extends DatabaseCreation {
  protected createDatabase(name: string, keepdb: boolean): Promise<void> {
    const word = (text: string): string => text.replace(/\W/g, '');
    const { CHARSET, COLLATION } = this.test;
    const how = `${CHARSET ? ` CHARACTER SET ${word(CHARSET)}` : ''}${COLLATION ? ` COLLATE ${word(COLLATION)}` : ''}`;
    const quoted = this.connection.ops.quoteName(name);
    return this.besides(SERVER, async (server) => {
      if (!keepdb) await server.execute(`DROP DATABASE IF EXISTS ${quoted}`);
      await server.execute(`CREATE DATABASE IF NOT EXISTS ${quoted}${how}`);
    });
  }

  protected dropDatabase(name: string): Promise<void> {
    return this.besides(SERVER, async (server) => {
      await server.execute(`DROP DATABASE IF EXISTS ${this.connection.ops.quoteName(name)}`);
    });
  }
}
