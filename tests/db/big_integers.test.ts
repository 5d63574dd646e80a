/** Whole numbers beyond those that a JavaScript number holds. */
import './settings';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { Duration } from 'tsango/python/timedelta';
import { type Engine, scratchDatabase } from '../support/databases';
import { useTables } from '../support/model_tables';
import { describeWith, type Need } from '../support/services';

class Meter extends models.Model {
  static override readonly Meta = { appLabel: 'meters' };
  declare static readonly objects: models.Manager<Meter>;
  declare id: number | bigint;
  @models.BigIntegerField({ null: true }) declare count: number | bigint | null;
  @models.DurationField({ null: true }) declare since: Duration | null;
  @models.FloatField({ null: true }) declare ratio: number | null;
}

const GREATEST = 9_223_372_036_854_775_807n;

function onEngine(engine: Engine, needs: Need[]): void {
  describeWith(needs, `on ${engine}`, () => {
    useTables(scratchDatabase(engine), () => [Meter]);
    beforeEach(async () => {
      await Meter.objects.all().delete();
    });

    it('are read as they are stored, in one row and in many', async () => {
      await Meter.objects.create({ count: GREATEST });
      await Meter.objects.create({ count: -GREATEST - 1n });
      await Meter.objects.create({ count: 2 ** 53 - 1 });
      expect((await Meter.objects.get({ count: GREATEST })).count).toBe(GREATEST);
      expect(await Meter.objects.orderBy('id').flat('count')).toEqual([
        GREATEST,
        -GREATEST - 1n,
        2 ** 53 - 1,
      ]);
    });

    it('are read as they are stored in a stream, too, whose other rows come once', async () => {
      const counts = [1, 2, GREATEST, 4, -GREATEST];
      for (const count of counts) await Meter.objects.create({ count });
      for (const chunkSize of [1, 2, 3, 10]) {
        const seen: unknown[] = [];
        for await (const { id, count } of Meter.objects.orderBy('id').iterator({ chunkSize })) {
          expect(typeof id).toBe('number');
          seen.push(count);
        }
        expect(seen).toEqual(counts);
      }
    });

    it('leave the other values of a row numbers', async () => {
      await Meter.objects.create({ count: GREATEST, ratio: 1e300 });
      const [row] = await Meter.objects.all();
      expect([typeof row?.id, row?.ratio]).toEqual(['number', 1e300]);
    });

    it('are the microseconds of long times', async () => {
      const since = new Duration({ days: 371_451, seconds: 85_199, microseconds: 999_802 });
      await Meter.objects.create({ since });
      expect(String((await Meter.objects.get()).since)).toBe(String(since));
    });

    it('are sums', async () => {
      await Meter.objects.create({ count: 2 ** 53 - 1 });
      await Meter.objects.create({ count: 2 });
      expect(await Meter.objects.aggregate({ sum: models.Sum('count') })).toEqual({ sum: 2n ** 53n + 1n });
    });

    it('are what RETURNING gives, which can be read once', async () => {
      const connection = connections.get();
      const { rows } = await connection.execute(
        'INSERT INTO meters_meter (count) VALUES (?) RETURNING count AS n, 1 AS one',
        [GREATEST],
      );
      expect(rows.map(({ n, one }) => [BigInt(n as string), one])).toEqual([[GREATEST, 1]]);
    });
  });
}

describe('big integers', () => {
  onEngine('better-sqlite3', ['better-sqlite3']);
  onEngine('node:sqlite', ['node:sqlite']);
  onEngine('postgresql', ['postgresql']);
  onEngine('mysql', ['mysql']);
});
