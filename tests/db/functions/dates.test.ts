/** Parts of dates and times in queries: the same on every database, as Django has them. */
import '../settings';
import * as models from 'tsango/db/models';
import {
  Extract,
  ExtractHour,
  ExtractWeekDay,
  Now,
  Trunc,
  TruncDate,
  TruncDay,
  TruncHour,
  TruncMonth,
  TruncTime,
} from 'tsango/db/models/functions';
import * as timezone from 'tsango/utils/timezone';
import { onEachDatabase } from '../../support/each_database';

class Moment extends models.Model {
  static override readonly Meta = { appLabel: 'dates', ordering: ['id'] };
  declare static readonly objects: models.Manager<Moment>;
  declare id: number;
  @models.DateTimeField({ null: true }) declare at: Date | null;
  @models.DateField({ null: true }) declare day: string | null;
  @models.TimeField({ null: true }) declare time: string | null;
}

const rows = async (): Promise<void> => {
  // A Friday in the last ISO week of 2020, half past eleven at night in UTC.
  await Moment.objects.create({
    at: new Date('2021-01-01T23:30:45.678Z'),
    day: '2021-01-01',
    time: '23:30:45',
  });
  await Moment.objects.create({ at: new Date('2021-08-15T12:00:00Z'), day: '2021-08-15', time: '12:00:00' });
  await Moment.objects.create({ at: null, day: null, time: null });
};

const PARTS = {
  year: [2021, 2021],
  iso_year: [2020, 2021],
  month: [1, 8],
  day: [1, 15],
  week: [53, 32],
  week_day: [6, 1],
  iso_week_day: [5, 7],
  quarter: [1, 3],
} as const;
const ids = async (query: PromiseLike<readonly Moment[]>): Promise<number[]> =>
  (await query).map(({ id }) => id);
const flat = async (expression: ReturnType<typeof models.F> | object): Promise<unknown[]> =>
  await Moment.objects
    .annotate({ x: expression as never })
    .orderBy('id')
    .flat('x');
const iso = (values: readonly unknown[]): unknown[] =>
  values.map((each) => (each instanceof Date ? each.toISOString() : each));

onEachDatabase([Moment], { rows, settings: { USE_TZ: true, TIME_ZONE: 'UTC' } }, ({ engine }) => {
  // A server of MySQL knows zones by name only once somebody has loaded them.
  const zones =
    engine === 'mysql'
      ? { tokyo: '+09:00', newYork: '-05:00' }
      : { tokyo: 'Asia/Tokyo', newYork: 'America/New_York' };

  it.each(Object.entries(PARTS))('takes the %s of dates and times', async (part, [first, second]) => {
    expect(await flat(Extract('at', part))).toEqual([first, second, null]);
    expect(await flat(Extract('day', part))).toEqual([first, second, null]);
    expect(await ids(Moment.objects.filter({ [`at__${part}`]: second } as object))).toContain(2);
    expect(await ids(Moment.objects.filter({ [`day__${part}`]: first } as object))).toContain(1);
  });

  it('takes hours, minutes and whole seconds', async () => {
    for (const field of ['at', 'time']) {
      expect(await flat(Extract(field, 'hour'))).toEqual([23, 12, null]);
      expect(await flat(Extract(field, 'minute'))).toEqual([30, 0, null]);
      expect(await flat(Extract(field, 'second'))).toEqual([45, 0, null]);
    }
    expect(await ids(Moment.objects.filter({ time__hour__gte: 13 }))).toEqual([1]);
    expect(await ids(Moment.objects.filter({ at__minute: 30 }))).toEqual([1]);
  });

  it('looks at clocks of the current time zone, or of the one that is named', async () => {
    // The first moment is in 2021-01-02 there.
    await timezone.override(zones.tokyo, async () => {
      expect(await flat(Extract('at', 'day'))).toEqual([2, 15, null]);
      expect(await flat(ExtractHour('at', { tzinfo: zones.newYork }))).toEqual([
        18,
        engine === 'mysql' ? 7 : 8,
        null,
      ]);
      expect(await flat(TruncDate('at'))).toEqual(['2021-01-02', '2021-08-15', null]);
      expect(await ids(Moment.objects.filter({ at__date: '2021-01-02' }))).toEqual([1]);
      expect(await ids(Moment.objects.filter({ at__time__lt: '09:00:00' }))).toEqual([1]);
      expect(iso(await flat(TruncDay('at')))).toEqual([
        '2021-01-01T15:00:00.000Z',
        '2021-08-14T15:00:00.000Z',
        null,
      ]);
    });
    expect(await flat(ExtractHour('at', { tzinfo: '+05:30' }))).toEqual([5, 17, null]);
  });

  it('compares years with the first and the last moment, in the current time zone', async () => {
    const year = (name: string, value: number): Promise<number[]> =>
      ids(Moment.objects.filter({ [name]: value } as object).orderBy('id'));
    expect(await year('at__year', 2021)).toEqual([1, 2]);
    expect(await year('at__year__gt', 2020)).toEqual([1, 2]);
    expect(await year('at__year__lte', 2020)).toEqual([]);
    expect(await year('day__iso_year', 2020)).toEqual([1]);
    expect(await year('day__isoYear__gte', 2021)).toEqual([2]);
    expect(await year('day__year__lt', 2021)).toEqual([]);
    const [sql] = Moment.objects.filter({ at__year: 2021 }).toSql();
    expect(sql).toContain('BETWEEN ? AND ?');
    // Hours before midnight in UTC are the next day in Tokyo, and its year.
    await timezone.override('+14:00', async () => {
      const [, params] = Moment.objects.filter({ at__year: 2021 }).toSql();
      expect(String(params[0])).toContain('2020-12-31 10:00:00');
      expect(String(params[1])).toContain('2021-12-31 09:59:59.999999');
    });
    // Compared with something of the row, it is taken out.
    expect(await ids(Moment.objects.filter({ at__year: models.F('day__year') }).orderBy('id'))).toEqual([
      1, 2,
    ]);
    expect(() => Moment.objects.filter({ at__year: 0 }).toSql()).toThrow('year 0 is out of range');
  });

  it('cuts moments, days and times down', async () => {
    expect(iso(await flat(TruncMonth('at')))).toEqual([
      '2021-01-01T00:00:00.000Z',
      '2021-08-01T00:00:00.000Z',
      null,
    ]);
    expect(iso(await flat(Trunc('at', 'week')))).toEqual([
      '2020-12-28T00:00:00.000Z',
      '2021-08-09T00:00:00.000Z',
      null,
    ]);
    expect(iso(await flat(Trunc('at', 'quarter')))).toEqual([
      '2021-01-01T00:00:00.000Z',
      '2021-07-01T00:00:00.000Z',
      null,
    ]);
    expect(iso(await flat(TruncHour('at')))).toEqual([
      '2021-01-01T23:00:00.000Z',
      '2021-08-15T12:00:00.000Z',
      null,
    ]);
    expect(iso(await flat(Trunc('at', 'second')))).toEqual([
      '2021-01-01T23:30:45.000Z',
      '2021-08-15T12:00:00.000Z',
      null,
    ]);
    expect(await flat(Trunc('day', 'week'))).toEqual(['2020-12-28', '2021-08-09', null]);
    expect(await flat(TruncMonth('day'))).toEqual(['2021-01-01', '2021-08-01', null]);
    expect(await flat(Trunc('day', 'quarter'))).toEqual(['2021-01-01', '2021-07-01', null]);
    expect(await flat(Trunc('time', 'minute'))).toEqual(['23:30:00', '12:00:00', null]);
    expect(await flat(Trunc('at', 'month', { outputField: new models.DateField() }))).toEqual([
      '2021-01-01',
      '2021-08-01',
      null,
    ]);
    expect(await flat(Trunc('at', 'hour', { outputField: new models.TimeField() }))).toEqual([
      '23:00:00',
      '12:00:00',
      null,
    ]);
    expect((await flat(TruncTime('at')))[1]).toBe('12:00:00');
  });

  it('groups by what was cut down', async () => {
    const { Count } = models;
    expect(
      await Moment.objects
        .filter({ day__isnull: false })
        .annotate({ m: TruncMonth('day') })
        .values('m')
        .annotate({ n: Count('id') })
        .orderBy('m'),
    ).toEqual([
      { m: '2021-01-01', n: 1 },
      { m: '2021-08-01', n: 1 },
    ]);
  });

  it('sorts, selects and filters by parts, by path', async () => {
    expect(await ids(Moment.objects.filter({ id__lt: 3 }).orderBy('-day__month' as never))).toEqual([2, 1]);
    expect(await Moment.objects.filter({ id: 2 }).values('at__quarter' as never)).toEqual([
      { at__quarter: 3 },
    ]);
    expect(await ids(Moment.objects.filter({ at__date__year: 2021, at__week_day: 1 }))).toEqual([2]);
  });

  it('knows what time it is', async () => {
    const [now] = await flat(Now());
    expect(Math.abs((now as Date).getTime() - Date.now())).toBeLessThan(
      engine === 'mysql' ? 86_400_000 : 10_000,
    );
    expect(await ids(Moment.objects.filter({ at__lt: Now() }).orderBy('id'))).toEqual([1, 2]);
  });

  it('refuses what is no part, or has none', () => {
    const sql = (expression: object): unknown => Moment.objects.annotate({ x: expression as never }).toSql();
    expect(() => sql(Extract('day', 'hour'))).toThrow(
      "Cannot extract time component 'hour' from DateField 'day'.",
    );
    expect(() => sql(Extract('id', 'year'))).toThrow(
      'Extract input expression must be DateField, DateTimeField, TimeField, or DurationField.',
    );
    expect(() => Extract('day')).toThrow('lookup_name must be provided');
    expect(() => sql(Trunc('day', 'hour'))).toThrow("Cannot truncate DateField 'day' to DateTimeField.");
    expect(() => sql(Trunc('time', 'month'))).toThrow("Cannot truncate TimeField 'time' to DateTimeField.");
    expect(() => sql(Trunc('id', 'month'))).toThrow("'id' isn't a DateField, TimeField, or DateTimeField.");
    expect(() => sql(ExtractWeekDay('day', { tzinfo: 'UTC' }))).toThrow(
      'tzinfo can only be used with DateTimeField.',
    );
  });

  it('never writes the name of a part into the statement', async () => {
    const evil = 'year\' FROM "dates_moment"."day")) OR 1=1;--';
    const query = (): PromiseLike<unknown> => Moment.objects.filter(Extract('day', evil) as never);
    if (engine === 'postgresql' || engine === 'mysql') {
      expect(() => Moment.objects.annotate({ x: Extract('day', evil) }).toSql()).toThrow(
        'Invalid lookup type',
      );
    } else {
      await expect(flat(Extract('day', evil))).rejects.toThrow('user-defined function raised exception');
    }
    expect(() => query()).toThrow('Cannot filter against a non-conditional expression.');
    // MySQL takes whatever else it is for a day.
    if (engine !== 'mysql')
      await expect(flat(Trunc('day', evil))).rejects.toThrow(/user-defined function|not recognized/);
    expect(Moment.objects.annotate({ x: Trunc('day', evil) }).toSql()[0]).not.toContain('OR 1');
  });
});

onEachDatabase([Moment], { rows, settings: { USE_TZ: false, TIME_ZONE: 'America/New_York' } }, () => {
  it('converts nothing where USE_TZ is off', async () => {
    // The columns have clocks of TIME_ZONE then: half past six in the evening.
    expect(await flat(Extract('at', 'hour'))).toEqual([18, 8, null]);
    expect(iso(await flat(TruncDay('at')))).toEqual([
      '2021-01-01T05:00:00.000Z',
      '2021-08-15T04:00:00.000Z',
      null,
    ]);
    expect(await ids(Moment.objects.filter({ at__date: '2021-01-01' }))).toEqual([1]);
    expect(await ids(Moment.objects.filter({ at__year: 2021 }).orderBy('id'))).toEqual([1, 2]);
  });
});

onEachDatabase([Moment], { rows, engines: ['sqlite3'] }, () => {
  it('says which driver has the functions that this one cannot be given', async () => {
    await expect(flat(Extract('day', 'year'))).rejects.toMatchObject({
      name: 'NotSupportedError',
      message:
        "SQLite has no function django_date_extract, and the driver of ENGINE 'sqlite3' cannot be given one. Use " +
        "ENGINE 'better-sqlite3' or 'node:sqlite'.",
    });
    // A year is a range of days, which needs none.
    expect(await ids(Moment.objects.filter({ day__year: 2021 }).orderBy('id'))).toEqual([1, 2]);
  });
});

onEachDatabase([Moment], { rows, engines: ['node:sqlite'] }, () => {
  it("has them in Node's own SQLite, too", async () => {
    expect(await flat(Extract('day', 'week'))).toEqual([53, 32, null]);
    expect(await ids(Moment.objects.filter({ at__date__week: 53 }))).toEqual([1]);
  });
});
