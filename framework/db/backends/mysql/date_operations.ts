/** Parts of dates and times on MySQL and MariaDB. */
import type { Sql } from '../../models/expressions/base';
import { DatabaseOperations } from '../base/operations';

const DAY_FORMATS: Readonly<Record<string, string>> = { year: '%Y-01-01', month: '%Y-%m-01' };
const TIME_FORMATS: Readonly<Record<string, string>> = {
  hour: '%H:00:00',
  minute: '%H:%i:00',
  second: '%H:%i:%s',
};
const MOMENT_FORMATS: Readonly<Record<string, string>> = {
  year: '%Y-01-01 00:00:00',
  month: '%Y-%m-01 00:00:00',
  day: '%Y-%m-%d 00:00:00',
  hour: '%Y-%m-%d %H:00:00',
  minute: '%Y-%m-%d %H:%i:00',
  second: '%Y-%m-%d %H:%i:%s',
};

/** The first day of the quarter. */
function quarterStart(sql: string): string {
  return `MAKEDATE(YEAR(${sql}), 1) + INTERVAL QUARTER(${sql}) QUARTER - INTERVAL 1 QUARTER`;
}

/** The Monday of the week. */
function weekStart(sql: string): string {
  return `DATE_SUB(${sql}, INTERVAL WEEKDAY(${sql}) DAY)`;
}

export abstract class MysqlDateOperations extends DatabaseOperations {
  dateExtractSql(part: string, [sql, params]: Sql): Sql {
    switch (part) {
      case 'week_day':
        return [`DAYOFWEEK(${sql})`, params];
      case 'iso_week_day':
        return [`WEEKDAY(${sql}) + 1`, params];
      // Weeks begin on Monday; the first has four days of the year at least.
      case 'week':
        return [`WEEK(${sql}, 3)`, params];
      case 'iso_year':
        return [`TRUNCATE(YEARWEEK(${sql}, 3), -2) / 100`, params];
      default:
        return [`EXTRACT(${this.partName(part)} FROM ${sql})`, params];
    }
  }

  datetimeExtractSql(part: string, instant: Sql, zone: string | undefined): Sql {
    return this.dateExtractSql(part, this.inZone(instant, zone));
  }

  timeExtractSql(part: string, time: Sql): Sql {
    return this.dateExtractSql(part, time);
  }

  dateTruncSql(kind: string, date: Sql, zone: string | undefined): Sql {
    const [sql, params] = this.inZone(date, zone);
    const format = DAY_FORMATS[kind];
    if (format !== undefined) return [`CAST(DATE_FORMAT(${sql}, ?) AS DATE)`, [...params, format]];
    if (kind === 'quarter') return [quarterStart(sql), [...params, ...params]];
    if (kind === 'week') return [weekStart(sql), [...params, ...params]];
    return [`DATE(${sql})`, params];
  }

  datetimeTruncSql(kind: string, instant: Sql, zone: string | undefined): Sql {
    const [sql, params] = this.inZone(instant, zone);
    const format = MOMENT_FORMATS[kind];
    if (format !== undefined) return [`CAST(DATE_FORMAT(${sql}, ?) AS DATETIME)`, [...params, format]];
    const day = kind === 'quarter' ? quarterStart(sql) : kind === 'week' ? weekStart(sql) : undefined;
    if (day === undefined) return [sql, params];
    return [
      `CAST(DATE_FORMAT(${day}, ?) AS DATETIME)`,
      [...params, ...params, MOMENT_FORMATS[kind === 'quarter' ? 'month' : 'day']],
    ];
  }

  timeTruncSql(kind: string, time: Sql, zone: string | undefined): Sql {
    const [sql, params] = this.inZone(time, zone);
    const format = TIME_FORMATS[kind];
    if (format === undefined) return [`TIME(${sql})`, params];
    return [`CAST(DATE_FORMAT(${sql}, ?) AS TIME)`, [...params, format]];
  }

  datetimeCastDateSql(instant: Sql, zone: string | undefined): Sql {
    const [sql, params] = this.inZone(instant, zone);
    return [`DATE(${sql})`, params];
  }

  datetimeCastTimeSql(instant: Sql, zone: string | undefined): Sql {
    const [sql, params] = this.inZone(instant, zone);
    return [`TIME(${sql})`, params];
  }

  override formatForDurationArithmetic(sql: string): string {
    return `INTERVAL ${sql} MICROSECOND`;
  }

  override subtractTemporals(internalType: string, [left, params]: Sql, [right, more]: Sql): Sql {
    if (internalType !== 'TimeField') {
      return [`TIMESTAMPDIFF(MICROSECOND, ${right}, ${left})`, [...more, ...params]];
    }
    // MariaDB's seconds have a fraction, MySQL's have none.
    const microseconds = (sql: string): string =>
      `(FLOOR(TIME_TO_SEC(${sql})) * 1000000 + MICROSECOND(${sql}))`;
    return [
      `CAST(${microseconds(left)} - ${microseconds(right)} AS SIGNED)`,
      [...params, ...params, ...more, ...more],
    ];
  }

  private inZone([sql, params]: Sql, zone: string | undefined): Sql {
    const stored = this.storedTimeZone;
    if (zone === undefined || zone === stored) return [sql, params];
    return [`CONVERT_TZ(${sql}, ?, ?)`, [...params, offsetOf(stored), offsetOf(zone)]];
  }
}

/** UTC by its offset: a server knows no zone by name before somebody has loaded them. */
function offsetOf(zone: string): string {
  return zone === 'UTC' ? '+00:00' : zone;
}
