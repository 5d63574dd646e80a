/** Functions of the database: the same on every one of them, as Django has them. */
import { createHash } from 'node:crypto';
import '../settings';
import * as models from 'tsango/db/models';
import * as f from 'tsango/db/models/functions';
import { onEachDatabase } from '../../support/each_database';

class Person extends models.Model {
  static override readonly Meta = { appLabel: 'functions', ordering: ['id'] };
  declare static readonly objects: models.Manager<Person>;
  declare id: number;
  @models.CharField({ maxLength: 50 }) declare name: string;
  @models.CharField({ maxLength: 50, null: true }) declare alias: string | null;
  @models.IntegerField({ null: true }) declare age: number | null;
  @models.FloatField({ default: 0 }) declare height: number;
  @models.DecimalField({ maxDigits: 6, decimalPlaces: 2, null: true }) declare pay: string | null;
  @models.DateField({ null: true }) declare born: string | null;
}

const rows = async (): Promise<void> => {
  await Person.objects.create({
    name: 'Élodie Smith',
    alias: 'smith',
    age: 5,
    height: -2.5,
    pay: '10.25',
    born: '2001-02-03',
  });
  await Person.objects.create({
    name: 'Rhonda',
    alias: null,
    age: null,
    height: 2.25,
    pay: '-1.50',
    born: null,
  });
};
const { F, Value } = models;
const all = async (expression: object): Promise<unknown[]> =>
  await Person.objects
    .annotate({ x: expression as never })
    .orderBy('id')
    .flat('x');
const first = async (expression: object): Promise<unknown> => (await all(expression))[0];
const close = async (expression: object, expected: number): Promise<void> =>
  expect(Number(await first(expression))).toBeCloseTo(expected, 6);

onEachDatabase([Person], { rows }, ({ engine }) => {
  const isPostgres = engine === 'postgresql';
  const isMysql = engine === 'mysql';

  it('compares and chooses', async () => {
    expect(await all(f.Coalesce('alias', 'name'))).toEqual(['smith', 'Rhonda']);
    expect(await all(f.Coalesce('alias', new Value('nobody')))).toEqual(['smith', 'nobody']);
    expect(await all(f.Coalesce('age', 7))).toEqual([5, 7]);
    expect(await all(f.Greatest('age', 'id'))).toEqual([5, isPostgres ? 2 : null]);
    expect(await all(f.Least('id', new Value(1)))).toEqual([1, 1]);
    expect(await all(f.NullIf('age', new Value(5)))).toEqual([null, null]);
    expect(await all(f.NullIf('alias', 'name'))).toEqual(['smith', null]);
    expect(() => f.Coalesce('alias')).toThrow('Coalesce must take at least two expressions');
    expect(() => f.Greatest('alias')).toThrow('Greatest must take at least two expressions');
    expect(() => f.Least('alias')).toThrow('Least must take at least two expressions');
    const none = Person.objects.none().values('age');
    expect(await all(f.Coalesce(models.Subquery(none), new Value(42)))).toEqual([42, 42]);
    expect(
      await all(f.Coalesce(Person.objects.filter({ id: 1 }).values('age') as never, new Value(42))),
    ).toEqual([5, 5]);
  });

  it('casts', async () => {
    expect(await first(f.Cast('age', new models.CharField()))).toBe('5');
    expect(await first(f.Cast('age', new models.CharField({ maxLength: 30 })))).toBe('5');
    expect(await first(f.Cast(new Value('12'), new models.IntegerField()))).toBe(12);
    expect(await first(f.Cast('age', new models.FloatField()))).toBe(5);
    expect(
      Number(await first(f.Cast('height', new models.DecimalField({ maxDigits: 8, decimalPlaces: 1 })))),
    ).toBe(-2.5);
    expect(await first(f.Cast('born', new models.DateField()))).toBe('2001-02-03');
    expect(await first(f.Cast(new Value('2001-02-03 04:05:06'), new models.DateTimeField()))).toEqual(
      new Date('2001-02-03T04:05:06Z'),
    );
    expect(await first(f.Cast(new Value('04:05:06'), new models.TimeField()))).toBe('04:05:06');
    expect(await first(f.Cast(new Value('{"a": [1]}'), new models.JSONField()))).toEqual({ a: [1] });
    expect(
      await Person.objects
        .annotate({ x: f.Cast('pay', new models.IntegerField()) })
        .filter({ x: 10 })
        .count(),
    ).toBe(1);
  });

  it('orders by a collation, whose name is checked', async () => {
    const name = isPostgres ? 'C' : isMysql ? 'utf8mb4_bin' : 'nocase';
    expect(
      await Person.objects
        .annotate({ x: f.Collate('alias', name) })
        .filter({ x: 'smith' })
        .count(),
    ).toBe(1);
    for (const evil of ['', 'a"; DROP TABLE x', "c'", 'a b', 'a\n', null as never]) {
      expect(() => f.Collate('alias', evil)).toThrow('Invalid collation name: ');
    }
  });

  it('calculates', async () => {
    await close(f.Abs('height'), 2.5);
    expect((await all(f.Abs('pay'))).map(Number)).toEqual([10.25, 1.5]);
    expect((await all(f.Ceil('height'))).map(Number)).toEqual([-2, 3]);
    expect((await all(f.Floor('height'))).map(Number)).toEqual([-3, 2]);
    expect((await all(f.Sign('height'))).map(Number)).toEqual([-1, 1]);
    const half = f.Cast(new Value('0.5'), new models.FloatField());
    for (const [make, expected] of [
      [f.ACos, Math.acos(0.5)],
      [f.ASin, Math.asin(0.5)],
      [f.ATan, Math.atan(0.5)],
      [f.Cos, Math.cos(0.5)],
      [f.Cot, 1 / Math.tan(0.5)],
      [f.Degrees, 28.64788975654116],
      [f.Exp, Math.exp(0.5)],
      [f.Ln, Math.log(0.5)],
      [f.Radians, 0.008726646259971648],
      [f.Sin, Math.sin(0.5)],
      [f.Sqrt, Math.SQRT1_2],
      [f.Tan, Math.tan(0.5)],
    ] as const) {
      await close(make(half), expected);
    }
    await close(f.ATan2('age', 'id'), Math.atan2(5, 1));
    await close(f.Log(new Value(2), new Value(8)), 3);
    await close(f.Log(f.Abs('height'), 'age'), Math.log(5) / Math.log(2.5));
    await close(f.Mod('age', new Value(3)), 2);
    await close(f.Power('age', new Value(2)), 25);
    await close(f.Pi(), Math.PI);
    await close(f.Round('height', 1), -2.5);
    expect(Number(await first(f.Round('pay', 1)))).toBeCloseTo(10.3, 1);
    expect(Number(await first(f.Round('pay')))).toBe(10);
    if (engine === 'better-sqlite3') {
      expect(() => Person.objects.annotate({ x: f.Round('pay', -1) }).toSql()).toThrow(
        'SQLite does not support negative precision.',
      );
    } else expect(Number(await first(f.Round('pay', -1)))).toBe(10);
    const random = Number(await first(f.Random()));
    expect(random >= 0 && random < 1).toBe(true);
    expect(() => (f.Power as unknown as (...all: unknown[]) => unknown)('age')).toThrow(
      "'Power' takes exactly 2 arguments (1 given)",
    );
  });

  it('cuts and joins texts', async () => {
    expect(await all(f.Lower('name'))).toEqual([
      engine === 'better-sqlite3' ? 'Élodie smith' : 'élodie smith',
      'rhonda',
    ]);
    expect(await all(f.Upper('alias'))).toEqual(['SMITH', null]);
    expect(await all(f.Length('name'))).toEqual([12, 6]);
    expect(await all(f.Left('name', 2))).toEqual(['Él', 'Rh']);
    expect(await all(f.Right('name', 2))).toEqual(['th', 'da']);
    expect(await all(f.Right('name', F('id')))).toEqual(['h', 'da']);
    expect(await all(f.Substr('name', 2))).toEqual(['lodie Smith', 'honda']);
    expect(await all(f.Substr('name', 2, 3))).toEqual(['lod', 'hon']);
    expect(await all(f.Substr('name', f.StrIndex('name', new Value('o')), 2))).toEqual(['od', 'on']);
    expect(await all(f.StrIndex('name', new Value('z')))).toEqual([0, 0]);
    expect(await all(f.Concat('alias', new Value('/'), 'name'))).toEqual(['smith/Élodie Smith', '/Rhonda']);
    expect(await all(f.Concat('alias', 'age', { outputField: new models.CharField() }))).toEqual([
      'smith5',
      '',
    ]);
    expect(await all(f.LPad('name', 8, new Value('xy')))).toEqual(['Élodie S', 'xyRhonda']);
    expect(await all(f.RPad('name', 9, new Value('xy')))).toEqual(['Élodie Sm', 'Rhondaxyx']);
    expect(await all(f.LPad('name', 7))).toEqual(['Élodie ', ' Rhonda']);
    expect(await all(f.Repeat('alias', 2))).toEqual(['smithsmith', null]);
    expect(await all(f.Replace('name', new Value('o'), new Value('0')))).toEqual(['Él0die Smith', 'Rh0nda']);
    expect(await all(f.Replace('name', new Value('o')))).toEqual(['Éldie Smith', 'Rhnda']);
    expect(await all(f.Reverse('alias'))).toEqual(['htims', null]);
    for (const [make, expected] of [
      [f.Trim, 'a'],
      [f.LTrim, 'a '],
      [f.RTrim, ' a'],
    ] as const) {
      expect(await first(make(f.Concat(new Value(' '), new Value('a '))))).toBe(expected);
    }
    expect(await first(f.Chr(new Value(65)))).toBe('A');
    expect(await all(f.Ord('alias'))).toEqual([115, null]);
    expect(() => f.Left('name', 0)).toThrow("'length' must be greater than 0.");
    expect(() => f.Substr('name', 0)).toThrow("'pos' must be greater than 0");
    expect(() => f.LPad('name', -1)).toThrow("'length' must be greater or equal to 0.");
    expect(() => f.Repeat('name', -1)).toThrow("'number' must be greater or equal to 0.");
    expect(() => f.Concat('name')).toThrow('Concat must take at least two expressions');
  });

  it('hashes', async () => {
    expect(await all(f.MD5('alias'))).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), null]);
    expect(await first(f.MD5(new Value('John Smith')))).toBe('6117323d2cabbc17d44c2b44587f682c');
    expect(await first(f.SHA224(new Value('Jordan Élena')))).toMatch(/^[0-9a-f]{56}$/);
    const { SHA224, SHA256, SHA384, SHA512 } = f;
    for (const [name, call] of Object.entries({ SHA224, SHA256, SHA384, SHA512 })) {
      const expected = createHash(name.toLowerCase()).update('Élodie Smith').digest('hex');
      expect(await first(call('name'))).toBe(expected);
    }
    if (!isPostgres)
      expect(await first(f.SHA1('name'))).toBe(createHash('sha1').update('Élodie Smith').digest('hex'));
  });

  it('makes JSON', async () => {
    expect(
      await all(f.JSONObject({ name: f.Lower('alias'), age: 'age', n: 1, text: new Value('x'), none: null })),
    ).toEqual([
      { name: 'smith', age: 5, n: 1, text: 'x', none: null },
      { name: null, age: null, n: 1, text: 'x', none: null },
    ]);
    expect(
      await first(
        f.JSONObject({ deep: f.JSONObject({ a: 'id' }), list: f.JSONArray('id', new Value("it's")) }),
      ),
    ).toEqual({
      deep: { a: 1 },
      list: [1, "it's"],
    });
    expect(await first(f.JSONObject())).toEqual({});
    expect(await first(f.JSONArray())).toEqual([]);
    expect(await first(f.JSONObject({ 'a\'b"c': 'id' }))).toEqual({ 'a\'b"c': 1 });
  });

  it('looks over windows', async () => {
    const over = (expression: models.Lookup | object): object =>
      new models.Window(expression as never, { orderBy: 'id' });
    expect(await all(over(f.RowNumber()))).toEqual([1, 2]);
    expect(await all(over(f.Rank()))).toEqual([1, 2]);
    expect(await all(over(f.DenseRank()))).toEqual([1, 2]);
    expect(await all(over(f.PercentRank()))).toEqual([0, 1]);
    expect(await all(over(f.CumeDist()))).toEqual([0.5, 1]);
    expect(await all(over(f.Lag('name')))).toEqual([null, 'Élodie Smith']);
    // MariaDB has no such argument.
    if (!isMysql) expect(await all(over(f.Lead('name', 1, new Value('-'))))).toEqual(['Rhonda', '-']);
    expect(await all(over(f.FirstValue('id')))).toEqual([1, 1]);
    expect(await all(over(f.LastValue('id')))).toEqual([1, 2]);
    expect(await all(over(f.NthValue('id', 2)))).toEqual([null, 2]);
    expect(await all(over(f.Ntile(2)))).toEqual([1, 2]);
    expect(() => f.Lag(null as never)).toThrow('Lag requires a non-null source expression.');
    expect(() => f.Lead('id', 0)).toThrow('Lead requires a positive integer for the offset.');
    expect(() => f.NthValue('id', -1)).toThrow('NthValue requires a positive integer as for nth.');
    expect(() => f.Ntile(0)).toThrow('num_buckets must be greater than 0.');
    expect(() => new models.Window(f.Upper('name'))).toThrow(
      "Expression 'Upper' isn't compatible with OVER clauses.",
    );
  });

  it('registers as transforms, filters, sorts and updates', async () => {
    const giveBack = [models.CharField.registerLookup(f.Length), models.CharField.registerLookup(f.Upper)];
    try {
      expect(await Person.objects.filter({ name__length__gt: 7 } as never).flat('id')).toEqual([1]);
      expect(await Person.objects.filter({ alias__upper: 'SMITH' } as never).flat('id')).toEqual([1]);
      expect(await Person.objects.orderBy('name__length' as never).flat('id')).toEqual([2, 1]);
    } finally {
      for (const each of giveBack) each();
    }
    expect(await Person.objects.orderBy(f.Coalesce('alias', 'name').desc()).flat('id')).toEqual(
      isPostgres ? expect.any(Array) : [1, 2],
    );
    expect(await Person.objects.filter({ name__startswith: f.Left('name', 3) }).count()).toBe(2);
    await Person.objects.filter({ id: 2 }).update({ alias: f.Lower('name') });
    expect((await Person.objects.get({ id: 2 })).alias).toBe('rhonda');
    await Person.objects.filter({ id: 2 }).update({ alias: null });
  });
});

it('knows the types of what functions give', async () => {
  const typed = (): unknown =>
    Person.objects
      .annotate({
        low: f.Lower('name'),
        n: f.Length('name'),
        old: f.Coalesce('age', 0),
        day: f.TruncDate('born'),
        m: f.TruncMonth('born'),
      })
      .first()
      .then((row) => {
        if (row === null) return;
        const low: string | null = row.low;
        const n: number | null = row.n;
        const old: number | null = row.old;
        const m: string | null = row.m;
        // @ts-expect-error a length is no text
        const wrong: string | null = row.n;
        return [low, n, old, m, wrong];
      });
  expect(typed).toBeInstanceOf(Function);
});
