/** docs/messages.md: messages over redirects, shown once, in each storage. */
import { randomBytes } from 'node:crypto';
import { cookieOf, JourneySite, journey } from './support';

const STORAGES = ['fallback.FallbackStorage', 'cookie.CookieStorage', 'session.SessionStorage'] as const;

journey('messages', (visitors) => {
  const sites = new Map<string, JourneySite>();
  beforeAll(async () => {
    for (const storage of STORAGES) {
      const settings = {
        MESSAGE_STORAGE: `tsango.contrib.messages.storage.${storage}`,
        MESSAGE_TAGS: { 40: 'danger' },
      };
      sites.set(storage, await JourneySite.start({ settings }));
    }
  }, 60_000);
  afterAll(async () => {
    for (const site of sites.values()) await site.stop();
  });

  it.each(STORAGES)('wait through redirects, and are shown once: %s', async (storage) => {
    const page = await visitors.page();
    await page.goto(sites.get(storage)?.url('/visits/') ?? '');
    const say = async (first: string, second: string): Promise<string[]> => {
      await page.getByLabel('Say').fill(first);
      await page.getByLabel('and').fill(second);
      await page.getByRole('button', { name: 'say' }).click();
      return page.getByRole('status').locator('li').allInnerTexts();
    };
    expect(await say('Danke für <b>alles</b>', '"今日"; \\073 ')).toEqual([
      'Danke für <b>alles</b>',
      '"今日"; \\073',
      'And an error.',
    ]);
    expect(page.url()).toMatch(/\/visits\/$/);
    const classes = await page
      .locator('[role=status] li')
      .evaluateAll((all) => all.map((li) => li.className));
    expect(classes).toEqual(['said success', 'said success', 'danger']);
    // They were shown: nothing is left, in the browser neither.
    expect(await cookieOf(page, 'messages')).toBeUndefined();
    await page.reload();
    expect(await page.getByRole('status').count()).toBe(0);

    // Nothing that could be compressed.
    const long = randomBytes(1600).toString('base64');
    const shown = await say(long, 'short');
    // A cookie holds 2,048 bytes: what does not fit is in the session, or lost where there is only the cookie.
    if (storage === 'cookie.CookieStorage') expect(shown).toEqual(['short', 'And an error.']);
    else expect(shown).toEqual([long, 'short', 'And an error.']);
    expect(visitors.errors).toEqual([]);
  });
});
