/** The sample site as a person sees it in a browser. SCREENSHOTS=1 renews the pictures in docs/screenshots. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { launch, openPage } from '../support/browser';
import { describeWith } from '../support/services';
import { ROOT, type RunningSite, startSite } from '../support/site';

/** The text as it is laid out: what a person reads. */
// biome-ignore lint/performance/useDomNodeTextContent: hidden text is not read.
const seen = (locator: Locator): Promise<string> => locator.innerText();

const PICTURES = path.join(ROOT, 'docs', 'screenshots');

describeWith('chromium', 'the sample site in a browser', () => {
  let site: RunningSite;
  let browser: Browser;

  beforeAll(async () => {
    [site, browser] = await Promise.all([
      startSite((port) => ['runserver', String(port), '--noreload']),
      launch(),
    ]);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  /** The rows of the session's table, as they read. */
  async function items(page: Page, name = 'What it holds'): Promise<Record<string, string>> {
    const rows = await page.getByRole('table', { name }).locator('tbody tr').all();
    const found: Record<string, string> = {};
    for (const row of rows) {
      const [key, value] = (await row.locator('th, td').allInnerTexts()).map((text) => text.trim());
      found[key ?? ''] = value ?? '';
    }
    return found;
  }

  const press = (page: Page, name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).click();
  const said = (page: Page): Promise<string> => seen(page.getByRole('status'));

  it.each([
    ['home', '/', { width: 1280, height: 900 }, 'light'],
    ['home-dark', '/', { width: 1280, height: 900 }, 'dark'],
    ['home-mobile', '/', { width: 390, height: 844 }, 'light'],
    ['cookies', '/cookies/', { width: 1280, height: 800 }, 'light'],
    ['error', '/missing/', { width: 1280, height: 800 }, 'light'],
  ] as const)('fits the screen: %s', async (name, url, viewport, colorScheme) => {
    const { page } = await openPage(browser, { viewport, colorScheme });
    await page.goto(site.url);
    await press(page, 'Set the name');
    if (name === 'home') {
      await page.getByLabel('Your name').fill('Ada Lovelace');
      await page.getByLabel('What do you want to say?').fill('The engine weaves algebraic patterns.');
      await press(page, 'Sign the book');
    }
    await page.goto(site.url + url);
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
    if (process.env['SCREENSHOTS'] === '1') {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: name !== 'error' });
    }
  });

  it.each([390, 1280])('is read from top to bottom as the keyboard goes through it: %i', async (width) => {
    const { page } = await openPage(browser, { viewport: { width, height: 900 } });
    await page.goto(site.url);
    const boxes = await Promise.all((await page.locator('.card').all()).map((card) => card.boundingBox()));
    const places = boxes.map((box) => [Math.round(box?.y ?? 0), Math.round(box?.x ?? 0)] as const);
    expect(places).toHaveLength(3);
    expect([...places].sort(([a, x], [b, y]) => a - b || x - y)).toEqual(places);
    await page.goto(`${site.url}/cookies/`);
    for (const row of await page.locator('.row').all()) {
      const boxes = await Promise.all(
        (await row.getByRole('button').all()).map((each) => each.boundingBox()),
      );
      expect(new Set(boxes.map((box) => box?.y)).size).toBe(1);
    }
  });

  it('shows the live session, and changes it at the press of a button', async () => {
    const { page, errors } = await openPage(browser);
    await page.goto(site.url);
    expect(await seen(page.getByRole('heading', { level: 1 }))).toBe('Welcome');
    expect(await seen(page.locator('.lead'))).toContain('You have seen this page 1 time.');
    expect(await seen(page.locator('.facts'))).toMatch(/Lives for\s+14 days/);
    expect(await items(page)).toEqual({ visits: '1' });
    const cookie = (await page.context().cookies()).find(({ name }) => name === 'sessionid');
    expect(await seen(page.locator('.facts'))).toContain(cookie?.value);

    await page.reload();
    expect(await seen(page.getByRole('heading', { level: 1 }))).toBe('Welcome back');
    expect(await seen(page.locator('.facts'))).toContain(cookie?.value);

    await press(page, 'Set the name');
    expect(await said(page)).toBe('set successfully');
    expect(await items(page)).toEqual({ visits: '3', name: 'amrit panta' });

    await press(page, 'Get the name');
    expect(await said(page)).toBe('data is amrit panta');

    await press(page, 'Delete the name');
    expect(await said(page)).toBe('deleted successfully');
    expect(await items(page)).toEqual({ visits: '5' });

    await press(page, 'Delete the name');
    expect(await said(page)).toBe('session doesnot exist');

    await press(page, 'Get the name');
    expect(await said(page)).toBe("KeyError: 'name'. On its own, the view would have answered with a 500.");

    await press(page, 'Set the name');
    await press(page, 'Methods page');
    expect(await seen(page.getByRole('heading', { level: 1 }))).toBe('Session methods');
    expect(await seen(page.locator('main'))).toContain('Age: 25');
    expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(true);
    expect(await items(page, 'keys() and items()')).toEqual({ visits: '8', name: 'amrit panta', age: '25' });
    expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('sessionid');

    await page.getByRole('link', { name: 'Back to the live session' }).click();
    expect(await seen(page.locator('.lead'))).toContain('You have seen this page 1 time.');
    expect(errors).toEqual([]);
  });

  it('gives the session a new key, a short life, and an end', async () => {
    const { page } = await openPage(browser);
    await page.goto(site.url);
    const key = async (): Promise<string | undefined> =>
      (await page.context().cookies()).find(({ name }) => name === 'sessionid')?.value;
    const before = await key();
    await press(page, 'New key');
    expect(await said(page)).toBe('The session has a new key, and everything that it held.');
    expect(await key()).not.toBe(before);
    expect(await items(page)).toEqual({ visits: '2' });
    await press(page, 'End in a minute');
    expect(await seen(page.locator('.facts'))).toMatch(/Lives for\s+1 minute\s/);
    await press(page, 'End the session');
    expect(await said(page)).toBe('The session is gone, and its row with it.');
    expect(await items(page)).toEqual({ visits: '1' });
  });

  it('shows an error page with the traceback where a view fails', async () => {
    const { page } = await openPage(browser);
    const response = await page.goto(`${site.url}/get_session/`);
    expect(response?.status()).toBe(500);
    expect(await seen(page.locator('body'))).toMatch(/KeyError at \/get_session\/[\s\S]*'name'/);
    expect(await seen(page.locator('body'))).toContain("const data = request.session['name'];");
  });

  it('keeps a guest book, and takes what people write as text', async () => {
    const { page, errors } = await openPage(browser);
    await page.goto(site.url);
    await page.getByLabel('Your name').fill('Ada <b>L.</b>');
    await page.getByLabel('What do you want to say?').fill('<script>alert("no")</script> & hello');
    await page.getByLabel('Tags, with commas between').fill('<i>loud</i>, first');
    await press(page, 'Sign the book');
    expect(await said(page)).toBe('Thank you, Ada <b>L.</b>.');
    expect(await seen(page.locator('.notes li').first())).toContain('<script>alert("no")</script> & hello');
    expect(await seen(page.locator('.notes li').first())).toContain('Ada <b>L.</b> (1 note),');
    expect(await page.locator('.notes li').first().locator('.tags span').allInnerTexts()).toEqual([
      '<i>loud</i> (1)',
      'first (1)',
    ]);
    expect(errors).toEqual([]);
  });

  it('sets, shows and deletes a plain and a signed cookie, and refuses a tampered one', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${site.url}/cookies/`);
    const plain = page.getByRole('region', { name: 'Plain' });
    const signed = page.getByRole('region', { name: 'Signed' });
    expect(await seen(plain)).toContain('The cookie colour is not set.');
    await page.getByLabel('Colour').fill('dark; "blue" ä');
    await press(page, 'Set the cookie');
    expect(await seen(plain)).toContain('The cookie colour is dark; "blue" ä.');
    await press(page, 'Delete the cookie');
    expect(await seen(plain)).toContain('The cookie colour is not set.');

    await page.getByLabel('Member').fill('Grace');
    await press(page, 'Set the signed cookie');
    expect(await seen(signed)).toContain('The cookie member is signed and says Grace.');
    await press(page, 'Tamper with it');
    expect(await seen(signed)).toContain('The cookie member has a bad signature.');
    await press(page, 'Delete the signed cookie');
    expect(await seen(signed)).toContain('The cookie member is not set.');
  });

  it('can be used without a mouse, and without CSRF it does nothing', async () => {
    const { page } = await openPage(browser);
    await page.goto(site.url);
    await page.keyboard.press('Tab');
    expect(await seen(page.locator(':focus'))).toBe('Skip to the content');
    for (const role of ['banner', 'main', 'contentinfo', 'navigation'] as const) {
      expect(await page.getByRole(role).count()).toBe(1);
    }
    for (const input of await page.locator('input:not([type=hidden])').all()) {
      const id = await input.getAttribute('id');
      expect(await page.locator(`label[for="${id}"]`).count()).toBe(1);
    }
    const answer = await page.context().request.post(`${site.url}/session/set/`, { maxRedirects: 0 });
    expect(answer.status()).toBe(403);
    expect(await (await page.context().request.get(`${site.url}/get_session/`)).status()).toBe(500);
  });
});
