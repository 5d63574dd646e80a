/** docs/first-session.md, done as it says. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configure, resetSettings } from 'tsango/conf';
import { callCommand } from 'tsango/core/management';
import { type Running, Site } from '../support/temporary_site';
import { writtenFiles } from '../support/tutorial';

jest.setTimeout(60_000);

describe('docs/first-session.md', () => {
  let site: Site;
  let running: Running | undefined;

  beforeAll(async () => {
    const { 'mysite/settings.ts': apps = '', ...files } = writtenFiles();
    const folder = mkdtempSync(path.join(tmpdir(), 'tsango-tutorial-'));
    configure({ SECRET_KEY: 'x' });
    await callCommand('startproject', 'mysite', folder, { install: false, verbosity: 0 });
    resetSettings();
    const started = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
    site = new Site({
      ...files,
      'mysite/settings.ts': started('mysite/settings.ts').replace(
        / {2}INSTALLED_APPS: \[[\s\S]*?\],\n/,
        apps,
      ),
      'manage.ts': started('manage.ts'),
    });
    rmSync(folder, { recursive: true });
  });
  afterAll(async () => {
    await running?.stop();
    site.remove();
  });

  it('has the reader write these files', () => {
    expect(Object.keys(writtenFiles())).toEqual([
      'mysite/settings.ts',
      'greetings/views.ts',
      'greetings/urls.ts',
      'mysite/urls.ts',
      'greetings/templates/greetings/index.html',
      'greetings/models.ts',
      'greetings/migrations/0001_initial.ts',
      'greetings/guests.ts',
      'greetings/templates/greetings/guests.html',
      'greetings/tests.ts',
    ]);
  });

  it('makes a site that greets', async () => {
    const migrated = await site.run('migrate');
    expect(migrated).toMatchObject({ status: 0, stderr: '' });
    expect(migrated.stdout).toContain('Applying sessions.0001_initial... OK');
    running = site.start('runserver', '0', '--noreload');
    const [, port] = await running.shows(/http:\/\/127\.0\.0\.1:(\d+)\//);
    const url = `http://127.0.0.1:${port}`;
    const jar = new Map<string, string>();
    const visit = async (where: string, init: RequestInit = {}): Promise<string> => {
      const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
      const response = await fetch(url + where, { ...init, headers: { cookie }, redirect: 'manual' });
      for (const header of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^(\w+)=([^;]*)/.exec(header) ?? [];
        jar.set(name, value);
      }
      return response.text();
    };
    expect(await visit('/')).toContain('<h1>Hello, stranger!</h1>\n<p>You have been here 1 time.</p>');
    const page = await visit('/');
    expect(page).toContain('You have been here 2 times.');
    const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(page)?.[1] ?? '';
    const form = (values: Record<string, string>): RequestInit => ({
      method: 'POST',
      body: new URLSearchParams({ csrfmiddlewaretoken: token, ...values }),
    });
    await visit('/sign-in/', form({ name: 'Ada' }));
    expect(await visit('/')).toContain('<h1>Hello, Ada!</h1>');
    await visit('/sign-out/', form({}));
    expect(await visit('/')).toContain('<h1>Hello, stranger!</h1>');
    expect(await visit('/sign-in/', { method: 'POST' })).toContain('CSRF verification failed.');
    expect(existsSync(path.join(site.root, 'db.sqlite3'))).toBe(true);
  });
});
