/** Django: `django.db.backends.postgresql.introspection`. */
import {
  type ColumnDescription,
  type ConstraintDescription,
  DatabaseIntrospection,
} from '../base/introspection';

export class PostgresIntrospection extends DatabaseIntrospection {
  async tableNames(): Promise<string[]> {
    const { rows } = await this.connection.execute(
      `SELECT c.relname AS name FROM pg_catalog.pg_class c
       LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v') AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
         AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY c.relname`,
    );
    return rows.map((row) => String(row['name']));
  }

  async getTableDescription(table: string): Promise<ColumnDescription[]> {
    const { rows } = await this.connection.execute(
      `SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
              NOT a.attnotnull AS nullable, pg_get_expr(ad.adbin, ad.adrelid) AS "default",
              EXISTS (SELECT 1 FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary
                      AND a.attnum = ANY (i.indkey)) AS pk
       FROM pg_catalog.pg_attribute a
       JOIN pg_catalog.pg_class c ON a.attrelid = c.oid
       LEFT JOIN pg_catalog.pg_attrdef ad ON ad.adrelid = c.oid AND ad.adnum = a.attnum
       WHERE c.relname = ? AND pg_catalog.pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped
       ORDER BY a.attnum`,
      [table],
    );
    return rows.map((row) => ({
      name: String(row['name']),
      type: String(row['type']),
      nullable: row['nullable'] === true,
      default: row['default'] === null ? null : String(row['default']),
      primaryKey: row['pk'] === true,
    }));
  }

  async getConstraints(table: string): Promise<Map<string, ConstraintDescription>> {
    const found = new Map<string, ConstraintDescription>();
    const constraints = await this.connection.execute(
      `SELECT c.conname AS name, c.contype AS type,
              array(SELECT attname FROM unnest(c.conkey) WITH ORDINALITY cols(colid, arridx)
                    JOIN pg_attribute ca ON cols.colid = ca.attnum
                    WHERE ca.attrelid = c.conrelid ORDER BY cols.arridx)::text[] AS columns,
              (SELECT fkc.relname FROM pg_class fkc WHERE fkc.oid = c.confrelid) AS target,
              (SELECT fka.attname FROM pg_attribute fka
               WHERE fka.attrelid = c.confrelid AND fka.attnum = c.confkey[1]) AS target_column
       FROM pg_constraint c JOIN pg_class cl ON c.conrelid = cl.oid
       WHERE cl.relname = ? AND pg_catalog.pg_table_is_visible(cl.oid)`,
      [table],
    );
    for (const row of constraints.rows) {
      const type = String(row['type']);
      if (!['p', 'u', 'f', 'c'].includes(type)) continue;
      found.set(String(row['name']), {
        columns: row['columns'] as string[],
        primaryKey: type === 'p',
        unique: type === 'p' || type === 'u',
        index: false,
        check: type === 'c',
        foreignKey:
          type === 'f' ? { table: String(row['target']), column: String(row['target_column']) } : null,
      });
    }
    const indexes = await this.connection.execute(
      `SELECT c2.relname AS name, idx.indisunique AS is_unique, idx.indisprimary AS is_primary,
              array(SELECT attr.attname FROM unnest(idx.indkey) WITH ORDINALITY key(attnum, arridx)
                    JOIN pg_attribute attr ON attr.attrelid = c.oid AND attr.attnum = key.attnum
                    ORDER BY key.arridx)::text[] AS columns
       FROM pg_class c JOIN pg_index idx ON c.oid = idx.indrelid JOIN pg_class c2 ON idx.indexrelid = c2.oid
       WHERE c.relname = ? AND pg_catalog.pg_table_is_visible(c.oid)`,
      [table],
    );
    for (const row of indexes.rows) {
      const name = String(row['name']);
      if (found.has(name)) continue;
      found.set(name, {
        columns: row['columns'] as string[],
        primaryKey: row['is_primary'] === true,
        unique: row['is_unique'] === true,
        index: true,
        check: false,
        foreignKey: null,
      });
    }
    return found;
  }
}
