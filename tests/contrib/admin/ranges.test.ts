/** Lists between two bounds that one types. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import { library, staff, useLibrary } from './support';

useLibrary();

async function reviews(): Promise<void> {
  const author = await library.Author.objects.create({ name: 'Ada', born: '1815-12-10' });
  for (const [i, at] of ['2024-03-01T04:30:00Z', '2024-03-01T12:00:00Z', '2024-03-02T04:59:00Z'].entries()) {
    const book = await library.Book.objects.create({ title: `${i}`, author, published: new Date(at) });
    await library.Review.objects.create({ book, text: `review ${i}`, stars: i + 1 });
  }
}

const shown = (html: string): string[] =>
  [...html.matchAll(/>(review \d)<\/a>/g)].map(([, text = '']) => text).sort();

it('are of numbers, dates and days of moments in the time zone, and are put together', async () => {
  await reviews();
  const client = await staff();
  const list = async (query: string): Promise<string[]> =>
    shown((await client.get(`/admin/library/review/?${query}`)).text);
  expect(await list('stars__gte=2')).toEqual(['review 1', 'review 2']);
  expect(await list('stars__gte=2&stars__lte=2')).toEqual(['review 1']);
  expect(await list('stars__gte=&stars__lte=')).toEqual(['review 0', 'review 1', 'review 2']);
  expect(await list('book__published__lte=2024-03-01')).toEqual(['review 0', 'review 1']);
  expect(await list('book__author__born__lte=1815-12-10')).toHaveLength(3);
  expect(await list('book__author__born__lte=1815-12-09')).toEqual([]);
  expect(await list('stars__gte=2&book__published__lte=2024-03-01')).toEqual(['review 1']);
  const restore = overrideSettings({ TIME_ZONE: 'America/New_York' });
  try {
    expect(await list('book__published__gte=2024-03-01&book__published__lte=2024-03-01')).toEqual([
      'review 1',
      'review 2',
    ]);
  } finally {
    await restore();
  }
});

it.each(['stars__gte=many', 'stars__lte=1e999', 'book__published__gte=2024-02-30', 'book__published__lte=x'])(
  'what is no bound is left out: %s',
  async (query) => {
    const client = await staff();
    const answer = await client.get(`/admin/library/review/?${query}`);
    expect(answer.headers.get('location')).toBe('/admin/library/review/?e=1');
  },
);

it('are a form that keeps what else is in the address, and a link that takes them away', async () => {
  await reviews();
  const client = await staff();
  const { text } = await client.get(
    '/admin/library/review/?book__published__lte=2024-03-01&stars__gte=2&o=-1',
  );
  const [form = ''] = /<form method="get" class="range-filter">[\s\S]*?<\/form>/.exec(text) ?? [];
  expect(form).toContain('<input type="hidden" name="book__published__lte" value="2024-03-01">');
  expect(form).toContain('<input type="hidden" name="o" value="-1">');
  expect(form).not.toContain('type="hidden" name="stars');
  expect(form).toContain('<input type="number" name="stars__gte" value="2" step="any">');
  expect(form).toContain('<a href="?book__published__lte=2024-03-01&amp;o=-1">Clear</a>');
  expect(text).toContain('<input type="date" name="book__published__lte" value="2024-03-01">');
});
