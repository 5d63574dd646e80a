/** What stands for what in conditions and rows: NULL under exclude(), instances, functions, JSON, numbers of UUIDs. */
import { connections } from '../../../db/connections';
import { Author, Book, createTables, failure } from './tables';

const names = async (rows: PromiseLike<readonly Author[]>): Promise<string[]> =>
  (await rows).map((row) => row.name).sort();

export function valuesOf(): void {
  describe('what stands for what', () => {
    beforeEach(async () => {
      await createTables(connections.get());
      await Author.objects.create({ name: 'Ann', fee: '1.00', joined: '2024-02-09' });
      await Author.objects.create({ name: 'Bob' });
      await Author.objects.create({ name: 'Cid', fee: '3.00' });
    });

    it('exclude() keeps the rows without a value', async () => {
      for (const [filter, kept] of [
        [{ fee: '1.00' }, ['Bob', 'Cid']],
        [{ fee__in: ['1.00'] }, ['Bob', 'Cid']],
        [{ fee__in: ['1.00', null] }, ['Bob', 'Cid']],
        [{ fee__in: [] }, ['Ann', 'Bob', 'Cid']],
        [{ fee__gt: '1.00' }, ['Ann', 'Bob']],
        [{ fee__range: ['0.00', '2.00'] }, ['Bob', 'Cid']],
        [{ joined__startswith: '2024' }, ['Bob', 'Cid']],
        [{ fee: null }, ['Ann', 'Cid']],
        [{ fee__isnull: true }, ['Ann', 'Cid']],
        [{ fee: '1.00', name: 'Ann' }, ['Bob', 'Cid']],
        [{ fee: '3.00', joined: '2024-02-09' }, ['Ann', 'Bob', 'Cid']],
      ] as const) {
        expect([filter, await names(Author.objects.exclude(filter as never))]).toEqual([filter, kept]);
      }
    });

    it('only an instance stands for its key', async () => {
      const ann = await Author.objects.get({ name: 'Ann' });
      const book = await Book.objects.create({ title: 'One', author: ann });
      const forged = JSON.parse(`{"pk": ${ann.id}, "id": ${ann.id}}`) as never;
      for (const filter of [{ id: forged }, { pk: forged }, { age: forged }, { id__in: [forged] }]) {
        expect(await failure(() => Author.objects.filter(filter as never).count())).toMatch(
          /^TypeError: Field '(id|age)' expected a number but got \{'pk': /,
        );
      }
      expect(await failure(() => Book.objects.filter({ author: forged }).count())).toMatch(/^TypeError: /);
      expect(await Book.objects.filter({ author: ann }).count()).toBe(1);
      expect(await failure(() => Book.objects.filter({ author: book } as never).count())).toMatch(
        /^ValueError: Cannot query "Book object \(\d+\)": Must be "Author" instance\.$/,
      );
    });

    it('a function is no value: it would become a part of the statement', async () => {
      const sql = (() => "'x' || 'y'") as never;
      const ann = await Author.objects.get({ name: 'Ann' });
      for (const field of ['name', 'age', 'extra', 'joined'] as const) {
        const refused = `TypeError: Field '${field}' expected a value but got a function`;
        expect(await failure(() => Author.objects.create({ name: 'Eve', [field]: sql }))).toContain(refused);
        expect(await failure(() => Author.objects.filter({}).update({ [field]: sql }))).toContain(refused);
        Object.assign(ann, { [field]: sql });
        expect(await failure(() => ann.save({ updateFields: [field] }))).toContain(refused);
      }
      expect(await names(Author.objects.all())).toEqual(['Ann', 'Bob', 'Cid']);
    });

    it('an update of nothing changes nothing', async () => {
      expect(await Author.objects.filter({}).update({})).toBe(0);
      expect(await Author.objects.filter({}).update({ age: undefined } as never)).toBe(0);
    });

    it('what is not JSON is refused, not left out', async () => {
      const extra = (value: unknown): Promise<string> =>
        failure(() => Author.objects.create({ name: 'Eve', extra: value }));
      expect(await extra({ a: [Number.NaN] })).toBe(
        'ValueError: Out of range float values are not JSON compliant: nan',
      );
      expect(await extra({ a: () => 1 })).toBe('TypeError: Object of type function is not JSON serializable');
      expect(await extra(Symbol('a'))).toBe('TypeError: Object of type symbol is not JSON serializable');
      expect(await extra({ a: 1n })).toBe('TypeError: Object of type bigint is not JSON serializable');
      expect(await extra({ a: [1, { b: null }] })).toBe('nothing');
      expect((await Author.objects.get({ name: 'Eve' })).extra).toEqual({ a: [1, { b: null }] });
    });

    it('an integer is the number of a UUID', async () => {
      await Author.objects.create({ name: 'Eve', code: 5 as never });
      expect((await Author.objects.get({ code: 5 } as never)).code).toBe(
        '00000000-0000-0000-0000-000000000005',
      );
      for (const value of [2n ** 128n, -1, 5.5]) {
        expect(await failure(() => Author.objects.filter({ code: value } as never).count())).toBe(
          `ValidationError: “${value}” is not a valid UUID.`,
        );
      }
    });

    it('an instant that the clock does not have is none', async () => {
      const born = (value: string): Promise<string> =>
        failure(() => Author.objects.filter({ born: value } as never).count());
      for (const value of [
        '2024-01-01 12:60',
        '2024-01-01T24:01:00',
        '2024-02-30 00:00',
        '2024-01-01 00:00+24:00',
      ]) {
        expect(await born(value)).toBe(
          `ValidationError: “${value}” value has the correct format (YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]) but it is ` +
            'an invalid date/time.',
        );
      }
      expect(await born('2024-02-30')).toBe(
        'ValidationError: “2024-02-30” value has the correct format (YYYY-MM-DD) but it is an invalid date.',
      );
      expect(await born('2024-01-01T00:00:00.123456+23:59')).toBe('nothing');
    });
  });
}
