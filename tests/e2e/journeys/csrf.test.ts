/**
 * docs/csrf.md: a form with its token, a script with the cookie's, another site's form, a page that was kept.
 */
import { type JourneySite, journey, otherSite, seen, siteFor } from './support';

/** A page of another site, with a form that posts to this one and a script that does. */
const stranger = (
  site: JourneySite,
): string => `<!DOCTYPE html><title>Stranger</title><link rel="icon" href="data:,">
<form method="post" action="${site.url('/ajax/answer/', 'shop.example')}"><input name="text" value="stolen"><button>Win</button></form>
<output></output><script>
async function steal(headers) {
  const answer = fetch("${site.url('/ajax/answer/', 'shop.example')}", { method: 'POST', body: 'text=stolen', headers, credentials: 'include' });
  document.querySelector('output').textContent = await answer.then((a) => a.status, () => 'refused by the browser');
}</script>`;

journey('forms and scripts', (visitors) => {
  let other: Awaited<ReturnType<typeof otherSite>>;
  beforeAll(async () => {
    other = await otherSite(() => stranger(site()));
  });
  afterAll(() => other?.close());
  const site = siteFor(() => ({ settings: { CSRF_TRUSTED_ORIGINS: [other.url('friend.example')] } }));
  const answered = async (page: Awaited<ReturnType<typeof visitors.page>>) =>
    JSON.parse(await seen(page, 'pre, output')) as Record<string, unknown>;

  it('the site’s own form and script are taken, a script without the token is not', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/ajax/bare/', 'shop.example'));
    const token = await page.locator('[name=csrfmiddlewaretoken]').inputValue();
    await page.reload();
    // Masked anew each time; the secret behind it is the same.
    expect(await page.locator('[name=csrfmiddlewaretoken]').inputValue()).not.toBe(token);
    await page.getByRole('button').click();
    expect(await answered(page)).toMatchObject({ method: 'POST', text: 'typed' });

    await page.goto(site().url('/ajax/form/', 'shop.example'));
    await page.locator('#with').click();
    await page.locator('output:not(:empty)').waitFor();
    expect(await answered(page)).toMatchObject({ method: 'POST', text: 'ä & ö' });
    await page.locator('#without').click();
    await page.locator('output:text("403")').waitFor();
  });

  it('PUT and DELETE need the token as POST does', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/ajax/form/', 'shop.example'));
    for (const method of ['PUT', 'DELETE']) {
      await page.evaluate(`send('${method}', {})`);
      expect(await seen(page, 'output')).toBe('403');
      await page.evaluate(`send('${method}', { 'X-CSRFToken': cookie('csrftoken') })`);
      expect(await answered(page)).toMatchObject({ method });
    }
  });

  it('another site’s form and script are refused, a friend’s needs its token', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/ajax/bare/', 'shop.example'));
    const refusals = (): number => site().server.stderr.match(/"POST \S+ HTTP\/1.1" 403/g)?.length ?? 0;
    const before = refusals();
    await page.goto(other.url('evil.example'));
    await page.getByRole('button').click();
    expect(await seen(page, 'h1')).toContain('Forbidden');
    await page.goto(other.url('evil.example'));
    await page.evaluate("steal({ 'Content-Type': 'application/x-www-form-urlencoded' })");
    expect(await seen(page, 'output')).toBe('refused by the browser');
    expect(refusals()).toBe(before + 2);
    // A header of its own needs the site's leave first, which nobody gave.
    await page.evaluate("steal({ 'X-CSRFToken': 'a' })");
    expect(await seen(page, 'output')).toBe('refused by the browser');
    expect(refusals()).toBe(before + 2);
    // A friend may send its forms, but the cookie does not go along (SameSite=Lax).
    await page.goto(other.url('friend.example'));
    await page.getByRole('button').click();
    expect(await seen(page, 'header')).toContain('requires a CSRF cookie');
  });

  it('a form that was kept while the visitor went on, and came back, still works', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/visits/', 'shop.example'));
    await page.goto(site().url('/ajax/bare/', 'shop.example'));
    await page.goto(site().url('/', 'shop.example'));
    await page.goBack();
    await page.getByRole('button').click();
    expect(await answered(page)).toMatchObject({ text: 'typed' });
  });

  it('a form whose page moved goes on with method and fields', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/ajax/bare/', 'shop.example'));
    await page.locator('form').evaluate((form) => form.setAttribute('action', '/moved/'));
    await page.getByRole('button').click();
    expect(page.url()).toContain('/ajax/answer/');
    expect(await answered(page)).toMatchObject({ method: 'POST', text: 'typed' });
  });
});

journey('tokens in the session', (visitors) => {
  const site = siteFor({
    settings: { CSRF_USE_SESSIONS: true, DEBUG: true },
    command: ['runserver', '--noreload'],
  });

  it('need no cookie of their own; the reason of a refusal is shown while DEBUG is on', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/ajax/bare/'));
    expect((await page.context().cookies()).map(({ name }) => name)).toEqual(['sessionid']);
    await page.getByRole('button').click();
    expect(await seen(page, 'pre')).toContain('typed');
    await page.goBack();
    await page
      .locator('[name=csrfmiddlewaretoken]')
      .evaluate((field) => field.setAttribute('value', 'x'.repeat(64)));
    await page.getByRole('button').click();
    expect(await seen(page, 'h1')).toContain('Forbidden');
    expect(await seen(page, 'main')).toContain('CSRF token from POST incorrect.');
  });
});
