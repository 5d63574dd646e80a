/** Two people who save the same object in the same moment: one is told. */
import '../../db/settings';
import { scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';
import { fieldsOf, library, staff, useLibrary } from './support';

for (const engine of ['postgresql', 'mysql'] as const) {
  describeWith(engine, engine, () => {
    useLibrary(scratchDatabase(engine));

    it('is saved once, and in a list too', async () => {
      const author = await library.Author.objects.create({ name: 'Ada' });
      const book = await library.Book.objects.create({ title: 'Notes', slug: 'notes', author });
      const client = await staff();
      const race = async (url: string, ...changes: Record<string, string>[]): Promise<number[]> => {
        const page = fieldsOf((await client.get(url)).text);
        const answers = await Promise.all(changes.map((change) => client.post(url, { ...page, ...change })));
        return answers.map(({ statusCode }) => statusCode).sort();
      };
      const form = `/admin/library/book/${book.id}/change/`;
      for (let i = 0; i < 3; i++) {
        expect(await race(form, { title: `one ${i}` }, { title: `two ${i}` })).toEqual([200, 302]);
      }
      const list = [{ 'form-0-born': '1815-12-10' }, { 'form-0-born': '1816-12-10' }];
      expect(
        await race('/admin/library/author/', ...list.map((each) => ({ ...each, _save: 'Save' }))),
      ).toEqual([200, 302]);
    });
  });
}
