/** Models: rows as objects. */
import { connections } from '../../../db/connections';
import { Author, Book, createTables, failure } from './tables';

export function modelsOf(): void {
  describe('models', () => {
    beforeEach(async () => {
      await createTables(connections.get());
      await Author.objects.create({ name: 'Ann', age: 30 });
      await Author.objects.create({ name: 'Bob', age: 40, active: false });
      await Author.objects.create({ name: "O'Hara_%", age: 50 });
    });

    const names = async (query: PromiseLike<Author[]>): Promise<string> =>
      (await query).map((author) => author.name).join(' ');

    it('keeps every field', async () => {
      const values = {
        name: 'Full',
        born: new Date('1990-05-06T07:08:09.123Z'),
        extra: { a: [1, 'two', null] },
        fee: '12.30',
        code: '123e4567-e89b-12d3-a456-426614174000',
        photo: Buffer.from('hello'),
        joined: '2020-02-29',
      };
      const made = await Author.objects.create(values);
      expect(typeof made.id).toBe('number');
      const found = await Author.objects.get({ pk: made.id });
      expect(found).toBeInstanceOf(Author);
      expect({ ...found, photo: Buffer.from(found.photo ?? []).toString() }).toEqual({
        ...values,
        id: made.id,
        age: 0,
        active: true,
        photo: 'hello',
      });
    });

    it('filters, excludes, sorts and slices', async () => {
      const { objects } = Author;
      expect(await names(objects.filter({ age__gte: 40 }).orderBy('-age'))).toBe("O'Hara_% Bob");
      expect(await names(objects.filter({ name: 'Ann' }))).toBe('Ann');
      expect(await names(objects.exclude({ name: 'Ann' }).orderBy('name'))).toBe("Bob O'Hara_%");
      expect(await names(objects.filter({ name__in: ['Ann', 'Bob'] }).orderBy('name'))).toBe('Ann Bob');
      expect(await names(objects.filter({ name__in: [] }))).toBe('');
      expect(await names(objects.filter({ name__contains: '_%' }))).toBe("O'Hara_%");
      expect(await names(objects.filter({ name__istartswith: 'b' }))).toBe('Bob');
      expect(await names(objects.filter({ name__endswith: 'n' }))).toBe('Ann');
      expect(await names(objects.filter({ age__range: [35, 45] }))).toBe('Bob');
      expect(await names(objects.filter({ active: false }))).toBe('Bob');
      expect(await names(objects.filter({ born__isnull: true, age__lt: 40 }))).toBe('Ann');
      expect(await names(objects.orderBy('name').slice(1, 2))).toBe('Bob');
      expect(await names(objects.orderBy('name').reverse().slice(0, 1))).toBe("O'Hara_%");
      expect(await names(objects.none())).toBe('');
      expect((await objects.first())?.name).toBe('Ann');
      expect((await objects.last())?.name).toBe("O'Hara_%");
      expect(await objects.filter({ name: 'x' }).first()).toBeNull();
      expect(await objects.filter({ age__gt: 30 }).count()).toBe(2);
      expect(await objects.filter({ name: 'Ann' }).exists()).toBe(true);
      expect(await objects.filter({ name: 'x' }).exists()).toBe(false);
      expect(await objects.orderBy('name').slice(0, 1).values('name', 'age')).toEqual([
        { name: 'Ann', age: 30 },
      ]);
      const seen: string[] = [];
      for await (const author of objects.orderBy('name')) seen.push(author.name);
      expect(seen).toHaveLength(3);
    });

    it('says what is wrong with a query', async () => {
      expect(await failure(() => Author.objects.get({ name: 'x' }))).toBe(
        'DoesNotExist: Author matching query does not exist.',
      );
      expect(await failure(() => Author.objects.get({ age__gt: 0 }))).toBe(
        'MultipleObjectsReturned: get() returned more than one Author -- it returned 3!',
      );
      const wrong = { nosuch: 1 } as object;
      expect(await failure(() => Author.objects.filter(wrong))).toBe(
        "FieldError: Cannot resolve keyword 'nosuch' into field. Choices are: active, age, book, born, code, extra, fee, id, " +
          'joined, name, photo',
      );
    });

    it('saves, updates and deletes', async () => {
      const ann = await Author.objects.get({ name: 'Ann' });
      ann.age = 31;
      await ann.save();
      await ann.refreshFromDb();
      expect(ann.age).toBe(31);
      expect(await Author.objects.filter({ age__gt: 30 }).update({ active: false })).toBe(3);
      expect(await Author.objects.filter({ active: true }).count()).toBe(0);
      expect(await Author.objects.filter({ name: 'Bob' }).delete()).toEqual([1, { 'contract.Author': 1 }]);
      const fresh = new Author({ name: 'New' });
      await fresh.save();
      expect(fresh.pk).toBe(fresh.id);
      expect(await fresh.delete()).toEqual([1, { 'contract.Author': 1 }]);
      expect(fresh.pk).toBeNull();
      expect(await Author.objects.count()).toBe(2);
    });

    it('gets or creates, updates or creates', async () => {
      const [ann, old] = await Author.objects.getOrCreate({ name: 'Ann' }, { age: 1 });
      expect([ann.age, old]).toEqual([30, false]);
      const [cid, made] = await Author.objects.getOrCreate({ name: 'Cid' }, { age: 9 });
      expect([cid.age, made]).toEqual([9, true]);
      const [changed, created] = await Author.objects.updateOrCreate({ name: 'Cid' }, { age: 10 });
      expect([changed.age, created]).toEqual([10, false]);
      const many = await Promise.all(
        Array.from({ length: 8 }, () => Author.objects.getOrCreate({ name: 'Once' })),
      );
      expect(many.filter(([, isNew]) => isNew)).toHaveLength(1);
    });

    it('follows foreign keys: cascades, and relations of TypeORM', async () => {
      const ann = await Author.objects.get({ name: 'Ann' });
      await Book.objects.create({ title: 'B', authorId: ann.id });
      await Book.objects.create({ title: 'A', authorId: ann.id });
      expect((await Book.objects.all()).map((book) => book.title)).toEqual(['A', 'B']);
      expect(await Book.objects.filter({ author: ann }).count()).toBe(2);
      const repository = (await connections.get().dataSource()).getRepository(Book);
      const [book] = await repository.find({ relations: { author: true }, order: { title: 'ASC' } });
      expect(book?.author).toBeInstanceOf(Author);
      expect(book?.author.name).toBe('Ann');
      expect(book?.changed).toBeInstanceOf(Date);
      expect(await ann.delete()).toEqual([3, { 'contract.Author': 1, 'contract.Book': 2 }]);
      expect(await Book.objects.count()).toBe(0);
    });

    it('takes part in transactions', async () => {
      await failure(() =>
        connections.get().atomic(async () => {
          await Author.objects.create({ name: 'Gone' });
          expect(await Author.objects.filter({ name: 'Gone' }).exists()).toBe(true);
          throw new Error('no');
        }),
      );
      expect(await Author.objects.filter({ name: 'Gone' }).exists()).toBe(false);
    });
  });
}
