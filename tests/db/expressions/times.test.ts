/** Calculating with times and lengths of time: the same on every database. */
import '../settings';
import * as models from 'tsango/db/models';
import { Coalesce } from 'tsango/db/models/functions';
import { Duration } from 'tsango/utils/duration';
import { onEachDatabase } from '../../support/each_database';

class Run extends models.Model {
  static override readonly Meta = { appLabel: 'times', ordering: ['id'] };
  declare static readonly objects: models.Manager<Run>;
  declare id: number;
  @models.DateTimeField({ null: true }) declare start: Date | null;
  @models.DateTimeField({ null: true }) declare finish: Date | null;
  @models.DateField({ null: true }) declare day: string | null;
  @models.DateField({ null: true }) declare due: string | null;
  @models.TimeField({ null: true }) declare opens: string | null;
  @models.TimeField({ null: true }) declare closes: string | null;
  @models.DurationField({ null: true }) declare estimate: Duration | null;
  @models.IntegerField({ default: 2 }) declare n: number;
  @models.PositiveIntegerField({ default: 3 }) declare p: number;
  @models.FloatField({ default: 1.5 }) declare f: number;
  @models.DecimalField({ maxDigits: 6, decimalPlaces: 2, default: '2.50' }) declare d: string;
}

const rows = async (): Promise<void> => {
  await Run.objects.create({
    start: new Date('2021-03-04T05:06:07.008Z'),
    finish: new Date('2021-03-06T04:06:07.508Z'),
    day: '2021-03-04',
    due: '2021-03-01',
    opens: '08:30:00',
    closes: '17:45:30.000250',
    estimate: new Duration({ days: 1, hours: 2, microseconds: 5 }),
  });
  await Run.objects.create({});
};
const { F, Value, ExpressionWrapper } = models;
const all = async (expression: object): Promise<unknown[]> =>
  await Run.objects
    .annotate({ x: expression as never })
    .orderBy('id')
    .flat('x');
const first = async (expression: object): Promise<unknown> => (await all(expression))[0];
const text = async (expression: object): Promise<string> => {
  const value = await first(expression);
  return value instanceof Date ? value.toISOString() : String(value);
};
const hour = new Duration({ hours: 1 });

onEachDatabase([Run], { rows, settings: { USE_TZ: true, TIME_ZONE: 'UTC' } }, ({ engine }) => {
  it('subtracts times', async () => {
    expect(await text(F('finish').sub(F('start')))).toBe('1 day, 23:00:00.500000');
    expect(await text(F('start').sub(F('finish')))).toBe('-2 days, 0:59:59.500000');
    expect(await text(F('day').sub(F('due')))).toBe('3 days, 0:00:00');
    expect(await text(F('closes').sub(F('opens')))).toBe('9:15:30.000250');
    expect(await text(F('opens').sub(F('closes')))).toBe('-1 day, 14:44:29.999750');
    expect(await all(F('finish').sub(F('start')))).toHaveLength(2);
    expect((await all(F('finish').sub(F('start'))))[1]).toBeNull();
    expect(await text(F('start').sub(new Value(new Date('2021-03-04T05:00:00Z'))))).toBe('0:06:07.008000');
  });

  it('moves times', async () => {
    expect(await text(F('start').add(hour))).toBe('2021-03-04T06:06:07.008Z');
    expect(await text(F('start').sub(hour))).toBe('2021-03-04T04:06:07.008Z');
    expect(await text(F('start').add(F('estimate')))).toBe('2021-03-05T07:06:07.008Z');
    expect(await text(new Value(hour).add(F('start')))).toBe(
      engine === 'mysql' ? '2021-03-04T06:06:07.008Z' : '2021-03-04T06:06:07.008Z',
    );
    expect(await text(F('start').add(hour).add(hour))).toBe('2021-03-04T07:06:07.008Z');
    expect(await text(F('day').add(new Duration({ days: 30 })))).toBe('2021-04-03T00:00:00.000Z');
    expect(
      await text(new ExpressionWrapper(F('day').sub(new Duration({ days: 4 })), new models.DateField())),
    ).toBe('2021-02-28');
    expect(await text(F('opens').add(hour))).toBe('09:30:00');
    expect((await all(F('start').add(hour)))[1]).toBeNull();
  });

  it('filters, sorts and updates by what was calculated', async () => {
    expect(await Run.objects.filter({ finish__gt: F('start').add(F('estimate')) }).flat('id')).toEqual([1]);
    expect(await Run.objects.filter({ estimate__lt: F('finish').sub(F('start')) }).flat('id')).toEqual([1]);
    expect(
      await Run.objects
        .annotate({ took: F('finish').sub(F('start')) })
        .filter({ took__gte: new Duration({ hours: 47 }) } as never)
        .flat('id'),
    ).toEqual([1]);
    expect(await Run.objects.filter({ start__lte: F('finish').sub(new Duration({ days: 1 })) }).count()).toBe(
      1,
    );
    await Run.objects.filter({ id: 1 }).update({ start: F('start').add(hour) });
    expect((await Run.objects.get({ id: 1 })).start?.toISOString()).toBe('2021-03-04T06:06:07.008Z');
    await Run.objects.filter({ id: 1 }).update({ start: F('start').sub(hour) });
    const { total } = await Run.objects.aggregate({ total: models.Sum(F('finish').sub(F('start'))) });
    expect(String(total)).toBe('1 day, 23:00:00.500000');
  });

  it('adds and scales lengths of time', async () => {
    expect(await text(F('estimate').add(F('estimate')))).toBe('2 days, 4:00:00.000010');
    expect(await text(F('estimate').sub(hour))).toBe('1 day, 1:00:00.000005');
    const scaled = (expression: models.Lookup | object): object =>
      new ExpressionWrapper(expression as never, new models.DurationField());
    expect(await text(scaled(F('estimate').mul(F('n'))))).toBe('2 days, 4:00:00.000010');
    expect(await text(scaled(F('estimate').div(2)))).toMatch(/^13:00:00\.00000[23]$/);
    expect(await text(Coalesce(F('finish').sub(F('start')), hour))).toBe('1 day, 23:00:00.500000');
    expect(String((await all(Coalesce(F('finish').sub(F('start')), hour)))[1])).toBe('1:00:00');
  });

  it('gives the types that Django gives', async () => {
    const type = (expression: object): string => {
      const query = Run.objects.annotate({ x: expression as never }).query;
      return [...query.annotations.values()].at(-1)?.outputField.constructor.name ?? '';
    };
    expect(type(F('n').add(F('f')))).toBe('FloatField');
    expect(type(F('n').mul(F('d')))).toBe('DecimalField');
    expect(type(F('p').add(F('p')))).toBe('PositiveIntegerField');
    expect(type(F('p').sub(F('p')))).toBe('IntegerField');
    expect(type(F('n').bitand(F('p')))).toBe('IntegerField');
    expect(type(F('day').sub(F('due')))).toBe('DurationField');
    expect(type(F('day').add(hour))).toBe('DateTimeField');
    expect(type(F('opens').add(hour))).toBe('TimeField');
    const refuses = (expression: object, operator: string, one: string, other: string): void =>
      expect(() => Run.objects.annotate({ x: expression as never }).toSql()).toThrow(
        `Cannot infer type of '${operator}' expression involving these types: ${one}, ${other}. You must set output_field.`,
      );
    refuses(F('f').add(F('d')), '+', 'FloatField', 'DecimalField');
    refuses(F('day').add(F('due')), '+', 'DateField', 'DateField');
    refuses(F('n').add(F('day')), '+', 'IntegerField', 'DateField');
    refuses(F('f').bitand(F('n')), '&', 'FloatField', 'IntegerField');
    refuses(F('n').pow(F('f')), '^', 'IntegerField', 'FloatField');
    expect(Number(await first(F('n').mul(F('d'))))).toBe(5);
  });
});
