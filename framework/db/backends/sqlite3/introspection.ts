/** Django: `django.db.backends.sqlite3.introspection`. */
import {
  blankConstraint,
  type ColumnDescription,
  type ConstraintDescription,
  DatabaseIntrospection,
  type SequenceDescription,
  type TableInfo,
} from '../base/introspection';
import { collationsOf, constraintsOf, ordersOf } from './definitions';

/** The fields of types, which SQLite keeps as they were written. */
const FIELDS: Readonly<Record<string, string>> = {
  bool: 'BooleanField',
  boolean: 'BooleanField',
  smallint: 'SmallIntegerField',
  'smallint unsigned': 'PositiveSmallIntegerField',
  smallinteger: 'SmallIntegerField',
  int: 'IntegerField',
  integer: 'IntegerField',
  bigint: 'BigIntegerField',
  'integer unsigned': 'PositiveIntegerField',
  'bigint unsigned': 'PositiveBigIntegerField',
  decimal: 'DecimalField',
  real: 'FloatField',
  text: 'TextField',
  char: 'CharField',
  varchar: 'CharField',
  blob: 'BinaryField',
  date: 'DateField',
  datetime: 'DateTimeField',
  time: 'TimeField',
};
const WHOLE_NUMBERS: ReadonlySet<string> = new Set(['BigIntegerField', 'IntegerField', 'SmallIntegerField']);

export class SqliteIntrospection extends DatabaseIntrospection {
  /** SQLite finds a table whatever the case of its name. Django: `ignores_table_name_case`. */
  override identifier(name: string): string {
    return name.toLowerCase();
  }

  async getTableList(): Promise<TableInfo[]> {
    const { rows } = await this.connection.execute(
      "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND NOT name = 'sqlite_sequence' ORDER BY name",
    );
    return rows.map((row) => ({
      name: String(row['name']),
      type: row['type'] === 'view' ? 'v' : 't',
      comment: null,
    }));
  }

  async getTableDescription(table: string): Promise<ColumnDescription[]> {
    const rows = await this.pragma('table_xinfo', table);
    const sql = await this.definitionOf('table', table);
    const collations = collationsOf(sql);
    const key = rows.filter((row) => Number(row['pk']) > 0);
    // 1 is a hidden column of a virtual table; 2 and 3 are calculated ones.
    return rows
      .filter((row) => Number(row['hidden']) !== 1)
      .map((row) => {
        const name = String(row['name']);
        const type = String(row['type']).toLowerCase();
        const baseType = (type.split('(', 1)[0] as string).trim();
        const size = /\(\s{0,9}(\d{1,9})\s{0,9}\)/.exec(type)?.[1];
        const [, precision, scale] = /\(\s{0,9}(\d{1,4})\s{0,9},\s{0,9}(\d{1,4})\s{0,9}\)/.exec(type) ?? [];
        return {
          name,
          type,
          baseType,
          nullable: !row['notnull'],
          default: row['dflt_value'] === null ? null : String(row['dflt_value']),
          primaryKey: Number(row['pk']) > 0,
          maxLength: size === undefined ? null : Number(size),
          precision: precision === undefined ? null : Number(precision),
          scale: scale === undefined ? null : Number(scale),
          collation: collations.get(name) ?? null,
          comment: null,
          autoincrement:
            key.length === 1 && Number(row['pk']) > 0 && WHOLE_NUMBERS.has(FIELDS[baseType] ?? ''),
          isJson: sql.toLowerCase().includes(`json_valid("${name.toLowerCase()}")`),
          generated: Number(row['hidden']) > 1,
        };
      });
  }

  async getConstraints(table: string): Promise<Map<string, ConstraintDescription>> {
    const found = constraintsOf(await this.definitionOf('table', table));
    for (const index of await this.pragma('index_list', table)) {
      const name = String(index['name']);
      const sql = await this.definitionOf('index', name);
      // What is part of the table has been read from its text.
      if (sql === '') continue;
      const columns = (await this.pragma('index_info', name)).map((row) => row['name'] as string);
      const unique = Boolean(index['unique']);
      const orders = ordersOf(sql);
      found.set(name, { ...blankConstraint(columns), unique, index: true, type: 'idx', orders });
    }
    const primary = await this.getPrimaryKeyColumns(table);
    // SQLite has no name for it.
    if (primary.length > 0) found.set('__primary__', { ...blankConstraint(primary), primaryKey: true });
    for (const [at, [column, foreignKey]] of [...(await this.getRelations(table))].entries()) {
      found.set(`fk_${at}`, { ...blankConstraint([column]), foreignKey });
    }
    return found;
  }

  async getRelations(table: string): Promise<Map<string, { table: string; column: string }>> {
    const rows = await this.pragma('foreign_key_list', table);
    const relations = new Map<string, { table: string; column: string }>();
    for (const row of rows) {
      const target = String(row['table']);
      // A key that names no column refers to the other table's primary key.
      const column = row['to'] === null ? await this.getPrimaryKeyColumn(target) : String(row['to']);
      relations.set(String(row['from']), { table: target, column: column ?? 'rowid' });
    }
    return relations;
  }

  override async getPrimaryKeyColumns(table: string): Promise<string[]> {
    const key = (await this.pragma('table_info', table)).filter((row) => Number(row['pk']) > 0);
    return key
      .sort((one, other) => Number(one['pk']) - Number(other['pk']))
      .map((row) => String(row['name']));
  }

  async getSequences(table: string): Promise<SequenceDescription[]> {
    const column = await this.getPrimaryKeyColumn(table);
    return column === null ? [] : [{ table, column }];
  }

  getFieldType({ baseType, autoincrement, isJson }: ColumnDescription): string | undefined {
    // Every integer that is a key has 64 bits.
    if (autoincrement) return 'AutoField';
    return isJson ? 'JSONField' : FIELDS[baseType];
  }

  private async pragma(name: string, of: string): Promise<Record<string, unknown>[]> {
    return (await this.connection.execute(`PRAGMA ${name}(${this.connection.ops.quoteName(of)})`)).rows;
  }

  /** The text that a table or an index was made with; empty for what is a part of a table, and for views. */
  private async definitionOf(type: 'table' | 'index', name: string): Promise<string> {
    const { rows } = await this.connection.execute(
      'SELECT sql FROM sqlite_master WHERE type = ? AND name = ? COLLATE NOCASE',
      [type, name],
    );
    return String(rows[0]?.['sql'] ?? '');
  }
}
