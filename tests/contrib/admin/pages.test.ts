/** What a site adds to its admin, and the search over all of it: for each only what it may see. */
import '../../db/settings';
import { barChart, lineChart } from 'tsango/contrib/admin/dashboard';
import { Client } from 'tsango/test';
import { library, staff, useLibrary } from './support';

useLibrary();

async function books(): Promise<void> {
  const author = await library.Author.objects.create({ name: 'Ada Notes' });
  await library.Book.objects.bulkCreate(
    Array.from({ length: 8 }, (_, i) => new library.Book({ title: `Notes ${i}`, author })),
  );
}

describe('a page', () => {
  it('is shown in the frame, under its title, with links to it', async () => {
    const client = await staff();
    const { text } = await client.get('/admin/sales/');
    expect(text).toContain('<h1>Sales &amp; more</h1>');
    expect(text).toContain('<p id="sold">0 sold</p>');
    expect(text).toContain('id="nav-sidebar"');
    expect(text).toContain('<a href="/admin/sales/" aria-current="page">Sales &amp; more</a>');
    expect((await client.get('/admin/')).text).toContain('<a href="/admin/sales/">Sales &amp; more</a>');
    expect((await client.get('/admin/sales/2024/')).text).toBe('year 2024');
  });

  it('is for those whom it lets in, and for nobody from outside', async () => {
    const outside = await new Client().get('/admin/sales/');
    expect(outside.headers.get('location')).toBe('/admin/login/?next=/admin/sales/');
    const clerk = await staff(['view_author']);
    expect((await clerk.get('/admin/sales/')).statusCode).toBe(403);
    expect((await clerk.get('/admin/')).text).not.toContain('Sales');
  });
});

describe('a card', () => {
  it('is on the first page, its text escaped', async () => {
    const { text } = await (await staff()).get('/admin/');
    expect(text).toContain('<h2>Books &lt;by kind&gt;</h2>');
    expect(text).toContain('aria-label="Books: &lt;Novel&gt;: 3, Poems: -1"');
    expect(text).toContain('<div class="card">&lt;b&gt;plain&lt;/b&gt;</div>');
  });

  it('is for those who may see it', async () => {
    const { text } = await (await staff(['view_author'])).get('/admin/');
    expect(text).not.toContain('by kind');
    expect(text).toContain('<h2>Text</h2>');
  });
});

it('charts begin at zero, and what is no number is none', () => {
  const heights = [
    ...barChart(
      [
        ['a', 2],
        ['b', 4],
        ['c', Number.NaN],
      ],
      { label: 'x', height: 108 },
    ).value.matchAll(/height="([\d.]+)"/g),
  ];
  expect(heights.map(([, height]) => height)).toEqual(['50', '100', '1']);
  expect(barChart([], { label: 'nothing' }).value).toContain('aria-label="nothing: "');
  expect(
    lineChart(
      [
        ['a', 0],
        ['b', 1],
      ],
      { label: 'x', width: 100, height: 108 },
    ).value,
  ).toContain('points="25,104 75,4"');
});

describe('the search over everything', () => {
  const found = async (client: Client, query: string): Promise<string[]> => {
    const { text } = await client.get('/admin/palette/', { json: '1', q: query });
    return (JSON.parse(text) as { results: { text: string; kind: string; url: string }[] }).results.map(
      ({ text: name, kind, url }) => `${kind}: ${name} ${url}`,
    );
  };

  it('finds pages, models, and some objects of each', async () => {
    await books();
    const client = await staff();
    expect(await found(client, 'sales')).toEqual(['Page: Sales & more /admin/sales/']);
    expect(await found(client, 'auth')).toEqual(['List: Authors /admin/library/author/']);
    const ada = await library.Author.objects.get({});
    const notes = await found(client, 'notes');
    expect(notes[0]).toBe(`author: Ada Notes /admin/library/author/${ada.id}/change/`);
    expect(notes.filter((each) => each.startsWith('book: ')).length).toBe(5);
    expect(await found(client, 'n')).not.toContain(notes[0]);
    expect(await found(client, 'no\0tes')).toEqual([]);
  });

  it('finds nothing that one may not see', async () => {
    await books();
    const clerk = await staff(['view_author']);
    expect(await found(clerk, 'sales')).toEqual([]);
    const ada = await library.Author.objects.get({});
    expect(await found(clerk, 'notes')).toEqual([
      `author: Ada Notes /admin/library/author/${ada.id}/change/`,
    ]);
    const adder = new Client();
    expect((await adder.get('/admin/palette/?json=1&q=notes')).statusCode).toBe(302);
  });

  it('finds the page of what everybody did, for those who may see it', async () => {
    expect(await found(await staff(), 'activ')).toEqual(['Page: Activity /admin/admin/activity/']);
    expect(await found(await staff(['view_author']), 'activ')).toEqual([]);
  });

  it('is a page without scripts', async () => {
    await books();
    const client = await staff();
    const { text } = await client.get('/admin/palette/?q=%3Cb%3Enotes');
    expect(text).toContain('value="&lt;b&gt;notes"');
    expect(text).toContain('Nothing matches.');
    expect((await client.get('/admin/palette/?q=sales')).text).toContain(
      '<a href="/admin/sales/">Sales &amp; more</a>',
    );
  });
});
