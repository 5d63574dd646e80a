/** The admin of a book shop, served to a browser under a policy that allows no script and no style but files. */
import '../../db/settings';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { apps } from 'tsango/apps';
import { overrideSettings, type Settings } from 'tsango/conf';
import { ContentType } from 'tsango/contrib/contenttypes';
import { StaticFilesHandler } from 'tsango/contrib/staticfiles/handlers';
import { createServerListener } from 'tsango/core/handlers/node';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { path as route } from 'tsango/urls';
import { CSP } from 'tsango/utils/csp';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { FAST_HASHERS } from '../../support/auth';
import { launch, openPage } from '../../support/browser';
import { createTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';
import type * as shopModels from './site/shop/models';

const SETTINGS: Partial<Settings> = {
  DEBUG: true,
  ALLOWED_HOSTS: ['127.0.0.1'],
  INSTALLED_APPS: [
    ...['admin', 'auth', 'contenttypes', 'sessions', 'messages', 'staticfiles'].map(
      (name) => `tsango.contrib.${name}`,
    ),
    'shop',
  ],
  MIDDLEWARE: [
    'tsango.middleware.security.SecurityMiddleware',
    'tsango.middleware.csp.ContentSecurityPolicyMiddleware',
    'tsango.contrib.sessions.middleware.SessionMiddleware',
    'tsango.middleware.common.CommonMiddleware',
    'tsango.middleware.csrf.CsrfViewMiddleware',
    'tsango.contrib.auth.middleware.AuthenticationMiddleware',
    'tsango.contrib.messages.middleware.MessageMiddleware',
    'tsango.middleware.clickjacking.XFrameOptionsMiddleware',
  ],
  SECURE_CSP: { 'default-src': [CSP.SELF], 'form-action': [CSP.SELF], 'frame-ancestors': [CSP.NONE] },
  PASSWORD_HASHERS: FAST_HASHERS,
  STATIC_URL: '/static/',
  USE_TZ: true,
  TIME_ZONE: 'UTC',
  TEMPLATES: [
    {
      BACKEND: 'tsango.template.backends.django.DjangoTemplates',
      APP_DIRS: true,
      OPTIONS: {
        context_processors: [
          'tsango.template.context_processors.request',
          'tsango.contrib.auth.context_processors.auth',
          'tsango.contrib.messages.context_processors.messages',
        ],
      },
    },
  ],
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
};

/** The models of the shop, once its app is there. */
export let shop: typeof shopModels;
export let browser: Browser;
let url: string;

/** Declares that the tests of the surrounding `describe` have that shop, with rows, its admin and a browser. */
export function useShop(): void {
  let restore: () => Promise<void>;
  let server: Server;
  beforeAll(async () => {
    apps.reset();
    setSiteRoot(path.join(__dirname, 'site'));
    restore = overrideSettings({
      ...SETTINGS,
      ROOT_URLCONF: {
        get urlpatterns() {
          const { site } = require('tsango/contrib/admin') as typeof import('tsango/contrib/admin');
          return [route('admin/', site.urls)];
        },
      },
    });
    const starting = launch();
    apps.populate();
    ContentType.objects.clearCache();
    shop = require('./site/shop/models') as typeof shopModels;
    await callCommand('migrate', { verbosity: 0 });
    await createTables([shop.Author, shop.Publisher, shop.Tag, shop.Book, shop.Review, shop.Chapter]);
    await createTables([shop.Shelf, shop.Exhibit, shop.Sign, shop.Prize]);
    await addRows();
    server = createServer(createServerListener(new StaticFilesHandler()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await starting;
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    await connections.closeAll();
    await restore();
    setSiteRoot(undefined);
    apps.reset();
    ContentType.objects.clearCache();
  });
}

async function addRows(): Promise<void> {
  const { User } = require('tsango/contrib/auth/models') as typeof import('tsango/contrib/auth/models');
  await User.objects.createSuperuser('grace', 'grace@example.com', 'a-word-1', { firstName: 'Grace' });
  const authors = await shop.Author.objects.bulkCreate(
    BOOKS.map(([name, , born]) => new shop.Author({ name, born })),
  );
  await shop.Publisher.objects.bulkCreate(
    ['Murray', 'Lackington', 'Egerton'].map((name) => new shop.Publisher({ name })),
  );
  const tags = await shop.Tag.objects.bulkCreate(
    ['classic', 'gothic', 'letters', 'science', 'travel'].map((word) => new shop.Tag({ word })),
  );
  const books = await shop.Book.objects.bulkCreate(
    BOOKS.flatMap(([, titles], i) =>
      titles.flatMap((title, j) =>
        [1, 2, 3].map((volume) => {
          const published = new Date(Date.UTC(1810 + ((i + j) % 5), (i + j) % 12, 1 + volume, 10));
          const price = `${(5 * i + 3 * j + volume) % 20}.50`;
          const name = `${title}, vol. ${volume}`;
          const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
          return new shop.Book({
            title: name,
            slug,
            author: authors[i],
            published,
            price,
            isPublic: volume < 3,
          });
        }),
      ),
    ),
  );
  const frankenstein = await shop.Book.objects.get({ title: 'Frankenstein, vol. 1' });
  await frankenstein.tags.set(tags.slice(0, 3));
  await shop.Review.objects.bulkCreate(
    ['Uncommonly powerful.', 'Kept me awake.'].map((text) => new shop.Review({ book: frankenstein, text })),
  );
  await shop.Chapter.objects.create({ book: frankenstein, heading: 'Letter 1' });
  for (const [i, year] of [1831, 1832, 1833].entries())
    await shop.Prize.objects.create({ authorId: (authors[i] as { id: number }).id, year, title: 'Medal' });
  const shelf = await shop.Shelf.objects.create({ name: 'Window' });
  for (const [i, title] of ['Emma', 'Lodore', 'Persuasion', 'Romola'].entries())
    await shop.Exhibit.objects.create({ shelf, title, position: i + 1 });
  for (const [i, words] of ['New', 'Signed', 'Last copies'].entries())
    await shop.Sign.objects.create({ shelf, words, position: i + 1 });
  expect(books).toHaveLength(45);
}

/** Who wrote what, in three volumes each. */
const BOOKS: readonly (readonly [author: string, titles: readonly string[], born: string])[] = [
  ['Ada Lovelace', ['Notes on the Engine', 'Letters on Science', 'A Calculus of Nerves'], '1815-12-10'],
  ['Mary Shelley', ['Frankenstein', 'The Last Man', 'Lodore'], '1797-08-30'],
  ['Jane Austen', ['Emma', 'Persuasion', 'Mansfield Park'], '1775-12-16'],
  ['George Eliot', ['Middlemarch', 'Romola', 'Silas Marner'], '1819-11-22'],
  ['Emily Brontë', ['Wuthering Heights', 'Gondal', 'Poems'], '1818-07-30'],
];

/** A page of that site. */
async function pageOf(options: BrowserContextOptions): Promise<{ page: Page; errors: string[] }> {
  const { page, errors } = await openPage(browser, { baseURL: url, timezoneId: 'UTC', ...options });
  page.setDefaultTimeout(15_000);
  // No site has an icon that nobody gave it.
  await page.route('**/favicon.ico', (asked) => asked.fulfill({ status: 204 }));
  return { page, errors };
}

/** Opens a page of the admin in a window of its own; what its console says of errors is in `errors`. */
export async function open(
  address = '/admin/',
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const { page, errors } = await pageOf(options);
  await page.goto(address);
  return { page, errors };
}

let session: Awaited<ReturnType<ReturnType<Page['context']>['cookies']>> | undefined;

/** Opens a page of the admin as the superuser. */
export async function openAsGrace(
  address: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  if (session === undefined) {
    const { page } = await open();
    await logIn(page);
    session = await page.context().cookies();
    await page.context().close();
  }
  const { page, errors } = await pageOf(options);
  await page.context().addCookies(session);
  await page.goto(address);
  return { page, errors };
}

/** Presses what closes its own window, which may be gone before the browser says that it was pressed. */
export async function pressAndClose(control: Locator): Promise<void> {
  const window = control.page();
  const closed = window.waitForEvent('close');
  await control.click().catch((error: unknown) => {
    if (!window.isClosed()) throw error;
  });
  await closed;
}

export async function logIn(page: Page): Promise<void> {
  await page.getByLabel('Username').fill('grace');
  await page.getByLabel('Password').fill('a-word-1');
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** The text as it is laid out: what a person reads. */
// biome-ignore lint/performance/useDomNodeTextContent: hidden text is not read.
export const seen = (locator: Locator): Promise<string> => locator.innerText();
