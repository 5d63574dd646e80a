/** Parts of dates and times on SQLite, by functions of ours: see `functions/dates.ts`. */

import { DatabaseError } from '../../errors';
import type { Sql } from '../../models/expressions/base';
import { DatabaseOperations } from '../base/operations';

export abstract class SqliteDateOperations extends DatabaseOperations {
  dateExtractSql(part: string, [sql, params]: Sql): Sql {
    return [`django_date_extract(?, ${sql})`, [part.toLowerCase(), ...params]];
  }

  datetimeExtractSql(part: string, instant: Sql, zone: string | undefined): Sql {
    return this.call('django_datetime_extract', part, instant, zone);
  }

  timeExtractSql(part: string, [sql, params]: Sql): Sql {
    return [`django_time_extract(?, ${sql})`, [part.toLowerCase(), ...params]];
  }

  dateTruncSql(kind: string, date: Sql, zone: string | undefined): Sql {
    return this.call('django_date_trunc', kind, date, zone);
  }

  datetimeTruncSql(kind: string, instant: Sql, zone: string | undefined): Sql {
    return this.call('django_datetime_trunc', kind, instant, zone);
  }

  timeTruncSql(kind: string, time: Sql, zone: string | undefined): Sql {
    return this.call('django_time_trunc', kind, time, zone);
  }

  datetimeCastDateSql([sql, params]: Sql, zone: string | undefined): Sql {
    return [`django_datetime_cast_date(${sql}, ?, ?)`, [...params, ...this.zones(zone)]];
  }

  datetimeCastTimeSql([sql, params]: Sql, zone: string | undefined): Sql {
    return [`django_datetime_cast_time(${sql}, ?, ?)`, [...params, ...this.zones(zone)]];
  }

  /** @throws DatabaseError for what cannot be done with a length of time. */
  override combineDurationExpression(operator: string, left: string, right: string): string {
    if (!['+', '-', '*', '/'].includes(operator)) {
      throw new DatabaseError(`Invalid connector for timedelta: ${operator}.`);
    }
    return `django_format_dtdelta('${operator}', ${left}, ${right})`;
  }

  override subtractTemporals(internalType: string, [left, params]: Sql, [right, more]: Sql): Sql {
    const name = internalType === 'TimeField' ? 'django_time_diff' : 'django_timestamp_diff';
    return [`${name}(${left}, ${right})`, [...params, ...more]];
  }

  private call(name: string, kind: string, [sql, params]: Sql, zone: string | undefined): Sql {
    return [`${name}(?, ${sql}, ?, ?)`, [kind.toLowerCase(), ...params, ...this.zones(zone)]];
  }

  /** The zone, and the one that the column is in. */
  private zones(zone: string | undefined): readonly [string | null, string | null] {
    return zone === undefined ? [null, null] : [zone, this.storedTimeZone];
  }
}
