/** Lists, hstores and ranges in columns: rows through a server, lookups, what migrations and fixtures have of them. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import * as postgres from 'tsango/contrib/postgres/fields';
import { ArrayField, type HStore, Range } from 'tsango/contrib/postgres/fields';
import { HStoreExtension } from 'tsango/contrib/postgres/operations';
import type { ValidationError } from 'tsango/core/exceptions';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';

class Post extends models.Model {
  static override readonly Meta = { appLabel: 'pgfields' };
  declare static readonly objects: models.Manager<Post>;
  declare id: number;
  @ArrayField({ baseField: new models.CharField({ maxLength: 40 }), size: 6, default: () => [] })
  declare tags: string[];
  @ArrayField({ baseField: new ArrayField({ baseField: new models.IntegerField() }), null: true })
  declare board: number[][] | null;
  @ArrayField({ baseField: new models.DecimalField({ maxDigits: 30, decimalPlaces: 20 }), null: true })
  declare prices: string[] | null;
  @ArrayField({ baseField: new models.DateTimeField(), null: true })
  declare moments: (Date | null)[] | null;
  @postgres.HStoreField({ null: true })
  declare data: HStore | null;
  @postgres.IntegerRangeField({ null: true })
  declare ages: Range<number> | null;
  @postgres.DateTimeRangeField({ null: true })
  declare span: Range<Date> | null;
  @postgres.DecimalRangeField({ null: true, defaultBounds: '[]' })
  declare cost: Range<string> | null;
}

const count = async (where: object): Promise<number> => Post.objects.filter(where as never).count();

const EVIL = ['a,b', '"quoted" \\ {x}', 'NULL', '', "it's", 'é\n'];

describe('fields of contrib.postgres, without a server', () => {
  it('names the field that a migration has, without its model', () => {
    const field = Post._meta.getField('tags') as models.Field;
    const [name, path, args, kwargs] = field.deconstruct();
    expect([name, path, args]).toEqual(['tags', 'tsango.contrib.postgres.fields.ArrayField', []]);
    expect(kwargs['size']).toBe(6);
    expect((kwargs['baseField'] as models.Field).modelOrNone).toBeUndefined();
  });

  it('says which item does not validate, and that nested lists have one length', () => {
    const tags = Post._meta.getField('tags') as models.Field;
    const messages = (field: models.Field, value: unknown): readonly string[] => {
      try {
        field.clean(value);
        return [];
      } catch (error) {
        return (error as ValidationError).messages;
      }
    };
    expect(messages(tags, ['a', 'x'.repeat(41)])).toEqual([
      'Item 2 in the array did not validate: Ensure this value has at most 40 characters (it has 41).',
    ]);
    expect(messages(tags, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toEqual([
      'List contains 7 items, it should contain no more than 6.',
    ]);
    expect(messages(Post._meta.getField('board') as models.Field, [[1, 2], [3]])).toEqual([
      'Nested arrays must have the same length.',
    ]);
    expect(messages(Post._meta.getField('data') as models.Field, { a: 1 })).toEqual([
      'The value of “a” is not a string or null.',
    ]);
  });

  it('refuses bounds that there are not', () => {
    expect(() => new postgres.DecimalRangeField({ defaultBounds: '[[' as '[)' })).toThrow(
      "default_bounds must be one of '[)', '(]', '()', or '[]'.",
    );
  });
});

describeWith('postgresql', 'fields of contrib.postgres', () => {
  const database = scratchDatabase('postgresql');
  let restore: () => Promise<void>;
  beforeAll(async () => {
    restore = overrideSettings({ DATABASES: { default: database } });
    const connection = connections.get();
    await connection.schemaEditor().run(async (editor) => {
      await new HStoreExtension().databaseForwards('pgfields', editor);
      await editor.createModel(Post._meta);
    });
  });
  afterAll(async () => {
    await connections.closeAll();
    await restore();
  });
  beforeEach(async () => {
    await Post.objects.all().delete();
  });

  it('has the rows again that were stored, whatever is in the texts', async () => {
    const moment = new Date('2026-02-03T04:05:06.789Z');
    const values = {
      tags: EVIL,
      board: [
        [1, 2],
        [3, 4],
      ],
      prices: ['12345678.12345678901234567890'],
      moments: [moment, null],
      data: { ...Object.fromEntries(EVIL.map((text) => [text, text])), none: null },
      ages: new Range(1, 10),
      span: new Range<Date>(moment, null, '()'),
    };
    const made = await Post.objects.create({ ...values, cost: ['1.5', '2.5'] as never });
    const row = await Post.objects.get({ pk: made.id });
    expect(row.tags).toEqual(EVIL);
    expect(row.board).toEqual(values.board);
    expect(row.prices?.map(String)).toEqual(values.prices);
    expect(row.moments).toEqual([moment, null]);
    expect(row.data).toEqual(values.data);
    expect(row.ages).toEqual(new Range(1, 10));
    expect(row.span).toEqual(new Range(moment, null, '()'));
    expect([String(row.cost?.lower), String(row.cost?.upper), row.cost?.bounds]).toEqual([
      '1.5',
      '2.5',
      '[]',
    ]);
  });

  it('is asked by items, positions, parts and length', async () => {
    await Post.objects.create({ tags: ['a', 'b', 'c'] });
    await Post.objects.create({ tags: ['b'] });
    await Post.objects.create({ tags: [] });

    expect(await Post.objects.filter({ tags__contains: ['b'] }).count()).toBe(2);
    // @ts-expect-error: of texts.
    expect(await Post.objects.filter({ tags__contains: [1] }).count()).toBe(0);
    expect(await count({ tags__contained_by: ['b', 'x'] })).toBe(2);
    expect(await count({ tags__overlap: ['c', 'x'] })).toBe(1);
    expect(await count({ tags__len: 0 })).toBe(1);
    expect(await count({ tags__len__gt: 0 })).toBe(2);
    expect(await count({ tags__0: 'b' })).toBe(1);
    expect(await count({ tags__0_2: ['a', 'b'] })).toBe(1);
    expect(await count({ tags: ['b'] })).toBe(1);
    expect(await count({ tags__in: [['b'], ['z']] })).toBe(1);
    expect(await count({ tags__0__startswith: 'a' })).toBe(1);
    expect(await count({ tags__contains: models.F('tags') })).toBe(3);
  });

  it('is asked by keys', async () => {
    await Post.objects.create({ data: { breed: 'lab', age: '3' } });
    await Post.objects.create({ data: { breed: 'pug', owner: null } });

    expect(await count({ data__breed: 'lab' })).toBe(1);
    expect(await count({ data__breed__contains: 'u' })).toBe(1);
    expect(await count({ data__contains: { breed: 'pug' } })).toBe(1);
    expect(await count({ data__contained_by: { breed: 'lab', age: '3', x: 'y' } })).toBe(1);
    expect(await count({ data__has_key: 'owner' })).toBe(1);
    expect(await count({ data__has_keys: ['breed', 'age'] })).toBe(1);
    expect(await count({ data__has_any_keys: ['age', 'owner'] })).toBe(2);
    expect(await count({ data__keys__contains: ['age'] })).toBe(1);
    expect(await count({ data__values__contains: ['lab'] })).toBe(1);
  });

  it('is asked by where ranges lie', async () => {
    const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
    await Post.objects.create({
      ages: new Range(1, 10),
      span: new Range(day('2026-01-01'), day('2026-01-10')),
    });
    await Post.objects.create({ ages: new Range<number>(20, null) });
    await Post.objects.create({ ages: Range.empty<number>() });

    expect(await Post.objects.filter({ ages__contains: 5 }).count()).toBe(1);
    expect(await count({ ages__contains: new Range(2, 4) })).toBe(1);
    expect(await count({ ages__contained_by: new Range(0, 15) })).toBe(2);
    expect(await count({ ages__overlap: new Range(8, 25) })).toBe(2);
    expect(await count({ ages__fully_lt: new Range(11, 15) })).toBe(1);
    expect(await count({ ages__fully_gt: new Range(11, 15) })).toBe(1);
    expect(await count({ ages__not_lt: new Range(0, 15) })).toBe(2);
    expect(await count({ ages__not_gt: new Range(0, 15) })).toBe(1);
    expect(await count({ ages__adjacent_to: new Range(10, 15) })).toBe(1);
    expect(await count({ ages__startswith: 20 })).toBe(1);
    expect(await count({ ages__endswith__lt: 15 })).toBe(1);
    expect(await count({ ages__isempty: true })).toBe(1);
    expect(await count({ ages__upper_inf: true })).toBe(1);
    expect(await count({ ages__lower_inc: true })).toBe(2);
    expect(await count({ span__contains: day('2026-01-05') })).toBe(1);
    expect(await count({ id__contained_by: new Range(0, 2_000_000_000) })).toBe(3);
  });
});
