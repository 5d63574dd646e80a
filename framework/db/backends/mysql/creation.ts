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

  /** Table by table: the server has no command for it. */
  protected async cloneDatabase(name: string, template: string): Promise<void> {
    await this.createDatabase(name, false);
    const quote = (identifier: string): string => this.connection.ops.quoteName(identifier);
    await this.besides(name, async (server) => {
      const ask = async (sql: string): Promise<unknown[][]> =>
        (await server.execute(sql)).rows.map((row) => Object.values(row));
      // One connection, since the setting is the connection's.
      await server.atomic(async () => {
        await server.execute('SET FOREIGN_KEY_CHECKS = 0');
        for (const [table] of await ask(
          `SHOW FULL TABLES FROM ${quote(template)} WHERE Table_type = 'BASE TABLE'`,
        )) {
          const from = `${quote(template)}.${quote(String(table))}`;
          const [definition] = await ask(`SHOW CREATE TABLE ${from}`);
          await server.execute(String(definition?.[1]));
          const columns = (await server.execute(`SHOW COLUMNS FROM ${from}`)).rows
            .filter(({ Extra: extra }) => !/GENERATED/i.test(String(extra)))
            .map(({ Field: field }) => quote(String(field)))
            .join(', ');
          await server.execute(
            `INSERT INTO ${quote(String(table))} (${columns}) SELECT ${columns} FROM ${from}`,
          );
        }
      });
    });
  }

  protected dropDatabase(name: string): Promise<void> {
    return this.besides(SERVER, async (server) => {
      await server.execute(`DROP DATABASE IF EXISTS ${this.connection.ops.quoteName(name)}`);
    });
  }
}
