/** Values in queries as each database keeps them. The rows are Django's answers for the same tables. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { Duration } from 'tsango/utils/duration';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith, type Need } from '../support/services';
import { SQLITE_ENGINE } from '../support/sqlite';

class Item extends models.Model {
  static override readonly Meta = { appLabel: 'values', ordering: ['id'] };
  declare static readonly objects: models.Manager<Item>;
  declare id: number;
  @models.IntegerField() declare size: number;
  @models.DecimalField({ maxDigits: 8, decimalPlaces: 2 }) declare price: string;
  @models.DecimalField({ maxDigits: 8, decimalPlaces: 2 }) declare paid: string;
  @models.UUIDField() declare mark: string;
  @models.DateTimeField() declare start: Date;
  @models.DateTimeField() declare finish: Date;
  @models.DurationField() declare took: Duration;
}

const { Count, F, Sum } = models;
const MARK = '550e8400-e29b-41d4-a716-446655440000';
const ids = async (rows: PromiseLike<readonly Item[]>): Promise<number[]> => (await rows).map(({ id }) => id);

function suite(engine: Engine): void {
  const settings = scratchDatabase(engine);
  let restore: () => Promise<void>;
  beforeAll(async () => {
    apps.reset();
    restore = overrideSettings({ DATABASES: { default: settings }, INSTALLED_APPS: [] });
    apps.populate();
    await connections
      .get()
      .schemaEditor()
      .run((editor) => editor.createModel(Item._meta));
    const rest = {
      mark: MARK,
      start: new Date('2027-01-01T10:00:00Z'),
      finish: new Date('2027-01-01T11:00:00Z'),
      took: new Duration({ seconds: 3600 }),
    };
    await Item.objects.create({ size: 12, price: '10.00', paid: '9.00', ...rest });
    await Item.objects.create({ size: 13, price: '10.00', paid: '11.00', ...rest });
  });
  afterAll(async () => {
    await connections.closeAll();
    await restore();
    apps.reset();
  });

  it('compares what is calculated of decimals as numbers', async () => {
    const left = Item.objects.annotate({ left: F('price').sub(F('paid')) });
    expect(await ids(left.filter({ left__gt: 0 } as never))).toEqual([1]);
    expect(await ids(left.filter({ left__lte: '0' } as never))).toEqual([2]);
    const all = Item.objects.values('size').annotate({ all: Sum('price') });
    expect(await all.filter({ all__gte: '10' } as never).count()).toBe(2);
  });

  it('rounds a bound up where a column has whole numbers', async () => {
    expect(await ids(Item.objects.filter({ size__gte: 12.1 }))).toEqual([2]);
    expect(await ids(Item.objects.filter({ size__lt: 12.1 }))).toEqual([1]);
  });

  it('finds a part of a UUID with its hyphens', async () => {
    for (const lookup of ['contains', 'icontains']) {
      expect(await ids(Item.objects.filter({ [`mark__${lookup}`]: '8400-e29b' } as never))).toEqual([1, 2]);
    }
    expect(await ids(Item.objects.filter({ mark__startswith: '550e8400-e' } as never))).toEqual([1, 2]);
    expect(await ids(Item.objects.filter({ mark__endswith: 'a716-446655440000' } as never))).toEqual([1, 2]);
  });

  it('keeps the names of annotations in values()', async () => {
    const [row] = await Item.objects.annotate({ how_many: Count('id') }).values();
    expect(row).toMatchObject({ how_many: 1, mark: MARK });
  });

  it('calculates with times and lengths of time alike on every database', async () => {
    expect(await ids(Item.objects.filter({ took__lt: F('finish').sub(F('start')) } as never))).toEqual([]);
    expect(await ids(Item.objects.filter({ finish: F('start').add(F('took')) } as never))).toEqual([1, 2]);
  });
}

describe('SQLite', () => suite(SQLITE_ENGINE));
for (const engine of ['postgresql', 'mysql'] as const) {
  describeWith(engine satisfies Need, engine, () => suite(engine));
}
