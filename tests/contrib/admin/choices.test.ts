/** Relations with many rows are searched for, though nobody has said so. */
import '../../db/settings';
import { forgetSizes } from 'tsango/contrib/admin/choices';
import type { Client } from 'tsango/test';
import { statementsOf } from '../../support/model_tables';
import { library, staff, useLibrary } from './support';

useLibrary();
beforeEach(forgetSizes);

async function authors(count: number): Promise<number> {
  await library.Author.objects.bulkCreate(
    Array.from({ length: count }, (_, i) => new library.Author({ name: `Author ${i}` })),
  );
  const last = await library.Author.objects.get({ name: `Author ${count - 1}` });
  await library.Book.objects.create({ title: 'Notes', author: last });
  return last.id;
}

const form = async (client: Client): Promise<string> => {
  const { id } = await library.Book.objects.get({});
  return (await client.get(`/admin/library/book/${id}/change/`)).text;
};
const select = (html: string, name: string): string =>
  new RegExp(`<select name="${name}"[\\s\\S]*?</select>`).exec(html)?.[0] ?? '';

it('up to the threshold they are a list, as in Django', async () => {
  await authors(500);
  const list = select(await form(await staff()), 'author');
  expect(list).not.toContain('admin-autocomplete');
  expect(list.match(/<option/g)?.length).toBe(501);
});

it('above it they are searched: the page has the chosen one alone, and what is sent is looked at as ever', async () => {
  const id = await authors(501);
  const client = await staff();
  const list = select(await form(client), 'author');
  expect(list).toContain('admin-autocomplete');
  expect(list.replace(/<select[^>]*>/, '').match(/<option[^>]*>[^<]*/g)).toEqual([
    '<option value="">',
    `<option value="${id}" selected>Author 500`,
  ]);
  const url = '/admin/library/book/add/';
  const sent = {
    title: 'x',
    price: '1',
    kind: 'n',
    'review_set-TOTAL_FORMS': '0',
    'review_set-INITIAL_FORMS': '0',
  };
  expect((await client.post(url, { ...sent, author: '0' })).text).toContain('Select a valid choice.');
  expect((await client.post(url, { ...sent, author: String(id) })).statusCode).toBe(302);
});

it('is asked of the database once a minute, for a key', async () => {
  await authors(501);
  const client = await staff();
  const probes = async (): Promise<string[]> =>
    (await statementsOf(() => form(client))).filter((sql) => /library_author.*OFFSET 500/s.test(sql));
  expect((await probes()).length).toBe(1);
  expect(await probes()).toEqual([]);
});

it('a list it stays for whoever may not see the rows', async () => {
  await authors(501);
  const list = select(await form(await staff(['view_book', 'change_book'])), 'author');
  expect(list.match(/<option/g)?.length).toBe(502);
});

describe('an admin', () => {
  const site = () => (require('tsango/contrib/admin') as typeof import('tsango/contrib/admin')).site;
  const withOptions = async (model: unknown, options: object, body: () => Promise<void>): Promise<void> => {
    const admin = site().getModelAdmin(model as typeof library.Book);
    const own = Object.getOwnPropertyDescriptors(admin);
    Object.assign(admin, options);
    try {
      await body();
    } finally {
      for (const name of Object.keys(options)) {
        const before = own[name];
        if (before === undefined) Reflect.deleteProperty(admin, name);
        else Object.defineProperty(admin, name, before);
      }
    }
  };

  it('says another threshold, or none', async () => {
    await authors(12);
    const client = await staff();
    await withOptions(library.Book, { autocompleteThreshold: 10 }, async () => {
      expect(select(await form(client), 'author')).toContain('admin-autocomplete');
    });
    await withOptions(library.Book, { autocompleteThreshold: null }, async () => {
      expect(select(await form(client), 'author')).not.toContain('admin-autocomplete');
    });
  });

  it('that leaves rows out keeps its list', async () => {
    await authors(501);
    const client = await staff();
    const admin = site().getModelAdmin(library.Book);
    const formfieldForForeignkey: typeof admin.formfieldForForeignkey = (field, _request, options) =>
      field.formfield({
        ...options,
        queryset: library.Author.objects.filter({ name__endswith: '00' } as never),
      });
    await withOptions(library.Book, { formfieldForForeignkey }, async () => {
      const list = select(await form(client), 'author');
      expect(list).not.toContain('admin-autocomplete');
      expect(list.match(/<option/g)?.length).toBe(6);
    });
  });

  it('without searchFields is searched by the texts of its list; without those the key is typed', async () => {
    await authors(501);
    const client = await staff();
    const ask = 'term=500&app_label=library&model_name=book&field_name=author';
    await withOptions(library.Author, { searchFields: [] }, async () => {
      expect(select(await form(client), 'author')).toContain('admin-autocomplete');
      const { results } = JSON.parse((await client.get(`/admin/autocomplete/?${ask}`)).text) as {
        results: { text: string }[];
      };
      expect(results.map(({ text }) => text)).toEqual(['Author 500']);
      await withOptions(library.Book, { autocompleteThreshold: null }, async () => {
        expect((await client.get(`/admin/autocomplete/?${ask}`)).statusCode).toBe(404);
      });
    });
    await withOptions(library.Author, { searchFields: [], listDisplay: ['born'] }, async () => {
      expect(await form(client)).toMatch(/<input type="text" name="author"[^>]*vForeignKeyRawIdAdminField/);
    });
  });
});

it('a search does not count what it finds', async () => {
  await authors(45);
  const client = await staff();
  const ask = (page: number): Promise<{ statusCode: number; text: string }> =>
    client.get(
      `/admin/autocomplete/?term=author&page=${page}&app_label=library&model_name=book&field_name=author`,
    );
  const statements = await statementsOf(async () => {
    const { results, pagination } = JSON.parse((await ask(2)).text) as {
      results: unknown[];
      pagination: object;
    };
    expect([results.length, pagination]).toEqual([20, { more: true }]);
  });
  expect(statements.filter((sql) => /COUNT/i.test(sql))).toEqual([]);
  expect((JSON.parse((await ask(3)).text) as { pagination: object }).pagination).toEqual({ more: false });
  expect([(await ask(4)).statusCode, (await ask(0)).statusCode]).toEqual([404, 404]);
});
