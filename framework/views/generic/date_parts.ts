/** Years, months, weeks and days of URLs. Django: `YearMixin` … `DateMixin` of `django.views.generic.dates`. */
import { settings } from '../../conf';
import { Http404, ImproperlyConfigured } from '../../core/exceptions';
import type { Model, ModelClass } from '../../db/models/base';
import type { Field } from '../../db/models/fields';
import type { Condition } from '../../db/models/query';
import { PlainDate, PlainDateTime } from '../../python/datetime';
import { ValueError } from '../../python/errors';
import { percentFormat } from '../../python/format';
import { strptime } from '../../python/strptime';
import { parseDate } from '../../utils/dateparse';
import { localdate, makeAware, now } from '../../utils/timezone';
import { gettext } from '../../utils/translation';
import type { Constructor, ContextView } from './base';
import type { DatedView, Period, WithDates } from './types';

const outOfRange = (): Http404 => new Http404(gettext('Date out of range'));

/** The date of so many days after another. @throws Http404 before the year 1 or after 9999 */
function plus(date: PlainDate, days: number): PlainDate {
  try {
    return PlainDate.fromDays(date.days + days);
  } catch {
    throw outOfRange();
  }
}

function dateOf(year: number, month: number, day: number): PlainDate {
  if (year > 9999) throw outOfRange();
  return new PlainDate(year, month, day);
}

/** The day today, in the current time zone. */
export const today = (): PlainDate => localdate();

/** A value of the URL, or else of the query string. @throws Http404 where neither has it */
function asked(view: ContextView, name: Period): string {
  const found = view.params[name] ?? view.request.GET.get(name) ?? null;
  if (found !== null) return String(found);
  throw new Http404(gettext(`No ${name} specified`));
}

/**
 * The date of the parts that a URL has.
 *
 * @throws Http404 for what is no date
 */
export function dateFromParts(parts: readonly (readonly [value: string, format: string])[]): PlainDate {
  const [text, format] = [0, 1].map((i) => parts.map((part) => part[i]).join('__')) as [string, string];
  try {
    return strptime(text, format).date();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const message = gettext('Invalid date string “%(datestr)s” given format “%(format)s”');
    throw new Http404(percentFormat(message, { datestr: text, format }));
  }
}

/** Gives a view the field that its dates are in, and the parts of dates that its URL has. */
export function DateMixin<Base extends Constructor<DatedView<M>>, M extends Model = Model>(
  base: Base,
): Base & Constructor<WithDates> {
  return class extends base {
    /** The DateField or DateTimeField that objects are found by. */
    dateField: string | null = null;
    /** Whether objects of the future are shown. */
    allowFuture = false;
    year: number | string | null = null;
    month: number | string | null = null;
    week: number | string | null = null;
    day: number | string | null = null;
    /** How the URL writes them, in strptime's language. */
    yearFormat = '%Y';
    monthFormat = '%b';
    weekFormat = '%U';
    dayFormat = '%d';

    getDateField(): string {
      if (this.dateField === null) {
        throw new ImproperlyConfigured(`${this.constructor.name}.date_field is required.`);
      }
      return this.dateField;
    }

    getAllowFuture(): boolean {
      return this.allowFuture;
    }

    getYearFormat(): string {
      return this.yearFormat;
    }

    getMonthFormat(): string {
      return this.monthFormat;
    }

    getWeekFormat(): string {
      return this.weekFormat;
    }

    getDayFormat(): string {
      return this.dayFormat;
    }

    /** The year of the URL. @throws Http404 without one; as the others of its kind */
    getYear(): string {
      return String(this.year ?? asked(this, 'year'));
    }

    getMonth(): string {
      return String(this.month ?? asked(this, 'month'));
    }

    getWeek(): string {
      return String(this.week ?? asked(this, 'week'));
    }

    getDay(): string {
      return String(this.day ?? asked(this, 'day'));
    }

    /** The first day of the year after a date that has something to show; null for none. */
    getNextYear(date: PlainDate): Promise<PlainDate | null> {
      return neighbour(this as unknown as WithDates & DatedView, date, 'year', false);
    }

    getPreviousYear(date: PlainDate): Promise<PlainDate | null> {
      return neighbour(this as unknown as WithDates & DatedView, date, 'year', true);
    }

    getNextMonth(date: PlainDate): Promise<PlainDate | null> {
      return neighbour(this as unknown as WithDates & DatedView, date, 'month', false);
    }

    getPreviousMonth(date: PlainDate): Promise<PlainDate | null> {
      return neighbour(this as unknown as WithDates & DatedView, date, 'month', true);
    }

    getNextWeek(date: PlainDate): Promise<PlainDate | null> {
      return neighbour(this as unknown as WithDates & DatedView, date, 'week', false);
    }

    getPreviousWeek(date: PlainDate): Promise<PlainDate | null> {
      return neighbour(this as unknown as WithDates & DatedView, date, 'week', true);
    }

    getNextDay(date: PlainDate): Promise<PlainDate | null> {
      return neighbour(this as unknown as WithDates & DatedView, date, 'day', false);
    }

    getPreviousDay(date: PlainDate): Promise<PlainDate | null> {
      return neighbour(this as unknown as WithDates & DatedView, date, 'day', true);
    }

    /** Whether the field keeps times, too. */
    get usesDatetimeField(): boolean {
      const model = this.model ?? this.getQueryset().model;
      return fieldOf(model, this.getDateField()).internalType === 'DateTimeField';
    }

    /** @internal A date as the field is compared with it. */
    dateLookup(date: PlainDate): unknown {
      if (!this.usesDatetimeField) return date.isoformat();
      const start = new PlainDateTime(date.year, date.month, date.day);
      return settings.USE_TZ ? makeAware(start).toDate() : start.isoformat(' ');
    }

    /** @internal What may be shown at most, where the future may not. */
    latest(): unknown {
      if (!this.usesDatetimeField) return today().isoformat();
      const moment = now();
      return moment instanceof Date ? moment : moment.isoformat(' ');
    }

    /** @internal The condition of a span of days, without the last. */
    between(from: PlainDate, to: PlainDate): Condition {
      const field = this.getDateField();
      const condition = {
        [`${field}__gte`]: this.dateLookup(from),
        [`${field}__lt`]: this.dateLookup(to),
      };
      return condition as unknown as Condition;
    }

    /** @internal The first day of the period that a date is in. */
    startOf(date: PlainDate, period: Period): PlainDate {
      if (period === 'year') return new PlainDate(date.year, 1, 1);
      if (period === 'month') return new PlainDate(date.year, date.month, 1);
      return period === 'week' ? plus(date, -weekdayOf(date, this.getWeekFormat())) : date;
    }

    /** @internal The first day of the period after. @throws Http404 after the year 9999 */
    startAfter(date: PlainDate, period: Period): PlainDate {
      if (period === 'year') return dateOf(date.year + 1, 1, 1);
      if (period === 'month') {
        return date.month === 12 ? dateOf(date.year + 1, 1, 1) : dateOf(date.year, date.month + 1, 1);
      }
      return plus(date, period === 'week' ? 7 - weekdayOf(date, this.getWeekFormat()) : 1);
    }
  };
}

/** The day of a week that begins as its format says, from 0. @throws ValueError for another format */
function weekdayOf(date: PlainDate, format: string): number {
  const fromMonday = (((date.days + 3) % 7) + 7) % 7;
  if (format === '%W' || format === '%V') return fromMonday;
  if (format === '%U') return (fromMonday + 1) % 7;
  throw new ValueError(`unknown week format: ${format}`);
}

/** The day that a stored value is on. */
function dayOf(value: unknown): PlainDate {
  if (value instanceof PlainDate) return value;
  if (value instanceof Date) return localdate(value);
  return parseDate(String(value).slice(0, 10)) as PlainDate;
}

/** The field that a view names as its model or as Django does. */
function fieldOf({ _meta: meta }: ModelClass, name: string): Field {
  return meta.fieldsByProperty.get(name) ?? meta.getField(name);
}

/** The period before or after that can be shown: it has objects unless empty ones are allowed, and is not to come. */
async function neighbour(
  view: WithDates & DatedView<Model>,
  date: PlainDate,
  period: Period,
  isPrevious: boolean,
): Promise<PlainDate | null> {
  const field = view.getDateField();
  const allowFuture = view.getAllowFuture();
  const [start, end] = [view.startOf(date, period), view.startAfter(date, period)];
  if (view.getAllowEmpty?.() === true) {
    const found = isPrevious ? view.startOf(plus(start, -1), period) : end;
    return allowFuture || found.days <= today().days ? found : null;
  }
  const condition = {
    [`${field}__${isPrevious ? 'lt' : 'gte'}`]: view.dateLookup(isPrevious ? start : end),
    ...(!allowFuture && { [`${field}__lte`]: view.latest() }),
  };
  const [row] = await view
    .getQueryset()
    .filter(condition as unknown as Condition)
    .orderBy((isPrevious ? `-${field}` : field) as never)
    .slice(0, 1);
  if (row === undefined) return null;
  const { property } = fieldOf(view.getQueryset().model, field);
  return view.startOf(dayOf((row as unknown as Record<string, unknown>)[property]), period);
}
