/**
 * Where a year, a month, an hour began. Django: `django.db.models.functions.datetime`;
 * https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#trunc
 */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import { formatIsoDatetime, instantOf } from '../../backends/datetimes';
import { type Compiler, className, type Expression, type Scope, type Sql } from '../expressions/base';
import { Func, withOptions } from '../expressions/func';
import type { Field } from '../fields/base';
import { DateField, DateTimeField, TimeField } from '../fields/dates';
import { Transform } from '../lookups/transform';
import type { Query } from '../sql/query';
import { callable, type Made, sameCallable } from './callable';
import { nameOf } from './extract';
import { type TimezoneOptions, temporalType, zoneOf } from './zones';

const OF_TIMES: ReadonlySet<string> = new Set(['hour', 'minute', 'second', 'time']);
const OF_DAYS: ReadonlySet<string> = new Set(['year', 'quarter', 'month', 'week', 'day', 'date']);

/** A moment cut down to where something began. */
class TruncTransform<out V = unknown> extends Transform<V> {
  protected readonly kind: string;
  protected readonly tzinfo: string | undefined;

  constructor(expression: Expression | string, kind: string, { tzinfo, ...rest }: TimezoneOptions = {}) {
    super(expression, rest);
    this.kind = kind;
    this.tzinfo = tzinfo;
  }

  override deconstruct(): readonly unknown[] {
    return withOptions([this.lhs, this.kind], { ...this.options, tzinfo: this.tzinfo });
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    const copy = super.resolveExpression(query, scope) as this;
    copy.check(copy.lhs.outputField, copy.outputField);
    return copy;
  }

  /** @throws TypeError, ValueError for fields that cannot be cut down so. */
  private check(field: Field, output: Field): void {
    const from = temporalType(field);
    const fixed = this.fixedField;
    const to = temporalType(fixed ?? output);
    if (from === undefined || from === 'DurationField') {
      throw new TypeError(`'${nameOf(field)}' isn't a DateField, TimeField, or DateTimeField.`);
    }
    if (to === undefined || to === 'DurationField') {
      throw new ValueError('output_field must be either DateField, TimeField, or DateTimeField');
    }
    const said = fixed !== undefined || from !== to ? className(fixed ?? output) : 'DateTimeField';
    if (from === 'DateField' && (to === 'DateTimeField' || OF_TIMES.has(this.kind))) {
      throw new ValueError(`Cannot truncate DateField '${nameOf(field)}' to ${said}.`);
    }
    if (from === 'TimeField' && (to === 'DateTimeField' || OF_DAYS.has(this.kind))) {
      throw new ValueError(`Cannot truncate TimeField '${nameOf(field)}' to ${said}.`);
    }
  }

  /** The field that the class itself says. */
  protected get fixedField(): Field | undefined {
    return undefined;
  }

  protected override resolveOutputField(): Field | undefined {
    return this.fixedField ?? super.resolveOutputField();
  }

  /** The zone whose clocks are read. @throws ValueError for `tzinfo` where there is no instant. */
  protected get zone(): string | undefined {
    if (this.lhs.outputField.internalType === 'DateTimeField') return zoneOf(this.tzinfo);
    if (this.tzinfo !== undefined) throw new ValueError('tzinfo can only be used with DateTimeField.');
    return undefined;
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { ops } = connection;
    const sql = compiler.compile(this.lhs);
    switch (this.outputField.internalType) {
      case 'DateTimeField':
        return ops.datetimeTruncSql(this.kind, sql, this.zone);
      case 'DateField':
        return ops.dateTruncSql(this.kind, sql, this.zone);
      default:
        return ops.timeTruncSql(this.kind, sql, this.zone);
    }
  }

  /** The database gives what clocks in the zone show. */
  override convertValue(value: unknown, connection: DatabaseWrapper): unknown {
    if (value === null || value === undefined) return null;
    const { zone } = this;
    const type = this.outputField.internalType;
    const stored = connection.ops.storedTimeZone;
    const own = zone !== undefined && connection.vendor === 'postgresql' ? 'UTC' : stored;
    const shown = value instanceof Date ? formatIsoDatetime(value, own) : String(value);
    if (type === 'DateField') return shown.slice(0, 10);
    if (type === 'TimeField') return super.convertValue(shown.replace(/^.* /, ''), connection);
    return instantOf(shown, zone ?? stored);
  }
}

/**
 * A moment, date or time cut down to where its `kind` began: `year`, `quarter`, `month`, `week`, `day`, `date`,
 * `time`, `hour`, `minute`, `second`.
 *
 * @example `Event.objects.annotate({ month: Trunc('start', 'month') }).values('month').annotate({ n: Count('id') })`
 */
export const Trunc = callable(TruncTransform);

/** The arguments of a class that says the kind itself. */
const withoutKind = ([expression, , ...options]: readonly unknown[]): readonly unknown[] => [
  expression,
  ...options,
];

function trunc(
  kind: string,
): Made<typeof TruncTransform, [expression: Expression | string, options?: TimezoneOptions], TruncTransform> {
  return class extends TruncTransform {
    constructor(expression: Expression | string, options: TimezoneOptions = {}) {
      super(expression, kind, options);
    }

    override deconstruct(): readonly unknown[] {
      return withoutKind(super.deconstruct());
    }
  };
}

/** The first of January. */
export const TruncYear = sameCallable(trunc('year'));
/** The first day of the quarter. */
export const TruncQuarter = sameCallable(trunc('quarter'));
/** The first day of the month. */
export const TruncMonth = sameCallable(trunc('month'));
/** The Monday of the week. */
export const TruncWeek = sameCallable(trunc('week'));
/** Midnight. */
export const TruncDay = sameCallable(trunc('day'));
/** The full hour. */
export const TruncHour = sameCallable(trunc('hour'));
/** The full minute. */
export const TruncMinute = sameCallable(trunc('minute'));
/** The full second. */
export const TruncSecond = sameCallable(trunc('second'));

class TruncDateTransform extends TruncTransform<string | null> {
  static override readonly lookupName: string = 'date';

  constructor(expression: Expression | string, options: TimezoneOptions = {}) {
    super(expression, 'date', options);
  }

  override deconstruct(): readonly unknown[] {
    return withoutKind(super.deconstruct());
  }

  protected override get fixedField(): Field {
    return new DateField();
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return connection.ops.datetimeCastDateSql(compiler.compile(this.lhs), zoneOf(this.tzinfo));
  }
}

class TruncTimeTransform extends TruncTransform<string | null> {
  static override readonly lookupName: string = 'time';

  constructor(expression: Expression | string, options: TimezoneOptions = {}) {
    super(expression, 'time', options);
  }

  override deconstruct(): readonly unknown[] {
    return withoutKind(super.deconstruct());
  }

  protected override get fixedField(): Field {
    return new TimeField();
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return connection.ops.datetimeCastTimeSql(compiler.compile(this.lhs), zoneOf(this.tzinfo));
  }
}

/** The day of an instant; also the transform `date`. */
export const TruncDate = callable(TruncDateTransform);
/** The time of day of an instant; also the transform `time`. */
export const TruncTime = callable(TruncTimeTransform);

DateTimeField.registerLookup(TruncDate);
DateTimeField.registerLookup(TruncTime);

class NowFunction extends Func<Date> {
  protected override resolveOutputField(): Field {
    return new DateTimeField();
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, { template: 'CURRENT_TIMESTAMP' });
  }

  /** CURRENT_TIMESTAMP is when the transaction began. */
  asPostgresql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, { template: 'STATEMENT_TIMESTAMP()' });
  }

  asMysql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, { template: 'CURRENT_TIMESTAMP(6)' });
  }

  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, { template: "STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')" });
  }
}

/** The database's time when the statement runs. */
export const Now = callable(NowFunction);
