/** Queries of JSON: keys, positions, containment. The rows are Django's answers for the same table. */
import './settings';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { Cast, JSONObject } from 'tsango/db/models/functions';
import { HasKey, KeyTextTransform, KeyTransform } from 'tsango/db/models/lookups';
import { onEachDatabase } from '../support/each_database';

class Doc extends models.Model {
  static override readonly Meta = { appLabel: 'json', ordering: ['id'] };
  declare static readonly objects: models.Manager<Doc>;
  declare id: number;
  @models.JSONField({ null: true }) declare value: unknown;
}

const { Count, F, JSONNull, KT, Q } = models;

const VALUES: readonly unknown[] = [
  null,
  {},
  { a: 'b', c: 14 },
  {
    a: 'b',
    c: 14,
    d: ['e', { f: 'g' }],
    h: true,
    i: false,
    j: null,
    k: { l: 'm' },
    n: [null, true, false],
    o: '"quoted"',
    p: 4.2,
    r: { s: true, t: false },
  },
  [1, [2]],
  { k: true, l: false, foo: 'bax', date: '2020-01-01' },
  { foo: 'bar', baz: { a: 'b', c: 'd' }, bar: ['foo', 'bar'], bax: { foo: 'bar' } },
  'abc',
];
const rows = async (): Promise<void> => {
  for (const value of VALUES) await Doc.objects.create({ value });
  await Doc.objects.create({ value: JSONNull() as never });
};
/** The rows by their place in VALUES; 8 is the null of JSON. */
const places = async (query: PromiseLike<readonly Doc[]>): Promise<number[]> =>
  (await query).map(({ id }) => id - 1);
const found = (filter: object): Promise<number[]> => places(Doc.objects.filter(filter as never));
const left = (filter: object): Promise<number[]> => places(Doc.objects.exclude(filter as never));

onEachDatabase([Doc], { rows }, ({ engine }) => {
  const isSqlite = engine === 'better-sqlite3' || engine === 'node:sqlite';

  it('gives back what was stored', async () => {
    expect(await Doc.objects.flat('value')).toEqual([...VALUES, null]);
    // NULL is another thing than null.
    expect(await found({ value__isnull: true })).toEqual([0]);
    expect(await found({ value: JSONNull() })).toEqual([8]);
    expect(await found({ value: null })).toEqual([8]);
    expect(await found({ value: new models.Value(null, { outputField: new models.JSONField() }) })).toEqual([
      8,
    ]);
  });

  it('compares whole values', async () => {
    expect(await found({ value: { a: 'b', c: 14 } })).toEqual([2]);
    expect(await found({ value: [1, [2]] })).toEqual([4]);
    expect(await found({ value: 'abc' })).toEqual([7]);
    expect(await found({ value: {} })).toEqual([1]);
    expect(await found({ value__in: [{ a: 'b', c: 14 }, [1, [2]], 'abc'] })).toEqual([2, 4, 7]);
    expect(await left({ value: { a: 'b', c: 14 } })).toEqual([0, 1, 3, 4, 5, 6, 7, 8]);
    expect(await found({ value__icontains: 'BaX' })).toEqual([5, 6]);
  });

  it('looks at keys, positions and paths', async () => {
    expect(await found({ value__a: 'b' })).toEqual([2, 3]);
    expect(await found({ value__c: 14 })).toEqual([2, 3]);
    expect(await found({ value__h: true })).toEqual([3]);
    expect(await found({ value__i: false })).toEqual([3]);
    expect(await found({ value__j: null })).toEqual([3]);
    expect(await found({ value__j: JSONNull() })).toEqual([3]);
    expect(await found({ value__p: 4.2 })).toEqual([3]);
    expect(await found({ value__o: '"quoted"' })).toEqual([3]);
    expect(await found({ value__k: { l: 'm' } })).toEqual([3]);
    expect(await found({ value__d: ['e', { f: 'g' }] })).toEqual([3]);
    expect(await found({ value__k__l: 'm' })).toEqual([3]);
    expect(await found({ value__d__0: 'e' })).toEqual([3]);
    expect(await found({ value__d__1__f: 'g' })).toEqual([3]);
    expect(await found({ value__n__0: null })).toEqual([3]);
    expect(await found({ value__0: 1 })).toEqual([4]);
    expect(await found({ value__1__0: 2 })).toEqual([4]);
    expect(await found({ value__baz__a: 'b' })).toEqual([6]);
    expect(await found({ value__nope: 'b' })).toEqual([]);
  });

  it('counts positions from the end', async () => {
    if (engine === 'mysql') {
      expect(() => Doc.objects.filter({ 'value__-1': [2] } as never).toSql()).toThrow(
        'Using negative JSON array indices is not supported on this database backend.',
      );
      return;
    }
    expect(await found({ 'value__-1': [2] })).toEqual([4]);
    expect(await found({ 'value__d__-2': 'e' })).toEqual([3]);
    expect(await found({ 'value__d__-1__f': 'g' })).toEqual([3]);
  });

  it('tells a key that is not there from one whose value is null', async () => {
    expect(await found({ value__j__isnull: false })).toEqual([3]);
    expect(await found({ value__a__isnull: false })).toEqual([2, 3]);
    expect(await found({ value__j__isnull: true })).toEqual([0, 1, 2, 4, 5, 6, 7, 8]);
    expect(await found({ value__d__0__isnull: false })).toEqual([3]);
    // As in Django: of a row without the key, nothing is known.
    expect(await left({ value__j: null })).toEqual([]);
  });

  it('looks for keys', async () => {
    expect(await found({ value__has_key: 'a' })).toEqual([2, 3]);
    expect(await found({ value__hasKey: 'j' })).toEqual([3]);
    expect(await found({ value__d__1__has_key: 'f' })).toEqual([3]);
    expect(await found({ value__has_key: new KeyTransform('a', 'value') })).toEqual([2, 3]);
    expect(await found({ value__has_key: new KeyTransform('c', new KeyTransform('baz', 'value')) })).toEqual([
      6,
    ]);
    expect(await found({ value__has_keys: ['a', 'c', 'h'] })).toEqual([3]);
    expect(await found({ value__has_any_keys: ['c', 'l'] })).toEqual([2, 3, 5]);
    expect(await places(Doc.objects.filter(new HasKey(F('value'), 'foo')))).toEqual([5, 6]);
    expect(await found({ value__has_key: '0' })).toEqual([]);
  });

  it('asks whether one is a part of the other', async () => {
    if (isSqlite) {
      expect(() => Doc.objects.filter({ value__contains: { a: 'b' } } as never).toSql()).toThrow(
        'contains lookup is not supported on this database backend.',
      );
      expect(() => Doc.objects.filter({ value__containedBy: { a: 'b' } } as never).toSql()).toThrow(
        'contained_by lookup is not supported on this database backend.',
      );
      return;
    }
    expect(await found({ value__contains: { a: 'b' } })).toEqual([2, 3]);
    expect(await found({ value__contains: { baz: { a: 'b' } } })).toEqual([6]);
    expect(await found({ value__d__contains: 'e' })).toEqual([3]);
    expect(await found({ value__contained_by: { a: 'b', c: 14, h: true } })).toEqual([1, 2]);
  });

  it('reads texts and numbers at keys', async () => {
    expect(await found({ value__foo__iexact: 'BaR' })).toEqual([6]);
    expect(await found({ value__foo__icontains: 'Ar' })).toEqual([6]);
    expect(await found({ value__foo__startswith: 'b' })).toEqual([5, 6]);
    expect(await found({ value__foo__istartswith: 'B' })).toEqual([5, 6]);
    expect(await found({ value__foo__endswith: 'r' })).toEqual([6]);
    expect(await found({ value__foo__iendswith: 'R' })).toEqual([6]);
    expect(await found({ value__foo__regex: '^bar$' })).toEqual([6]);
    expect(await found({ value__foo__iregex: '^BAR$' })).toEqual([6]);
    expect(await found({ value__c__lt: 15 })).toEqual([2, 3]);
    expect(await found({ value__c__gte: 100 })).toEqual([]);
    expect(await found({ value__p__gt: 4.1 })).toEqual([3]);
    expect(await found({ value__c__in: [14, 15] })).toEqual([2, 3]);
    expect(await found({ value__h__in: [true, 'foo'] })).toEqual([3]);
    expect(await found({ value__foo__in: ['bar', 'nope'] })).toEqual([6]);
    expect(
      await found({ value__foo__in: [new KeyTransform('foo', new KeyTransform('bax', 'value'))] }),
    ).toEqual([6]);
    expect(await found({ value__foo: new KeyTransform('foo', new KeyTransform('bax', 'value')) })).toEqual([
      6,
    ]);
    expect(await found({ value__bar__0__startswith: 'fo' })).toEqual([6]);
  });

  it('selects, sorts, groups and annotates by keys', async () => {
    expect(await Doc.objects.filter({ id: 4 }).values('value__k' as never, 'value__d__0' as never)).toEqual([
      { value__k: { l: 'm' }, value__d__0: 'e' },
    ]);
    expect(
      await Doc.objects
        .filter({ id: 4 })
        .values('value__h' as never, 'value__j' as never, 'value__p' as never),
    ).toEqual([{ value__h: true, value__j: null, value__p: 4.2 }]);
    expect(
      await places(Doc.objects.filter({ value__foo__isnull: false } as never).orderBy('value__foo' as never)),
    ).toEqual([6, 5]);
    expect(
      await Doc.objects
        .annotate({ x: KT('value__d__1__f') })
        .filter({ x: 'g' })
        .flat('x'),
    ).toEqual(['g']);
    expect(
      await Doc.objects
        .annotate({ x: KT('value__bax__foo') })
        .filter({ x__isnull: false })
        .flat('x'),
    ).toEqual(['bar']);
    expect(
      await Doc.objects
        .annotate({ x: F('value__c') })
        .filter({ id: 3 })
        .flat('x'),
    ).toEqual([14]);
    expect(
      await Doc.objects
        .filter({ value__a__isnull: false } as never)
        .values('value__a' as never)
        .annotate({ n: Count('id') } as never),
    ).toEqual([{ value__a: 'b', n: 2 }]);
    expect(
      await Doc.objects
        .annotate({ n: Cast(KT('value__c'), new models.IntegerField()) })
        .filter({ n__gt: 13 } as never)
        .count(),
    ).toBe(2);
    expect(
      await places(Doc.objects.filter(new Q({ value__a: 'b' }).and(new Q({ value__has_key: 'h' }).not()))),
    ).toEqual([2]);
    const made = Doc.objects.annotate({ o: JSONObject({ deep: 'id' }) });
    expect(await places(made.filter({ o__deep: 3 } as never))).toEqual([2]);
    expect(() => KT('value')).toThrow('Lookup must contain key or index transforms.');
    expect(new KeyTextTransform('a', 'value').keyName).toBe('a');
  });

  it('takes any key from outside as a parameter', async () => {
    const keys = [
      "a' = 'b') OR 1=1--",
      "x'), '$.a') OR 1 = 1 --",
      'a"b',
      "a'b",
      'a\\b',
      'a.b',
      'a b',
      'é',
      '$',
      '%s',
      '?',
      '}',
      '{"x","y"}',
      '*',
      '[*]',
      '__proto__'.slice(2, -2),
    ];
    const doc = await Doc.objects.create({
      value: Object.fromEntries(keys.map((key) => [key, `of ${key}`])),
    });
    try {
      for (const key of keys) {
        const [sql] = Doc.objects.filter({ [`value__${key}`]: 'x' } as never).toSql();
        expect(sql.includes(key) && key.length > 2).toBe(false);
        expect([key, await found({ [`value__${key}`]: `of ${key}` })]).toEqual([key, [doc.id - 1]]);
        expect(await found({ [`value__${key}`]: 'x' })).toEqual([]);
        expect(await found({ [`value__${key}__startswith`]: 'of ' })).toEqual([doc.id - 1]);
        expect(await found({ value__has_key: key })).toEqual([doc.id - 1]);
        expect(await found({ value__has_keys: [key, '}'] })).toEqual([doc.id - 1]);
        expect(await found({ value__has_any_keys: [key] })).toEqual([doc.id - 1]);
        expect(await found({ [`value__${key}__isnull`]: false })).toEqual([doc.id - 1]);
        expect(
          await Doc.objects
            .filter({ id: doc.id })
            .orderBy(`value__${key}` as never)
            .count(),
        ).toBe(1);
        expect(
          await Doc.objects
            .annotate({ x: KT(`value__${key}`) })
            .filter({ id: doc.id })
            .flat('x'),
        ).toEqual([`of ${key}`]);
      }
      // A name in SELECT is checked.
      expect(() => Doc.objects.values("value__a' || 1" as never)).toThrow('Column aliases cannot contain');
      expect(() => Doc.objects.values('value__x") FROM secret--' as never)).toThrow(
        'Column aliases cannot contain',
      );
    } finally {
      await doc.delete();
    }
  });

  it('writes what Django would', async () => {
    const doc = await Doc.objects.create({ value: { a: ['é', 1, null, true, ',:"'], b: {} } });
    const column = engine === 'postgresql' ? 'value::text' : 'value';
    const { rows: stored } = await connections
      .get()
      .execute(`SELECT ${column} AS v FROM json_doc WHERE id = ?`, [doc.id]);
    expect(stored[0]?.['v']).toBe(
      engine === 'postgresql'
        ? '{"a": ["é", 1, null, true, ",:\\""], "b": {}}'
        : '{"a": ["\\u00e9", 1, null, true, ",:\\""], "b": {}}',
    );
    await doc.delete();
    await Doc.objects.filter({ id: 3 }).update({ value: JSONNull() as never });
    expect(await found({ value: JSONNull() })).toEqual([2, 8]);
    await Doc.objects.filter({ id: 3 }).update({ value: VALUES[2] as never });
    expect(await found({ value: VALUES[2] })).toEqual([2]);
  });
});
