/** A year as the range of its dates, so that an index helps. Django: `YearLookup`. */
import { settings } from '../../../conf';
import { PlainDate } from '../../../python/datetime';
import { getCurrentTimezone } from '../../../utils/timezone';
import type { DatabaseWrapper } from '../../backends/base/base';
import { instantOf } from '../../backends/datetimes';
import type { Compiler, Expression, Sql } from '../expressions/base';
import type { LookupConstructor } from './base';
import { Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual } from './compare';
import type { Transform } from './transform';

/** The first day of a year of ISO weeks. */
function isoYearStart(year: number): number {
  const { days } = new PlainDate(year, 1, 4);
  // 1970-01-01 was a Thursday.
  return days - ((((days + 3) % 7) + 7) % 7);
}

/** The first and the last day of a year. @throws ValueError for a year that no date has. */
function daysOf(year: number, iso: boolean): readonly [first: PlainDate, last: PlainDate] {
  if (!iso) return [new PlainDate(year, 1, 1), new PlainDate(year, 12, 31)];
  return [PlainDate.fromDays(isoYearStart(year)), PlainDate.fromDays(isoYearStart(year + 1) - 1)];
}

/** The first and the last moment of a year, as the database has them. */
function boundsOf(
  source: Expression,
  year: number,
  iso: boolean,
  connection: DatabaseWrapper,
): [unknown, unknown] {
  const [first, last] = daysOf(year, iso);
  const field = source.outputField;
  if (field.internalType !== 'DateTimeField') return [String(first), String(last)];
  const zone = settings.USE_TZ ? getCurrentTimezone() : connection.ops.storedTimeZone;
  const stored = (text: string): string => connection.ops.adaptDatetime(instantOf(text, zone));
  return [stored(`${String(first)} 00:00:00`), stored(`${String(last)} 23:59:59.999999`)];
}

/** A comparison of a year that compares what the year was taken of. */
function yearLookup(
  Base: LookupConstructor,
  write: (column: string) => string,
  choose: (first: unknown, last: unknown) => unknown[],
): LookupConstructor {
  return class extends (Base as unknown as typeof Exact) {
    override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
      if (!this.rhsIsDirect) return super.asSql(compiler, connection);
      const year = Number(this.databaseValue(this.rhs, connection));
      const taken = this.lhs as Transform;
      const source = taken.lhs;
      const iso = (taken.constructor as unknown as LookupConstructor).lookupName === 'iso_year';
      const [column, params] = this.processLhs(compiler, connection, source);
      return [write(column), [...params, ...choose(...boundsOf(source, year, iso, connection))]];
    }
  };
}

export const YearExact = yearLookup(
  Exact,
  (column) => `${column} BETWEEN ? AND ?`,
  (first, last) => [first, last],
);
export const YearGt = yearLookup(
  GreaterThan,
  (column) => `${column} > ?`,
  (_first, last) => [last],
);
export const YearGte = yearLookup(
  GreaterThanOrEqual,
  (column) => `${column} >= ?`,
  (first) => [first],
);
export const YearLt = yearLookup(
  LessThan,
  (column) => `${column} < ?`,
  (first) => [first],
);
export const YearLte = yearLookup(
  LessThanOrEqual,
  (column) => `${column} <= ?`,
  (_first, last) => [last],
);
