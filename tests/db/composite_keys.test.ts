/** Primary keys of several columns. */
import './settings';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { onEveryDatabase } from '../support/model_tables';

class Hall extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'composite' };
  declare static readonly objects: models.Manager<Hall>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
}

class Seat extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'composite' };
  declare static readonly objects: models.Manager<Seat>;
  @models.CompositePrimaryKey('hall', 'place') declare pk: [number, number];
  @models.ForeignKey(() => Hall, { onDelete: models.CASCADE }) declare hall: models.Related<Hall>;
  declare hallId: number;
  @models.IntegerField() declare place: number;
  @models.CharField({ maxLength: 9, default: '' }) declare guest: string;
}

class Ticket extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'composite' };
  declare static readonly objects: models.Manager<Ticket>;
  declare id: number;
  @models.IntegerField() declare hallNumber: number;
  @models.IntegerField() declare place: number;
  @models.ForeignObject(() => Seat, {
    onDelete: models.CASCADE,
    fromFields: ['hallNumber', 'place'],
    toFields: ['hall', 'place'],
  })
  declare seat: models.Related<Seat>;
}

onEveryDatabase(
  () => [Hall, Seat, Ticket],
  ({ isSqlite }) => {
    let hall: Hall;
    beforeEach(async () => {
      hall = await Hall.objects.create({ name: 'Blue' });
    });

    it('makes a table with a key of its columns', async () => {
      if (isSqlite) {
        const { rows } = await connections.get().execute('PRAGMA table_info(composite_seat)');
        expect(rows.map(({ name, pk }) => [name, Number(pk)])).toEqual([
          ['hall_id', 1],
          ['place', 2],
          ['guest', 0],
        ]);
      }
      const { pk, pkFields, concreteFields } = Seat._meta;
      expect([pk.name, pkFields.map(({ name }) => name), concreteFields.length]).toEqual([
        'pk',
        ['hall', 'place'],
        3,
      ]);
    });

    it('is a list: of the values, to set, and to find a row by', async () => {
      const seat = await Seat.objects.create({ hall, place: 7 });
      expect(seat.pk).toEqual([hall.id, 7]);
      await Seat.objects.create({ pk: [hall.id, 8] } as never);
      await Seat.objects.create({ pk: [hall.id, 9] } as never);
      const places = async (condition: object): Promise<number[]> =>
        (await Seat.objects.filter(condition as never).orderBy('pk')).map(({ place }) => place);
      expect(await places({ pk: [hall.id, 7] })).toEqual([7]);
      expect(
        await places({
          pk__in: [
            [hall.id, 7],
            [hall.id, 9],
            [99, 8],
          ],
        }),
      ).toEqual([7, 9]);
      expect(await places({ pk__in: [seat] })).toEqual([7]);
      expect(await places({ pk__in: [] })).toEqual([]);
      expect(await places({ pk__gt: [hall.id, 7] })).toEqual([8, 9]);
      expect(await places({ pk__lte: [hall.id, 8] })).toEqual([7, 8]);
      expect(await places({ pk__isnull: true })).toEqual([]);
      expect(Seat.objects.filter({ pk__isnull: true } as never).toSql()[0]).toContain(' IS NULL OR ');
      expect(
        (await Seat.objects.exclude({ pk: [hall.id, 8] } as never)).map(({ place }) => place).sort(),
      ).toEqual([7, 9]);
      expect((await Seat.objects.orderBy('-pk').first())?.place).toBe(9);
    });

    it('saves, reloads and deletes the row', async () => {
      const seat = await Seat.objects.create({ hall, place: 7 });
      await Seat.objects.create({ hall, place: 8, guest: 'Bob' });
      seat.guest = 'Ada';
      await seat.save();
      expect(await Seat.objects.count()).toBe(2);
      await Seat.objects.filter({ pk: [hall.id, 7] } as never).update({ guest: 'Eve' });
      await seat.refreshFromDb();
      expect(seat.guest).toBe('Eve');
      expect(await seat.delete()).toEqual([1, { 'composite.Seat': 1 }]);
      expect((await Seat.objects.get()).guest).toBe('Bob');
      expect((await hall.delete())[0]).toBe(2);
    });

    it('goes with its parent, and takes what refers to it by all parts of its key', async () => {
      await Seat.objects.create({ hall, place: 7 });
      await Ticket.objects.create({ hallNumber: hall.id, place: 7 });
      await Ticket.objects.create({ hallNumber: hall.id, place: 8 });
      expect(await hall.delete()).toEqual([
        3,
        { 'composite.Hall': 1, 'composite.Seat': 1, 'composite.Ticket': 1 },
      ]);
      expect((await Ticket.objects.get()).place).toBe(8);
    });

    it('reads the JSON that it writes, and nothing else', async () => {
      const { pk } = Seat._meta;
      const seat = new Seat({ hallId: 3, place: 7 } as never);
      expect(pk.valueToString(seat)).toBe('["3", "7"]');
      expect(pk.toPython('["3", "7"]')).toEqual([3, 7]);
      for (const wrong of ['', 'x', '{}', '7', '["3"]', '["3", "7", "1"]']) {
        expect(() => pk.toPython(wrong)).toThrow(`“${wrong}” value must be a list of 2 values.`);
      }
      expect(() => pk.toPython('["3", "seven"]')).toThrow('“seven” value must be an integer.');
    });

    it('finds a row with the same key before it is written', async () => {
      await Seat.objects.create({ hall, place: 7 });
      const again = new Seat({ hall, place: 7, guest: 'x' });
      await expect(again.fullClean()).rejects.toMatchObject({
        messages: ['Seat with this Hall and Place already exists.'],
      });
    });

    it('is a value of rows, and what subqueries are compared by', async () => {
      await Seat.objects.bulkCreate([7, 8, 9].map((place) => new Seat({ hall, place, guest: `g${place}` })));
      const all = Seat.objects.orderBy('place');
      expect(await all.values('pk' as never, 'guest')).toEqual(
        [7, 8, 9].map((place) => ({ pk: [hall.id, place], guest: `g${place}` })),
      );
      expect(await all.valuesList('guest', 'pk' as never, 'place')).toEqual(
        [7, 8, 9].map((place) => [`g${place}`, [hall.id, place], place]),
      );
      expect(await all.flat('pk' as never)).toEqual([7, 8, 9].map((place) => [hall.id, place]));
      const late = Seat.objects.filter({ place__gt: 7 });
      const places = async (condition: object): Promise<number[]> =>
        (await all.filter(condition as never)).map(({ place }) => place);
      expect(await places({ pk__in: late })).toEqual([8, 9]);
      expect(await places({ pk__in: late.values('pk' as never) })).toEqual([8, 9]);
      expect(await places({ pk__in: late.values('hall', 'place') })).toEqual([8, 9]);
      expect(
        await places({
          pk: late
            .orderBy('-place')
            .values('pk' as never)
            .slice(0, 1),
        }),
      ).toEqual([9]);
      expect(await places(new models.Q({ pk__in: late }).not())).toEqual([7]);
      expect(() => Seat.objects.filter({ pk__in: late.values('place') } as never)).toThrow(
        "The QuerySet value for the 'in' lookup must have 2 selected fields (received 1)",
      );
      expect(() => Seat.objects.filter({ pk__gt: late } as never)).toThrow(
        "'gt' doesn't support multi-column subqueries.",
      );
      const same = Seat.objects.filter({ pk: models.OuterRef('pk') } as never);
      expect(await Seat.objects.filter(models.Exists(same) as never).count()).toBe(3);
      expect(await Seat.objects.filter({ pk: models.F('pk') } as never).count()).toBe(3);
    });
  },
);

it('refuses what is no key', async () => {
  expect(() => new models.CompositePrimaryKey('one')).toThrow(
    'CompositePrimaryKey must include at least two fields.',
  );
  expect(() => new models.CompositePrimaryKey('a', 'a')).toThrow(
    'CompositePrimaryKey args must be unique strings.',
  );
  expect(() => new models.CompositePrimaryKey('a', 'b', { editable: true })).toThrow(
    'CompositePrimaryKey cannot be editable.',
  );
  const seat = new Seat();
  expect(() => {
    seat.pk = [1] as never;
  }).toThrow("'pk' must have 2 elements.");
  expect(() => Seat.objects.filter({ pk: 1 } as never)).toThrow(
    "'exact' lookup of 'pk' must be a tuple or a list",
  );
  expect(() => Seat.objects.filter({ pk: [1] } as never)).toThrow(
    "'exact' lookup of 'pk' must have 2 elements",
  );
  expect(() => Hall.objects.filter({ id: Seat.objects.values('pk' as never).slice(0, 1) } as never)).toThrow(
    'The QuerySet value for the exact lookup must have 1 selected fields (received 2)',
  );
});

it('says what makes it again', () => {
  expect(Seat._meta.pk.deconstruct()).toEqual([
    'pk',
    'tsango.db.models.CompositePrimaryKey',
    ['hall', 'place'],
    { blank: true, editable: false, primaryKey: true },
  ]);
});
