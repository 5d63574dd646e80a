/** What databases do differently by themselves, and that is the same through models, or as in Django. */
import './settings';
import * as models from 'tsango/db/models';
import { type Engine, scratchDatabase } from '../support/databases';
import { useTables } from '../support/model_tables';
import { describeWith, type Need } from '../support/services';

class Reading extends models.Model {
  static override readonly Meta = { appLabel: 'readings' };
  declare static readonly objects: models.Manager<Reading>;
  declare id: number;
  @models.JSONField({ null: true }) declare data: unknown;
  @models.IntegerField({ null: true }) declare pages: number | null;
  @models.BooleanField({ default: true }) declare yes: boolean;
}

const VALUES = ['text', '"quoted"', '{"a": 1}', '', 0, false, [], { a: ['b', null] }];

function onEngine(engine: Engine, needs: Need[]): void {
  describeWith(needs, `on ${engine}`, () => {
    useTables(scratchDatabase(engine), () => [Reading]);
    beforeEach(async () => {
      await Reading.objects.all().delete();
    });

    it('JSON that is a text is that text', async () => {
      for (const data of VALUES) await Reading.objects.create({ data });
      expect(await Reading.objects.orderBy('id').flat('data')).toEqual(VALUES);
      expect((await Reading.objects.orderBy('id')).map(({ data }) => data)).toEqual(VALUES);
    });

    it('bits of one number and not of another', async () => {
      await Reading.objects.create({ pages: 42 });
      await Reading.objects.update({ pages: models.F('pages').bitxor(48) });
      expect(await Reading.objects.flat('pages')).toEqual([26]);
    });

    it('nothing to aggregate', async () => {
      expect(await Reading.objects.aggregate({})).toEqual({});
    });

    it('either of two conditions, of which one is unknown', async () => {
      await Reading.objects.create({ pages: null, yes: true });
      await Reading.objects.create({ pages: 1, yes: true });
      await Reading.objects.create({ pages: 9, yes: true });
      const { Q } = models;
      const either = new Q({ yes: true }).xor(new Q({ pages__gt: 5 }));
      // MySQL has an operator for it, which Django uses: what is unknown is neither.
      const unknown = engine === 'mysql' ? [] : [null];
      expect(await Reading.objects.filter(either).orderBy('id').flat('pages')).toEqual([...unknown, 1]);
      expect(await Reading.objects.filter(either.xor(new Q({ pk__in: [] }))).count()).toBe(
        unknown.length + 1,
      );
    });
  });
}

describe('the same on every database', () => {
  onEngine('better-sqlite3', ['better-sqlite3']);
  onEngine('postgresql', ['postgresql']);
  onEngine('mysql', ['mysql']);
});
