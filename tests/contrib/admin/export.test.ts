/** Rows as files: who may have them, what is in them, and that they are sent row by row. */
import '../../db/settings';
import { csvCell, unformula } from 'tsango/contrib/admin/export/values';
import { User } from 'tsango/contrib/auth/models';
import { PermissionDenied } from 'tsango/core/exceptions';
import type { StreamingHttpResponse } from 'tsango/http';
import type { Client, ClientResponse } from 'tsango/test';
import { RequestFactory } from 'tsango/test';
import { statementsOf } from '../../support/model_tables';
import { stopwatch } from '../../support/processor';
import { library, staff, useLibrary } from './support';

useLibrary();

async function shelf(): Promise<void> {
  const ada = await library.Author.objects.create({ name: 'Ada, Countess' });
  await library.Book.objects.bulkCreate([
    new library.Book({
      title: '=HYPERLINK("http://evil")',
      author: ada,
      price: '12.50',
      published: new Date(0),
    }),
    new library.Book({ title: 'Two\nlines', author: ada, price: '1.00', kind: 'p', isPublic: true }),
  ]);
}

const export_ = async (client: Client, action: string, query = ''): Promise<ClientResponse> => {
  const selected = (await library.Book.objects.orderBy('id').valuesList('pk', { flat: true })).map(String);
  return client.post(`/admin/library/book/${query}`, { action, index: '0', _selected_action: selected });
};

it('makes a table of the columns of the list, in which nothing is a formula', async () => {
  await shelf();
  const answer = await export_(await staff(), 'exportCsv', '?o=6');
  expect([answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
    'text/csv; charset=utf-8',
    'attachment; filename="book.csv"',
  ]);
  expect(answer.text).toBe(
    [
      '\ufeffTitle,Author,Published,Is public,Kind,Cheap?',
      '"Two\nlines","Ada, Countess",,True,Poems,True',
      '"\'=HYPERLINK(""http://evil"")","Ada, Countess",1970-01-01T00:00:00.000Z,False,Novel,False',
      '',
    ].join('\r\n'),
  );
});

it('makes objects of stored values', async () => {
  await shelf();
  const { id } = await library.Author.objects.get({});
  const answer = await export_(await staff(), 'exportJson', '?o=6');
  expect(JSON.parse(answer.text)).toEqual([
    { title: 'Two\nlines', author: id, published: null, is_public: true, kind: 'p', cheap: true },
    {
      title: '=HYPERLINK("http://evil")',
      author: id,
      published: '1970-01-01T00:00:00Z',
      is_public: false,
      kind: 'n',
      cheap: false,
    },
  ]);
});

/** The action as the list runs it: the test client would read the stream to its end. */
async function streamed(model: typeof library.Book, username: string): Promise<AsyncIterable<Buffer>> {
  const { exportCsv, site } = require('tsango/contrib/admin') as typeof import('tsango/contrib/admin');
  const request = new RequestFactory().get('/');
  Object.assign(request, { user: await User.objects.get({ username }) });
  const answer = await exportCsv(site.getModelAdmin(model) as never, request, model.objects.all());
  return (answer as StreamingHttpResponse).streamingContent as AsyncIterable<Buffer>;
}

it('is of all rows of the list that was filtered', async () => {
  await shelf();
  const client = await staff();
  const sent = { action: 'exportJson', index: '0', select_across: '1' };
  const answer = await client.post('/admin/library/book/?is_public__exact=1', sent);
  expect((JSON.parse(answer.text) as { title: string }[]).map(({ title }) => title)).toEqual(['Two\nlines']);
  expect((await client.post('/admin/library/book/?q=nothing', sent)).text).toBe('[\n]\n');
});

it('is one statement, with what the columns show of other models', async () => {
  await shelf();
  await staff();
  const stream = await streamed(library.Book, 'boss');
  const statements = await statementsOf(async () => {
    for await (const piece of stream) expect(piece.toString().match(/Ada/g)?.length).toBe(2);
  });
  expect(statements.length).toBe(1);
});

it('is for whoever may see the rows: also where the action is called past the list', async () => {
  await shelf();
  const clerk = await staff(['add_book']);
  expect((await export_(clerk, 'exportCsv')).statusCode).toBe(403);
  await expect(streamed(library.Book, 'clerk')).rejects.toThrow(PermissionDenied);
});

it('looks at rows when they are sent', async () => {
  await library.Tag.objects.bulkCreate(
    Array.from({ length: 10_000 }, (_, i) => new library.Tag({ word: `word ${i}` })),
  );
  await staff();
  const { seen } = require('./site/library/admin') as typeof import('./site/library/admin');
  const stream = await streamed(library.Tag as never, 'boss');
  let [pieces, largest] = [0, 0];
  let text = '';
  for await (const piece of stream) {
    pieces += 1;
    if (pieces === 1) expect(seen.rows).toBeLessThan(2_000);
    largest = Math.max(largest, piece.length);
    text += piece.toString();
  }
  expect([pieces > 5, largest < 20_000, text.split('\r\n').length]).toEqual([true, true, 10_002]);
});

it.each([
  ['=1+1', "'=1+1"],
  ['  +cmd', "'  +cmd"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['-2+3', "'-2+3"],
  ['\t=1', "'\t=1"],
  ['\r=1', "'\r=1"],
  ['＝1', "'＝1"],
  ['-2.50', '-2.50'],
  ['+49123', '+49123'],
  ['a=1', 'a=1'],
])('%j in a cell is %j', (text, safe) => {
  expect(unformula(text)).toBe(safe);
});

it('a cell with quotes, commas or lines is quoted', () => {
  expect(['a"b', 'a,b', 'a\nb', 'plain', '=a"'].map(csvCell)).toEqual([
    '"a""b"',
    '"a,b"',
    '"a\nb"',
    'plain',
    '"\'=a"""',
  ]);
});

it('finds formulas in linear time', () => {
  const spent = stopwatch();
  unformula(`${' '.repeat(1_000_000)}x`);
  // Quadratic, it would be minutes.
  expect(spent()).toBeLessThan(2);
});
