/** Relations by several columns. */
import './settings';
import * as models from 'tsango/db/models';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

const Meta: models.MetaOptions = { appLabel: 'pairs' };

class Seat extends models.Model {
  static override readonly Meta: models.MetaOptions = { ...Meta, ordering: ['row', 'place'] };
  declare static readonly objects: models.Manager<Seat>;
  @models.CompositePrimaryKey('row', 'place') declare pk: [string, number];
  @models.CharField({ maxLength: 1 }) declare row: string;
  @models.IntegerField() declare place: number;
  @models.CharField({ maxLength: 9, default: '' }) declare label: string;
  declare readonly tickets: models.RelatedManager<Ticket>;
  @models.ManyToManyField(() => Guest, { through: () => Ticket, throughFields: ['seat', 'guest'] })
  declare readonly guests: models.ManyToManyManager<Guest>;
}

class Guest extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Guest>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
  declare readonly seatSet: models.ManyToManyManager<Seat>;
}

class Ticket extends models.Model {
  static override readonly Meta: models.MetaOptions = { ...Meta, ordering: ['id'] };
  declare static readonly objects: models.Manager<Ticket>;
  declare id: number;
  @models.CharField({ maxLength: 1, null: true }) declare seatRow: string | null;
  @models.IntegerField({ null: true }) declare seatPlace: number | null;
  @models.ForeignObject(() => Seat, {
    onDelete: models.CASCADE,
    fromFields: ['seatRow', 'seatPlace'],
    toFields: ['row', 'place'],
    relatedName: 'tickets',
    null: true,
  })
  declare seat: models.RelatedOrNull<Seat>;
  @models.ForeignKey(() => Guest, { onDelete: models.CASCADE, null: true })
  declare guest: models.RelatedOrNull<Guest>;
  declare guestId: number | null;
}

class Note extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Note>;
  declare id: number;
  @models.CharField({ maxLength: 1, null: true }) declare row: string | null;
  @models.IntegerField({ null: true }) declare place: number | null;
  @models.ForeignObject(() => Seat, {
    onDelete: models.SET_NULL,
    fromFields: ['row', 'place'],
    toFields: ['row', 'place'],
    null: true,
  })
  declare seat: models.RelatedOrNull<Seat>;
}

const keys = async (rows: PromiseLike<readonly { pk: unknown }[]>): Promise<unknown[]> =>
  (await rows).map(({ pk }) => pk);

onEveryDatabase(
  () => [Guest, Seat, Ticket, Note],
  () => {
    let seats: Record<'a1' | 'a2' | 'b1', Seat>;
    let tickets: Ticket[];
    beforeEach(async () => {
      const seat = (row: string, place: number): Promise<Seat> =>
        Seat.objects.create({ row, place, label: `${row}${place}` });
      seats = { a1: await seat('A', 1), a2: await seat('A', 2), b1: await seat('B', 1) };
      tickets = [
        await Ticket.objects.create({ seat: seats.a1 }),
        await Ticket.objects.create({ seat: seats.b1 }),
        await Ticket.objects.create({ seat: seats.a1 }),
        await Ticket.objects.create({ seatRow: 'A' }),
      ];
    });
    const ids = (...at: number[]): number[] => at.map((each) => tickets[each]?.id as number);

    it('take the values of the row that is assigned, and have none where one is missing', async () => {
      const ticket = new Ticket({ seat: seats.a2 });
      expect([ticket.seatRow, ticket.seatPlace, ticket.seat]).toEqual(['A', 2, seats.a2]);
      ticket.seat = null;
      expect([ticket.seatRow, ticket.seatPlace, ticket.seat]).toEqual([null, null, null]);
      expect(new Ticket({ seatRow: 'A' }).seat).toBeNull();
      expect(() => Object.assign(ticket, { seat: new Guest() })).toThrow(
        'Cannot assign "<Guest: Guest object (None)>": "Ticket.seat" must be a "Seat" instance.',
      );
    });

    it('are loaded for all rows at once, and another row once a value is another', async () => {
      const rows = await Ticket.objects.all();
      const sent = await statementsOf(async () => {
        const found = await Promise.all(rows.map(({ seat }) => seat));
        expect(found.map((seat) => seat?.label)).toEqual(['A1', 'B1', 'A1', undefined]);
      });
      expect(sent).toHaveLength(1);
      const [first] = rows as [Ticket];
      first.seatPlace = 2;
      expect((await first.seat)?.label).toBe('A2');
    });

    it('join by every column', async () => {
      expect(await keys(Ticket.objects.filter({ seat__label: 'A1' }))).toEqual(ids(0, 2));
      expect(await keys(Ticket.objects.exclude({ seat__label: 'A1' }))).toEqual(ids(1, 3));
      expect(await keys(Seat.objects.filter({ tickets: tickets[1] as Ticket }))).toEqual([['B', 1]]);
      expect(await keys(Seat.objects.exclude({ tickets__id__gt: 0 }))).toEqual([['A', 2]]);
      const counted = await Seat.objects.annotate({ n: models.Count('tickets') }).orderBy('row', 'place');
      expect(counted.map(({ n }) => n)).toEqual([2, 0, 1]);
      const sent = await statementsOf(async () => {
        const rows = await Ticket.objects.selectRelated('seat');
        expect(rows.map(({ seat }) => seat?.label)).toEqual(['A1', 'B1', 'A1', undefined]);
      });
      expect(sent).toHaveLength(1);
    });

    it('need no join where the values are in the row', async () => {
      const sent = await statementsOf(async () => {
        expect(await keys(Ticket.objects.filter({ seat: seats.b1 }))).toEqual(ids(1));
        expect(await keys(Ticket.objects.filter({ seat__row: 'A' }))).toEqual(ids(0, 2, 3));
        expect(await keys(Ticket.objects.filter({ seat__in: [seats.b1, seats.a2] }))).toEqual(ids(1));
        expect(await keys(Ticket.objects.filter({ seat__isnull: true }))).toEqual(ids(3));
        expect(await keys(Ticket.objects.exclude({ seat: seats.b1 }))).toEqual(ids(0, 2, 3));
      });
      expect(sent.filter((sql) => sql.includes('JOIN'))).toEqual([]);
    });

    it('are compared with the rows of a query', async () => {
      const first = Seat.objects.filter({ place: 1 });
      expect(await keys(Ticket.objects.filter({ seat__in: first }))).toEqual(ids(0, 1, 2));
      expect(
        await keys(
          Ticket.objects.filter({
            seat__in: Seat.objects.values('row', 'place').filter({ row: 'B' }),
          } as never),
        ),
      ).toEqual(ids(1));
      expect(() => Ticket.objects.filter({ seat__in: Seat.objects.values('row') } as never)).toThrow(
        "The QuerySet value for the 'in' lookup must have 2 selected fields (received 1)",
      );
      expect(() => Ticket.objects.filter({ id__in: Seat.objects.values('row', 'place') } as never)).toThrow(
        "The QuerySet value for the 'in' lookup must have 1 selected fields (received 2)",
      );
    });

    it('are prefetched on both sides', async () => {
      const sent = await statementsOf(async () => {
        const rows = await Ticket.objects.prefetchRelated('seat__tickets');
        expect(rows.map(({ seat }) => (seat as Seat | null)?.label)).toEqual(['A1', 'B1', 'A1', undefined]);
        const [first] = rows as [Ticket];
        expect((first.seat as Seat).tickets.all()._resultCache).toHaveLength(2);
      });
      expect(sent).toHaveLength(3);
      // More of them than a tree of conditions may be deep.
      const many = Array.from({ length: 1200 }, (_, place) => new Seat({ row: 'Z', place }));
      await Seat.objects.bulkCreate(many);
      await Ticket.objects.bulkCreate(many.map((seat) => new Ticket({ seat })));
      const all = await Ticket.objects.filter({ seatRow: 'Z' }).prefetchRelated('seat');
      expect(all.filter(({ seat }) => seat !== null && 'place' in seat)).toHaveLength(1200);
    });

    it('have a manager on the other side', async () => {
      expect(await keys(seats.a1.tickets.all())).toEqual(ids(0, 2));
      const made = await seats.a2.tickets.create({});
      expect([made.seatRow, made.seatPlace]).toEqual(['A', 2]);
      const [row] = await seats.a1.tickets.all();
      expect(row?.seat).toBe(seats.a1);
    });

    it('go with the row, or lose their values', async () => {
      await Note.objects.create({ seat: seats.a1 });
      const [, counts] = await seats.a1.delete();
      expect(counts).toEqual({ 'pairs.Seat': 1, 'pairs.Ticket': 2 });
      expect(await Note.objects.values('row', 'place')).toEqual([{ row: null, place: null }]);
    });

    it('are the two sides of a table in between', async () => {
      const [ada, bob] = [
        await Guest.objects.create({ name: 'Ada' }),
        await Guest.objects.create({ name: 'Bob' }),
      ];
      await seats.a1.guests.add(ada, bob);
      await seats.b1.guests.add(ada);
      const names = async (seat: Seat): Promise<string[]> =>
        (await seat.guests.orderBy('name')).map(({ name }) => name);
      expect([await names(seats.a1), await names(seats.a2), await names(seats.b1)]).toEqual([
        ['Ada', 'Bob'],
        [],
        ['Ada'],
      ]);
      expect(await keys(ada.seatSet.all())).toEqual([
        ['A', 1],
        ['B', 1],
      ]);
      const rows = await Seat.objects.prefetchRelated('guests');
      expect(rows.map(({ guests }) => guests.all()._resultCache?.length)).toEqual([2, 0, 1]);
      await ada.seatSet.remove(seats.a1);
      expect(await names(seats.a1)).toEqual(['Bob']);
      await ada.seatSet.set([seats.a1, seats.a2]);
      expect(await keys(ada.seatSet.all())).toEqual([
        ['A', 1],
        ['A', 2],
      ]);
    });
  },
);

it('say what makes them again', () => {
  const [name, path, args, kwargs] = Ticket._meta.getField('seat').deconstruct();
  expect([name, path, args]).toEqual(['seat', 'tsango.db.models.ForeignObject', []]);
  expect(kwargs).toEqual({
    to: 'pairs.seat',
    onDelete: models.CASCADE,
    fromFields: ['seatRow', 'seatPlace'],
    toFields: ['row', 'place'],
    relatedName: 'tickets',
    null: true,
  });
});

it('are refused without fields, and checked', () => {
  expect(
    () => new models.ForeignObject('pairs.Seat', { onDelete: 'CASCADE', fromFields: [], toFields: [] }),
  ).toThrow('Foreign Object from and to fields must be the same non-zero length');
  class Loose extends models.Model {
    static override readonly Meta = Meta;
    @models.CharField({ maxLength: 9 }) declare label: string;
    @models.ForeignObject(() => Seat, {
      onDelete: models.CASCADE,
      fromFields: ['label'],
      toFields: ['label'],
    })
    declare seat: models.Related<Seat>;
    @models.ForeignObject(() => Seat, {
      onDelete: models.CASCADE,
      fromFields: ['label', 'label'],
      toFields: ['row', 'label'],
      relatedName: '+',
    })
    declare other: models.Related<Seat>;
    @models.ForeignObject(() => Seat, {
      onDelete: models.CASCADE,
      fromFields: ['label'],
      toFields: ['pk'],
      relatedName: '+',
    })
    declare whole: models.Related<Seat>;
    @models.ForeignObject(() => Seat, {
      onDelete: models.CASCADE,
      fromFields: ['label'],
      toFields: ['nothing'],
      relatedName: '+',
    })
    declare lost: models.Related<Seat>;
  }
  expect(Loose.check().map(({ id, msg }) => `${id} ${msg}`)).toEqual([
    "fields.E311 'Seat.label' must be unique because it is referenced by a foreign key.",
    "fields.E310 No subset of the fields 'row', 'label' on model 'Seat' is unique.",
    "fields.E347 Field defines a relation involving model 'Seat' which has a CompositePrimaryKey and such relations are not supported.",
    "fields.E312 The toField 'nothing' doesn't exist on the related model 'pairs.Seat'.",
  ]);
  expect(Ticket.check()).toEqual([]);
});
