/** A server for tests: a browser sees the rows that a test makes, and files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { setup } from 'tsango';
import { apps } from 'tsango/apps';
import { configure, resetSettings, settings } from 'tsango/conf';
import { ContentType } from 'tsango/contrib/contenttypes/models';
import { StaticLiveServerTestCase } from 'tsango/contrib/staticfiles/testing';
import { connections } from 'tsango/db';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import {
  LiveServerTestCase,
  setupDatabases,
  setupTestEnvironment,
  teardownDatabases,
  teardownTestEnvironment,
} from 'tsango/test';
import { path as route } from 'tsango/urls';
import { launch, openPage } from '../support/browser';
import { describeWith } from '../support/services';
import { SQLITE_ENGINE } from '../support/sqlite';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-live-'));
const urlpatterns = [
  route('', async (request: HttpRequest) => {
    request.session['visits'] = Number(request.session.get('visits', 0)) + 1;
    const names = (await ContentType.objects.filter({ appLabel: 'shop' }).orderBy('model')).map(
      ({ model }) => `<li>${model}</li>`,
    );
    return new HttpResponse(
      `<link rel="stylesheet" href="/static/a.css"><p>${request.session['visits']}</p><ul>${names.join('')}</ul>`,
    );
  }),
];

beforeAll(async () => {
  mkdirSync(path.join(folder, 'static'));
  mkdirSync(path.join(folder, 'collected'));
  writeFileSync(path.join(folder, 'static', 'a.css'), 'p { color: rgb(1, 2, 3) }');
  writeFileSync(path.join(folder, 'collected', 'a.css'), 'p { color: rgb(4, 5, 6) }');
  configure({
    SECRET_KEY: 'x',
    DATABASES: {
      default: { ENGINE: SQLITE_ENGINE, NAME: path.join(folder, 'db.sqlite3'), TEST: { MIGRATE: false } },
    },
    INSTALLED_APPS: ['tsango.contrib.contenttypes', 'tsango.contrib.sessions', 'tsango.contrib.staticfiles'],
    MIDDLEWARE: ['tsango.contrib.sessions.middleware.SessionMiddleware'],
    ROOT_URLCONF: { urlpatterns },
    STATIC_URL: '/static/',
    STATIC_ROOT: path.join(folder, 'collected'),
    STATICFILES_DIRS: [path.join(folder, 'static')],
    MEDIA_URL: '/media/',
  });
  apps.reset();
  setup();
  await setupTestEnvironment();
  await setupDatabases();
}, 60_000);
afterAll(async () => {
  await teardownDatabases();
  await teardownTestEnvironment();
  await connections.reset();
  resetSettings();
  rmSync(folder, { recursive: true, force: true });
});

describeWith('chromium', 'in a browser', () => {
  const test = new StaticLiveServerTestCase();
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  }, 60_000);
  afterAll(() => browser?.close());

  it('pages show rows, sessions and static files', async () => {
    await ContentType.objects.create({ appLabel: 'shop', model: 'book' });
    const { page, errors } = await openPage(browser);
    await page.goto(test.liveServerUrl);
    await page.reload();
    expect(await page.locator('li').allTextContents()).toEqual(['book']);
    expect(await page.locator('p').textContent()).toBe('2');
    expect(await page.evaluate("getComputedStyle(document.querySelector('p')).color")).toBe('rgb(1, 2, 3)');
    expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('the next test begins without them', async () => {
    expect(await (await fetch(test.liveServerUrl)).text()).toContain('<ul></ul>');
  });
});

describe('LiveServerTestCase', () => {
  const test = new LiveServerTestCase({ host: '127.0.0.1' });

  it('serves what is collected, and uploads', async () => {
    mkdirSync(settings.MEDIA_ROOT, { recursive: true });
    writeFileSync(path.join(settings.MEDIA_ROOT, 'ä.txt'), 'media');
    const get = async (target: string): Promise<[number, string]> => {
      const response = await fetch(`${test.liveServerUrl}${target}`);
      return [response.status, await response.text()];
    };
    expect(await get('/static/a.css')).toEqual([200, 'p { color: rgb(4, 5, 6) }']);
    expect(await get('/media/%C3%A4.txt')).toEqual([200, 'media']);
    expect((await get('/media/%2e%2e/db.sqlite3'))[0]).toBe(404);
    expect((await get('/static/missing'))[0]).toBe(404);
  });

  it('is gone afterwards', () => {
    expect(test.liveServerUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(settings.ALLOWED_HOSTS).toContain('127.0.0.1');
  });
});

it('a live server is there for its tests only', () => {
  expect(settings.ALLOWED_HOSTS).not.toContain('127.0.0.1');
});
