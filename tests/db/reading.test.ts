/** Methods that ask for rows, or for something about them, on every database. */
import './settings';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

class Desk extends models.Model {
  static override readonly Meta = { appLabel: 'reading' };
  declare static readonly objects: models.Manager<Desk>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
}
class Report extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'reading', getLatestBy: 'day' };
  declare static readonly objects: models.Manager<Report>;
  declare id: number;
  @models.CharField({ maxLength: 20, unique: true }) declare title: string;
  @models.DateField() declare day: string;
  @models.DateTimeField({ null: true }) declare at: Date | null;
  @models.ForeignKey(() => Desk, { onDelete: models.CASCADE, null: true })
  declare desk: models.RelatedOrNull<Desk>;
  declare deskId: number | null;
}

async function failure(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'It did not fail.';
}
const { Q } = models;

onEveryDatabase(
  () => [Desk, Report],
  ({ isSqlite }) => {
    let desk: Desk;
    beforeEach(async () => {
      desk = await Desk.objects.create({ name: 'News' });
      await Report.objects.create({
        title: 'One',
        day: '2026-01-05',
        at: new Date('2026-01-05T10:20:30Z'),
        desk,
      });
      await Report.objects.create({ title: 'Two', day: '2026-03-09', at: new Date('2026-01-05T22:00:00Z') });
      await Report.objects.create({ title: 'Three', day: '2025-12-31' });
    });
    const titles = async (rows: PromiseLike<readonly Report[]>): Promise<string[]> =>
      (await rows).map(({ title }) => title).sort();

    it('earliest, latest, at, first, last', async () => {
      expect((await Report.objects.latest()).title).toBe('Two');
      expect((await Report.objects.earliest()).title).toBe('Three');
      expect((await Report.objects.earliest('title')).title).toBe('One');
      expect((await Report.objects.latest('title', 'day')).title).toBe('Two');
      expect((await Report.objects.orderBy('title').at(1)).title).toBe('Three');
      expect(await failure(() => Report.objects.all().at(3))).toBe('IndexError: list index out of range');
      expect(await failure(() => Report.objects.none().latest())).toBe(
        'DoesNotExist: Report matching query does not exist.',
      );
      expect(await failure(() => Desk.objects.latest())).toMatch(
        /^ValueError: earliest\(\) and latest\(\) require/,
      );
      expect(await failure(() => Report.objects.all().slice(0, 1).latest())).toBe(
        'TypeError: Cannot change a query once a slice has been taken.',
      );
      expect(
        await failure(() =>
          Report.objects
            .values('day')
            .annotate({ n: models.Count('id') })
            .first(),
        ),
      ).toMatch(/^TypeError: Cannot use QuerySet.first\(\) on an unordered queryset performing aggregation/);
    });

    it('inBulk gives rows by their keys, in as many statements as parameters make', async () => {
      const [one, two] = await Report.objects.orderBy('id');
      const found = await Report.objects.inBulk([one?.id, two?.id]);
      expect([...found.keys()].sort()).toEqual([one?.id, two?.id]);
      expect(found.get(one?.id)?.title).toBe('One');
      expect([...(await Report.objects.inBulk(null, { fieldName: 'title' })).keys()].sort()).toEqual([
        'One',
        'Three',
        'Two',
      ]);
      expect((await Report.objects.inBulk([])).size).toBe(0);
      expect(await failure(() => Report.objects.inBulk(null, { fieldName: 'day' }))).toBe(
        "ValueError: in_bulk()'s field_name must be a unique field but 'day' isn't.",
      );
      expect(await failure(() => Report.objects.values('id').inBulk())).toMatch(
        /^TypeError: in_bulk\(\) cannot be used/,
      );
      const { maxQueryParams } = connections.get().features;
      const many = Array.from({ length: 2 * maxQueryParams + 1 }, (_, at) => at);
      expect(await statementsOf(() => Report.objects.inBulk(many))).toHaveLength(3);
    });

    it('contains', async () => {
      const one = await Report.objects.get({ title: 'One' });
      expect(await Report.objects.filter({ day__year: 2026 }).contains(one)).toBe(true);
      expect(await Report.objects.exclude({ title: 'One' }).contains(one)).toBe(false);
      const all = Report.objects.all();
      await all;
      expect(await statementsOf(async () => expect(await all.contains(one)).toBe(true))).toEqual([]);
      expect(await Report.objects.all().contains(desk as never)).toBe(false);
      expect(await failure(() => all.contains({ pk: 1 } as never))).toBe(
        "TypeError: 'obj' must be a model instance.",
      );
      expect(await failure(() => all.contains(new Report({})))).toBe(
        'ValueError: QuerySet.contains() cannot be used on unsaved objects.',
      );
    });

    it('dates and datetimes, each once', async () => {
      expect(await Report.objects.dates('day', 'year')).toEqual(['2025-01-01', '2026-01-01']);
      expect(await Report.objects.dates('day', 'month', 'DESC')).toEqual([
        '2026-03-01',
        '2026-01-01',
        '2025-12-01',
      ]);
      const days = await Report.objects.datetimes('at', 'day');
      expect(days.map((day) => day.getTime())).toHaveLength(1);
      expect(await Report.objects.datetimes('at', 'hour', { order: 'DESC' })).toHaveLength(2);
      expect(await failure(() => Report.objects.dates('day', 'hour' as never))).toBe(
        "ValueError: 'kind' must be one of 'year', 'month', 'week', or 'day'.",
      );
      expect(await failure(() => Report.objects.dates('day', 'day', 'UP' as never))).toBe(
        "ValueError: 'order' must be either 'ASC' or 'DESC'.",
      );
    });

    it('raw makes instances of a statement of one’s own', async () => {
      const found = await Report.objects.raw(
        'SELECT id, title AS t, 1 + 1 AS two FROM reading_report WHERE title = ?',
        ['One'],
        {
          translations: { t: 'title' },
        },
      );
      expect(found[0]).toBeInstanceOf(Report);
      expect(found[0]?.title).toBe('One');
      expect(await found[0]?.day).toBe('2026-01-05');
      expect(Number((found[0] as unknown as { two: number }).two)).toBe(2);
      const by = "SELECT * FROM reading_report WHERE title = %s AND title LIKE 'O%%'";
      expect(await titles(Report.objects.raw(by, ['One']))).toEqual(['One']);
      const named = 'SELECT * FROM reading_report WHERE title = %(t)s OR title = %(u)s';
      const rows = Report.objects.raw(named, { t: "' OR 1=1 --", u: 'Two' });
      expect(await titles(rows)).toEqual(['Two']);
      expect(await statementsOf(() => rows)).toEqual([]);
      const seen: string[] = [];
      for await (const row of rows.iterator()) seen.push(row.title);
      expect(seen).toEqual(['Two']);
      const [one] = await Report.objects
        .raw('SELECT * FROM reading_report ORDER BY id')
        .prefetchRelated('desk');
      expect((await one?.desk)?.name).toBe('News');
      expect(await failure(() => Report.objects.raw('SELECT title FROM reading_report').then())).toBe(
        'FieldDoesNotExist: Raw query must include the primary key',
      );
      expect(await failure(() => Report.objects.raw(named, { t: 1 }).then())).toMatch(
        /parameter 'u' that is not given/,
      );
    });

    it('iterator gives all rows, a few at a time, also within a transaction', async () => {
      for (let at = 0; at < 30; at++) await Report.objects.create({ title: `T${at}`, day: '2024-01-01' });
      const read = async (size: number): Promise<string[]> => {
        const all: string[] = [];
        for await (const { title } of Report.objects.orderBy('id').iterator({ chunkSize: size }))
          all.push(title);
        return all;
      };
      const expected = await Report.objects.orderBy('id').flat('title');
      expect(await read(7)).toEqual(expected);
      expect(await read(33)).toEqual(expected);
      expect(await read(2000)).toEqual(expected);
      await connections.get().atomic(async () => {
        await Report.objects.filter({ title: 'T0' }).update({ title: 'T-new' });
        expect(await read(10)).toContain('T-new');
        // Others may be asked in the loop.
        for await (const row of Report.objects.orderBy('id').iterator({ chunkSize: 5 })) {
          expect(await Report.objects.filter({ pk: row.pk }).exists()).toBe(true);
        }
      });
      for await (const row of Report.objects.orderBy('id').iterator({ chunkSize: 5 })) {
        await Report.objects.filter({ pk: row.pk }).update({ day: '2023-01-01' });
        if (row.title === 'Two') break;
      }
      expect(await Report.objects.filter({ day: '2023-01-01' }).count()).toBe(2);
      const values: unknown[] = [];
      for await (const each of Report.objects
        .filter(new Q({ title: 'One' }))
        .values('title')
        .iterator())
        values.push(each);
      expect(values).toEqual([{ title: 'One' }]);
      const withDesk = Report.objects.filter({ title: 'One' }).prefetchRelated('desk');
      expect(() => withDesk.iterator()).toThrow(
        'chunk_size must be provided when using QuerySet.iterator() after',
      );
      for await (const row of withDesk.iterator({ chunkSize: 2 })) {
        expect(await statementsOf(async () => void (await row.desk))).toEqual([]);
      }
      expect(() => Report.objects.iterator({ chunkSize: 0 })).toThrow(
        'Chunk size must be strictly positive.',
      );
    });

    it('iterator lets others have their turns', async () => {
      await Report.objects.bulkCreate(
        Array.from({ length: 40 }, (_, at) => new Report({ title: `M${at}`, day: '2024-01-01' })),
      );
      let turns = 0;
      let goesOn = true;
      const other = (): void => {
        turns += 1;
        if (goesOn) setImmediate(other);
      };
      setImmediate(other);
      let chunks = 0;
      for await (const _ of Report.objects.iterator({ chunkSize: 8 })) chunks += 1 / 8;
      goesOn = false;
      expect(chunks).toBeGreaterThanOrEqual(5);
      expect(turns).toBeGreaterThanOrEqual(4);
      await Report.objects.filter({ title__startswith: 'M' }).delete();
    });

    it('explains, with what the database knows and nothing else', async () => {
      const plan = await Report.objects.filter({ title: 'One' }).explain();
      expect(plan.toLowerCase()).toMatch(/report/);
      const wrong = await failure(() => Report.objects.all().explain({ format: 'CSV; DROP TABLE x' }));
      expect(wrong).toMatch(/^ValueError: CSV; DROP TABLE X is not a recognized format/);
      expect(await failure(() => Report.objects.all().explain({ 'x) --': true }))).toBe(
        "ValueError: Invalid option name: 'x) --'.",
      );
      expect(await failure(() => Report.objects.all().explain({ nothing: true }))).toBe(
        'ValueError: Unknown options: nothing',
      );
      if (!isSqlite) {
        const json = await Report.objects.all().explain({ format: 'json' });
        expect(() => JSON.parse(json) as unknown).not.toThrow();
        expect(await Report.objects.all().explain({ analyze: true })).not.toBe('');
      }
    });

    it('locks rows within a transaction', async () => {
      const { vendor } = connections.get();
      const locked = Report.objects.selectForUpdate();
      expect(() => Report.objects.selectForUpdate({ nowait: true, skipLocked: true })).toThrow(
        'The nowait option cannot be used with skip_locked.',
      );
      if (isSqlite) {
        expect(await titles(locked)).toHaveLength(3);
        return;
      }
      expect(await failure(() => locked.then())).toBe(
        'TransactionManagementError: select_for_update cannot be used outside of a transaction.',
      );
      await connections.get().atomic(async () => {
        expect(await titles(locked.all())).toHaveLength(3);
        expect((await locked.get({ title: 'One' })).title).toBe('One');
        const sent = await statementsOf(() =>
          Report.objects.selectForUpdate({ skipLocked: true }).all().then(),
        );
        expect(sent[0]).toMatch(/ FOR UPDATE SKIP LOCKED$/);
        const of = Report.objects
          .selectRelated('desk')
          .filter({ desk__isnull: false })
          .selectForUpdate({ of: ['self', 'desk'] });
        if (vendor === 'postgresql') {
          const [sql] = of.toSql();
          expect(sql).toMatch(/ FOR UPDATE OF "reading_report", "reading_desk"$/);
          expect(Report.objects.selectForUpdate({ noKey: true }).toSql()[0]).toMatch(/ FOR NO KEY UPDATE$/);
          expect(() => Report.objects.selectForUpdate({ of: ['nothing'] }).toSql()).toThrow(
            'Invalid field name(s) given in select_for_update(of=(...)): nothing. Only relational fields followed in the ' +
              'query are allowed. Choices are: self.',
          );
        } else {
          expect(() => of.toSql()).toThrow('FOR UPDATE OF is not supported on this database backend.');
        }
      });
    });
  },
);
