import { rmSync } from 'node:fs';
import path from 'node:path';
import { type Running, Site } from '../../support/temporary_site';

const SETTINGS = `import { defineSettings } from 'tsango/conf';
export default defineSettings({
  SECRET_KEY: 'test', DEBUG: true, TIME_ZONE: 'UTC', INSTALLED_APPS: ['web'],
  TEMPLATES: [{ BACKEND: 'tsango.template.backends.django.DjangoTemplates', APP_DIRS: true }],
});
`;

/** A runserver whose answers do not need the rest of the framework. */
const RUNSERVER = `import type { Listener } from 'tsango/core/servers/basehttp';
import { Command as Base } from 'tsango/core/management/commands/runserver';
import { answer } from '../../answer';
export class Command extends Base {
  override getHandler(): Listener {
    return (request, response) => {
      if (request.url === '/slow') setTimeout(() => response.end('slowly'), 300);
      else if (request.url === '/crash') setTimeout(() => { response.end('late'); throw new Error('after the answer'); });
      else { response.statusCode = Number.parseInt(request.url?.slice(1) ?? '', 10) || 200; response.end(answer()); }
    };
  }
}
`;

const URLS = `import { render } from 'tsango/shortcuts';
import { path } from 'tsango/urls';
import { answer } from './answer';
export const urlpatterns = [path('', (request) => render(request, 'page.html', { text: answer() }))];
`;

const answerFile = (text: string): string => `export const answer = (): string => '${text}';\n`;
jest.setTimeout(60_000);

const STARTED = /Starting development server at http:\/\/127\.0\.0\.1:(\d+)\//;

describe('runserver', () => {
  let site: Site;
  let running: Running | undefined;

  beforeEach(() => {
    site = new Site({
      'settings.ts': SETTINGS,
      'web/answer.ts': answerFile('one'),
      'web/templates/page.html': '<p>page</p> of {{ text }}',
      'web/management/commands/runserver.ts': RUNSERVER,
    });
  });
  afterEach(async () => {
    await running?.stop('SIGKILL');
    running = undefined;
    site.remove();
  });

  async function started(): Promise<string> {
    return `http://127.0.0.1:${(await running?.shows(STARTED))?.[1]}`;
  }

  async function start(...args: string[]): Promise<string> {
    running = site.start('runserver', ...args);
    return started();
  }

  const text = async (url: string): Promise<string> => (await fetch(url)).text();

  it('says what Django says', async () => {
    await start('0', '--noreload');
    expect(running?.stderr).toBe('');
    expect(
      running?.stdout.replace(/^\w+ \d\d, \d{4} - \d\d:\d\d:\d\d$/m, 'DATE').replace(/:\d+\//, ':PORT/'),
    ).toBe(
      'Performing system checks...\n\n' +
        'System check identified no issues (0 silenced).\n' +
        'DATE\n' +
        "tsango version 0.1.0, using settings 'settings'\n" +
        'Starting development server at http://127.0.0.1:PORT/\n' +
        'Quit the server with CONTROL-C.\n' +
        'WARNING: This is a development server. Do not use it in a production setting.\n',
    );
  });

  it('logs each request as Django does, and an error in a callback does not end it', async () => {
    const url = await start('0', '--noreload');
    running?.forget();
    for (const path of ['/', '/304', '/404?q=1', '/503']) await text(url + path);
    await fetch(`${url}/`, { method: 'HEAD' });
    await text(`${url}/crash`);
    expect(await text(`${url}/`)).toBe('one');
    await running?.shows(/Uncaught exception[\s\S]*"GET \/ HTTP/);
    const lines = running?.stderr.replace(/^\[[^\]]+\]/gm, '[TIME]').split('\n');
    expect(running?.stderr).toMatch(/^\[\d\d\/\w{3}\/\d{4} \d\d:\d\d:\d\d\] "GET/);
    expect(lines?.slice(0, 5)).toEqual([
      '[TIME] "GET / HTTP/1.1" 200 3',
      '[TIME] "GET /304 HTTP/1.1" 304 0',
      '[TIME] "GET /404?q=1 HTTP/1.1" 404 3',
      '[TIME] "GET /503 HTTP/1.1" 503 3',
      '[TIME] "HEAD / HTTP/1.1" 200 0',
    ]);
    expect(running?.stderr).toContain('Error: after the answer');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends cleanly on %s and finishes what it is answering',
    async (signal) => {
      const url = await start('0', '--noreload');
      const slow = text(`${url}/slow`);
      await text(`${url}/`);
      const { status, stderr } = (await running?.stop(signal)) ?? {};
      expect(status).toBe(0);
      expect(await slow).toBe('slowly');
      expect(stderr).toContain('"GET /slow HTTP/1.1" 200 6');
      await expect(fetch(url)).rejects.toThrow('fetch failed');
    },
  );

  it('refuses a port that is in use and addresses that are none', async () => {
    const url = await start('0', '--noreload');
    const port = new URL(url).port;
    expect(await site.run('runserver', port, '--noreload')).toMatchObject({
      status: 1,
      stderr: 'Error: That port is already in use.\n',
    });
    // Under the reloader, too: no change of code would mend it.
    const reloaded = await site.run('runserver', port);
    expect(reloaded.status).toBe(1);
    expect(reloaded.stderr).toContain('Error: That port is already in use.\n');
    expect(await site.run('runserver', '127.0.0.1:http')).toMatchObject({
      status: 1,
      stderr: 'CommandError: "127.0.0.1:http" is not a valid port number or address:port pair.\n',
    });
  });

  it('reloads when code changes', async () => {
    const url = await start('0');
    expect(running?.stderr).toBe('Watching for file changes with WatchReloader\n');
    expect(await text(url)).toBe('one');
    running?.forget();
    const begun = Date.now();
    site.write('web/answer.ts', answerFile('two'));
    const again = await started();
    expect(Date.now() - begun).toBeLessThan(3000);
    expect(running?.stderr).toContain('answer.ts changed, reloading.\n');
    expect(await text(again)).toBe('two');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('shows a syntax error, waits, and goes on with the fix', async () => {
    await start('0');
    running?.forget();
    site.write('web/answer.ts', 'export const answer = (): string => {');
    await running?.shows(/answer\.ts changed, reloading\.[\s\S]*Syntax Error/);
    running?.forget();
    site.write('web/answer.ts', answerFile('mended'));
    expect(await text(await started())).toBe('mended');
  });

  it('starts with broken settings, shows why, and goes on with the fix', async () => {
    site.write('settings.ts', 'export default { SECRET_KEY: ');
    running = site.start('runserver', '0');
    await running.shows(/Syntax Error/);
    site.write('settings.ts', SETTINGS.replace("'web'", "'web', 'missing'"));
    await running.shows(/ImproperlyConfigured: Cannot import 'missing'/);
    site.write('settings.ts', SETTINGS.replace("SECRET_KEY: 'test'", "SECRET_KEY: ''"));
    await running.shows(/SystemCheckError: System check identified some issues:/);
    site.write('settings.ts', SETTINGS);
    await running.shows(STARTED);
  });

  it('notices the fix that comes while the child is on its way out', async () => {
    const slow = 'process.on("exit", () => { const end = Date.now() + 1200; while (Date.now() < end); });';
    site.write('settings.ts', `${slow}\nexport default { SECRET_KEY: nothing };`);
    running = site.start('runserver', '0');
    await running.shows(/nothing is not defined/);
    await new Promise((resolve) => setTimeout(resolve, 400));
    site.write('settings.ts', SETTINGS);
    await running.shows(STARTED);
  });

  it('shows a changed template without a restart', async () => {
    site.write('web/urls.ts', URLS);
    site.write('settings.ts', SETTINGS.replace('DEBUG: true', "DEBUG: true, ROOT_URLCONF: 'web.urls'"));
    rmSync(path.join(site.root, 'web', 'management'), { recursive: true });
    const url = await start('0');
    expect(await text(url)).toBe('<p>page</p> of one');
    running?.forget();
    site.write('web/templates/page.html', '<p>another page</p> of {{ text }}');
    const deadline = Date.now() + 5000;
    while ((await text(url)) !== '<p>another page</p> of one') {
      if (Date.now() > deadline) throw new Error('The page is still the old one.');
    }
    expect(running?.stderr).not.toContain('reloading');
    site.write('web/answer.ts', answerFile('two'));
    expect(await text(await started())).toBe('<p>another page</p> of two');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('leaves no orphan behind after %s', async (signal) => {
    const url = await start('0');
    const { status } = (await running?.stop(signal)) ?? {};
    expect(status).toBe(signal === 'SIGKILL' ? null : 0);
    const deadline = Date.now() + 5000;
    while (
      await fetch(url).then(
        () => true,
        () => false,
      )
    ) {
      if (Date.now() > deadline) throw new Error('The server still answers.');
    }
  });
});
