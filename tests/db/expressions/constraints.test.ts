/** Constraints and indexes: what the database keeps, and what `fullClean` says before it does. */
import '../settings';
import { ValidationError } from 'tsango/core/exceptions';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { onEachDatabase } from '../../support/each_database';

const { CheckConstraint, Deferrable, F, Func, Index, Q, UniqueConstraint, Value } = models;

class Booking extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    appLabel: 'rooms',
    constraints: [
      new CheckConstraint({
        condition: new Q({ guests__gt: 0 }).and(new Q({ guests__lt: 100 })),
        name: 'some_guests',
      }),
      new CheckConstraint({
        condition: new Q({ start__lt: F('end') }),
        name: 'start_first',
        violationErrorCode: 'order',
        violationErrorMessage: 'Order of %(name)s',
      }),
      new CheckConstraint({ check: new Q({ price__gte: '9.50' }), name: 'not_cheap' }),
      new UniqueConstraint({
        fields: ['room', 'day'],
        condition: new Q({ cancelled: false }),
        name: 'one_each',
      }),
      new UniqueConstraint(new Func(F('code'), { function: 'LOWER' }), 'room', { name: 'code_any_case' }),
    ],
    indexes: [
      new Index({ fields: ['room', '-start'], name: 'by_room' }),
      new Index(F('guests').add(1).desc(), 'room', { name: 'by_guests' }),
      new Index({
        fields: ['day'],
        name: 'what_is_on',
        condition: new Q({ cancelled: false, code__contains: "it's 100% ?" }),
      }),
      new Index({ fields: ['day'], name: 'with_room', include: ['room', 'code'] }),
    ],
  };
  declare static readonly objects: models.Manager<Booking>;
  declare id: number;
  @models.CharField({ maxLength: 10 }) declare room: string;
  @models.DateField() declare day: string;
  @models.IntegerField({ dbColumn: 'start at' }) declare start: number;
  @models.IntegerField() declare end: number;
  @models.IntegerField({ default: 1 }) declare guests: number;
  @models.DecimalField({ maxDigits: 6, decimalPlaces: 2, default: '10.00' }) declare price: string;
  @models.BooleanField({ default: false }) declare cancelled: boolean;
  @models.CharField({ maxLength: 20, default: '' }) declare code: string;
}

const booking = (values: Partial<Booking> = {}): Booking =>
  new Booking({ room: 'a', day: '2027-01-04', start: 9, end: 11, code: 'x', ...values });

const errorsOf = async (row: Booking): Promise<unknown> => {
  try {
    await row.validateConstraints();
    return null;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return error.messages;
  }
};

onEachDatabase([Booking], {}, ({ vendor }) => {
  beforeEach(() => Booking.objects.all().delete());

  it('keeps checks', async () => {
    await booking().save();
    for (const values of [{ guests: 0 }, { guests: 100 }, { start: 11 }, { price: '9.49' }]) {
      await expect(booking({ room: 'b', code: 'y', ...values }).save()).rejects.toThrow(
        expect.objectContaining({ name: 'IntegrityError' }),
      );
    }
  });

  it('says beforehand which check fails', async () => {
    expect(await errorsOf(booking())).toBeNull();
    expect(await errorsOf(booking({ guests: 0 }))).toEqual(['Constraint “some_guests” is violated.']);
    expect(await errorsOf(booking({ guests: 100 }))).toEqual(['Constraint “some_guests” is violated.']);
    expect(await errorsOf(booking({ start: 100, end: 11 }))).toEqual(['Order of start_first']);
    expect(await errorsOf(booking({ start: 9, end: 11 }))).toBeNull();
    expect(await errorsOf(booking({ price: '10.00' }))).toBeNull();
    expect(await errorsOf(booking({ price: '9.49' }))).toEqual(['Constraint “not_cheap” is violated.']);
    const failure = await booking({ start: 12 })
      .validateConstraints()
      .catch((error: ValidationError) => error);
    expect((failure as ValidationError).errorDict?.get('__all__')?.map(({ code }) => code)).toEqual([
      'order',
    ]);
    // What is unknown is no violation; what is left out is not looked at.
    expect(await errorsOf(booking({ guests: null as never }))).toBeNull();
    await booking({ guests: 0 }).validateConstraints({ exclude: ['guests'] });
  });

  it('keeps conditions on uniqueness, where the database has them', async () => {
    await booking({ cancelled: true, code: '1' }).save();
    await booking({ cancelled: true, code: '2' }).save();
    const first = booking({ code: '3' });
    await first.save();
    expect(await errorsOf(booking({ code: '4' }))).toEqual(['Constraint “one_each” is violated.']);
    expect(await errorsOf(booking({ code: '4', cancelled: true }))).toBeNull();
    expect(await errorsOf(booking({ code: '4', room: 'b' }))).toBeNull();
    expect(await errorsOf(first)).toBeNull();
    const other = booking({ code: '4' }).save();
    if (vendor === 'mysql') await other;
    else await expect(other).rejects.toMatchObject({ name: 'IntegrityError' });
  });

  it('keeps expressions unique, where the database has that', async () => {
    await booking({ code: 'Ab' }).save();
    const day = '2027-01-05';
    expect(await errorsOf(booking({ code: 'aB', day }))).toEqual(['Constraint “code_any_case” is violated.']);
    expect(await errorsOf(booking({ code: 'aB', day, room: 'c' }))).toBeNull();
    await booking({ code: 'aB', day }).validateConstraints({ exclude: ['code'] });
    if (vendor === 'mysql') return;
    await expect(booking({ code: 'aB', day }).save()).rejects.toMatchObject({ name: 'IntegrityError' });
  });

  it('makes the indexes that the database has', async () => {
    const found = await connections.get().introspection.getConstraints('rooms_booking');
    const names = ['by_room', 'by_guests', 'what_is_on', 'with_room', 'one_each', 'code_any_case'];
    const here = {
      // What SQLite and MySQL have no word for is left out of an index.
      sqlite: names,
      postgresql: names,
      mysql: ['by_room', 'what_is_on', 'with_room'],
    };
    expect(names.filter((name) => found.has(name))).toEqual(here[vendor]);
  });

  it('adds and removes them', async () => {
    const added = [
      new CheckConstraint({ condition: new Q({ guests__lt: 5 }), name: 'few' }),
      new UniqueConstraint({ fields: ['end'], name: 'one_end', condition: new Q({ guests: 3 }) }),
      new UniqueConstraint({ fields: ['end', 'code'], name: 'later', deferrable: Deferrable.DEFERRED }),
      new UniqueConstraint({ fields: ['price', 'code'], name: 'nulls', nullsDistinct: false }),
    ];
    const names = async (): Promise<string[]> => {
      const found = await connections.get().introspection.getConstraints('rooms_booking');
      return added.map(({ name }) => name).filter((name) => found.has(name));
    };
    for (const constraint of added) {
      await connections
        .get()
        .schemaEditor()
        .run((editor) => editor.addConstraint(Booking._meta, constraint));
      const [last] = (await names()).slice(-1);
      const supported =
        vendor === 'postgresql' ||
        constraint.name === 'few' ||
        (vendor === 'sqlite' && constraint.name === 'one_end');
      // SQLite's checks have no place of their own.
      if (vendor === 'sqlite' && constraint.name === 'few') {
        await expect(booking({ guests: 7 }).save()).rejects.toMatchObject({ name: 'IntegrityError' });
      } else expect(last === constraint.name).toBe(supported);
      await connections
        .get()
        .schemaEditor()
        .run((editor) => editor.removeConstraint(Booking._meta, constraint));
      expect(await names()).toEqual([]);
    }
    const index = new Index(F('end').asc(), { name: 'added' });
    for (const change of ['addIndex', 'removeIndex'] as const) {
      await connections
        .get()
        .schemaEditor()
        .run((editor) => editor[change](Booking._meta, index));
      const found = await connections.get().introspection.getConstraints('rooms_booking');
      expect(found.has('added')).toBe(change === 'addIndex' && vendor !== 'mysql');
    }
  });

  it('writes the values of conditions out, quoted', async () => {
    const editor = connections.get().schemaEditor({ collectSql: true });
    await editor.run((each) =>
      each.addConstraint(
        Booking._meta,
        new CheckConstraint({ condition: new Q({ code: "' OR ? --" }), name: 'c' }),
      ),
    );
    expect(editor.collectedSql.join('\n')).toContain(vendor === 'mysql' ? "'\\' OR ? --'" : "''' OR ? --'");
  });
});

describe('what cannot be', () => {
  const unique =
    (options: object, ...expressions: models.Constraint[]) =>
    () =>
      new UniqueConstraint(...(expressions as never[]), options as never);
  const condition = new Q({ code: 'x' });

  it.each([
    [unique({ fields: ['a'] }), 'A unique constraint must be named.'],
    [unique({ name: 'x' }), 'At least one field or expression is required to define a unique constraint.'],
    [
      unique({ name: 'x', fields: ['a'], condition: 'x' }),
      'UniqueConstraint.condition must be a Q instance.',
    ],
    [
      unique({ name: 'x', fields: ['a'], condition, deferrable: 'deferred' }),
      'UniqueConstraint with conditions cannot be deferred.',
    ],
    [
      unique({ name: 'x', fields: ['a'], deferrable: 'x; DROP' }),
      'UniqueConstraint.deferrable must be a Deferrable instance.',
    ],
    [
      unique({ name: 'x', fields: ['a'], include: 'ab' }),
      'UniqueConstraint.include must be a list or tuple.',
    ],
    [
      unique({ name: 'x', fields: ['a'], nullsDistinct: 1 }),
      'UniqueConstraint.nulls_distinct must be a bool.',
    ],
    [
      () => new CheckConstraint({ name: 'x', condition: new Value(1) }),
      'CheckConstraint.condition must be a Q instance or boolean expression.',
    ],
    [() => new Index({ fields: [] }), 'At least one field or expression is required to define an index.'],
    [
      () => new Index('a', { fields: ['b'], name: 'x' }),
      'Index.fields and expressions are mutually exclusive.',
    ],
    [() => new Index('a', {}), 'An index must be named to use expressions.'],
    [() => new Index({ fields: ['a'], condition }), 'An index must be named to use condition.'],
    [() => new Index({ fields: ['a'], include: ['b'] }), 'A covering index must be named.'],
  ])('is refused %#', (make, message) => {
    expect(make).toThrow(message);
  });
});
