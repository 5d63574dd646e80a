/** Rows that refer to rows which are not there. Django: `check_constraints`. */
import { IntegrityError } from '../../errors';
import type { DatabaseWrapper } from './base';

/** A reference that leads nowhere. */
export interface BrokenReference {
  readonly table: string;
  readonly primaryKey: unknown;
  readonly column: string;
  readonly value: unknown;
  readonly otherTable: string;
  readonly otherColumn: string;
}

/** The error that says which row refers to what. */
export function brokenReference(broken: BrokenReference): IntegrityError {
  const { table, column, otherTable, otherColumn } = broken;
  return new IntegrityError(
    `The row in table '${table}' with primary key '${String(broken.primaryKey)}' has an invalid foreign key: ` +
      `${table}.${column} contains a value '${String(broken.value)}' that does not have a corresponding value in ` +
      `${otherTable}.${otherColumn}.`,
  );
}

/** Looks at the foreign keys of tables, one after the other. @throws IntegrityError. */
export async function checkForeignKeys(
  connection: DatabaseWrapper,
  tables: readonly string[],
): Promise<void> {
  const { ops, introspection } = connection;
  const quote = (name: string): string => ops.quoteName(name);
  for (const table of tables) {
    const constraints = [...(await introspection.getConstraints(table)).values()];
    const [key] = constraints.find(({ primaryKey }) => primaryKey)?.columns ?? [];
    for (const { columns, foreignKey } of constraints) {
      const [column] = columns;
      if (foreignKey === null || column === undefined || columns.length !== 1 || key === undefined) continue;
      const { table: otherTable, column: otherColumn } = foreignKey;
      const { rows } = await connection.execute(
        `SELECT referring.${quote(key)} AS pk, referring.${quote(column)} AS value FROM ${quote(table)} AS referring ` +
          `LEFT JOIN ${quote(otherTable)} AS referred ON (referring.${quote(column)} = referred.${quote(otherColumn)}) ` +
          `WHERE referring.${quote(column)} IS NOT NULL AND referred.${quote(otherColumn)} IS NULL LIMIT 1`,
      );
      const [row] = rows;
      if (row === undefined) continue;
      throw brokenReference({
        table,
        primaryKey: row['pk'],
        column,
        value: row['value'],
        otherTable,
        otherColumn,
      });
    }
  }
}
