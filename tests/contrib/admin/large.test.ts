/** Lists of many rows: what is not counted, what is not skipped row by row, and dates that an index knows. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { scratchDatabase } from '../../support/databases';
import { statementsOf } from '../../support/model_tables';
import { describeWith } from '../../support/services';
import { library, staff, useLibrary } from './support';

const words = (html: string): string[] =>
  [...html.matchAll(/class="field-(?:__str__|word)"[^>]*><a [^>]*>([^<]*)<\/a>/g)].map(
    ([, word = '']) => word,
  );

async function fill(count: number): Promise<void> {
  const connection = connections.get();
  const series =
    connection.vendor === 'postgresql'
      ? `SELECT 'word ' || i FROM generate_series(1, ${count}) i`
      : `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT 'word ' || i FROM n`;
  await connection.execute(`INSERT INTO library_tag (word) ${series}`);
}

describe('pages', () => {
  useLibrary();

  it('behind many rows are those that they are, and only keys are skipped: from the nearer end', async () => {
    await fill(12_050);
    const client = await staff();
    const all = await library.Tag.objects.orderBy('-pk').valuesList('word', { flat: true });
    for (const page of [1, 51, 60, 61, 100, 120, 121]) {
      let html = '';
      const statements = await statementsOf(async () => {
        html = (await client.get(`/admin/library/tag/?p=${page}`)).text;
      });
      expect(words(html)).toEqual(all.slice((page - 1) * 100, page * 100));
      const skips = statements.filter((sql) => /OFFSET/.test(sql) && /library_tag/.test(sql));
      expect(skips.every((sql) => page < 51 || !/"word"/.test(sql))).toBe(true);
      expect(skips.every((sql) => Number(/OFFSET (\d+)/.exec(sql)?.[1]) <= 6_050)).toBe(true);
    }
    expect((await client.get('/admin/library/tag/?p=122')).headers.get('location')).toBe(
      '/admin/library/tag/?e=1',
    );
  });
});

describe('the forms of many rows', () => {
  useLibrary();

  it('read what they show of other rows in one statement for each field, whatever each has', async () => {
    const authors = await library.Author.objects.bulkCreate(
      Array.from({ length: 12 }, (_, i) => new library.Author({ name: `Author ${i}` })),
    );
    const books = await library.Book.objects.bulkCreate(
      authors.map((author, i) => new library.Book({ title: `Book ${i}`, author })),
    );
    const { site } = require('tsango/contrib/admin') as typeof import('tsango/contrib/admin');
    const admin = site.getModelAdmin(library.Book);
    const client = await staff();
    const keep = { ...admin };
    const shown = { listDisplay: ['title', 'author'], listEditable: ['author'], listFilter: [] };
    const url = '/admin/library/book/';
    const pages = async (query = ''): Promise<[html: string, statements: readonly string[]]> => {
      let html = '';
      const statements = await statementsOf(async () => {
        html = (await client.get(`${url}${query}`)).text;
      });
      return [html, statements.filter((sql) => /FROM .library_author/.test(sql) && !/OFFSET/.test(sql))];
    };
    try {
      for (const options of [{ autocompleteFields: ['author'] }, { rawIdFields: ['author'] }]) {
        Object.assign(admin, keep, shown, options);
        const [html, many] = await pages();
        for (const { name } of authors) expect(html).toContain(`>${name}<`);
        const [one, few] = await pages('?title=Book 7');
        expect(one).toContain('>Author 7<');
        expect(one).not.toContain('>Author 8<');
        expect([many.length, few.length]).toEqual([1, 1]);
      }
      // A key that is none says so, and takes nothing from the others.
      const sent = Object.fromEntries(
        books.flatMap(({ pk }, i) => [
          [`form-${i}-id`, String(pk)],
          [`form-${i}-author`, i === 3 ? 'nobody' : String(authors[i]?.pk)],
        ]),
      );
      const management = { 'form-TOTAL_FORMS': '12', 'form-INITIAL_FORMS': '12', _save: 'Save' };
      const { text } = await client.post(url, { ...management, ...sent });
      expect(text).toContain('Select a valid choice.');
      expect(text).toContain('>Author 7<');
    } finally {
      Object.assign(admin, keep);
    }
  });
});

describe('whatever columns show', () => {
  useLibrary();

  it('is read in as many statements for a hundred rows as for one, and in no more than Django needs', async () => {
    const [ada, grace] = await library.Author.objects.bulkCreate(
      ['Ada', 'Grace'].map((name) => new library.Author({ name })),
    );
    const tag = await library.Tag.objects.create({ word: 'x' });
    const books = await library.Book.objects.bulkCreate(
      Array.from({ length: 60 }, (_, i) => new library.Book({ title: `${i}`, author: i % 2 ? ada : grace })),
    );
    for (const book of books) await book.tags.add(tag);
    const { site } = require('tsango/contrib/admin') as typeof import('tsango/contrib/admin');
    const admin = site.getModelAdmin(library.Book);
    const { listDisplay } = admin;
    const client = await staff();
    const statementsFor = async (columns: typeof listDisplay, query = ''): Promise<readonly string[]> => {
      admin.listDisplay = columns;
      try {
        const all = await statementsOf(async () => {
          expect((await client.get(`/admin/library/book/${query}`)).statusCode).toBe(200);
        });
        return all.filter((sql) => /library_/.test(sql));
      } finally {
        admin.listDisplay = listDisplay;
      }
    };
    const columns: Record<string, typeof listDisplay> = {
      relation: ['title', 'author'],
      path: ['title', 'author__name'],
      method: ['title', async (book) => (await book.author).name],
      'rows of a relation': ['title', async (book) => (await book.tags.all()).map(String).join()],
      'rows that refer to it': [
        'title',
        async (book) =>
          (await (book as unknown as { reviewSet: { all(): Promise<unknown[]> } }).reviewSet.all()).length,
      ],
    };
    const counts: Record<string, [number, number]> = {};
    for (const [name, shown] of Object.entries(columns)) {
      admin.listPrefetchRelated = name.startsWith('rows') ? ['tags', 'reviewSet'] : [];
      const many = (await statementsFor(shown)).length;
      const one = (await statementsFor(shown, '?title=7')).length;
      counts[name] = [many, one];
    }
    admin.listPrefetchRelated = [];
    // Django counts the rows, and once more all of them; reads a page; asks for the first and the last date, and for the dates.
    // What is filtered here is counted twice, too.
    const [django, peers, prefetches] = [5, 1, 2];
    expect(counts).toEqual({
      relation: [django - 1, django],
      path: [django - 1, django],
      method: [django - 1 + peers, django + peers],
      'rows of a relation': [django - 1 + prefetches, django + prefetches],
      'rows that refer to it': [django - 1 + prefetches, django + prefetches],
    });
  });
});

describe('the date hierarchy', () => {
  useLibrary();

  it('asks an index for each period, in one statement, and says what Django’s says', async () => {
    const author = await library.Author.objects.create({ name: 'Ada' });
    // Moments around midnight in New York are of another day, month or year than in London.
    const moments = [
      ...['2019-01-01T04:59:59Z', '2019-01-01T05:00:00Z', '2021-03-31T12:00:00Z', '2021-04-01T03:30:00Z'],
      ...['2021-04-30T12:00:00Z', '2021-05-01T04:00:00Z', '2023-12-31T23:00:00Z', '2024-02-29T15:00:00Z'],
    ];
    await library.Book.objects.bulkCreate(
      moments.map((at) => new library.Book({ title: at, author, published: new Date(at) })),
    );
    const client = await staff();
    const restore = overrideSettings({ TIME_ZONE: 'America/New_York' });
    try {
      const shown = async (query: string): Promise<[string[], readonly string[]]> => {
        let html = '';
        const statements = await statementsOf(async () => {
          html = (await client.get(`/admin/library/book/?${query}`)).text;
        });
        const nav = /<nav class="toplinks">([\s\S]*?)<\/nav>/.exec(html)?.[1] ?? '';
        return [[...nav.matchAll(/>([^<>]+)<\/a>/g)].map(([, text = '']) => text), statements];
      };
      const [years, statements] = await shown('');
      expect(years).toEqual(['2018', '2019', '2021', '2023', '2024']);
      expect(statements.filter((sql) => /trunc|strftime|DISTINCT/i.test(sql))).toEqual([]);
      expect((await shown('published__year=2021'))[0].slice(1)).toEqual([
        'March 2021',
        'April 2021',
        'May 2021',
      ]);
      expect((await shown('published__year=2021&published__month=3'))[0].slice(1)).toEqual(['March 31']);
      expect((await shown('published__year=2024&published__month=2'))[0].slice(1)).toEqual(['February 29']);
      expect((await shown('published__year=2022'))[0].slice(1)).toEqual([]);
      expect((await shown('title=2021-03-31T12:00:00Z'))[0].slice(1)).toEqual(['March 31']);
    } finally {
      await restore();
    }
  });
});

describeWith('postgresql', 'a large table of PostgreSQL', () => {
  useLibrary(scratchDatabase('postgresql'));

  it('is not counted: its statistics say how large it is; a small one is counted in the same statement', async () => {
    const client = await staff();
    await fill(3);
    await connections.get().execute('ANALYZE library_tag');
    const small = await statementsOf(async () => {
      expect((await client.get('/admin/library/tag/')).text).toContain('3 tags');
    });
    await connections.get().execute('DELETE FROM library_tag');
    await fill(23_456);
    await connections.get().execute('ANALYZE library_tag');
    const large = await statementsOf(async () => {
      const page = await client.get('/admin/library/tag/');
      expect(page.text).toContain('about 23,000 tags');
      expect(page.text).toContain('All about 23,000 selected');
    });
    expect(large.length).toBe(small.length);
    expect(large.filter((sql) => /^SELECT COUNT/i.test(sql))).toEqual([]);
    expect(words((await client.get('/admin/library/tag/?p=235')).text).length).toBe(56);
    const behind = await client.get('/admin/library/tag/?p=300');
    expect(behind.headers.get('location')).toBe('/admin/library/tag/?e=1');
    await connections.get().execute('DELETE FROM library_tag');
  });
});
