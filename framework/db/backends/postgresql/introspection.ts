/** Django: `django.db.backends.postgresql.introspection`. */
import type { Row } from '../base/base';
import {
  blankConstraint,
  type ColumnDescription,
  type ConstraintDescription,
  DatabaseIntrospection,
  type SequenceDescription,
  type TableInfo,
} from '../base/introspection';

/** The fields of the catalogue's types. */
const FIELDS: Readonly<Record<string, string>> = {
  bool: 'BooleanField',
  bytea: 'BinaryField',
  int8: 'BigIntegerField',
  int2: 'SmallIntegerField',
  int4: 'IntegerField',
  text: 'TextField',
  float4: 'FloatField',
  float8: 'FloatField',
  inet: 'GenericIPAddressField',
  bpchar: 'CharField',
  varchar: 'CharField',
  date: 'DateField',
  time: 'TimeField',
  timestamp: 'DateTimeField',
  timestamptz: 'DateTimeField',
  interval: 'DurationField',
  timetz: 'TimeField',
  numeric: 'DecimalField',
  uuid: 'UUIDField',
  jsonb: 'JSONField',
};
const AUTO: Readonly<Record<string, string>> = {
  IntegerField: 'AutoField',
  BigIntegerField: 'BigAutoField',
  SmallIntegerField: 'SmallAutoField',
};

const COLUMNS = `
SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, t.typname,
       NOT (a.attnotnull OR (t.typtype = 'd' AND t.typnotnull)) AS nullable,
       pg_get_expr(ad.adbin, ad.adrelid) AS "default",
       CASE WHEN collname = 'default' THEN NULL ELSE collname END AS collation,
       a.attidentity != '' AS identity, a.attgenerated != '' AS generated,
       col_description(a.attrelid, a.attnum) AS comment, a.atttypmod AS modifier,
       EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary
               AND a.attnum = ANY (i.indkey)) AS pk
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON a.attrelid = c.oid
JOIN pg_catalog.pg_type t ON a.atttypid = t.oid
LEFT JOIN pg_catalog.pg_attrdef ad ON ad.adrelid = c.oid AND ad.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation co ON a.attcollation = co.oid
WHERE c.relname = ? AND c.relkind IN ('f', 'm', 'p', 'r', 'v') AND pg_catalog.pg_table_is_visible(c.oid)
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum`;

const CONSTRAINTS = `
SELECT c.conname AS name, c.contype AS type,
       array(SELECT attname FROM unnest(c.conkey) WITH ORDINALITY cols(colid, arridx)
             JOIN pg_attribute ca ON cols.colid = ca.attnum
             WHERE ca.attrelid = c.conrelid ORDER BY cols.arridx)::text[] AS columns,
       (SELECT fkc.relname FROM pg_class fkc WHERE fkc.oid = c.confrelid) AS target,
       (SELECT fka.attname FROM pg_attribute fka
        WHERE fka.attrelid = c.confrelid AND fka.attnum = c.confkey[1]) AS target_column
FROM pg_constraint c JOIN pg_class cl ON c.conrelid = cl.oid
WHERE cl.relname = ? AND pg_catalog.pg_table_is_visible(cl.oid) AND c.contype != 'n'`;

/** Indexes, with null for each column that is an expression. */
const INDEXES = `
SELECT c2.relname AS name, idx.indisunique AS is_unique, idx.indisprimary AS is_primary, am.amname AS method,
       CASE WHEN idx.indexprs IS NOT NULL THEN pg_get_indexdef(idx.indexrelid) END AS definition,
       c2.reloptions IS NOT NULL AS has_options,
       array_agg(attr.attname::text ORDER BY koi.arridx) AS columns,
       array_agg(CASE WHEN am.amname = 'btree' THEN CASE (koi.option & 1) WHEN 1 THEN 'DESC' ELSE 'ASC' END END
                 ORDER BY koi.arridx) AS orders
FROM pg_index idx
CROSS JOIN unnest(idx.indkey, idx.indoption) WITH ORDINALITY koi(key, option, arridx)
JOIN pg_class c ON idx.indrelid = c.oid JOIN pg_class c2 ON idx.indexrelid = c2.oid
JOIN pg_am am ON c2.relam = am.oid
LEFT JOIN pg_attribute attr ON attr.attrelid = c.oid AND attr.attnum = koi.key
WHERE c.relname = ? AND pg_catalog.pg_table_is_visible(c.oid)
GROUP BY c2.relname, idx.indisunique, idx.indisprimary, am.amname, definition, c2.reloptions`;

export class PostgresIntrospection extends DatabaseIntrospection {
  async getTableList(): Promise<TableInfo[]> {
    const rows = await this.ask(
      `SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
              CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END AS type
       FROM pg_catalog.pg_class c
       LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v') AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
         AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY c.relname`,
    );
    return rows.map((row) => ({
      name: String(row['name']),
      type: row['type'] as TableInfo['type'],
      comment: textOf(row['comment']),
    }));
  }

  async getTableDescription(table: string): Promise<ColumnDescription[]> {
    return (await this.ask(COLUMNS, table)).map((row) => {
      const name = String(row['typname']);
      const [element, modifier] = [name.replace(/^_/, ''), Number(row['modifier']) - 4];
      const hasLength = modifier >= 0 && (element === 'varchar' || element === 'bpchar');
      const hasFigures = modifier >= 0 && element === 'numeric';
      const value = textOf(row['default']);
      return {
        name: String(row['name']),
        type: String(row['type']),
        baseType: name,
        nullable: row['nullable'] === true,
        default: row['generated'] === true ? null : value,
        primaryKey: row['pk'] === true,
        maxLength: hasLength ? modifier : null,
        precision: hasFigures ? modifier >> 16 : null,
        scale: hasFigures ? modifier & 0xffff : null,
        collation: textOf(row['collation']),
        comment: textOf(row['comment']),
        // Before Django 4.1 a sequence of its own numbered the rows.
        autoincrement: row['identity'] === true || (value?.startsWith('nextval(') ?? false),
        isJson: false,
        generated: row['generated'] === true,
      };
    });
  }

  async getConstraints(table: string): Promise<Map<string, ConstraintDescription>> {
    const found = new Map<string, ConstraintDescription>();
    for (const row of await this.ask(CONSTRAINTS, table)) {
      const type = String(row['type']);
      found.set(String(row['name']), {
        ...blankConstraint(row['columns'] as string[]),
        primaryKey: type === 'p',
        unique: type === 'p' || type === 'u',
        check: type === 'c',
        foreignKey:
          type === 'f' ? { table: String(row['target']), column: String(row['target_column']) } : null,
      });
    }
    for (const row of await this.ask(INDEXES, table)) {
      const [name, method] = [String(row['name']), String(row['method'])];
      if (found.has(name)) continue;
      // A name that ends like those of BTreeIndex is that of one.
      const isUsual = method === 'btree' && !name.endsWith('_btree') && row['has_options'] !== true;
      found.set(name, {
        ...blankConstraint(withoutNothing(row['columns'] as string[])),
        primaryKey: row['is_primary'] === true,
        unique: row['is_unique'] === true,
        index: true,
        type: isUsual ? 'idx' : method,
        orders: withoutNothing(row['orders'] as ('ASC' | 'DESC')[]),
        definition: textOf(row['definition']),
      });
    }
    return found;
  }

  async getRelations(table: string): Promise<Map<string, { table: string; column: string }>> {
    const rows = await this.ask(
      `SELECT a1.attname AS name, c2.relname AS target, a2.attname AS target_column
       FROM pg_constraint con
       JOIN pg_class c1 ON con.conrelid = c1.oid JOIN pg_class c2 ON con.confrelid = c2.oid
       JOIN pg_attribute a1 ON c1.oid = a1.attrelid AND a1.attnum = con.conkey[1]
       JOIN pg_attribute a2 ON c2.oid = a2.attrelid AND a2.attnum = con.confkey[1]
       WHERE c1.relname = ? AND con.contype = 'f' AND c1.relnamespace = c2.relnamespace
         AND pg_catalog.pg_table_is_visible(c1.oid)`,
      table,
    );
    return new Map(
      rows.map((row) => [
        String(row['name']),
        { table: String(row['target']), column: String(row['target_column']) },
      ]),
    );
  }

  async getSequences(table: string): Promise<SequenceDescription[]> {
    const rows = await this.ask(
      `SELECT s.relname AS name, a.attname AS column
       FROM pg_class s
       JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass
         AND d.refclassid = 'pg_class'::regclass
       JOIN pg_attribute a ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
       JOIN pg_class tbl ON tbl.oid = d.refobjid AND tbl.relname = ? AND pg_catalog.pg_table_is_visible(tbl.oid)
       WHERE s.relkind = 'S'`,
      table,
    );
    return rows.map((row) => ({ table, name: String(row['name']), column: String(row['column']) }));
  }

  getFieldType({ baseType, autoincrement }: ColumnDescription): string | undefined {
    const field = FIELDS[baseType];
    return autoincrement && field !== undefined ? (AUTO[field] ?? field) : field;
  }

  /** Whether texts that a collation calls equal are the same texts: only then can an index serve LIKE. */
  async isDeterministic(collation: string): Promise<boolean> {
    const [row] = await this.ask(
      'SELECT collisdeterministic AS yes FROM pg_collation WHERE collname = ?',
      collation,
    );
    return row?.['yes'] === true;
  }

  private async ask(sql: string, ...params: string[]): Promise<Row[]> {
    return (await this.connection.execute(sql, params)).rows;
  }
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** A list of nothing but one null is an empty one. */
function withoutNothing<T>(items: T[]): T[] {
  return items.length === 1 && items[0] === null ? [] : items;
}
