/** Archives by date. Django: `django.views.generic.dates`; https://docs.djangoproject.com/en/5.2/ref/class-based-views/generic-date-based/ */
import { settings } from '../../conf';
import { Http404 } from '../../core/exceptions';
import type { Model } from '../../db/models/base';
import type { Condition, QuerySet } from '../../db/models/query';
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import type { PlainDate } from '../../python/datetime';
import { ValueError } from '../../python/errors';
import { percentFormat } from '../../python/format';
import { parseDate } from '../../utils/dateparse';
import { localtime, makeNaive } from '../../utils/timezone';
import { gettext } from '../../utils/translation';
import { ContextView, type ViewParams } from './base';
import { DateMixin, dateFromParts, today } from './date_parts';
import { named, SingleObjectMixin, SingleObjectTemplateResponseMixin } from './detail';
import { isEmpty, MultipleObjectMixin, MultipleObjectTemplateResponseMixin } from './list';
import type {
  ArchiveView,
  DatedItems,
  GetView,
  Period,
  SingleObjectTemplateView,
  SingleObjectView,
  ViewStatics,
  WithDates,
} from './types';

export { DateMixin } from './date_parts';

/** Dates as a template has them: printed whole, they are a query's. */
class DateList extends Array<PlainDate> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  repr(): string {
    return `<QuerySet [${this.map((date) => date.repr()).join(', ')}]>`;
  }
}

function nothing(model: { _meta: { verboseNamePlural: unknown } }): Http404 {
  return new Http404(
    percentFormat(gettext('No %(verbose_name_plural)s available'), {
      verbose_name_plural: String(model._meta.verboseNamePlural),
    }),
  );
}

class Archive extends MultipleObjectTemplateResponseMixin(DateMixin(MultipleObjectMixin(ContextView))) {
  override allowEmpty = false;
  override templateNameSuffix = '_archive';
  dateListPeriod: Period = 'year';
  declare dateList: readonly PlainDate[] | null;

  async get(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
    const [dates, objects, context] = await this.getDatedItems();
    this.dateList = dates;
    this.objectList = objects;
    const values = { object_list: objects, date_list: dates, ...context };
    return this.renderToResponse(await this.getContextData(values));
  }

  /** What the page shows. */
  async getDatedItems(): Promise<DatedItems<Model>> {
    throw new Error('A DateView must provide an implementation of getDatedItems()');
  }

  /** The date field, latest first, where `ordering` does not say. */
  override getOrdering(): string | readonly string[] | null {
    return this.ordering ?? `-${this.getDateField()}`;
  }

  /** The rows for which a condition holds, without those of the future. */
  getDatedQueryset(condition: Condition | null = null): QuerySet<Model> {
    let rows = condition === null ? this.getQueryset() : this.getQueryset().filter(condition);
    if (!this.getAllowFuture()) {
      rows = rows.filter({ [`${this.getDateField()}__lte`]: this.latest() } as unknown as Condition);
    }
    return rows;
  }

  /** @throws Http404 for no rows, unless `allowEmpty`. Django's `get_dated_queryset()` does it; a promise of a query would be its rows. */
  async requireRows(rows: QuerySet<Model>): Promise<void> {
    if (!this.getAllowEmpty() && (await isEmpty(rows, this.getPaginateBy(rows)))) throw nothing(rows.model);
  }

  getDateListPeriod(): Period {
    return this.dateListPeriod;
  }

  /** The first days of the periods that have rows. @throws Http404 for none, unless `allowEmpty` */
  async getDateList(
    rows: QuerySet<Model>,
    period: Period = this.getDateListPeriod(),
    ordering: 'ASC' | 'DESC' = 'ASC',
  ): Promise<PlainDate[]> {
    const field = this.getDateField() as never;
    const found: readonly unknown[] = this.usesDatetimeField
      ? await rows.datetimes(field, period, ordering)
      : await rows.dates(field, period, ordering);
    if (found.length === 0 && !this.getAllowEmpty()) throw nothing(rows.model);
    return DateList.from(found, (value) => {
      // Where USE_TZ is off there are no zones to tell.
      if (value instanceof Date)
        return (settings.USE_TZ ? localtime(value) : makeNaive(value)) as unknown as PlainDate;
      return parseDate(String(value).slice(0, 10)) as PlainDate;
    });
  }
}

class Index extends Archive {
  override contextObjectName: string | null = 'latest';

  override async getDatedItems(): Promise<DatedItems<Model>> {
    const rows = this.getDatedQueryset();
    await this.requireRows(rows);
    const dates = await this.getDateList(rows, undefined, 'DESC');
    return [dates, dates.length === 0 ? rows.none() : rows, {}];
  }
}

class Year extends Archive {
  override templateNameSuffix = '_archive_year';
  override dateListPeriod: Period = 'month';
  /** Whether all objects of the year are shown, not only the months. */
  makeObjectList = false;

  getMakeObjectList(): boolean {
    return this.makeObjectList;
  }

  override async getDatedItems(): Promise<DatedItems<Model>> {
    const date = dateFromParts([
      [this.getYear(), this.getYearFormat()],
      ['', ''],
      ['', ''],
    ]);
    const rows = this.getDatedQueryset(this.between(date, this.startAfter(date, 'year')));
    await this.requireRows(rows);
    const dates = await this.getDateList(rows);
    return [
      dates,
      this.getMakeObjectList() ? rows : rows.none(),
      {
        year: date,
        next_year: await this.getNextYear(date),
        previous_year: await this.getPreviousYear(date),
      },
    ];
  }
}

class Month extends Archive {
  override templateNameSuffix = '_archive_month';
  override dateListPeriod: Period = 'day';

  override async getDatedItems(): Promise<DatedItems<Model>> {
    const date = dateFromParts([
      [this.getYear(), this.getYearFormat()],
      [this.getMonth(), this.getMonthFormat()],
      ['', ''],
    ]);
    const rows = this.getDatedQueryset(this.between(date, this.startAfter(date, 'month')));
    await this.requireRows(rows);
    const dates = await this.getDateList(rows);
    return [
      dates,
      rows,
      {
        month: date,
        next_month: await this.getNextMonth(date),
        previous_month: await this.getPreviousMonth(date),
      },
    ];
  }
}

/** The number of the first day of a week, by the week's format. */
const WEEK_STARTS: Readonly<Record<string, string>> = { '%U': '0', '%V': '1', '%W': '1' };

class Week extends Archive {
  override templateNameSuffix = '_archive_week';

  override async getDatedItems(): Promise<DatedItems<Model>> {
    const [week, year] = [this.getWeek(), this.getYear()];
    const [format, yearFormat] = [this.getWeekFormat(), this.getYearFormat()];
    const start = WEEK_STARTS[format];
    if (start === undefined) {
      throw new ValueError(
        `Unknown week format '${format}'. Choices are: ${Object.keys(WEEK_STARTS).join(', ')}`,
      );
    }
    if (format === '%V' && yearFormat !== '%G') {
      throw new ValueError(
        `ISO week directive '${format}' is incompatible with the year directive '${yearFormat}'. Use the ISO year '%G' instead.`,
      );
    }
    const date = dateFromParts([
      [year, yearFormat],
      [start, '%w'],
      [week, format],
    ]);
    const rows = this.getDatedQueryset(this.between(date, this.startAfter(date, 'week')));
    await this.requireRows(rows);
    return [
      null,
      rows,
      {
        week: date,
        next_week: await this.getNextWeek(date),
        previous_week: await this.getPreviousWeek(date),
      },
    ];
  }
}

class Day extends Archive {
  override templateNameSuffix = '_archive_day';

  override async getDatedItems(): Promise<DatedItems<Model>> {
    return this.itemsOf(
      dateFromParts([
        [this.getYear(), this.getYearFormat()],
        [this.getMonth(), this.getMonthFormat()],
        [this.getDay(), this.getDayFormat()],
      ]),
    );
  }

  /** What there is of one day. Django: `_get_dated_items()`. */
  async itemsOf(date: PlainDate): Promise<DatedItems<Model>> {
    const rows = this.getDatedQueryset(this.between(date, this.startAfter(date, 'day')));
    await this.requireRows(rows);
    return [
      null,
      rows,
      {
        day: date,
        previous_day: await this.getPreviousDay(date),
        next_day: await this.getNextDay(date),
        previous_month: await this.getPreviousMonth(date),
        next_month: await this.getNextMonth(date),
      },
    ];
  }
}

class Today extends Day {
  override getDatedItems(): Promise<DatedItems<Model>> {
    return this.itemsOf(today());
  }
}

class DateDetail extends SingleObjectTemplateResponseMixin(DateMixin(SingleObjectMixin(ContextView))) {
  async get(_request: HttpRequest, _params: ViewParams): Promise<HttpResponseBase> {
    this.object = await this.getObject();
    return this.renderToResponse(await this.getContextData({ object: this.object }));
  }

  override async getObject(queryset: QuerySet<Model> | null = null): Promise<Model> {
    const date = dateFromParts([
      [this.getYear(), this.getYearFormat()],
      [this.getMonth(), this.getMonthFormat()],
      [this.getDay(), this.getDayFormat()],
    ]);
    const rows = queryset ?? this.getQueryset();
    if (!this.getAllowFuture() && date.days > today().days) {
      const message = gettext(
        'Future %(verbose_name_plural)s not available because %(class_name)s.allow_future is False.',
      );
      throw new Http404(
        percentFormat(message, {
          verbose_name_plural: String(rows.model._meta.verboseNamePlural),
          class_name: this.constructor.name,
        }),
      );
    }
    return super.getObject(rows.filter(this.between(date, this.startAfter(date, 'day'))));
  }
}

/** The newest objects, and the years that have some: `<app>/<model>_archive.html` with `latest` and `date_list`. */
export interface ArchiveIndexView<M extends Model = Model> extends ArchiveView<M> {}
export const ArchiveIndexView = named('ArchiveIndexView', Index) as unknown as ViewStatics & {
  new <M extends Model = Model>(): ArchiveIndexView<M>;
};

/** The months of a year that have objects, and with `makeObjectList` these: `<app>/<model>_archive_year.html`. */
export interface YearArchiveView<M extends Model = Model> extends ArchiveView<M> {
  /** Whether all objects of the year are shown, not only the months. */
  makeObjectList: boolean;
  getMakeObjectList(): boolean;
}
export const YearArchiveView = named('YearArchiveView', Year) as unknown as ViewStatics & {
  new <M extends Model = Model>(): YearArchiveView<M>;
};

/** The objects of a month: `<app>/<model>_archive_month.html`. */
export interface MonthArchiveView<M extends Model = Model> extends ArchiveView<M> {}
export const MonthArchiveView = named('MonthArchiveView', Month) as unknown as ViewStatics & {
  new <M extends Model = Model>(): MonthArchiveView<M>;
};

/** The objects of a week: `<app>/<model>_archive_week.html`. */
export interface WeekArchiveView<M extends Model = Model> extends ArchiveView<M> {}
export const WeekArchiveView = named('WeekArchiveView', Week) as unknown as ViewStatics & {
  new <M extends Model = Model>(): WeekArchiveView<M>;
};

/** The objects of a day: `<app>/<model>_archive_day.html`. */
export interface DayArchiveView<M extends Model = Model> extends ArchiveView<M> {}
export const DayArchiveView = named('DayArchiveView', Day) as unknown as ViewStatics & {
  new <M extends Model = Model>(): DayArchiveView<M>;
};

/** The objects of today: `<app>/<model>_archive_day.html`. */
export interface TodayArchiveView<M extends Model = Model> extends ArchiveView<M> {}
export const TodayArchiveView = named('TodayArchiveView', Today) as unknown as ViewStatics & {
  new <M extends Model = Model>(): TodayArchiveView<M>;
};

/** One object of a day: `<app>/<model>_detail.html`. */
export interface DateDetailView<M extends Model = Model>
  extends SingleObjectView<M>,
    SingleObjectTemplateView,
    WithDates,
    GetView {}
export const DateDetailView = named('DateDetailView', DateDetail) as unknown as ViewStatics & {
  new <M extends Model = Model>(): DateDetailView<M>;
};
