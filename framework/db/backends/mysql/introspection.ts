/** Django: `django.db.backends.mysql.introspection`. */
import type { Row } from '../base/base';
import {
  type ColumnDescription,
  type ConstraintDescription,
  DatabaseIntrospection,
} from '../base/introspection';

/** The catalogue of MySQL 8 answers in capitals whatever is asked; MariaDB as asked. */
function text(row: Row, name: string): string | null {
  const value = row[name] ?? row[name.toUpperCase()];
  return value === null || value === undefined ? null : String(value);
}

export class MysqlIntrospection extends DatabaseIntrospection {
  override identifier(name: string): string {
    return name.toLowerCase();
  }

  async tableNames(): Promise<string[]> {
    const { rows } = await this.connection.execute(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name',
    );
    return rows.map((row) => text(row, 'name') ?? '');
  }

  async getTableDescription(table: string): Promise<ColumnDescription[]> {
    const { rows } = await this.connection.execute(
      `SELECT column_name AS name, column_type AS type, is_nullable AS nullable, column_default AS dflt,
              column_key AS ckey
       FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?
       ORDER BY ordinal_position`,
      [table],
    );
    return rows.map((row) => ({
      name: text(row, 'name') ?? '',
      type: text(row, 'type') ?? '',
      nullable: text(row, 'nullable') === 'YES',
      default: text(row, 'dflt'),
      primaryKey: text(row, 'ckey') === 'PRI',
    }));
  }

  async getConstraints(table: string): Promise<Map<string, ConstraintDescription>> {
    const found = new Map<string, ConstraintDescription>();
    const entry = (name: string): ConstraintDescription => {
      let made = found.get(name);
      if (made === undefined) {
        made = {
          columns: [],
          primaryKey: false,
          unique: false,
          index: false,
          check: false,
          foreignKey: null,
        };
        found.set(name, made);
      }
      return made;
    };
    const keys = await this.connection.execute(
      `SELECT kc.constraint_name AS name, kc.column_name AS col, kc.referenced_table_name AS target,
              kc.referenced_column_name AS target_column, c.constraint_type AS kind
       FROM information_schema.key_column_usage kc
       JOIN information_schema.table_constraints c ON c.table_schema = kc.table_schema
         AND c.table_name = kc.table_name AND c.constraint_name = kc.constraint_name
       WHERE kc.table_schema = DATABASE() AND kc.table_name = ? ORDER BY kc.ordinal_position`,
      [table],
    );
    for (const row of keys.rows) {
      const constraint = entry(text(row, 'name') ?? '');
      const kind = text(row, 'kind');
      constraint.columns.push(text(row, 'col') ?? '');
      constraint.primaryKey = kind === 'PRIMARY KEY';
      constraint.unique = kind === 'PRIMARY KEY' || kind === 'UNIQUE';
      const target = text(row, 'target');
      if (target) constraint.foreignKey = { table: target, column: text(row, 'target_column') ?? '' };
    }
    const indexes = await this.connection.execute(
      `SELECT index_name AS name, column_name AS col, non_unique AS nu FROM information_schema.statistics
       WHERE table_schema = DATABASE() AND table_name = ? ORDER BY index_name, seq_in_index`,
      [table],
    );
    const fromKeys = new Set(found.keys());
    for (const row of indexes.rows) {
      const name = text(row, 'name') ?? '';
      const constraint = entry(name);
      constraint.index = true;
      if (fromKeys.has(name)) continue;
      constraint.columns.push(text(row, 'col') ?? '');
      constraint.unique = text(row, 'nu') === '0';
    }
    await this.addChecks(table, found);
    return found;
  }

  private async addChecks(table: string, found: Map<string, ConstraintDescription>): Promise<void> {
    const columns = (await this.getTableDescription(table)).map((column) => column.name);
    const mariadb = 'mysqlIsMariadb' in this.connection && this.connection.mysqlIsMariadb === true;
    const { rows } = await this.connection.execute(
      mariadb
        ? `SELECT constraint_name AS name, check_clause AS clause FROM information_schema.check_constraints
           WHERE constraint_schema = DATABASE() AND table_name = ?`
        : `SELECT cc.constraint_name AS name, cc.check_clause AS clause
           FROM information_schema.check_constraints cc
           JOIN information_schema.table_constraints tc ON cc.constraint_schema = tc.constraint_schema
             AND cc.constraint_name = tc.constraint_name
           WHERE tc.constraint_schema = DATABASE() AND tc.table_name = ?`,
      [table],
    );
    for (const row of rows) {
      const clause = text(row, 'clause') ?? '';
      found.set(text(row, 'name') ?? '', {
        columns: columns.filter((column) => clause.includes(`\`${column}\``)),
        primaryKey: false,
        unique: false,
        index: false,
        check: true,
        foreignKey: null,
      });
    }
  }
}
