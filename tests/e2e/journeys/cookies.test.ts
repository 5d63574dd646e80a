/**
 * docs/sessions.md#security, docs/settings.md#sessions: the session's cookie as the settings say, seen by a browser.
 * docs/signing.md: a signed cookie and a signed link, whole, changed and late.
 */
import { cookieOf, journey, seen, siteFor } from './support';

journey('cookies of a site with its own names and limits', (visitors) => {
  const site = siteFor({
    settings: {
      SESSION_COOKIE_NAME: 'shop',
      SESSION_COOKIE_SAMESITE: 'Strict',
      SESSION_COOKIE_DOMAIN: 'shop.example',
      SESSION_COOKIE_PATH: '/visits',
      SESSION_EXPIRE_AT_BROWSER_CLOSE: true,
      CSRF_COOKIE_NAME: 'form',
      CSRF_COOKIE_HTTPONLY: true,
      CSRF_COOKIE_SAMESITE: false,
    },
  });

  it('go where they belong, and not along from another site', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/visits/', 'www.shop.example'));
    await page.getByLabel('Key').fill('name');
    await page.getByLabel('Value').fill('Ada');
    await page.getByRole('button', { name: 'set', exact: true }).click();
    expect(await seen(page, 'dl')).toContain('Ada');
    expect(await cookieOf(page, 'shop')).toMatchObject({
      domain: '.shop.example',
      path: '/visits',
      sameSite: 'Strict',
      expires: -1,
    });
    expect(await cookieOf(page, 'form')).toMatchObject({ httpOnly: true, domain: 'www.shop.example' });
    expect(await page.evaluate('document.cookie')).toBe('');

    // A name of the same domain has the session, too.
    await page.goto(site().url('/visits/', 'shop.example'));
    expect(await seen(page, 'dl')).toContain('Ada');
    // Who comes over a link of another site is a stranger until the next click.
    await page.route('http://other.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<a href="${site().url('/visits/', 'shop.example')}">in</a>`,
      }),
    );
    await page.goto('http://other.example/');
    await page.getByRole('link', { name: 'in' }).click();
    expect(await seen(page, 'dl')).toBe('empty');
    await page.getByRole('link', { name: 'Your visit' }).click();
    expect(await seen(page, 'dl')).toContain('Ada');
  });

  it('are signed: what was changed, or is too old, is nobody', async () => {
    const page = await visitors.page();
    const join = async (name: string, seconds = '3600'): Promise<string> => {
      await page.goto(site().url('/visits/member/'));
      await page.getByLabel('Name').fill(name);
      await page.getByLabel('Seconds').fill(seconds);
      await page.getByRole('button', { name: 'join' }).click();
      return seen(page, 'h1');
    };
    expect(await join('Zoë; "quoted", <b>')).toBe('Welcome, Zoë; "quoted", <b>.');
    expect(await join('Grace')).toBe('Welcome, Grace.');
    const cookie = await cookieOf(page, 'member');
    if (cookie === undefined) throw new Error('There is no cookie.');
    for (const value of [
      cookie.value.replace('Grace', 'Root'),
      cookie.value.slice(0, -1),
      cookie.value.replace(/:[^:]+:/, ':1Zzzzz:'),
      'Grace',
    ]) {
      await page.context().addCookies([{ ...cookie, value }]);
      await page.reload();
      expect(await seen(page, 'h1')).toBe('You are no member.');
    }
    await page.context().addCookies([cookie]);
    await page.reload();
    expect(await seen(page, 'h1')).toBe('Welcome, Grace.');
  });

  it('a signed link is good for whom it was made, for as long as it was meant', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/visits/invite/'));
    await page.locator('#link').click();
    expect(await seen(page, 'h1')).toBe('Welcome, Ada & Zoë');
    const link = page.url();
    const status = async (target: string) => (await page.goto(target))?.status();
    expect(await status(link.replace(/\/([^/]+)\/$/, (_, token: string) => `/x${token}/`))).toBe(404);
    expect(await status(link.replace(/.\/$/, (end) => (end === 'A/' ? 'B/' : 'A/')))).toBe(404);
    expect(await status(`${link}?within=0`)).toBe(410);
    expect(await seen(page, 'body')).toBe('Too late.');
  });
});

journey('cookies of a site that is secure', (visitors) => {
  const site = siteFor({ settings: { SESSION_COOKIE_SECURE: true, CSRF_COOKIE_SECURE: true } });

  it('are not kept by a browser that came without TLS', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/visits/', 'www.shop.example'));
    await page.getByLabel('Key').fill('name');
    await page.getByRole('button', { name: 'set', exact: true }).click();
    // Neither the session's nor the form's: so the form is refused, and says why.
    expect(await page.context().cookies()).toEqual([]);
    expect(await seen(page, 'body')).toContain('site requires a CSRF cookie');
  });
});
