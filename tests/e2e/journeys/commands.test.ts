/**
 * docs/first-session.md, docs/commands.md#runserver, docs/commands.md#startproject: from an empty folder to a site that is changed
 * while somebody looks at it.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { manage, REPOSITORY } from '../../support/temporary_site';
import { writtenFiles } from '../../support/tutorial';
import { JourneySite, journey, overflow, SITE, seen } from './support';

journey('a new project', (visitors) => {
  let root: string;
  // Started in the repository, it has no packages of its own.
  const env = { TS_NODE_PROJECT: path.join(REPOSITORY, 'tsconfig.json'), SECRET_KEY: 'k'.repeat(60) };
  let site: JourneySite;
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const shows = async (title: string): Promise<void> => {
    const page = await visitors.page();
    for (let tries = 0; tries < 400; tries++) {
      const text = await page.goto(site.url()).then(
        () => page.content(),
        () => '',
      );
      if (text.includes(title)) return;
      await page.waitForTimeout(50);
    }
    throw new Error(`The page does not show ${title}:\n${site.server.stderr}`);
  };

  beforeAll(async () => {
    root = mkdtempSync(path.join(REPOSITORY, 'tests', '.site-'));
    const started = await manage(SITE, ['startproject', 'mysite', root, '--no-install']).ended;
    expect(started).toMatchObject({ status: 0 });
    site = await JourneySite.start({ root, env, before: [], command: ['runserver'] });
  }, 60_000);
  afterAll(async () => {
    await site?.stop();
    if (root) rmSync(root, { recursive: true, force: true });
  });

  it('is welcomed, on any screen', async () => {
    for (const [width, colorScheme] of [
      [390, 'light'],
      [1280, 'dark'],
    ] as const) {
      const page = await visitors.open({ viewport: { width, height: 800 }, colorScheme });
      await page.goto(site.url());
      expect(await seen(page, 'h1')).toBe('The install worked successfully! Congratulations!');
      expect(await seen(page, 'main')).toContain('mysite.urls');
      expect(await overflow(page)).toBe(0);
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
        colorScheme === 'dark' ? 'rgb(15, 20, 25)' : 'rgb(255, 255, 255)',
      );
    }
  });

  it('grows by the tutorial while its server runs', async () => {
    const { 'mysite/settings.ts': apps = '', ...files } = writtenFiles();
    const settings = readFileSync(path.join(root, 'mysite/settings.ts'), 'utf8');
    for (const [name, text] of Object.entries(files)) write(name, text);
    write('mysite/settings.ts', settings.replace(/ {2}INSTALLED_APPS: \[[\s\S]*?\],\n/, apps));
    expect((await manage(root, ['migrate'], env).ended).stdout).toContain(
      'Applying greetings.0001_initial... OK',
    );
    await shows('Hello, stranger!');
    const page = await visitors.page();
    await page.goto(site.url());
    expect(await seen(page, 'p')).toBe('You have been here 1 time.');
    await page.getByLabel('Your name').fill('Ada <3');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await seen(page, 'h1')).toBe('Hello, Ada <3!');
    expect(await seen(page, 'p')).toBe('You have been here 2 times.');
    await page.getByRole('button', { name: 'Forget me' }).click();
    expect(await seen(page, 'h1')).toBe('Hello, stranger!');
    await page.goto(site.url('/guests/'));
    await page.getByLabel('Your name').fill('<Grace>');
    await page.getByRole('button', { name: 'Sign' }).click();
    expect(await seen(page, 'ul')).toBe('<Grace>');
  }, 60_000);

  it('shows a changed template and a mended view, and says what is broken meanwhile', async () => {
    const template = 'greetings/templates/greetings/index.html';
    const html = readFileSync(path.join(root, template), 'utf8');
    write(template, html.replace('Hello,', 'Good day,'));
    await shows('Good day, stranger!');
    const views = readFileSync(path.join(root, 'greetings/views.ts'), 'utf8');
    write(
      'greetings/views.ts',
      views.replace('export function index', "throw new Error('broken on purpose');\nexport function index"),
    );
    await site.server.shows(/broken on purpose/);
    write('greetings/views.ts', views.replace("get('visits', 0) + 1", "get('visits', 0) + 1000"));
    await shows('You have been here 1000 times.');
    expect(
      visitors.errors.filter((text) => !text.includes('ERR_CONNECTION') && !text.includes('favicon')),
    ).toEqual([]);
  }, 60_000);
});
