/** What queries do where they seldom go. */
import './settings';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { Cos, Lower } from 'tsango/db/models/functions';
import { LessThan } from 'tsango/db/models/lookups';
import { PlainDateTime } from 'tsango/python/datetime';
import { Duration } from 'tsango/python/timedelta';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

const Meta: models.MetaOptions = { appLabel: 'edges' };

class Place extends models.Model {
  static override readonly Meta: models.MetaOptions = { ...Meta, ordering: ['-name'] };
  declare static readonly objects: models.Manager<Place>;
  declare id: number;
  @models.CharField({ maxLength: 20, unique: true }) declare name: string;
  @models.DecimalField({ maxDigits: 20, decimalPlaces: 17, default: '0' }) declare share: string;
  @models.DecimalField({ maxDigits: 5, decimalPlaces: 2, default: '0' }) declare price: string;
  @models.IntegerField({ default: 1900 }) declare year: number;
  @models.UUIDField({ null: true }) declare code: string | null;
  @models.DurationField({ null: true }) declare lasts: Duration | null;
  @models.DateField({ null: true }) declare day: string | null;
  @models.TimeField({ null: true }) declare clock: string | null;
  declare readonly rooms: models.RelatedManager<Room>;
}

/** Its key is a relation. */
class Bar extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Bar>;
  @models.OneToOneField(() => Place, { onDelete: models.CASCADE, primaryKey: true })
  declare place: models.Related<Place>;
  declare placeId: number;
  @models.CharField({ maxLength: 9, default: '' }) declare beer: string;
}

class Room extends models.Model {
  static override readonly Meta: models.MetaOptions = { ...Meta, ordering: ['id'] };
  declare static readonly objects: models.Manager<Room>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.ForeignKey(() => Place, { onDelete: models.CASCADE, relatedName: 'rooms' })
  declare place: models.Related<Place>;
  declare placeId: number;
}

/** A child, and a table in between of which one key is its parent's. */
class Entry extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Entry>;
  declare id: number;
  @models.ForeignKey(() => Place, { onDelete: models.CASCADE }) declare place: models.Related<Place>;
  declare placeId: number;
}

class Team extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Team>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
  @models.ManyToManyField(() => Place, { through: () => TeamEntry, relatedName: 'teams' })
  declare readonly places: models.ManyToManyManager<Place>;
}

class TeamEntry extends Entry {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<TeamEntry>;
  @models.ForeignKey(() => Team, { onDelete: models.CASCADE }) declare team: models.Related<Team>;
  declare teamId: number;
}

class LoopA extends models.Model {
  static override readonly Meta: models.MetaOptions = { ...Meta, ordering: ['other'] };
  declare static readonly objects: models.Manager<LoopA>;
  declare id: number;
  @models.ForeignKey(() => LoopB, { onDelete: models.CASCADE, null: true })
  declare other: models.RelatedOrNull<LoopB>;
}

class LoopB extends models.Model {
  static override readonly Meta: models.MetaOptions = { ...Meta, ordering: ['other'] };
  declare static readonly objects: models.Manager<LoopB>;
  declare id: number;
  @models.ForeignKey(() => LoopA, { onDelete: models.CASCADE, null: true })
  declare other: models.RelatedOrNull<LoopA>;
}

class Flag extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Flag>;
  declare id: number;
  @models.IntegerField() declare size: number;
  @models.BooleanField() declare isLarge: boolean;
}

const ALL = [Place, Bar, Room, Team, Entry, TeamEntry, Flag];
const years = async (rows: PromiseLike<readonly Place[]>): Promise<number[]> =>
  (await rows).map(({ year }) => year).sort();

onEveryDatabase(
  () => ALL,
  ({ engine, isSqlite }) => {
    const vendor = isSqlite ? 'sqlite' : engine;

    it('a key that is a relation is compared with rows of its own model, too', async () => {
      const bar = await Bar.objects.create({ place: await Place.objects.create({ name: 'Blue' }) });
      expect(await Bar.objects.filter({ pk: bar } as never).count()).toBe(1);
      expect(await Bar.objects.filter({ place__in: Bar.objects.filter({ beer: '' }) } as never).count()).toBe(
        1,
      );
      expect(() => Bar.objects.filter({ place: new Room({ pk: 1 }) } as never)).toThrow(
        'Cannot query "Room object (1)": Must be "Place" instance.',
      );
    });

    it('decimals have the figures that were stored, and are compared with any number', async () => {
      const place = await Place.objects.create({ name: 'Blue', share: '0.1', price: '12.34' });
      await place.refreshFromDb();
      expect([place.share, place.price]).toEqual(['0.10000000000000000', '12.34']);
      expect(await Place.objects.filter({ price__lte: '123456' }).count()).toBe(1);
      expect(await Place.objects.filter({ price__gt: '123456.789' }).count()).toBe(0);
    });

    it('a number between integers is compared as what it is where nothing is known of the other side', async () => {
      for (const year of [1842, 1942, 2042]) await Place.objects.create({ name: `${year}`, year });
      const earlier = (value: number): Promise<number[]> =>
        years(Place.objects.filter(new LessThan(models.F('year'), value)));
      expect(await earlier(1942.1)).toEqual([1842, 1942]);
      expect(await earlier(1941.9)).toEqual([1842]);
      expect(await years(Place.objects.filter({ year__lt: 1942.1 }))).toEqual([1842, 1942]);
      expect(await years(Place.objects.filter({ year__gte: 1941.9 }))).toEqual([1942, 2042]);
    });

    it('a part of a UUID may be calculated', async () => {
      const code = '550e8400-e29b-41d4-a716-446655440000';
      await Place.objects.create({ name: '8400-e29b', code });
      expect(await Place.objects.filter({ code__contains: models.F('name') } as never).count()).toBe(1);
      expect(await Place.objects.filter({ code__startswith: models.F('name') } as never).count()).toBe(0);
    });

    it('a moment is a day and a time of day to fields that have only these', async () => {
      const moment = new PlainDateTime(2024, 2, 3, 14, 30, 0, 893266);
      const place = await Place.objects.create({ name: 'Blue', day: moment, clock: moment } as never);
      await place.refreshFromDb();
      expect([place.day, place.clock]).toEqual(['2024-02-03', '14:30:00.893266']);
    });

    it('a length of time may be divided, and may be longer than a number is exact', async () => {
      const long = new Duration({ days: 200_000, microseconds: 1 });
      await Place.objects.create({ name: 'Blue', lasts: new Duration({ microseconds: 253_000 }) });
      await Place.objects.create({ name: 'Long', lasts: long });
      expect(String((await Place.objects.get({ name: 'Long' })).lasts)).toBe(String(long));
      const divided = await Place.objects
        .annotate({
          part: new models.ExpressionWrapper(models.F('lasts').div(3.2), new models.DurationField()),
        })
        .get({ name: 'Blue' });
      // 79,062.5: Python's even half; the other databases have a rounding of their own.
      if (isSqlite) expect((divided.part as Duration).microseconds).toBe(79_062);
    });

    it('columns of combined queries stand in the order of their names', async () => {
      for (const year of [1, 2]) await Place.objects.create({ name: `${year}`, year });
      const [one, two] = [Place.objects.filter({ year: 1 }), Place.objects.filter({ year: 2 })];
      const first = one.annotate({ n: new models.Value(0) }).valuesList('year', 'n');
      const second = two.annotate({ n: models.F('year'), m: new models.Value(1) }).valuesList('m', 'n');
      expect((await first.union(second as never)).sort()).toEqual([
        [1, 0],
        [1, 2],
      ]);
    });

    it('a query that reads the way back ahead has it as it asked for it', async () => {
      const place = await Place.objects.create({ name: 'Blue' });
      await Room.objects.create({ name: 'Hall', place });
      const rooms = Room.objects.prefetchRelated(
        new models.Prefetch('place', { queryset: Place.objects.only('year') }),
      );
      const read = await Place.objects
        .prefetchRelated(new models.Prefetch('rooms', { queryset: rooms }))
        .get();
      const [room] = await read.rooms.all();
      const back = room?.place as Place;
      expect(back).not.toBe(read);
      expect(back.getDeferredFields().has('name')).toBe(true);
    });

    it('a table in between may have one of its keys from its parent', async () => {
      const [blue, red] = [
        await Place.objects.create({ name: 'Blue' }),
        await Place.objects.create({ name: 'Red' }),
      ];
      const team = await Team.objects.create({ name: 'A' });
      await TeamEntry.objects.create({ team, place: blue });
      expect((await team.places.all()).map(({ name }) => name)).toEqual(['Blue']);
      const teams = (place: Place): Promise<number> =>
        (place as unknown as { teams: models.ManyToManyManager<Team> }).teams.count();
      expect([await teams(blue), await teams(red)]).toEqual([1, 0]);
      expect(await Team.objects.filter({ places__name: 'Blue' }).count()).toBe(1);
    });

    it('a key that was given as a text is a number once it is stored', async () => {
      const place = await Place.objects.create({ id: '7' as never, name: 'Blue' });
      expect(place.id).toBe(7);
    });

    it('what a deferred key says by a link to a parent is there', async () => {
      const place = await Place.objects.create({ name: 'Blue' });
      const { id } = await TeamEntry.objects.create({
        team: await Team.objects.create({ name: 'A' }),
        place,
      });
      const [entry] = (await TeamEntry.objects.only('team')) as unknown as [TeamEntry];
      expect(await statementsOf(() => entry.id)).toEqual([]);
      expect([entry.id, entry.getDeferredFields().has('id')]).toEqual([id, false]);
    });

    it('orderings that lead round and round are refused', () => {
      expect(() => LoopA.objects.all().toSql()).toThrow('Infinite loop caused by ordering.');
    });

    it('a condition may be compared with a condition, and a column with one', async () => {
      for (const year of [1842, 1942, 2042]) await Place.objects.create({ name: `${year}`, year });
      const old = new models.ExpressionWrapper(new models.Q({ year__lt: 2000 }), new models.BooleanField());
      const ancient = new LessThan(models.F('year'), 1900);
      const equal = Place.objects.annotate({ old }).filter({ old: ancient } as never);
      expect((await equal.flat('year')).sort()).toEqual([1842, 2042]);
      await Flag.objects.create({ size: 1, isLarge: false });
      await Flag.objects.create({ size: 9, isLarge: false });
      const wrong = Flag.objects.exclude({ isLarge: new models.Q({ size__gt: 5 }) } as never);
      expect(await wrong.flat('size')).toEqual([9]);
    });

    it('rows each once are sorted by what they have a name for', async () => {
      for (const name of ['Red', 'Blue']) await Place.objects.create({ name });
      const last = models.Subquery(
        Room.objects
          .filter({ place: models.OuterRef('pk') })
          .orderBy()
          .values('name')
          .slice(0, 1),
      );
      const rows = Place.objects
        .annotate({ last })
        .orderBy(models.F('last').asc({ nullsFirst: true }), 'name')
        .distinct();
      await Room.objects.create({ name: 'Hall', place: await Place.objects.get({ name: 'Blue' }) });
      expect((await rows).map(({ name }) => name)).toEqual(['Red', 'Blue']);
    });

    it('a grouped query is a part of another, whatever its tables are called there', async () => {
      const place = await Place.objects.create({ name: 'Blue' });
      await Room.objects.create({ name: 'Hall', place });
      await Room.objects.create({ name: 'Bar', place });
      const grouped = Room.objects
        .annotate({ at: models.F('place__name') })
        .values('at')
        .annotate({ n: models.Count('*') })
        .values('at');
      expect(await Place.objects.filter({ name__in: grouped } as never).count()).toBe(1);
    });

    it('a query that was named for another database is no part of one', async () => {
      const other = Place.objects.using('other');
      await expect(Place.objects.filter({ id__in: other } as never).then()).rejects.toThrow(
        "Subqueries aren't allowed across different databases. Force the inner query to be evaluated using " +
          '`list(inner_query)`.',
      );
    });

    it('tables of parents can be locked by themselves', async () => {
      if (vendor !== 'postgresql') return;
      await connections.get().atomic(async () => {
        const lock = (...of: string[]): string =>
          TeamEntry.objects
            .selectRelated('team')
            .selectForUpdate({ of })
            .toSql()[0]
            .replace(/^.* FOR/, 'FOR');
        expect(lock('self', 'entry_ptr')).toBe('FOR UPDATE OF "edges_teamentry", "edges_entry"');
        expect(lock('team')).toBe('FOR UPDATE OF "edges_team"');
        expect(() => lock('name')).toThrow(
          'Invalid field name(s) given in select_for_update(of=(...)): name. Only relational fields followed in the query ' +
            'are allowed. Choices are: self, entry_ptr, team.',
        );
        // Rows of values are no rows of a table.
        const values = TeamEntry.objects.selectForUpdate({ of: ['self'] }).values('team_id' as never);
        expect(values.toSql()[0]).toMatch(/ FOR UPDATE$/);
      });
    });

    it('a float that is called a decimal has all the figures that it is', async () => {
      if (isSqlite) return;
      await Place.objects.create({ name: 'Blue', price: '0.1' });
      const { cosine } = await Place.objects.annotate({ cosine: Cos('price') }).get();
      expect(String(cosine)).toMatch(/^0\.99500416527802[0-9]+$/);
      if (vendor === 'postgresql') expect(String(cosine).length).toBeGreaterThan(25);
    });

    it('errors say what an expression is', async () => {
      const failure = (work: () => Promise<unknown>): Promise<string> =>
        work().then(
          () => 'none',
          (error: unknown) => (error as Error).message,
        );
      expect(await failure(() => Place.objects.create({ name: Lower('name') } as never))).toBe(
        'Failed to insert expression "Lower(Col(edges_place, edges.Place.name))" on edges.Place.name. F() expressions can ' +
          'only be used to update, not to insert.',
      );
      expect(
        await failure(() => Place.objects.create({ name: models.Max(new models.Value(1)) } as never)),
      ).toBe('Aggregate functions are not allowed in this query (name=Max(Value(1))).');
      const counted = Place.objects.annotate({ n: models.Count('rooms') }).orderBy('n');
      expect(await failure(() => counted.update({ year: 1 }))).toBe(
        'Cannot update when ordering by an aggregate: Count(Col(edges_room, edges.Room.id))',
      );
    });
  },
);

it('queries within queries have an end', () => {
  let rows = Place.objects.all();
  expect(() => {
    for (let depth = 0; depth < 70; depth++) rows = Place.objects.filter({ id__in: rows } as never);
  }).toThrow('Maximum recursion depth exceeded: too many subqueries.');
});

it('what is no expression is said as it is, and nothing of it becomes a name', async () => {
  expect(() => Place.objects.annotate({ n: true } as never)).toThrow(
    'QuerySet.annotate() received non-expression(s): True.',
  );
  await expect(Place.objects.aggregate(new models.FloatField() as never)).rejects.toThrow(
    'QuerySet.aggregate() received non-expression(s): <FloatField>.',
  );
  expect(() => Place.objects.all().slice('a' as never)).toThrow(
    'QuerySet indices must be integers or slices, not str.',
  );
});
