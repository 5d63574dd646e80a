/**
 * docs/staticfiles.md, docs/urls.md#another-urlconf: static files and links below a prefix, with hashed names by the
 * production server and without by the development server. docs/deploy.md#serve: `--static`.
 */
import { journey, seen, siteFor } from './support';

const MANIFEST = {
  STORAGES: {
    default: { BACKEND: 'tsango.core.files.storage.FileSystemStorage' },
    staticfiles: { BACKEND: 'tsango.contrib.staticfiles.storage.ManifestStaticFilesStorage' },
  },
};

journey('static files', (visitors) => {
  const developed = siteFor({ settings: { DEBUG: true }, command: ['runserver', '--noreload'] });
  const collected = siteFor({
    settings: MANIFEST,
    before: [['collectstatic', '--noinput', '--verbosity', '0']],
    command: ['serve', '--workers', '0', '--static'],
  });

  /** What a page and its styles fetched: path and status. */
  async function walk(url: string): Promise<{ fetched: string[]; colour: unknown }> {
    const page = await visitors.open();
    const fetched: string[] = [];
    page.on('response', (response) =>
      fetched.push(`${response.status()} ${new URL(response.url()).pathname}`),
    );
    await page.goto(url, { waitUntil: 'networkidle' });
    const colour = await page.evaluate('getComputedStyle(document.body).color');
    return { fetched: fetched.sort(), colour };
  }

  it('come by their names while one develops', async () => {
    const { fetched, colour } = await walk(developed().url('/'));
    expect(fetched).toEqual([
      '200 /',
      '200 /static/colours.css',
      '200 /static/dot.svg',
      '200 /static/site.css',
    ]);
    expect(colour).toBe('rgb(10, 20, 30)');
    const page = await visitors.page();
    const wrong = await page.goto(developed().url('/static/nothing.css'));
    expect(wrong?.status()).toBe(404);
    expect(await seen(page, 'body')).toContain('nothing.css');
    for (const target of [
      '/static/..%2Fmysite%2Fsettings.ts',
      '/static/%2e%2e/mysite/settings.ts',
      '/static//etc/passwd',
    ]) {
      const answer = await fetch(developed().url(target));
      expect({ target, status: answer.status }).toEqual({ target, status: 404 });
    }
  });

  it('come by the hash of their content in production, for good', async () => {
    const { fetched, colour } = await walk(collected().url('/'));
    expect(fetched).toEqual([
      '200 /',
      expect.stringMatching(/^200 \/static\/colours\.[0-9a-f]{12}\.css$/),
      expect.stringMatching(/^200 \/static\/dot\.[0-9a-f]{12}\.svg$/),
      expect.stringMatching(/^200 \/static\/site\.[0-9a-f]{12}\.css$/),
    ]);
    expect(colour).toBe('rgb(10, 20, 30)');
    for (const line of fetched.slice(1)) {
      const answer = await fetch(collected().url(line.slice('200 '.length)));
      expect(answer.headers.get('cache-control')).toContain('immutable');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});

journey('a site below a prefix', (visitors) => {
  const site = siteFor({ settings: { FORCE_SCRIPT_NAME: '/shop' } });

  it('has its links, forms, redirects and files there', async () => {
    const page = await visitors.page();
    // The proxy in front strips the prefix, as `proxy_pass http://site/;` does.
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (!pathname.startsWith('/shop/')) return route.fulfill({ status: 410, body: 'not ours' });
      const response = await route.fetch({
        url: route.request().url().replace('/shop/', '/'),
        maxRedirects: 0,
      });
      return route.fulfill({ response });
    });
    expect((await page.goto(site().url('/shop/')))?.status()).toBe(200);
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(10, 20, 30)');
    const links = await page.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    expect(links.filter((href) => href?.startsWith('/shop/') !== true)).toEqual([]);
    await page.getByRole('link', { name: 'Straße & so' }).click();
    expect(await seen(page, '#text')).toBe('Straße & so');
    await page.getByRole('link', { name: 'Guests' }).click();
    await page.getByLabel('Name').fill('Ada');
    await page.getByRole('button', { name: 'Come in' }).click();
    expect(page.url()).toBe(site().url('/shop/guests/'));
    expect(await seen(page, '[role=status]')).toBe('Welcome, Ada.');
    // What only lacks its slash is sent to the place below the prefix.
    await page.goto(site().url('/shop/guests'));
    expect(page.url()).toBe(site().url('/shop/guests/'));
    expect(visitors.errors).toEqual([]);
    await page.unroute('**/*');
  });
});
