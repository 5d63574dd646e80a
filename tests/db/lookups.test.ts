/** Lookups and transforms, ours and a site's own. The rows are Django's answers for the same tables. */
import './settings';
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import * as models from 'tsango/db/models';
import type { Compiler, Sql } from 'tsango/db/models/expressions/base';
import { Exact, GreaterThan, IsNull, LessThanOrEqual } from 'tsango/db/models/lookups';
import { onEachDatabase } from '../support/each_database';

class Word extends models.Model {
  static override readonly Meta = { appLabel: 'lookups', ordering: ['id'] };
  declare static readonly objects: models.Manager<Word>;
  declare id: number;
  @models.CharField({ maxLength: 20, null: true }) declare text: string | null;
  @models.IntegerField() declare size: number;
  @models.IntegerField() declare other: number;
  @models.BooleanField({ default: false }) declare rare: boolean;
  @models.GenericIPAddressField({ null: true }) declare address: string | null;
}

/** `<>` */
class NotEqual extends models.Lookup {
  static override readonly lookupName = 'ne';

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, params] = this.processLhs(compiler, connection);
    const [right, more] = this.processRhs(compiler, connection);
    return [`${left} <> ${right}`, [...params, ...more]];
  }
}

/** `UPPER`, of both sides. */
class Loud extends models.Transform<string> {
  static override readonly lookupName = 'loud';
  static override readonly bilateral = true;
  protected override readonly functionName = 'UPPER';
}

class Doubled extends models.Transform<number> {
  static override readonly lookupName = 'doubled';
  protected override readonly template = '(%(expressions)s * 2)';
}

const rows = async (): Promise<void> => {
  await Word.objects.create({ text: 'Abc', size: 3, other: 1, rare: true, address: '10.0.0.1' });
  await Word.objects.create({ text: 'abd', size: 4, other: 4 });
  await Word.objects.create({ text: 'x_z%', size: 1, other: 9 });
  await Word.objects.create({ text: null, size: 0, other: 0 });
};

const ids = async (query: PromiseLike<readonly Word[]>): Promise<number[]> =>
  (await query).map(({ id }) => id);
const found = (filter: object): Promise<number[]> => ids(Word.objects.filter(filter as never));
const { F, Q } = models;

onEachDatabase([Word], { rows }, () => {
  it('has regular expressions, with and without case', async () => {
    expect(await found({ text__regex: '^ab' })).toEqual([2]);
    expect(await found({ text__iregex: '^AB' })).toEqual([1, 2]);
    expect(await found({ text__regex: '[A-Z]' })).toEqual([1]);
    expect(await found({ size__regex: '^[34]$' })).toEqual([1, 2]);
    expect(await found({ text__iregex: F('text') })).toEqual([1, 2, 3]);
    expect(await ids(Word.objects.exclude({ text__regex: '^ab' } as never))).toEqual([1, 3, 4]);
  });

  it('escapes what a pattern would read', async () => {
    expect(await found({ text__contains: '_z%' })).toEqual([3]);
    expect(await found({ text__startswith: '%' })).toEqual([]);
    expect(await found({ text__iexact: 'ABC' })).toEqual([1]);
    expect(await found({ text__icontains: F('text') })).toEqual([1, 2, 3]);
  });

  it('looks into lists, without NULL, twice the same, or what no column has', async () => {
    expect(await found({ size__in: [3, 4, 4, null, 2n ** 70n] })).toEqual([1, 2]);
    expect(await found({ size__in: [] })).toEqual([]);
    expect(await found({ size__in: [null] })).toEqual([]);
    expect(await found({ size__in: [F('other'), 1] })).toEqual([2, 3, 4]);
    expect(await found({ id__in: Word.objects.filter({ size__gt: 2 }).values('id') })).toEqual([1, 2]);
    expect(await found({ size__in: new Set(['3']) })).toEqual([1]);
    expect(await ids(Word.objects.exclude({ size__in: [] }))).toEqual([1, 2, 3, 4]);
    expect(await found({ size__range: [F('other'), 3] })).toEqual([1, 4]);
  });

  it('compares booleans with nothing where they are conditions', async () => {
    const isLong = new GreaterThan(F('size'), 2);
    expect(await ids(Word.objects.annotate({ long: isLong }).filter({ long: true } as never))).toEqual([
      1, 2,
    ]);
    expect(await ids(Word.objects.annotate({ long: isLong }).filter({ long: false } as never))).toEqual([
      3, 4,
    ]);
    expect(await found({ rare: true })).toEqual([1]);
  });

  it('has lookups as expressions', async () => {
    expect(await ids(Word.objects.filter(new GreaterThan(F('size'), F('other'))))).toEqual([1]);
    expect(await ids(Word.objects.filter(new LessThanOrEqual(F('size'), F('other').sub(1))))).toEqual([3]);
    expect(
      await ids(Word.objects.filter(new Q(new IsNull(F('text'), true)).or(new Exact(F('size'), 1)))),
    ).toEqual([3, 4]);
    const rows = await Word.objects.annotate({ more: new GreaterThan(F('size'), F('other')) }).orderBy('id');
    expect(rows.map(({ more }) => more)).toEqual([true, false, false, false]);
    expect(await ids(Word.objects.filter(new Exact(new GreaterThan(F('size'), 2), F('rare'))))).toEqual([
      1, 3, 4,
    ]);
    expect(await ids(Word.objects.orderBy(new GreaterThan(F('size'), 2).desc(), 'id'))).toEqual([1, 2, 3, 4]);
    expect(await ids(Word.objects.filter(new GreaterThan(new models.Value(2), F('size'))))).toEqual([3, 4]);
  });

  it('takes lookups and transforms of a site, and gives them back', async () => {
    const taken = [
      models.Field.registerLookup(NotEqual),
      models.IntegerField.registerLookup(Doubled, 'twice'),
    ];
    try {
      expect(await found({ text__ne: 'Abc' })).toEqual([2, 3]);
      expect(await found({ size__twice: 8 })).toEqual([2]);
      expect(await found({ size__twice__gte: 6 })).toEqual([1, 2]);
      expect(await found({ size__twice__twice__ne: F('other') })).toEqual([1, 2, 3]);
      expect(await Word.objects.orderBy('-size__twice' as never).values('size__twice' as never)).toEqual(
        [8, 6, 2, 0].map((n) => ({ size__twice: n })),
      );
      expect(
        await Word.objects
          .annotate({ x: F('size__twice') })
          .orderBy('id')
          .flat('x'),
      ).toEqual([6, 8, 2, 0]);
      // Numbers alone have it.
      expect(() => Word.objects.filter({ text__twice: 1 } as never)).toThrow(
        "Unsupported lookup 'twice' for CharField",
      );
    } finally {
      for (const giveBack of taken) giveBack();
    }
    expect(() => Word.objects.filter({ text__ne: 'Abc' } as never)).toThrow(
      "Unsupported lookup 'ne' for CharField",
    );
  });

  it('registers for one field alone, and for what a transform gives', async () => {
    const field = Word._meta.getField('size');
    const taken = [field.registerLookup(Doubled), Doubled.registerLookup(NotEqual)];
    try {
      expect(await found({ size__doubled__ne: 8 })).toEqual([1, 3, 4]);
      expect(() => Word.objects.filter({ other__doubled: 2 } as never)).toThrow(
        "Unsupported lookup 'doubled'",
      );
      expect(() => Word.objects.filter({ size__ne: 2 } as never)).toThrow("Unsupported lookup 'ne'");
    } finally {
      for (const giveBack of taken) giveBack();
    }
  });

  it('changes both sides, where a transform says so', async () => {
    const giveBack = models.CharField.registerLookup(Loud);
    try {
      expect(await found({ text__loud: 'aBC' })).toEqual([1]);
      expect(await found({ text__loud__in: ['ABC', 'aBd'] })).toEqual([1, 2]);
      expect(await found({ text__loud__range: ['a', 'b'] })).toEqual([1, 2]);
      expect(await found({ text__loud__startswith: 'aB' })).toEqual([1, 2]);
      expect(await found({ text__loud__contains: '_Z%' })).toEqual([3]);
      expect(await found({ text__loud: F('text') })).toEqual([1, 2, 3]);
      expect(() => Word.objects.filter({ text__loud__in: Word.objects.values('text') } as never)).toThrow(
        'Bilateral transformations on nested querysets are not implemented.',
      );
    } finally {
      giveBack();
    }
  });

  it('reads addresses as texts', async () => {
    expect(await found({ address__startswith: '10.0' })).toEqual([1]);
    expect(await found({ address__iexact: '10.0.0.1' })).toEqual([1]);
  });

  it('says what is wrong', () => {
    expect(() => Word.objects.filter({ text__isnull: 1 } as never)).toThrow(
      'The QuerySet value for an isnull lookup must be True or False.',
    );
    expect(() =>
      models.Field.registerLookup(
        class extends NotEqual {
          static override readonly lookupName = '' as 'ne';
        },
      ),
    ).toThrow('has no static lookupName, so registerLookup() needs a name.');
    expect(() => Word.objects.filter({ text__startwith: 'a' } as never)).toThrow(
      "Unsupported lookup 'startwith' for CharField or join on the field not permitted, perhaps you meant startswith or istartswith?",
    );
    expect(() => new Doubled(F('size'), F('other') as never)).toThrow(
      "'Doubled' takes exactly 1 argument (2 given)",
    );
  });
});
