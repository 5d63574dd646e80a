/** What random chains of calls, asked of a real Django too, have found: each is one of them, made small. */
import './settings';
import * as models from 'tsango/db/models';
import { onEveryDatabase } from '../support/model_tables';

class Maker extends models.Model {
  static override readonly Meta = { appLabel: 'random_chains', ordering: ['name'] };
  declare static readonly objects: models.Manager<Maker>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.Reverse(() => Thing, 'maker') declare readonly things: models.RelatedManager<Thing>;
}

class Thing extends models.Model {
  static override readonly Meta = { appLabel: 'random_chains' };
  declare static readonly objects: models.Manager<Thing>;
  declare id: number;
  @models.IntegerField() declare count: number;
  @models.ForeignKey(() => Maker, { onDelete: models.CASCADE, relatedName: 'things' })
  declare maker: models.Related<Maker>;
  declare makerId: number;
}

onEveryDatabase(
  () => [Maker, Thing],
  () => {
    let zoe: Maker;
    let ada: Maker;

    beforeEach(async () => {
      zoe = await Maker.objects.create({ name: 'Zoe' });
      ada = await Maker.objects.create({ name: 'Ada' });
      for (const count of [1, 2]) await Thing.objects.create({ count, maker: zoe });
      await Thing.objects.create({ count: 3, maker: ada });
    });

    it('calculates with a foreign key as with what it refers to', async () => {
      const rows = await Thing.objects
        .annotate({ sum: models.F('maker').add(models.F('count')) })
        .orderBy('id')
        .valuesList('sum', { flat: true });
      expect(rows).toEqual([zoe.id + 1, zoe.id + 2, ada.id + 3]);
    });

    it('sorts by what values() names, not by the ordering of its model', async () => {
      // By name Ada would be the first.
      const rows = Thing.objects.values('maker', 'count').orderBy('maker', 'count');
      expect(await rows).toEqual([
        { maker: zoe.id, count: 1 },
        { maker: zoe.id, count: 2 },
        { maker: ada.id, count: 3 },
      ]);
      const byExpression = rows.orderBy(models.F('maker').desc(), 'count');
      expect(await byExpression.flat('count')).toEqual([3, 1, 2]);
    });

    it('counts nothing of groups where a condition holds of no row', async () => {
      const totals = await Maker.objects.annotate({ n: models.Count('things') }).aggregate({
        total: models.Sum('n', { filter: new models.Q({ pk__in: [] }) }),
      });
      expect(totals).toEqual({ total: null });
    });

    it('looks at an alias in the condition of an aggregate', async () => {
      const rows = Thing.objects.alias({ twice: models.F('count').mul(2) });
      const filter = new models.Q({ twice__gt: 3 });
      expect(await rows.aggregate({ n: models.Count('id', { filter }) })).toEqual({ n: 2 });
      await expect(rows.distinct().aggregate({ n: models.Count('id', { filter }) })).rejects.toThrow(
        "Cannot aggregate over the 'twice' alias. Use annotate() to promote it.",
      );
    });

    it('selects each row once beside a value that nothing can be', async () => {
      const rows = await Thing.objects
        .annotate({ none: models.Max('count', { filter: new models.Q({ pk__in: [] }) }) })
        .distinct()
        .orderBy('id');
      expect(rows.map(({ none }) => none)).toEqual([null, null, null]);
    });

    it('joins the tables of a filter in the order of its names', () => {
      const joined = (filter: object): string => Maker.objects.filter(filter as never).toSql()[0];
      expect(joined({ things__id: 1, name: 'Ada' })).toBe(joined({ name: 'Ada', things__id: 1 }));
    });

    it('finds the rows of a filter whose names come in any order', async () => {
      for (let times = 0; times < 4; times++) {
        expect(await Thing.objects.filter({ maker__name: 'Zoe', count: 2 }).count()).toBe(1);
        expect(await Thing.objects.filter({ count: 3, maker__name: 'Ada' }).count()).toBe(1);
      }
    });

    it('looks at each joined row in a subquery that refers to it', async () => {
      // As in another call of filter(): the things that are counted are not those that the condition is of.
      const same = Thing.objects.filter({ count: models.OuterRef('things__count') });
      const rows = Maker.objects
        .filter({ things__count__gt: 0 })
        .filter(models.Exists(same))
        .valuesList('name', { flat: true })
        .orderBy('name');
      expect(await rows).toEqual(['Ada', 'Zoe', 'Zoe', 'Zoe', 'Zoe']);
    });
  },
);
