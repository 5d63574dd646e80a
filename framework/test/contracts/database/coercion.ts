/** Whatever a form or a program hands over: a field coerces it as Django's does, or refuses it, before it is stored. */
import { connections } from '../../../db/connections';
import { Author, Book, createTables, failure } from './tables';

const create = (values: object): Promise<Author> =>
  Author.objects.create({ name: 'Cid', ...values } as never);
const number = (field: string, shown: string): string =>
  `Field '${field}' expected a number but got ${shown}.`;
const boolean = (shown: string): string => `ValidationError: “${shown}” value must be either True or False.`;

/** Values, and what Django says of them for an integer. */
const NO_NUMBERS: readonly (readonly [unknown, string])[] = [
  ['abc', `ValueError: ${number('age', "'abc'")}`],
  ['4711 or so', `ValueError: ${number('age', "'4711 or so'")}`],
  ['1 OR 1=1', `ValueError: ${number('age', "'1 OR 1=1'")}`],
  ['', `ValueError: ${number('age', "''")}`],
  [Number.NaN, `ValueError: ${number('age', 'nan')}`],
  [Number.POSITIVE_INFINITY, `ValueError: ${number('age', 'inf')}`],
  [{}, `TypeError: ${number('age', '{}')}`],
  [[0], `TypeError: ${number('age', '[0]')}`],
];

export function coercionOf(): void {
  describe('values', () => {
    beforeEach(async () => {
      await createTables(connections.get());
      await Author.objects.create({ name: 'Ann', age: 0, active: true });
      await Author.objects.create({ name: 'Bob', age: 4711, active: false });
    });

    it('that are no numbers are refused by filter, create, update and save', async () => {
      for (const [value, message] of NO_NUMBERS) {
        expect(await failure(() => Author.objects.filter({ age: value } as never).count())).toBe(message);
        expect(await failure(() => Author.objects.exclude({ age__gt: value } as never).count())).toBe(
          message,
        );
        expect(await failure(() => Author.objects.filter({ age__in: [1, value] } as never).count())).toBe(
          message,
        );
        expect(await failure(() => create({ age: value }))).toBe(message);
        expect(await failure(() => Author.objects.filter({}).update({ age: value } as never))).toBe(message);
        expect(await failure(() => Author.objects.filter({ age: value } as never).delete())).toBe(message);
        const ann = await Author.objects.get({ name: 'Ann' });
        ann.age = value as number;
        expect(await failure(() => ann.save())).toBe(message);
      }
      expect(await Author.objects.count()).toBe(2);
      expect(await failure(() => Author.objects.get({ pk: '1x' } as never))).toBe(
        `ValueError: ${number('id', "'1x'")}`,
      );
    });

    it('that are numbers in another form are taken as int() takes them', async () => {
      const ages = async (value: unknown): Promise<number> =>
        (await create({ age: value, name: String(value) })).age;
      for (const [value, stored] of [
        [' 12 ', 12],
        ['1_000', 1000],
        [1.9, 1],
        [true, 1],
        [7n, 7],
      ] as const) {
        await ages(value);
        expect((await Author.objects.get({ name: String(value) })).age).toBe(stored);
      }
      expect(await Author.objects.filter({ age: '4711' } as never).count()).toBe(1);
    });

    it('beyond every integer match nothing, or everything', async () => {
      const count = (filter: object): Promise<number> => Author.objects.filter(filter as never).count();
      expect(await count({ age: '99999999999999999999' })).toBe(0);
      expect(await count({ age__in: ['99999999999999999999', 0] })).toBe(1);
      expect(await count({ age__lt: 10n ** 30n })).toBe(2);
      expect(await count({ age__gte: 10n ** 30n })).toBe(0);
      expect(await count({ age__gt: -(10n ** 30n) })).toBe(2);
    });

    it('are true or false by Django’s table', async () => {
      for (const [value, stored] of [
        ['True', true],
        ['t', true],
        ['1', true],
        [1, true],
        ['False', false],
        ['f', false],
        ['0', false],
        [0, false],
      ] as const) {
        await create({ active: value });
        expect((await Author.objects.get({ name: 'Cid' })).active).toBe(stored);
        await Author.objects.filter({ name: 'Cid' }).delete();
      }
      expect(await Author.objects.filter({ active: '0' } as never).count()).toBe(1);
      for (const value of ['false', 'off', 'no', '', 'yes', 2]) {
        expect(await failure(() => create({ active: value }))).toBe(boolean(String(value)));
        expect(await failure(() => Author.objects.filter({ active: value } as never).count())).toBe(
          boolean(String(value)),
        );
      }
      expect(await failure(() => create({ active: {} }))).toBe(boolean('{}'));
      expect(await failure(() => create({ active: [] }))).toBe(boolean('[]'));
    });

    it('of isnull are true or false', async () => {
      for (const value of ['0', 0, 'true', null]) {
        expect(await failure(() => Author.objects.filter({ born__isnull: value } as never).count())).toBe(
          'ValueError: The QuerySet value for an isnull lookup must be True or False.',
        );
      }
    });

    it('that are no decimals, dates, bytes or UUIDs are refused', async () => {
      const refused = (field: string, value: unknown): Promise<string> =>
        failure(() => create({ [field]: value }));
      for (const value of ['abc', '1;2', '1,5', 'NaN', Number.NaN]) {
        expect(await refused('fee', value)).toMatch(
          /^ValidationError: “.*” value must be a decimal number\.$/,
        );
      }
      for (const value of [{}, []]) expect(await refused('fee', value)).toMatch(/^ValidationError: /);
      expect(await refused('fee', '1234567.00')).toMatch(/^InvalidOperation: /);
      expect(await refused('fee', '1e999999')).toMatch(/^InvalidOperation: /);
      expect(await refused('joined', '31.1.2027')).toBe(
        'ValidationError: “31.1.2027” value has an invalid date format. It must be in YYYY-MM-DD format.',
      );
      expect(await refused('joined', '2027-02-30')).toBe(
        'ValidationError: “2027-02-30” value has the correct format (YYYY-MM-DD) but it is an invalid date.',
      );
      expect(await refused('joined', {})).toMatch(/^TypeError: Field 'joined' expected a date or a string/);
      expect(await refused('born', 'yesterday')).toMatch(
        /^ValidationError: “yesterday” value has an invalid format\./,
      );
      expect(await refused('born', 5)).toMatch(/^TypeError: Field 'born'/);
      expect(await refused('code', 'abc')).toBe('ValidationError: “abc” is not a valid UUID.');
      expect(await refused('code', {})).toBe('ValidationError: “{}” is not a valid UUID.');
      expect(await refused('photo', 'text')).toMatch(
        /^TypeError: memoryview: a bytes-like object is required/,
      );
      expect(await Author.objects.count()).toBe(2);
    });

    it('keep their last figures', async () => {
      await create({ fee: '12.345', joined: '2024-2-9', code: '{123E4567-E89B-12D3-A456-426614174000}' });
      const cid = await Author.objects.get({ name: 'Cid' });
      expect([cid.fee, cid.joined, cid.code]).toEqual([
        '12.34',
        '2024-02-09',
        '123e4567-e89b-12d3-a456-426614174000',
      ]);
      expect(await Author.objects.filter({ fee: 12.34 } as never).count()).toBe(1);
    });

    it('of names that are no fields make no instance', async () => {
      for (const name of [
        'save',
        'toString',
        'delete',
        'constructor',
        '__proto__',
        'hasOwnProperty',
        'nosuch',
      ]) {
        const values = JSON.parse(`{"name": "Eve", "${name}": {"isAdmin": true}}`) as never;
        const message = `TypeError: Author() got unexpected keyword arguments: '${name}'`;
        expect(await failure(() => new Author(values))).toBe(message);
        expect(await failure(() => Author.objects.create(values))).toBe(message);
        expect(await failure(() => Author.objects.updateOrCreate({ name: 'Ann' }, values))).toBe(message);
      }
      expect(await Author.objects.count()).toBe(2);
      expect('isAdmin' in {}).toBe(false);
    });

    it('of a relation are rows or keys', async () => {
      const ann = await Author.objects.get({ name: 'Ann' });
      const bob = await Author.objects.get({ name: 'Bob' });
      const book = await Book.objects.create({ title: 'One', author: ann });
      expect([book.authorId, book.author]).toEqual([ann.id, ann]);
      expect((await Book.objects.get({ title: 'One' })).authorId).toBe(ann.id);
      expect(await Book.objects.filter({ author: ann }).update({ author: bob } as never)).toBe(1);
      expect(await Book.objects.filter({ author: bob }).count()).toBe(1);
      const [same, made] = await Book.objects.getOrCreate({ title: 'One', author: bob } as never);
      expect([same.id, made]).toEqual([book.id, false]);
      const wrong = 'ValueError: Cannot assign "5": "Book.author" must be a "Author" instance.';
      expect(await failure(() => new Book({ title: 'x', author: 5 }))).toBe(wrong);
      expect(await failure(() => Book.objects.create({ title: 'x', author: book } as never))).toMatch(
        /^ValueError: Cannot assign "<Book: Book object \(\d+\)>": "Book.author" must be a "Author" instance\.$/,
      );
    });

    it('of slices are not negative', async () => {
      const message = 'ValueError: Negative indexing is not supported.';
      expect(await failure(() => Author.objects.all().slice(-1))).toBe(message);
      expect(await failure(() => Author.objects.all().slice(0, -1))).toBe(message);
      expect(await failure(() => Author.objects.all().slice(0.5))).toBe(
        'TypeError: QuerySet indices must be integers or slices, not float.',
      );
    });
  });
}
