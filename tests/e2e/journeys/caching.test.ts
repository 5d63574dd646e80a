/**
 * docs/cache.md, docs/middleware.md#pages-from-the-cache: pages and parts of them out of the cache, as several browsers see
 * them. docs/middleware.md#decorators: what a browser has already is not sent again, and what is sent is small.
 */
import type { Page, Response } from 'playwright-core';
import { journey, seen, siteFor } from './support';

const text = (page: Page): Promise<string> => seen(page, '#text');

journey('what is kept', (visitors) => {
  const site = siteFor();

  it('a page is made once for everybody, and says how old it is', async () => {
    const page = await visitors.page();
    const first = await page.goto(site().url('/cached/'));
    const made = await text(page);
    expect(first?.headers()).toMatchObject({ 'cache-control': 'max-age=60' });
    expect(first?.headers()['age']).toBeUndefined();
    const other = await visitors.open();
    const again = await other.goto(site().url('/cached/'));
    expect(await text(other)).toBe(made);
    expect(Number(again?.headers()['age'])).toBeGreaterThanOrEqual(0);
    expect(again?.headers()['expires']).toBe(first?.headers()['expires']);
    // Another address is another page.
    await other.goto(site().url('/cached/?page=2'));
    expect(await text(other)).not.toBe(made);
  });

  it('a page with a form is nobody else’s', async () => {
    const page = await visitors.page();
    const other = await visitors.open();
    const tokens = new Set<string>();
    for (const visitor of [page, other]) {
      await visitor.goto(site().url('/cached/form/'));
      tokens.add((await visitor.context().cookies()).find(({ name }) => name === 'csrftoken')?.value ?? '');
      await visitor.getByRole('button').click();
      expect(await seen(visitor, 'pre')).toContain('typed');
    }
    expect(tokens.size).toBe(2);
  });

  it('a part of a page is made once for each of whom it is', async () => {
    const page = await visitors.page();
    const visit = async (who: string): Promise<string> => {
      await page.goto(site().url(`/fragment/?who=${who}`));
      return text(page);
    };
    const ada = await visit('Ada');
    const grace = await visit('Grace');
    expect(grace).not.toBe(ada);
    expect([await visit('Ada'), await visit('Grace')]).toEqual([ada, grace]);
  });

  it('a page that has not changed is not sent again', async () => {
    const page = await visitors.open();
    const statuses: (number | undefined)[] = [];
    const sizes: number[] = [];
    const visit = async (target: string): Promise<Response | null> => {
      const response = await page.goto(site().url(target));
      statuses.push(response?.status());
      sizes.push((await response?.request().sizes())?.responseBodySize ?? -1);
      return response;
    };
    const first = await visit('/tagged/');
    expect(first?.headers()['etag']).toMatch(/^"[0-9a-f]{32}"$/);
    const asked = (etag: string) => fetch(site().url('/tagged/'), { headers: { 'if-none-match': etag } });
    expect((await asked(first?.headers()['etag'] ?? '')).status).toBe(304);
    expect((await asked('"another"')).status).toBe(200);

    await visit('/long/');
    await visit('/long/');
    expect((await page.content()).match(/long and longer/g)).toHaveLength(2000);
    // 34,000 characters, compressed; then nothing but a word that they are the same.
    expect(sizes[1]).toBeGreaterThan(0);
    expect(sizes[1]).toBeLessThan(2000);
    const since = await fetch(site().url('/long/'), {
      headers: { 'if-modified-since': 'Fri, 02 Jan 2026 03:04:05 GMT' },
    });
    expect(since.status).toBe(304);
    const plain = await fetch(site().url('/long/'), { headers: { 'accept-encoding': 'identity' } });
    expect([plain.headers.get('content-encoding'), plain.headers.get('vary')]).toEqual([
      null,
      'Accept-Encoding',
    ]);
  });
});

journey('a whole site behind the cache', (visitors) => {
  const site = siteFor({
    settings: {
      MIDDLEWARE: [
        'tsango.middleware.cache.UpdateCacheMiddleware',
        'tsango.middleware.gzip.GZipMiddleware',
        'tsango.middleware.http.ConditionalGetMiddleware',
        'tsango.contrib.sessions.middleware.SessionMiddleware',
        'tsango.middleware.common.CommonMiddleware',
        'tsango.middleware.csrf.CsrfViewMiddleware',
        'tsango.contrib.messages.middleware.MessageMiddleware',
        'tsango.middleware.cache.FetchFromCacheMiddleware',
      ],
    },
  });

  it('keeps what is everybody’s, and never shows one visitor another’s session', async () => {
    const ada = await visitors.page();
    const grace = await visitors.open();
    for (const [page, name] of [
      [ada, 'Ada'],
      [grace, 'Grace'],
    ] as const) {
      await page.goto(site().url('/visits/'));
      await page.getByLabel('Key').fill('name');
      await page.getByLabel('Value').fill(name);
      await page.getByRole('button', { name: 'set', exact: true }).click();
      expect(await seen(page, 'dl')).toContain(name);
    }
    await ada.reload();
    expect(await seen(ada, 'dl')).toContain('Ada');
    const stranger = await visitors.open();
    await stranger.goto(site().url('/visits/'));
    expect(await seen(stranger, 'dl')).toBe('empty');
    // Messages are shown once to whom they are for.
    await ada.getByLabel('Say').fill('for Ada');
    await ada.getByRole('button', { name: 'say' }).click();
    expect(await seen(ada, '[role=status]')).toContain('for Ada');
    await stranger.reload();
    expect(await stranger.getByRole('status').count()).toBe(0);

    const etag = async (): Promise<[string, string | null, string | null]> => {
      const answer = await fetch(site().url('/articles/2026/tea/'), {
        headers: { 'accept-encoding': 'gzip' },
      });
      return [await answer.text(), answer.headers.get('etag'), answer.headers.get('age')];
    };
    const [first, second] = [await etag(), await etag()];
    expect(second[0]).toBe(first[0]);
    expect(first[2]).toBeNull();
    expect(second[2]).not.toBeNull();
  }, 30_000);
});
