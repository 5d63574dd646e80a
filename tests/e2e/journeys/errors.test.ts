/**
 * docs/request-response.md#middleware, docs/templates.md#errors, docs/databases.md, docs/urls.md#from-names-to-urls: the
 * page of each kind of error, for a developer and for a visitor. docs/logging.md: what the server says of it.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { CSP } from 'tsango/utils/csp';
import { copyOfSite, journey, overflow, seen, siteFor } from './support';

type Kind = readonly [kind: string, status: number, said: readonly string[]];

const KINDS: readonly Kind[] = [
  ['bad', 400, ['BadRequest at /errors/bad/', 'not like this', 'pages/errors.ts, line']],
  ['suspicious', 400, ['SuspiciousOperation at /errors/suspicious/', 'not from you']],
  ['missing', 404, ['Page not found (404)', 'sold out <b>today</b>', 'Raised by:']],
  [
    'view',
    500,
    [
      'RangeError at /errors/view/',
      'the till <script>alert(1)</script> is empty',
      "throw new RangeError('the till",
    ],
  ],
  [
    'template',
    500,
    [
      'TypeError at /errors/template/',
      'the price is not known',
      'pages/broken.html, error at line 4',
      '<p>{{ price.of }}</p>',
      'in undefinedPrice',
    ],
  ],
  [
    'syntax',
    500,
    [
      'TemplateSyntaxError at /errors/syntax/',
      "Invalid block tag on line 5: 'endblock', expected 'elif', 'else' or 'endif'",
      'pages/syntax.html, error at line 5',
    ],
  ],
  [
    'lost',
    500,
    [
      'TemplateDoesNotExist at /errors/lost/',
      'Template-loader postmortem',
      'pages/templates/pages/nowhere.html (Source does not exist)',
    ],
  ],
  [
    'url',
    500,
    [
      'NoReverseMatch at /errors/url/',
      "Reverse for 'article' with keyword arguments",
      'pages/lost_link.html, error at line 2',
    ],
  ],
  [
    'database',
    500,
    [
      'OperationalError at /errors/database/',
      'no such table: no_such_table',
      "'SELECT * FROM no_such_table'",
      'pages/errors.ts, line',
    ],
  ],
  ['nothing', 500, ["didn't return an HttpResponse"]],
];

/** Goes to each, and tells what is not as it has to be. */
async function walk(page: Page, kinds: readonly Kind[], url: (kind: string) => string): Promise<unknown[]> {
  const wrong: unknown[] = [];
  for (const [kind, expected, said] of kinds) {
    const status = (await page.goto(url(kind)))?.status();
    const text = (await seen(page, 'body')).replaceAll('\u00a0', ' ');
    const silent = said.filter((words) => !text.includes(words));
    const wider = await overflow(page);
    if (status !== expected || silent.length > 0 || wider > 0) wrong.push({ kind, status, silent, wider });
  }
  return wrong;
}

const scriptErrors = (errors: readonly string[]): string[] =>
  errors.filter((text) => !/^Failed to load resource|^The Cross-Origin-Opener-Policy header/.test(text));

journey('errors, for a developer', (visitors) => {
  const site = siteFor({
    settings: {
      DEBUG: true,
      ALLOWED_HOSTS: [],
      SECURE_CSP: { 'default-src': [CSP.SELF, CSP.NONCE], 'img-src': [CSP.SELF, 'data:'] },
    },
    command: ['runserver', '--noreload'],
  });

  it('each page says what happened and where, on a phone, under a strict policy', async () => {
    const page = await visitors.open({ viewport: { width: 390, height: 844 } });
    expect(await walk(page, KINDS, (kind) => site().url(`/errors/${kind}/`))).toEqual([]);
    for (const target of [`/${'long'.repeat(60)}/`, `/errors/${'x'.repeat(200)}/`, '/?next=/']) {
      await page.goto(site().url(target));
      expect({ target, wider: await overflow(page) }).toEqual({ target, wider: 0 });
    }
    expect(scriptErrors(visitors.errors)).toEqual([]);
  }, 60_000);

  it('is dark in the dark, folds what is not the site’s, and hides what is secret', async () => {
    const page = await visitors.open({ colorScheme: 'dark' });
    await page.goto(site().url('/errors/view/?q=%3Cb%3E'));
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(15, 20, 25)');
    const open = page.locator('details.frame[open]');
    expect(await open.count()).toBe(1);
    expect(await open.textContent()).toMatch(/pages\/errors\.ts, line \d+, in view/);
    await page.getByText('Settings', { exact: true }).click();
    const settings = await seen(page, '[aria-labelledby=settings]');
    expect(settings).toMatch(/SECRET_KEY\s+'?\*{20}/);
    expect(await page.content()).not.toContain('a-key-for-journeys');
    expect(await seen(page, '[aria-labelledby=get]')).toContain('<b>');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  });

  it('an unknown path lists what there is; a host that nobody allowed says what to do', async () => {
    const page = await visitors.page();
    expect((await page.goto(site().url('/nowhere/<i>/')))?.status()).toBe(404);
    const text = await seen(page, 'body');
    for (const words of ['mysite.urls', 'visits/', "[name='article']", 'nowhere/<i>/', 'didn’t match any']) {
      expect(text).toContain(words);
    }
    expect((await page.goto(site().url('/', 'evil.example')))?.status()).toBe(400);
    expect(await seen(page, 'body')).toContain(
      `Invalid HTTP_HOST header: 'evil.example:${site().port}'. You may need to add 'evil.example' to ALLOWED_HOSTS.`,
    );
    expect(site().server.stderr).toContain('RangeError: the till');
  });

  it('a form that is refused says why, and looks as it should', async () => {
    const page = await visitors.page();
    await page.goto(site().url('/ajax/bare/'));
    await page.context().clearCookies();
    await page.getByRole('button').click();
    expect(await seen(page, 'pre')).toBe('CSRF cookie not set.');
    expect(scriptErrors(visitors.errors).filter((text) => !text.includes('/static/'))).toEqual([]);
  });

  it('a program that does not want HTML is told in text', async () => {
    const answer = await fetch(site().url('/errors/view/'), { headers: { accept: 'application/json' } });
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).toContain('RangeError: the till <script>alert(1)</script> is empty');
  });
});

journey('errors, for a visitor', (visitors) => {
  const plain = siteFor();
  let copy: ReturnType<typeof copyOfSite> | undefined;
  const own = siteFor(() => {
    copy = copyOfSite();
    const templates = path.join(copy.root, 'mysite', 'templates');
    for (const status of [400, 403, 404, 500]) {
      writeFileSync(
        path.join(templates, `${status}.html`),
        `{% extends "base.html" %}{% block main %}<h1>Our own ${status}</h1>{{ exception }} {{ request_path }} {{ request.method }}{% endblock %}`,
      );
    }
    writeFileSync(
      path.join(templates, '403_csrf.html'),
      '<main>Our own refusal of {{ request.path }}: {{ reason }}</main>',
    );
    return { root: copy.root };
  });
  afterAll(() => copy?.remove());

  const titles: Record<number, string> = {
    400: 'Bad Request (400)',
    403: '403 Forbidden',
    404: 'Not Found',
    500: 'Server Error (500)',
  };
  const kinds = [...KINDS, ['denied', 403, []] as const];

  it('tell nothing but that, in the site’s words where it has some', async () => {
    const page = await visitors.open({ viewport: { width: 390, height: 844 } });
    for (const [kind, status] of kinds) {
      expect((await page.goto(plain().url(`/errors/${kind}/`)))?.status()).toBe(status);
      expect(await seen(page, 'h1')).toBe(titles[status]);
      expect(await page.content()).not.toMatch(/pages\/|errors\.ts|no_such_table|till|settings/);
    }
    for (const [kind, status] of kinds) {
      expect((await page.goto(own().url(`/errors/${kind}/`)))?.status()).toBe(status);
      expect(await seen(page, 'h1')).toBe(`Our own ${status}`);
      // As in Django, the page of a 500 has no request.
      expect((await seen(page, 'main')).endsWith('GET')).toBe(status !== 500);
    }
    await page.goto(own().url('/errors/missing/'));
    expect(await seen(page, 'main')).toContain('sold out <b>today</b> /errors/missing/');
    await page.goto(own().url('/nowhere/%3Cb%3E/'));
    expect(await seen(page, 'main')).toContain('Resolver404 /nowhere/%3Cb%3E/');
    await page.goto(own().url('/errors/denied/'));
    expect(await seen(page, 'main')).toContain('members only');
    await page.goto(own().url('/ajax/bare/'));
    await page.context().clearCookies();
    await page.getByRole('button').click();
    expect(await seen(page, 'main')).toBe('Our own refusal of /ajax/answer/: CSRF cookie not set.');
    expect((await page.goto(own().url('/', 'evil.example')))?.status()).toBe(400);
    expect(scriptErrors(visitors.errors)).toEqual([]);
  }, 60_000);
});
