/** Django: `django.db.backends.mysql.introspection`. */
import type { Row } from '../base/base';
import {
  blankConstraint,
  type ColumnDescription,
  type ConstraintDescription,
  DatabaseIntrospection,
  type SequenceDescription,
  type TableInfo,
} from '../base/introspection';
import { skipQuoted } from '../scripts';
import type { MysqlWrapper } from './base';

/** The fields of types. */
const FIELDS: Readonly<Record<string, string>> = {
  tinyblob: 'BinaryField',
  blob: 'BinaryField',
  mediumblob: 'BinaryField',
  longblob: 'BinaryField',
  binary: 'BinaryField',
  varbinary: 'BinaryField',
  tinytext: 'TextField',
  text: 'TextField',
  mediumtext: 'TextField',
  longtext: 'TextField',
  char: 'CharField',
  varchar: 'CharField',
  enum: 'CharField',
  set: 'CharField',
  date: 'DateField',
  datetime: 'DateTimeField',
  timestamp: 'DateTimeField',
  decimal: 'DecimalField',
  double: 'FloatField',
  float: 'FloatField',
  mediumint: 'IntegerField',
  int: 'IntegerField',
  bigint: 'BigIntegerField',
  smallint: 'SmallIntegerField',
  tinyint: 'IntegerField',
  year: 'IntegerField',
  json: 'JSONField',
  time: 'TimeField',
  uuid: 'UUIDField',
};
const AUTO: Readonly<Record<string, string>> = {
  IntegerField: 'AutoField',
  BigIntegerField: 'BigAutoField',
  SmallIntegerField: 'SmallAutoField',
};

/** The catalogue of MySQL 8 answers in capitals whatever is asked; MariaDB as asked. */
function text(row: Row, name: string): string | null {
  const value = row[name] ?? row[name.toUpperCase()];
  return value === null || value === undefined ? null : String(value);
}

function number(row: Row, name: string): number | null {
  const value = text(row, name);
  return value === null ? null : Number(value);
}

/** The names in a condition: what stands in backquotes. */
function namesIn(clause: string): string[] {
  const names: string[] = [];
  for (let at = 0; at < clause.length; ) {
    const next = skipQuoted(clause, at, 'mysql');
    if (clause[at] === '`') names.push(clause.slice(at + 1, next - 1).replaceAll('``', '`'));
    at = Math.max(next, at + 1);
  }
  return names;
}

export class MysqlIntrospection extends DatabaseIntrospection {
  declare protected readonly connection: MysqlWrapper;

  override identifier(name: string): string {
    return name.toLowerCase();
  }

  async getTableList(): Promise<TableInfo[]> {
    const rows = await this.ask(
      `SELECT table_name AS name, table_type AS kind, table_comment AS comment
       FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name`,
    );
    return rows.map((row) => ({
      name: text(row, 'name') ?? '',
      type: text(row, 'kind') === 'VIEW' ? 'v' : 't',
      comment: text(row, 'comment') || null,
    }));
  }

  async getTableDescription(table: string): Promise<ColumnDescription[]> {
    await this.connection.loadServerInfo();
    const rows = await this.ask(
      `SELECT c.column_name AS name, c.column_type AS type, c.data_type AS kind, c.is_nullable AS nullable,
              c.column_default AS dflt, c.column_key AS ckey, c.character_maximum_length AS len,
              c.numeric_precision AS prec, c.numeric_scale AS scale, c.extra AS extra, c.column_comment AS comment,
              CASE WHEN c.collation_name = t.table_collation THEN NULL ELSE c.collation_name END AS collation,
              c.generation_expression AS generation
       FROM information_schema.columns c
       JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
       WHERE c.table_schema = DATABASE() AND c.table_name = ? ORDER BY c.ordinal_position`,
      table,
    );
    const json = await this.jsonColumns(table);
    return rows.map((row) => {
      const name = text(row, 'name') ?? '';
      return {
        name,
        type: (text(row, 'type') ?? '').toLowerCase(),
        baseType: (text(row, 'kind') ?? '').toLowerCase(),
        nullable: text(row, 'nullable') === 'YES',
        default: this.defaultOf(text(row, 'dflt')),
        primaryKey: text(row, 'ckey') === 'PRI',
        maxLength: number(row, 'len'),
        precision: number(row, 'prec'),
        scale: number(row, 'scale'),
        collation: text(row, 'collation'),
        comment: text(row, 'comment') || null,
        autoincrement: (text(row, 'extra') ?? '').includes('auto_increment'),
        isJson: text(row, 'kind') === 'json' || json.has(name.toLowerCase()),
        generated: Boolean(text(row, 'generation')),
      };
    });
  }

  /** MariaDB says NULL where there is no default but that. */
  private defaultOf(value: string | null): string | null {
    return this.connection.mysqlIsMariadb && value === 'NULL' ? null : value;
  }

  /** JSON is another name of LONGTEXT on MariaDB: it is known by its check. */
  private async jsonColumns(table: string): Promise<Set<string>> {
    const found = new Set<string>();
    for (const { name, clause } of await this.checks(table)) {
      if (clause.toLowerCase() === `json_valid(\`${name.toLowerCase()}\`)`) found.add(name.toLowerCase());
    }
    return found;
  }

  async getConstraints(table: string): Promise<Map<string, ConstraintDescription>> {
    const found = new Map<string, ConstraintDescription>();
    const entry = (name: string, made: Partial<ConstraintDescription>): ConstraintDescription => {
      const known = found.get(name) ?? { ...blankConstraint(), orders: [], ...made };
      found.set(name, known);
      return known;
    };
    const add = ({ columns }: ConstraintDescription, column: string): void => {
      if (!columns.includes(column)) columns.push(column);
    };
    const keys = await this.ask(
      `SELECT kc.constraint_name AS name, kc.column_name AS col, kc.referenced_table_name AS target,
              kc.referenced_column_name AS target_column, c.constraint_type AS kind
       FROM information_schema.key_column_usage kc
       JOIN information_schema.table_constraints c ON c.table_schema = kc.table_schema
         AND c.table_name = kc.table_name AND c.constraint_name = kc.constraint_name
       WHERE kc.table_schema = DATABASE() AND kc.table_name = ? AND c.constraint_type <> 'CHECK'
       ORDER BY kc.ordinal_position`,
      table,
    );
    for (const row of keys) {
      const kind = text(row, 'kind');
      const target = text(row, 'target');
      const constraint = entry(text(row, 'name') ?? '', {
        primaryKey: kind === 'PRIMARY KEY',
        unique: kind === 'PRIMARY KEY' || kind === 'UNIQUE',
        foreignKey: target ? { table: target, column: text(row, 'target_column') ?? '' } : null,
      });
      add(constraint, text(row, 'col') ?? '');
    }
    await this.addChecks(table, found);
    const indexes = await this.ask(
      `SELECT index_name AS name, column_name AS col, non_unique AS nu, collation AS ord, index_type AS kind
       FROM information_schema.statistics
       WHERE table_schema = DATABASE() AND table_name = ? ORDER BY index_name, seq_in_index`,
      table,
    );
    for (const row of indexes) {
      const constraint = entry(text(row, 'name') ?? '', { unique: text(row, 'nu') === '0' });
      const kind = (text(row, 'kind') ?? '').toLowerCase();
      constraint.index = true;
      constraint.type = kind === 'btree' ? 'idx' : kind;
      constraint.orders?.push(text(row, 'ord') === 'D' ? 'DESC' : 'ASC');
      const column = text(row, 'col');
      if (column !== null) add(constraint, column);
    }
    return found;
  }

  /** A check of a column alone has the column's name on MariaDB: it is numbered, like those without a name elsewhere. */
  private async addChecks(table: string, found: Map<string, ConstraintDescription>): Promise<void> {
    const known = new Set((await this.getTableDescription(table)).map(({ name }) => name));
    let unnamed = 0;
    for (const { name, clause } of await this.checks(table)) {
      const columns = [...new Set(namesIn(clause).filter((each) => known.has(each)))];
      const isColumns = columns.length === 1 && columns[0] === name;
      if (isColumns) unnamed += 1;
      found.set(isColumns ? `__unnamed_constraint_${unnamed}__` : name, {
        ...blankConstraint(columns),
        check: true,
      });
    }
  }

  private async checks(table: string): Promise<{ name: string; clause: string }[]> {
    await this.connection.loadServerInfo();
    const rows = await this.ask(
      this.connection.mysqlIsMariadb
        ? `SELECT constraint_name AS name, check_clause AS clause FROM information_schema.check_constraints
           WHERE constraint_schema = DATABASE() AND table_name = ?`
        : `SELECT cc.constraint_name AS name, cc.check_clause AS clause
           FROM information_schema.check_constraints cc
           JOIN information_schema.table_constraints tc ON cc.constraint_schema = tc.constraint_schema
             AND cc.constraint_name = tc.constraint_name AND tc.constraint_type = 'CHECK'
           WHERE tc.constraint_schema = DATABASE() AND tc.table_name = ?`,
      table,
    );
    return rows.map((row) => ({ name: text(row, 'name') ?? '', clause: text(row, 'clause') ?? '' }));
  }

  async getRelations(table: string): Promise<Map<string, { table: string; column: string }>> {
    const rows = await this.ask(
      `SELECT column_name AS col, referenced_table_name AS target, referenced_column_name AS target_column
       FROM information_schema.key_column_usage
       WHERE table_name = ? AND table_schema = DATABASE() AND referenced_table_schema = DATABASE()
         AND referenced_table_name IS NOT NULL AND referenced_column_name IS NOT NULL`,
      table,
    );
    return new Map(
      rows.map((row) => [
        text(row, 'col') ?? '',
        { table: text(row, 'target') ?? '', column: text(row, 'target_column') ?? '' },
      ]),
    );
  }

  /** A table has one column at most that the database numbers. */
  async getSequences(table: string): Promise<SequenceDescription[]> {
    const column = (await this.getTableDescription(table)).find(({ autoincrement }) => autoincrement);
    return column === undefined ? [] : [{ table, column: column.name }];
  }

  getFieldType({ type, baseType, autoincrement, isJson }: ColumnDescription): string | undefined {
    const field = FIELDS[baseType];
    if (autoincrement && field !== undefined) return AUTO[field] ?? field;
    if (type.endsWith(' unsigned')) {
      if (field === 'BigIntegerField' || field === 'IntegerField' || field === 'SmallIntegerField') {
        return `Positive${field}`;
      }
    }
    return isJson ? 'JSONField' : field;
  }

  private async ask(sql: string, ...params: string[]): Promise<Row[]> {
    return (await this.connection.execute(sql, params)).rows;
  }
}
