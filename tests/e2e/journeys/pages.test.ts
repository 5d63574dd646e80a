/**
 * docs/templates.md, docs/templates.md#libraries, docs/urls.md#routes, docs/urls.md#regular-expressions: pages as templates
 * write them, and the addresses that lead to them. docs/request-response.md#responses: where a redirect leads.
 */
import { journey, seen, siteFor } from './support';

journey('pages', (visitors) => {
  const site = siteFor({ settings: { USE_THOUSAND_SEPARATOR: true, NUMBER_GROUPING: 3 } });

  it('have links that lead where they say, with every letter', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/'));
    expect(await seen(page, '#visitors')).toBe('1,234,567 visitors, the 3rd of five');
    for (const [name, text, address] of [
      ['Tea time', 'tea-time of 2026', '/articles/2026/tea-time/'],
      ['Straße & so', 'Straße & so', '/w%C3%B6rter/Stra%C3%9Fe%20&%20so/'],
      ['今日', '今日', '/w%C3%B6rter/%E4%BB%8A%E6%97%A5/'],
      ['Archive', 'archive de12', '/archive/de12/'],
    ] as const) {
      await page.getByRole('link', { name, exact: true }).click();
      expect([await seen(page, '#text'), new URL(page.url()).pathname]).toEqual([text, address]);
      await page.goBack();
    }
    expect(visitors.errors).toEqual([]);
  });

  it('are found without their slash and under their old address, and nowhere else', async () => {
    const page = await visitors.page();
    const visit = async (target: string): Promise<[number | undefined, string]> => {
      const status = (await page.goto(site().url(target)))?.status();
      return [status, page.url().slice(site().url('').length)];
    };
    expect(await visit('/articles/2026/tea?q=a%20b')).toEqual([200, '/articles/2026/tea/?q=a%20b']);
    expect(await visit('/old/')).toEqual([200, '/']);
    for (const target of [
      '/articles/MMXXVI/tea/',
      '/articles/2026/t%20a/',
      '/archive/DE12/',
      '/archive/de12/%0A',
      '//evil.example/articles',
    ]) {
      const [status, url] = await visit(target);
      expect({ target, status, url }).toMatchObject({ target, status: 404 });
    }
  });

  it('print what they are given, escaped, counted, dated and promised', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/builtins/?page=1&q=a%26b'));
    const cells = await page
      .locator('tr')
      .evaluateAll((rows) =>
        rows.map((row) => [
          row.className,
          ...[...row.querySelectorAll('td')].map((cell) => cell.textContent),
        ]),
      );
    expect(cells).toEqual([
      ['odd', '1', 'Tea & <b>milk</b>', '3.50', '3 February 2026, 16:05', '01:05 JST'],
      ['even', '2', "Scones 'n' jam", '1,234,567.89', '4 February 2026, 00:00', '09:00 JST'],
    ]);
    expect(await seen(page, '#day')).toBe('Dec. 24, 2026 Thu');
    expect(await seen(page, '#bio')).toBe('<script>alert(1)</script> see www.example.com');
    expect(await page.locator('#bio a').getAttribute('href')).toBe('http://www.example.com');
    expect(await seen(page, '#safe em')).toBe('as it is');
    expect(await seen(page, '#translated')).toBe('Tea 2 rows');
    expect(await seen(page, '#with')).toBe('three');
    expect(await seen(page, '#later')).toBe('PROMISED');
    expect(await seen(page, '#included')).toBe('included');
    expect(await seen(page, '#query')).toBe('?page=2&q=a%26b');
    const rows = await page.evaluate(
      `JSON.parse(document.querySelector('#rows').textContent).map((row) => row.name)`,
    );
    expect(rows).toEqual(['Tea & <b>milk</b>', "Scones 'n' jam"]);
    expect(visitors.errors).toEqual([]);
  });
});
