/** How a database finds rows. Django: `QuerySet.explain`. */
import { ValueError } from '../../core/exceptions';
import type { DatabaseWrapper } from '../backends/base/base';
import { EmptyResultSet } from './expressions/base';
import { SelectCompiler } from './sql/compiler/select';
import type { Query } from './sql/query';

/** What EXPLAIN is told. https://docs.djangoproject.com/en/5.2/ref/models/querysets/#explain */
export interface ExplainOptions {
  /** How the answer is written: `json`, `text`, … where the database has formats. */
  format?: string | null;
  readonly [option: string]: unknown;
}

/** The database's answer, a line a row. @throws ValueError for what the database does not know. */
export async function explainQuery(
  query: Query,
  connection: DatabaseWrapper,
  { format, ...options }: ExplainOptions,
): Promise<string> {
  for (const name of Object.keys(options)) {
    if (!/^[\w-]+$/.test(name) || name.includes('--'))
      throw new ValueError(`Invalid option name: '${name}'.`);
  }
  await connection.loadServerInfo();
  const prefix = connection.ops.explainPrefix(format ?? undefined, options);
  let sql: readonly [string, readonly unknown[]];
  try {
    sql = new SelectCompiler(query.clone(), connection, true).asSql();
  } catch (error) {
    if (error instanceof EmptyResultSet) return '';
    throw error;
  }
  const { rows } = await connection.execute(`${prefix} ${sql[0]}`, sql[1]);
  return rows.map((row) => Object.values(row).map(textOf).join(' ')).join('\n');
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
