/** Several filters of a list at once: a form, whose state is the address in Django's own lookups. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import * as admin from 'tsango/contrib/admin';
import type { QuerySet } from 'tsango/db/models';
import type { HttpRequest } from 'tsango/http';
import type { Client } from 'tsango/test';
import { statementsOf } from '../../support/model_tables';
import type { Book } from './site/library/models';
import { fieldsOf, library, staff, useLibrary } from './support';

useLibrary();

class CheapFilter extends admin.SimpleListFilter {
  override title = 'how cheap';
  static override readonly parameterName = 'cheap';
  override lookups() {
    return [['1', 'very cheap']] as const;
  }
  override queryset(_request: HttpRequest, rows: QuerySet<never>) {
    return this.value() === '1' ? rows.filter({ price__lt: '5' } as never) : undefined;
  }
}

beforeAll(() => {
  class BookAdmin extends admin.ModelAdmin<Book> {
    override listFilter = [
      ...(['title', 'price', 'published', 'isPublic', 'kind', 'author', 'tags'] as const),
      ...(['author__name', 'author__born', ['slug', admin.EmptyFieldListFilter], CheapFilter] as never[]),
    ];
    override searchFields = ['title'];
    override dateHierarchy = 'published';
  }
  admin.site.unregister(library.Book);
  admin.site.register(library.Book, BookAdmin as never);
});

const ADDRESS = '/admin/library/book/';

async function books(): Promise<{ ada: number; mary: number }> {
  const ada = await library.Author.objects.create({ name: 'Ada, Countess', born: '1815-12-10' });
  const mary = await library.Author.objects.create({ name: 'Mary' });
  const rows: [string, typeof ada, string, string | null, boolean, string][] = [
    ['Notes', ada, '4.50', '2024-03-01T00:00:00Z', true, 'n'],
    ['More notes', ada, '10', '2024-03-01T23:59:59Z', false, 'p'],
    ['Frankenstein', mary, '12.25', '2024-03-02T00:00:00Z', true, 'n'],
    ['', mary, '0', null, true, 'n'],
  ];
  for (const [title, author, price, at, isPublic, kind] of rows)
    await library.Book.objects.create({
      title,
      author,
      price,
      isPublic,
      kind,
      published: at === null ? null : new Date(at),
    });
  const tag = await library.Tag.objects.create({ word: 'loud' });
  const other = await library.Tag.objects.create({ word: 'quiet' });
  const notes = await library.Book.objects.get({ title: 'Notes' });
  await notes.tags.set([tag, other]);
  return { ada: ada.id, mary: mary.id };
}

const titles = (html: string): string[] =>
  [...html.matchAll(/<th[^>]*field-__str__[^>]*><a[^>]*>([^<]*)<\/a>/g)].map(([, text = '']) => text).sort();

/** The form, as a browser sends it with some controls filled; where it leads. */
async function apply(
  client: Client,
  filled: Readonly<Record<string, string | readonly string[]>>,
  from = ADDRESS,
): Promise<string> {
  const page = (await client.get(from)).text;
  const [form = ''] = /<details class="conditions">[\s\S]*?<\/details>/.exec(page) ?? [];
  const query = new URLSearchParams(fieldsOf(form.replace(/<input type="checkbox"[^>]*>/g, '')));
  for (const [name, values] of Object.entries(filled)) {
    expect(form).toContain(`name="_c__${name}"`);
    query.delete(`_c__${name}`);
    for (const value of [values].flat()) query.append(`_c__${name}`, value);
  }
  const answer = await client.get(`${ADDRESS}?${query}`);
  expect(answer.statusCode).toBe(302);
  return String(answer.headers.get('location'));
}

const query = (address: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(address.split('?')[1]));

const chips = (html: string): Record<string, string> => {
  const [list = ''] = /<ul class="applied"[\s\S]*?<\/ul>/.exec(html) ?? [];
  return Object.fromEntries(
    [...list.matchAll(/<a href="([^"]*)">(?:<span[^>]*>Remove filter: <\/span>)?([^<]*)<\/a>/g)].map(
      ([, link = '', text = '']) => [text, link.replaceAll('&amp;', '&')],
    ),
  );
};

it('is one form whose conditions are applied together, as lookups of Django', async () => {
  await books();
  const client = await staff();
  const address = await apply(client, {
    title__operator: 'icontains',
    title__value: 'NOTES',
    price__gte: '4',
    price__lte: '10',
    published__on: '2024-03-01',
    is_public__exact: '1',
    kind__in: 'n',
  });
  expect(query(address)).toEqual({
    title__icontains: 'NOTES',
    price__gte: '4',
    price__lte: '10',
    published__gte: '2024-03-01 00:00:00+00:00',
    published__lt: '2024-03-02 00:00:00+00:00',
    is_public__exact: '1',
    kind__exact: 'n',
  });
  const { text } = await client.get(address);
  expect(titles(text)).toEqual(['Notes']);
  // The links of the same fields show what the form set.
  expect(text).toContain('<li class="selected"><a href="?is_public__exact=1');
  expect(chips(text)).toMatchObject({
    'title contains NOTES': expect.not.stringContaining('title'),
    'price is at least 4': expect.not.stringContaining('price__gte'),
    'published on March 1, 2024': expect.not.stringContaining('published'),
    'is public is Yes': expect.anything(),
    'kind is Novel': expect.anything(),
    'Clear all': '?',
  });
  // The form shows them again; sent as it is, it leads to the same address.
  expect(query(await apply(client, { kind__in: 'n' }, address))).toEqual(query(address));
});

it.each<[string, Record<string, string | string[]>, Record<string, string>, string[]]>([
  ['text is', { title__operator: 'exact', title__value: 'Notes' }, { title: 'Notes' }, ['Notes']],
  ['begins', { title__operator: 'istartswith', title__value: 'no' }, { title__istartswith: 'no' }, ['Notes']],
  ['empty', { title__operator: 'empty' }, { title: '' }, ['-']],
  [
    'no operator',
    { title__operator: 'regex', title__value: '.' },
    {},
    ['-', 'Frankenstein', 'More notes', 'Notes'],
  ],
  ['number', { price__exact: '10' }, { price: '10' }, ['More notes']],
  [
    'from',
    { published__from: '2024-03-02' },
    { published__gte: '2024-03-02 00:00:00+00:00' },
    ['Frankenstein'],
  ],
  [
    'until',
    { published__until: '2024-03-01' },
    { published__lt: '2024-03-02 00:00:00+00:00' },
    ['More notes', 'Notes'],
  ],
  ['no date', { published__null: 'True' }, { published__isnull: 'True' }, ['-']],
  ['choices', { kind__in: ['n', 'p'] }, { kind__in: 'n,p' }, ['-', 'Frankenstein', 'More notes', 'Notes']],
  ['false', { is_public__exact: '0' }, { is_public__exact: '0' }, ['More notes']],
  [
    'behind a relation',
    { author__born__on: '1815-12-10' },
    { author__born__gte: '1815-12-10', author__born__lt: '1815-12-11' },
    ['More notes', 'Notes'],
  ],
  [
    'text of another model',
    { author__name__operator: 'icontains', author__name__value: 'mar' },
    { author__name__icontains: 'mar' },
    ['-', 'Frankenstein'],
  ],
])('each kind of field has its operators: %s', async (_name, filled, wanted, shown) => {
  await books();
  const client = await staff();
  const address = await apply(client, filled);
  expect(query(address)).toEqual(wanted);
  expect(titles((await client.get(address)).text)).toEqual(shown);
});

it('finds a row once that several rows of a relation lead to', async () => {
  const { ada, mary } = await books();
  const client = await staff();
  const tags = (await library.Tag.objects.all()).map(({ id }) => String(id));
  const address = await apply(client, { tags__in: tags, author__in: [String(ada), String(mary)] });
  expect(query(address)).toEqual({ tags__id__in: tags.join(','), author__id__in: `${ada},${mary}` });
  const { text } = await client.get(address);
  expect(titles(text)).toEqual(['Notes']);
  expect(Object.keys(chips(text))).toEqual([
    'author is one of Ada, Countess, Mary',
    'tags is one of loud, quiet',
    'Clear all',
  ]);
});

it('keeps what it does not say: the search, the order, a pop-up, other filters, lookups of one’s own', async () => {
  await books();
  const client = await staff();
  const others = 'q=o&o=-1&_popup=1&cheap=1&slug__isempty=1&title__regex=N&published__year=2024';
  const address = await apply(client, { price__gte: '1' }, `${ADDRESS}?${others}`);
  expect(query(address)).toEqual({ ...query(`?${others}`), price__gte: '1' });
  const { text } = await client.get(address);
  expect(titles(text)).toEqual(['Notes']);
  // Where one is among the dates is shown, and left, above the list.
  expect(Object.keys(chips(text))).toEqual([
    'how cheap: very cheap',
    'price is at least 1',
    'slug is empty',
    'title regex: N',
    'Clear all',
  ]);
  expect(query(chips(text)['Clear all'] as string)).toEqual({ q: 'o', o: '-1', _popup: '1' });
});

it.each([
  'price__gte',
  'price__exact',
  'published__on',
  'published__until',
  'author__born__from',
  'author__in',
])('what is no value is left out, as Django leaves it out: %s', async (control) => {
  const client = await staff();
  await books();
  const address = await apply(client, { [control]: '2024-02-30x' });
  expect((await client.get(address)).headers.get('location')).toBe(`${ADDRESS}?e=1`);
});

it('says days of the current time zone as moments', async () => {
  await books();
  const client = await staff();
  const restore = overrideSettings({ TIME_ZONE: 'America/New_York' });
  try {
    const address = await apply(client, { published__until: '2024-02-29' });
    expect(query(address)).toEqual({ published__lt: '2024-03-01 00:00:00-05:00' });
    expect(titles((await client.get(address)).text)).toEqual(['Notes']);
  } finally {
    await restore();
  }
});

it('escapes what an address holds, and stays on its list', async () => {
  const client = await staff();
  await books();
  const { text } = await client.get(
    `${ADDRESS}?title__icontains=${encodeURIComponent('"><script>%(field)s')}`,
  );
  expect(chips(text)).toHaveProperty(['title contains &quot;&gt;&lt;script&gt;%(field)s']);
  expect(text).not.toContain('<script>%(field)s');
  const away = await client.get(`${ADDRESS}?_conditions=1&next=//evil.example/`);
  expect(away.headers.get('location')).toBe(`${ADDRESS}?next=%2F%2Fevil.example%2F`);
});

it('asks only whom the list asks for, and only lookups that it allows', async () => {
  await books();
  const clerk = await staff(['view_author']);
  expect((await clerk.get(`${ADDRESS}?_conditions=1`)).statusCode).toBe(403);
  const boss = await staff();
  const answer = await boss.get(`${ADDRESS}?_conditions=1&author__book__title=Notes`);
  expect((await boss.get(String(answer.headers.get('location')))).statusCode).toBe(400);
});

it('needs no statement more than the list without it', async () => {
  const { ada, mary } = await books();
  const client = await staff();
  const count = async (address: string): Promise<number> =>
    (await statementsOf(() => client.get(`${ADDRESS}?${address}`))).length;
  const one = await count('price__gte=1');
  expect(await count(`price__gte=1&author__id__in=${ada},${mary}&title__icontains=o&kind__in=n,p`)).toBe(one);
});
