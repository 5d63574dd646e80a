/**
 * A real Django's admin beside ours, one database and one secret: what is made at one is edited at the other, what was done is
 * read at both, and both allow the same. DJANGO_PATHS: folders with a Django each; its admin is compared from 4.2 on.
 */
import '../db/settings';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import type { LogEntry as LogEntryModel } from 'tsango/contrib/admin/models';
import { ContentType } from 'tsango/contrib/contenttypes';
import { createServerListener } from 'tsango/core/handlers/node';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { path as route } from 'tsango/urls';
import { setSiteRoot } from 'tsango/utils/module_loading';
import type * as libraryModels from '../contrib/admin/site/library/models';
import { FAST_HASHERS } from '../support/auth';
import { type Engine, scratchDatabase } from '../support/databases';
import { available, describeWith, type Need, SERVICES } from '../support/services';
import { formOf, Visitor } from './django_admin/visitor';

jest.setTimeout(120_000);

const APPS = ['admin', 'auth', 'contenttypes', 'sessions', 'messages'].map(
  (name) => `django.contrib.${name}`,
);
const SECRET_KEY = 'one secret for both of the sites, of more than fifty letters';

/** Where a Django is whose admin can be compared, with its version. */
const DJANGOS: readonly (readonly [folder: string, version: string])[] = available('django')
  ? ['', ...(process.env['DJANGO_PATHS'] ?? '').split(path.delimiter).filter(Boolean)]
      .map((folder) => [folder, versionOf(folder)] as const)
      .filter(([, version]) => Number.parseFloat(version) >= 4.2)
  : [];

function versionOf(folder: string): string {
  const program = 'import django; print(django.__version__)';
  return execFileSync(SERVICES.python, ['-c', program], {
    encoding: 'utf8',
    env: { ...process.env, ...(folder && { PYTHONPATH: folder }) },
  }).trim();
}

let library: typeof libraryModels;
let ours: string;
let django: string;

function useBoth(folder: string, engine: Engine): void {
  const database = scratchDatabase(engine);
  let server: Server;
  let child: ChildProcess;
  let restore: () => Promise<void>;
  beforeAll(async () => {
    const ENGINE = `django.db.backends.${engine === 'postgresql' ? 'postgresql' : 'sqlite3'}`;
    const shared = { SECRET_KEY, DATABASES: { default: { ...database, ENGINE } } };
    child = spawn(
      SERVICES.python,
      [path.join(__dirname, 'django_admin', 'site.py'), JSON.stringify({ settings: shared })],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, PYTHONWARNINGS: 'ignore', ...(folder && { PYTHONPATH: folder }) },
      },
    );
    const started = new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`Django ended with status ${code}`)));
    });
    apps.reset();
    setSiteRoot(path.join(__dirname, '..', 'contrib', 'admin', 'site'));
    restore = overrideSettings({
      ...shared,
      INSTALLED_APPS: [...APPS, 'library'],
      MIDDLEWARE: [
        'django.contrib.sessions.middleware.SessionMiddleware',
        'django.middleware.csrf.CsrfViewMiddleware',
        'django.contrib.auth.middleware.AuthenticationMiddleware',
        'django.contrib.messages.middleware.MessageMiddleware',
      ],
      TEMPLATES: [
        {
          BACKEND: 'django.template.backends.django.DjangoTemplates',
          APP_DIRS: true,
          OPTIONS: {
            context_processors: [
              'django.template.context_processors.request',
              'django.contrib.auth.context_processors.auth',
              'django.contrib.messages.context_processors.messages',
            ],
          },
        },
      ],
      PASSWORD_HASHERS: FAST_HASHERS,
      ALLOWED_HOSTS: ['*'],
      STATIC_URL: '/static/',
      USE_TZ: true,
      TIME_ZONE: 'America/Chicago',
      ROOT_URLCONF: {
        get urlpatterns() {
          const { site } = require('tsango/contrib/admin') as typeof import('tsango/contrib/admin');
          return [route('admin/', site.urls)];
        },
      },
    });
    apps.populate();
    ContentType.objects.clearCache();
    library = require('../contrib/admin/site/library/models') as typeof libraryModels;
    const { port } = JSON.parse(await started) as { port: number };
    django = `http://127.0.0.1:${port}/admin/`;
    // Nothing is left to be made.
    await callCommand('migrate', { verbosity: 0 });
    server = createServer(createServerListener());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ours = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin/`;
  }, 120_000);
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    child?.kill('SIGKILL');
    await connections.closeAll();
    await restore?.();
    setSiteRoot(undefined);
    apps.reset();
    ContentType.objects.clearCache();
  });
}

const users = (): typeof import('tsango/contrib/auth/models') => require('tsango/contrib/auth/models');

/** What was logged, without who and when. */
async function logged(): Promise<unknown[]> {
  const { LogEntry } = require('tsango/contrib/admin/models') as { LogEntry: typeof LogEntryModel };
  const entries = await LogEntry.objects.orderBy('id').selectRelated('contentType');
  const seen = entries.map((entry) => [
    entry.actionFlag,
    entry.objectRepr,
    entry.changeMessage,
    String(entry.contentType),
  ]);
  await LogEntry.objects.all().delete();
  return seen;
}

/** What the history of an object says, newest last, without the time. */
const said = (html: string): string[] =>
  [...html.matchAll(/<td>([^<]*)<\/td>\s*<\/tr>/g)].map(([, text = '']) => text.trim());

const BOOK = {
  title: 'Notes & <Queries> “ä”',
  slug: 'notes',
  published_0: '2024-03-10',
  published_1: '01:30:00',
  price: '12.50',
  is_public: 'on',
  kind: 'p',
  'review_set-0-text': 'Fine\nindeed',
  'review_set-0-stars': '4',
};

function compare(folder: string, version: string, engine: Engine, needs: readonly Need[]): void {
  describeWith(needs, `beside the admin of Django ${version} on ${engine}`, () => {
    useBoth(folder, engine);
    let author: InstanceType<typeof libraryModels.Author>;
    let tag: InstanceType<typeof libraryModels.Tag>;
    const boss = new Visitor();

    beforeAll(async () => {
      const { User } = users();
      await User.objects.createSuperuser('boss', 'boss@example.com', 'secret');
      author = await library.Author.objects.create({ name: 'Ada' });
      tag = await library.Tag.objects.create({ word: 'maths' });
      // Who logs in at the one is logged in at the other.
      await boss.submit(`${django}login/`, 'login-form', { username: 'boss', password: 'secret' });
      expect((await boss.send(ours)).status).toBe(200);
    });

    it.each([
      ['here', 'there'],
      ['there', 'here'],
    ])('what is made %s is edited %s, and both say the same of it', async (where) => {
      const [one, other] = where === 'here' ? [ours, django] : [django, ours];
      await logged();
      const added = await boss.submit(`${one}library/book/add/`, 'book_form', {
        ...BOOK,
        author: String(author.pk),
        tags: [String(tag.pk)],
      });
      expect([added.status, added.location]).toEqual([302, '/admin/library/book/']);
      const book = await library.Book.objects.latest('pk');
      const page = `library/book/${book.pk}/`;

      const forms = await Promise.all(
        [one, other].map(async (site) =>
          formOf((await boss.send(`${site}${page}change/`)).html, 'book_form'),
        ),
      );
      const [first, second] = forms.map(({ csrfmiddlewaretoken: _, ...data }) => data);
      expect(second).toEqual(first);
      expect(first).toMatchObject({ ...BOOK, tags: [String(tag.pk)] });

      const changed = await boss.submit(`${other}${page}change/`, 'book_form', {
        title: 'Sketch',
        tags: [],
        'review_set-0-text': 'Better',
        'review_set-1-text': 'A second one',
      });
      expect(changed.status).toBe(302);
      await boss.submit(`${one}${page}change/`, 'book_form', { 'review_set-1-DELETE': 'on' });
      await book.refreshFromDb();
      expect([book.title, await book.tags.count(), book.published?.toISOString()]).toEqual([
        'Sketch',
        0,
        '2024-03-10T07:30:00.000Z',
      ]);
      expect((await library.Review.objects.filter({ book })).map(String)).toEqual(['Better']);

      const histories = await Promise.all(
        [one, other].map(async (site) => said((await boss.send(`${site}${page}history/`)).html)),
      );
      expect(histories[0]).toHaveLength(3);
      expect(histories[1]).toEqual(histories[0]);

      const confirmation = await boss.send(`${other}${page}delete/`);
      const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(confirmation.html)?.[1] ?? '';
      await boss.send(`${other}${page}delete/`, { csrfmiddlewaretoken: token, post: 'yes' });
      expect(await library.Book.objects.filter({ pk: book.pk }).exists()).toBe(false);
    });

    it('the same steps leave the same rows in django_admin_log', async () => {
      const steps = async (site: string): Promise<unknown[]> => {
        await logged();
        const fill = { ...BOOK, author: String(author.pk) };
        await boss.submit(`${site}library/book/add/`, 'book_form', fill);
        const { pk } = await library.Book.objects.latest('pk');
        const page = `${site}library/book/${pk}/change/`;
        await boss.submit(page, 'book_form', { title: 'Other', kind: 'n', 'review_set-0-stars': '1' });
        await boss.submit(page, 'book_form', { 'review_set-1-text': 'New', 'review_set-0-DELETE': 'on' });
        await boss.submit(page, 'book_form', {});
        const list = await boss.send(`${site}library/book/`);
        const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(list.html)?.[1] ?? '';
        const action = {
          csrfmiddlewaretoken: token,
          action: 'delete_selected',
          _selected_action: [String(pk)],
        };
        await boss.send(`${site}library/book/`, { ...action, index: '0' });
        await boss.send(`${site}library/book/`, { ...action, post: 'yes' });
        return logged();
      };
      const there = await steps(django);
      expect(there).toHaveLength(5);
      expect(await steps(ours)).toEqual(there);
    });

    it('who has some permissions may do the same at both', async () => {
      const { Permission, User } = users();
      const book = await library.Book.objects.create({ title: 'Kept', author });
      const clerk = await User.objects.createUser('clerk', null, 'secret', { isStaff: true });
      const visitor = new Visitor();
      await visitor.submit(`${ours}login/`, 'login-form', { username: 'clerk', password: 'secret' });
      const addresses = ['', 'library/', 'library/author/', 'auth/user/'];
      for (const page of ['', 'add/', '1/change/', '1/delete/', '1/history/', '999/change/']) {
        addresses.push(`library/book/${page.replace('1/', `${book.pk}/`)}`);
      }
      for (const names of [
        [],
        ['view_book'],
        ['change_book'],
        ['add_book'],
        ['delete_book', 'view_author'],
        ['change_book', 'add_review'],
        // With `view_book` and `add_review` Django shows a row for a review that nothing would save: not so here.
        ['view_book', 'view_review'],
      ]) {
        await clerk.userPermissions.set(await Permission.objects.filter({ codename__in: names }));
        const asked = await Promise.all(
          [ours, django].map(async (site) => {
            const found: (string | number)[] = [];
            for (const address of addresses) {
              const { status, html } = await visitor.send(site + address);
              const controls = [
                ...html.matchAll(/name="(_save|_continue|_addanother|_saveasnew|review_set-0-text|title)"/g),
              ];
              found.push(`${address} ${status} ${[...new Set(controls.map(([, name]) => name))].join(' ')}`);
            }
            const token =
              /name="csrfmiddlewaretoken" value="([^"]+)"/.exec((await visitor.send(site)).html)?.[1] ?? '';
            const { status } = await visitor.send(`${site}library/book/${book.pk}/change/`, {
              csrfmiddlewaretoken: token,
            });
            return [...found, status];
          }),
        );
        expect([names, asked[0]]).toEqual([names, asked[1]]);
      }
    });
  });
}

for (const [folder, version] of DJANGOS)
  compare(folder, version, 'better-sqlite3', ['django', 'better-sqlite3']);
const [newest] = [...DJANGOS].reverse();
if (newest) compare(...newest, 'postgresql', ['django', 'postgresql']);
if (DJANGOS.length === 0) {
  describe.skip('beside a real admin (skipped: no Django from 4.2 on; DJANGO_PATHS names folders with one)', () => {
    it('is compared', () => {
      throw new Error('There is none.');
    });
  });
}
