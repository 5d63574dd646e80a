/** How many rows a large table has, without counting them. */
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import { numberFormat } from '../../../utils/formats';
import { gettext } from '../../../utils/translation';
import { intword } from '../../humanize/templatetags/humanize';

/** A count, and whether it is one of the database's statistics. */
export interface RowCount {
  readonly count: number;
  readonly isEstimated: boolean;
}

/** Whether a query is of all rows of its table. */
function isWhole({ query }: QuerySet<Model>): boolean {
  return (
    query.where.isPlainlyEmpty &&
    !query.distinct &&
    !query.isEmpty &&
    query.combinator === undefined &&
    query.groupBy === undefined &&
    query.highMark === undefined &&
    query.lowMark === 0
  );
}

/**
 * How many rows there are: of a whole table of PostgreSQL with more than `above` what its statistics say, in the same statement that counts
 * those of a smaller one. Of a table that nobody has analysed they say nothing, and it is counted.
 *
 * @param above null: they are always counted.
 */
export async function countRows(rows: QuerySet<Model>, above: number | null): Promise<RowCount> {
  const connection = rows.connection();
  if (above !== null && connection.vendor === 'postgresql' && isWhole(rows)) {
    const table = connection.ops.quoteName(rows.query.model.dbTable);
    const sql =
      'SELECT reltuples > $2 AS estimated, CASE WHEN reltuples > $2 THEN reltuples::float8 ' +
      `ELSE (SELECT count(*) FROM ${table})::float8 END AS n FROM pg_class WHERE oid = to_regclass($1)`;
    const { rows: found } = await connection.execute(sql, [table, above]);
    const [row] = found;
    if (row !== undefined)
      return { count: Math.round(Number(row['n'])), isEstimated: row['estimated'] === true };
  }
  return { count: await rows.count(), isEstimated: false };
}

/** An estimate in words, "about 1.2 million"; null for what was counted. */
export function textOfCount({ count, isEstimated }: RowCount): string | null {
  if (!isEstimated) return null;
  const rounded = Number(count.toPrecision(2));
  const words = rounded < 1_000_000 ? numberFormat(rounded, null, null, true) : String(intword(rounded));
  return gettext('about %(count)s').replace('%(count)s', () => words);
}
