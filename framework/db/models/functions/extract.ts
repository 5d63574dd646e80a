/**
 * Parts of dates and times. Django: `django.db.models.functions.datetime`;
 * https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#extract
 */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import { type Compiler, className, type Expression, type Scope, type Sql } from '../expressions/base';
import { withOptions } from '../expressions/func';
import type { Field } from '../fields/base';
import { DateField, DateTimeField, TimeField } from '../fields/dates';
import { IntegerField } from '../fields/numbers';
import { Transform } from '../lookups/transform';
import { YearExact, YearGt, YearGte, YearLt, YearLte } from '../lookups/year';
import type { Query } from '../sql/query';
import { callable, type MadeTransform } from './callable';
import { type TimezoneOptions, temporalType, zoneOf } from './zones';

const CLOCK: ReadonlySet<string> = new Set(['hour', 'minute', 'second']);
const CALENDAR: ReadonlySet<string> = new Set([
  ...['year', 'iso_year', 'month', 'week', 'week_day', 'iso_week_day', 'quarter'],
]);

/** One part of a date or time, as a number. */
class ExtractTransform extends Transform<number | null> {
  private readonly part: string;
  private readonly tzinfo: string | undefined;

  /** @throws ValueError without the name of a part. */
  constructor(expression: Expression | string, part?: string | TimezoneOptions, options?: TimezoneOptions) {
    const { tzinfo, ...rest } = (typeof part === 'object' ? part : options) ?? {};
    super(expression, rest);
    const name = new.target.lookupName ?? (typeof part === 'string' ? part : undefined);
    if (!name) throw new ValueError('lookup_name must be provided');
    this.part = name.replace(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase();
    this.tzinfo = tzinfo;
  }

  override deconstruct(): readonly unknown[] {
    const { lookupName } = this.constructor as typeof ExtractTransform;
    return withOptions([this.lhs, ...(lookupName ? [] : [this.part])], {
      ...this.options,
      tzinfo: this.tzinfo,
    });
  }

  protected override resolveOutputField(): Field {
    return new IntegerField();
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    const copy = super.resolveExpression(query, scope) as this;
    const field = copy.lhs.outputFieldOrNone;
    if (field !== undefined) copy.check(field);
    return copy;
  }

  /** @throws ValueError for a field that has no such part. */
  private check(field: Field): void {
    const type = temporalType(field);
    const { part } = this;
    if (type === undefined) {
      throw new ValueError(
        'Extract input expression must be DateField, DateTimeField, TimeField, or DurationField.',
      );
    }
    if (type === 'DateField' && CLOCK.has(part)) {
      throw new ValueError(`Cannot extract time component '${part}' from DateField '${nameOf(field)}'.`);
    }
    if (type === 'DurationField' && CALENDAR.has(part)) {
      throw new ValueError(`Cannot extract component '${part}' from DurationField '${nameOf(field)}'.`);
    }
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { ops } = connection;
    const sql = compiler.compile(this.lhs);
    const type = this.lhs.outputField.internalType;
    if (type === 'DateTimeField') return ops.datetimeExtractSql(this.part, sql, zoneOf(this.tzinfo));
    if (this.tzinfo !== undefined) throw new ValueError('tzinfo can only be used with DateTimeField.');
    if (type === 'DateField') return ops.dateExtractSql(this.part, sql);
    if (type === 'DurationField' && connection.vendor !== 'postgresql') {
      throw new ValueError('Extract requires native DurationField database support.');
    }
    return ops.timeExtractSql(this.part, sql);
  }
}

/** The name of a field; one that is no model's has its class's. */
export function nameOf(field: Field): string {
  try {
    return field.name;
  } catch {
    return className(field);
  }
}

/**
 * A part of a date or time by name: `year`, `iso_year`, `quarter`, `month`, `week`, `day`, `week_day`, `iso_week_day`,
 * `hour`, `minute`, `second`.
 *
 * @example `Event.objects.annotate({ week: Extract('start', 'week') })`
 */
export const Extract = callable(ExtractTransform);

function extract(
  name: string,
): MadeTransform<
  typeof ExtractTransform,
  [expression: Expression | string, options?: TimezoneOptions],
  ExtractTransform
> {
  return class extends ExtractTransform {
    static override readonly lookupName: string = name;

    constructor(expression: Expression | string, options: TimezoneOptions = {}) {
      super(expression, options);
    }
  };
}

/** The year. */
export const ExtractYear = callable(extract('year'));
/** The year that the ISO week belongs to. */
export const ExtractIsoYear = callable(extract('iso_year'));
/** 1 to 12. */
export const ExtractMonth = callable(extract('month'));
/** The day of the month. */
export const ExtractDay = callable(extract('day'));
/** The number of the ISO week: 1 to 53. */
export const ExtractWeek = callable(extract('week'));
/** 1 is Sunday, 7 is Saturday. */
export const ExtractWeekDay = callable(extract('week_day'));
/** 1 is Monday, 7 is Sunday. */
export const ExtractIsoWeekDay = callable(extract('iso_week_day'));
/** 1 to 4. */
export const ExtractQuarter = callable(extract('quarter'));
/** 0 to 23. */
export const ExtractHour = callable(extract('hour'));
/** 0 to 59. */
export const ExtractMinute = callable(extract('minute'));
/** 0 to 59. */
export const ExtractSecond = callable(extract('second'));

const DAYS = [
  ...[ExtractYear, ExtractIsoYear, ExtractMonth, ExtractDay, ExtractWeek],
  ...[ExtractWeekDay, ExtractIsoWeekDay, ExtractQuarter],
];
const TIMES = [ExtractHour, ExtractMinute, ExtractSecond];
for (const Class of [...DAYS, ...TIMES]) DateTimeField.registerLookup(Class);
for (const Class of DAYS) DateField.registerLookup(Class);
for (const Class of TIMES) TimeField.registerLookup(Class);
for (const Class of [ExtractYear, ExtractIsoYear]) {
  Class.registerLookup(YearExact);
  for (const Lookup of [YearGt, YearGte, YearLt, YearLte]) Class.registerLookup(Lookup);
}
