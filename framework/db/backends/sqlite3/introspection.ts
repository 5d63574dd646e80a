/** Django: `django.db.backends.sqlite3.introspection`. */
import {
  type ColumnDescription,
  type ConstraintDescription,
  DatabaseIntrospection,
} from '../base/introspection';

export class SqliteIntrospection extends DatabaseIntrospection {
  /** SQLite finds a table whatever the case of its name. Django: `ignores_table_name_case`. */
  override identifier(name: string): string {
    return name.toLowerCase();
  }

  async tableNames(): Promise<string[]> {
    const { rows } = await this.connection.execute(
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND NOT name = 'sqlite_sequence' ORDER BY name",
    );
    return rows.map((row) => String(row['name']));
  }

  async getTableDescription(table: string): Promise<ColumnDescription[]> {
    const { rows } = await this.connection.execute(
      `PRAGMA table_xinfo(${this.connection.ops.quoteName(table)})`,
    );
    return rows.map((row) => ({
      name: String(row['name']),
      type: String(row['type']).toLowerCase(),
      nullable: !row['notnull'],
      default: row['dflt_value'] === null ? null : String(row['dflt_value']),
      primaryKey: Number(row['pk']) > 0,
    }));
  }

  async getConstraints(table: string): Promise<Map<string, ConstraintDescription>> {
    const quoted = this.connection.ops.quoteName(table);
    const found = new Map<string, ConstraintDescription>();
    const none = { primaryKey: false, unique: false, index: false, check: false, foreignKey: null };
    const primary = (await this.getTableDescription(table)).filter((column) => column.primaryKey);
    if (primary.length > 0) {
      found.set('__primary__', {
        ...none,
        columns: primary.map((column) => column.name),
        primaryKey: true,
        unique: true,
      });
    }
    const indexes = (await this.connection.execute(`PRAGMA index_list(${quoted})`)).rows;
    for (const index of indexes) {
      if (index['origin'] === 'pk') continue;
      const name = String(index['name']);
      const columns = (
        await this.connection.execute(`PRAGMA index_info(${this.connection.ops.quoteName(name)})`)
      ).rows.map((row) => String(row['name']));
      const unique = Boolean(index['unique']);
      found.set(name, { ...none, columns, unique, index: index['origin'] === 'c' });
    }
    const keys = (await this.connection.execute(`PRAGMA foreign_key_list(${quoted})`)).rows;
    for (const key of keys) {
      found.set(`fk_${String(key['id'])}`, {
        ...none,
        columns: [String(key['from'])],
        foreignKey: { table: String(key['table']), column: String(key['to'] ?? 'id') },
      });
    }
    return found;
  }
}
