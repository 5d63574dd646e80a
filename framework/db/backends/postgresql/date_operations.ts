/** Parts of dates and times on PostgreSQL. */
import type { Sql } from '../../models/expressions/base';
import { DatabaseOperations } from '../base/operations';

const NAMES: Readonly<Record<string, string>> = { iso_week_day: 'ISODOW', iso_year: 'ISOYEAR' };

export abstract class PostgresDateOperations extends DatabaseOperations {
  dateExtractSql(part: string, [sql, params]: Sql): Sql {
    if (part === 'week_day') return [`EXTRACT(DOW FROM ${sql}) + 1`, params];
    return [`EXTRACT(${NAMES[part] ?? this.partName(part)} FROM ${sql})`, params];
  }

  datetimeExtractSql(part: string, instant: Sql, zone: string | undefined): Sql {
    return this.timeExtractSql(part, inZone(instant, zone));
  }

  timeExtractSql(part: string, time: Sql): Sql {
    // Whole seconds.
    if (part === 'second') return [`EXTRACT(SECOND FROM DATE_TRUNC(?, ${time[0]}))`, ['second', ...time[1]]];
    return this.dateExtractSql(part, time);
  }

  dateTruncSql(kind: string, date: Sql, zone: string | undefined): Sql {
    const [sql, params] = inZone(date, zone);
    return [`DATE_TRUNC(?, ${sql})`, [kind, ...params]];
  }

  datetimeTruncSql(kind: string, instant: Sql, zone: string | undefined): Sql {
    return this.dateTruncSql(kind, instant, zone);
  }

  timeTruncSql(kind: string, time: Sql, zone: string | undefined): Sql {
    const [sql, params] = this.dateTruncSql(kind, time, zone);
    return [`${sql}::time`, params];
  }

  datetimeCastDateSql(instant: Sql, zone: string | undefined): Sql {
    const [sql, params] = inZone(instant, zone);
    return [`(${sql})::date`, params];
  }

  datetimeCastTimeSql(instant: Sql, zone: string | undefined): Sql {
    const [sql, params] = inZone(instant, zone);
    return [`(${sql})::time`, params];
  }

  /** Days less days are a number. */
  override subtractTemporals(internalType: string, lhs: Sql, rhs: Sql): Sql {
    const [sql, params] = super.subtractTemporals(internalType, lhs, rhs);
    return [internalType === 'DateField' ? `(interval '1 day' * ${sql})` : sql, params];
  }
}

function inZone([sql, params]: Sql, zone: string | undefined): Sql {
  return zone === undefined ? [sql, params] : [`${sql} AT TIME ZONE ?`, [...params, posixZone(zone)]];
}

/** An offset as POSIX has it, where west of Greenwich is positive. */
function posixZone(zone: string): string {
  return zone.replace(/[+-](?=\d\d?(?::?\d\d){0,2}$)/, (sign) => (sign === '+' ? '-' : '+'));
}
