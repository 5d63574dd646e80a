/** docs/sessions.md: what a visitor sees of each engine, in one tab and in two. docs/settings.md: the session's cookie. */
import type { Page } from 'playwright-core';
import { cookieOf, JourneySite, journey, seen } from './support';

const ENGINES = ['db', 'cached_db', 'cache', 'file', 'signed_cookies'] as const;
type Engine = (typeof ENGINES)[number];

/** The session's items, as the page lists them. */
async function items(page: Page): Promise<Record<string, string>> {
  const text = await page.locator('dt, dd').allInnerTexts();
  return Object.fromEntries(text.flatMap((key, i) => (i % 2 === 0 ? [[key, text[i + 1] ?? '']] : [])));
}

async function press(page: Page, button: string, key = '', value = ''): Promise<void> {
  if (key !== '') await page.getByLabel('Key').fill(key);
  if (value !== '') await page.getByLabel('Value').fill(value);
  await page.getByRole('button', { name: button, exact: true }).click();
}

journey('a session', (visitors) => {
  const sites = new Map<Engine, JourneySite>();
  beforeAll(async () => {
    for (const engine of ENGINES) {
      const settings = { SESSION_ENGINE: `tsango.contrib.sessions.backends.${engine}` };
      sites.set(engine, await JourneySite.start({ settings }));
    }
  }, 90_000);
  afterAll(async () => {
    for (const site of sites.values()) await site.stop();
  });
  const url = (engine: Engine, target: string): string => sites.get(engine)?.url(target) ?? '';

  it.each(ENGINES)('is set, read, changed and ended: %s', async (engine) => {
    const page = await visitors.page();
    await page.goto(url(engine, '/visits/'));
    expect(await items(page)).toEqual({ empty: '' });
    expect(await cookieOf(page)).toBeUndefined();
    await press(page, 'set', 'name', 'Zoë <b>&</b> "co"');
    await press(page, 'add', '', 'tea');
    await press(page, 'add', '', 'jam');
    const all = { name: 'Zoë <b>&</b> "co"', cart: "['tea', 'jam']" };
    expect(await items(page)).toEqual(all);
    const before = await cookieOf(page);
    expect(before).toMatchObject({ httpOnly: true, secure: false, sameSite: 'Lax', path: '/' });
    expect(Math.abs((before?.expires ?? 0) - Date.now() / 1000 - 1_209_600)).toBeLessThan(60);
    expect(await page.evaluate('document.cookie')).not.toContain('sessionid');

    await press(page, 'cycle');
    expect(await items(page)).toEqual(all);
    const answer = (cookie: string): Promise<string> =>
      fetch(url(engine, '/visits/'), { headers: { cookie } }).then((response) => response.text());
    const old = await answer(`sessionid=${before?.value}`);
    // Where the cookie is the session, a copy of it is good until it expires.
    if (engine === 'signed_cookies') expect(old).toContain('tea');
    else expect(old).toContain('<dt>empty</dt>');

    await press(page, 'pop', 'name');
    expect(await items(page)).toEqual({ cart: all.cart });
    await press(page, 'flush');
    expect(await items(page)).toEqual({ empty: '' });
    expect(await cookieOf(page)).toBeUndefined();
    expect(visitors.errors).toEqual([]);
  });

  it.each(ENGINES)('is one in two tabs: %s', async (engine) => {
    const page = await visitors.page();
    await page.goto(url(engine, '/visits/'));
    await press(page, 'test');
    expect(await seen(page, 'main')).toContain('Cookies work.');
    const ask = `Promise.all(['a', 'b'].map((key) => fetch('/visits/slow/' + key + '/').then((answer) => answer.text())))`;
    expect(await page.evaluate(ask)).toEqual(['a is set', 'b is set']);
    await page.reload();
    const after = await items(page);
    // The last response wins where the cookie is all that there is.
    if (engine === 'signed_cookies') expect(Object.keys(after)).toHaveLength(2);
    else expect(after).toEqual({ testcookie: 'worked', a: '1', b: '1' });
  });

  it.each(['file', 'signed_cookies'] as const)('ends when it was told to: %s', async (engine) => {
    const page = await visitors.page();
    await page.goto(url(engine, '/visits/'));
    await press(page, 'set', 'name', 'Ada');
    await press(page, 'expiry', '', '1');
    expect(await seen(page, '#age')).toBe('1');
    const kept = `sessionid=${(await cookieOf(page))?.value}`;
    const gone = `(async () => {
      while (!(await (await fetch('/visits/')).text()).includes('<dt>empty')) await new Promise((resolve) => setTimeout(resolve, 50));
    })()`;
    await page.evaluate(gone);
    // A browser that kept the cookie has nothing of it.
    const late = await fetch(url(engine, '/visits/'), { headers: { cookie: kept } });
    expect(await late.text()).toContain('<dt>empty</dt>');

    await page.reload();
    await press(page, 'expiry', '', '0');
    expect((await cookieOf(page))?.expires).toBe(-1);
    expect(await items(page)).toEqual({ _session_expiry: '0' });
  });
});
