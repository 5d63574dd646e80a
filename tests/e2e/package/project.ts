/** A project that is started with the package: migrated, tested, served, built, and served from what was built. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { launch, openPage } from '../../support/browser';
import type { InstalledPackage, PackageFile } from '../../support/installed';
import { available } from '../../support/services';
import { freePort } from '../../support/site';
import { writtenFiles } from '../../support/tutorial';

const MINUTE = 60_000;

const VIEWS = `import { type HttpRequest, HttpResponse } from 'tsango/http';
import { render } from 'tsango/shortcuts';

export const index = (_request: HttpRequest) => new HttpResponse('Hello from blog.');

export function setSession(request: HttpRequest): HttpResponse {
  request.session['name'] = 'amrit panta';
  return new HttpResponse('set successfully');
}

export function getSession(request: HttpRequest): HttpResponse {
  return new HttpResponse(\`data is \${request.session['name']}\`);
}

export const page = (request: HttpRequest) => render(request, 'blog/page.html');
`;
const URLS = `import { path } from 'tsango/urls';
import * as views from './views';

export const urlpatterns = [
  path('', views.index),
  path('set_session/', views.setSession),
  path('get_session/', views.getSession),
  path('page/', views.page),
];
`;
const SITE_URLS = `import { include, path } from 'tsango/urls';

export const urlpatterns = [path('', include('greetings.urls')), path('blog/', include('blog.urls'))];
`;
const TEMPLATE =
  '{% for key, value in request.session.items %}{{ key }}: {{ value }}{% empty %}Nothing yet.{% endfor %}';

export function project(installed: () => InstalledPackage): void {
  const manage = (...args: string[]): string => installed().run('npx', 'ts-node', 'manage.ts', ...args);

  /** Runs a server until the body is done; it must end in order. */
  async function serving(
    command: readonly string[],
    env: NodeJS.ProcessEnv,
    body: (url: string) => Promise<void>,
  ): Promise<void> {
    const port = await freePort();
    const [program = '', ...args] = command.map((arg) => (arg === 'PORT' ? String(port) : arg));
    const server = spawn(program, args, {
      cwd: installed().folder,
      env: { ...installed().env(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
    }
    const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
    try {
      const url = `http://127.0.0.1:${port}`;
      await answers(url, () => server.exitCode !== null);
      await body(url);
    } catch (error) {
      throw new Error(`${command.join(' ')}:\n${printed}`, { cause: error });
    } finally {
      server.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
  }

  it(
    'is started',
    () => {
      const started = installed().run('npx', 'tsango', 'startproject', 'mysite', '.');
      expect(started).toContain("Created the project 'mysite'.");
      for (const name of [
        'manage.ts',
        'mysite/settings.ts',
        'mysite/urls.ts',
        'tsconfig.json',
        '.gitignore',
      ]) {
        expect(existsSync(installed().path(name))).toBe(true);
      }
      expect(manage('migrate')).toContain('Applying sessions.0001_initial... OK');
      expect(manage('check')).toContain('System check identified no issues');
      manage('startapp', 'blog');
      const app = ['apps.ts', 'migrations', 'models.ts', 'tests.ts', 'urls.ts', 'views.ts'];
      expect(readdirSync(installed().path('blog')).sort()).toEqual(app);
      installed().run('npm', 'test');
    },
    6 * MINUTE,
  );

  it('is started in a folder of its own, and asks for the file that this one was installed from', () => {
    installed().run('npx', 'tsango', 'startproject', 'another', '--no-install');
    const { dependencies } = JSON.parse(installed().read('another/package.json')) as PackageFile;
    expect(dependencies['tsango']).toBe(`file:../${installed().tarball}`);
    installed().remove('another');
  }, 60_000);

  it(
    'welcomes whoever opens it',
    async () => {
      const node = [
        'node',
        'node_modules/ts-node/dist/bin.js',
        'manage.ts',
        'runserver',
        'PORT',
        '--noreload',
      ];
      await serving(node, {}, async (url) => {
        const page = await (await fetch(url)).text();
        expect(page).toContain('The install worked successfully! Congratulations!');
        if (available('chromium')) await look(url);
      });
    },
    2 * MINUTE,
  );

  it(
    'grows by the tutorial, whose types and tests hold',
    () => {
      const { 'mysite/settings.ts': apps = '', ...files } = writtenFiles();
      for (const [name, content] of Object.entries(files)) installed().write(name, content);
      const settings = installed().read('mysite/settings.ts');
      installed().write('mysite/settings.ts', settings.replace(/ {2}INSTALLED_APPS: \[[\s\S]*?\],\n/, apps));
      installed().run('npm', 'test');
    },
    2 * MINUTE,
  );

  it(
    'is built, and what is built is served, with sessions and templates',
    async () => {
      installed().write('blog/views.ts', VIEWS);
      installed().write('blog/urls.ts', URLS);
      installed().write('mysite/urls.ts', SITE_URLS);
      installed().write('blog/templates/blog/page.html', TEMPLATE);
      const settings = installed().read('mysite/settings.ts');
      installed().write('mysite/settings.ts', settings.replace(/INSTALLED_APPS: \[/, "$&\n    'blog',"));
      // From here on the site is what was built.
      installed().run('npm', 'run', 'build');
      const built = (...args: string[]): string => installed().run('node', 'dist/manage.js', ...args);
      expect(built('check')).toContain('System check identified no issues');
      // The same database: what the project applied is applied, and the tutorial's own migration is not yet.
      const migrated = built('migrate');
      expect(migrated).toContain('Applying greetings.0001_initial... OK');
      expect(migrated).not.toContain('Applying sessions');
      expect(built('migrate')).toContain('No migrations to apply.');
      const production = {
        DEBUG: '0',
        ALLOWED_HOSTS: '127.0.0.1',
        SECRET_KEY: 'a-key-for-tests-of-more-than-fifty-characters-0123456789',
      };
      await serving(
        ['node', 'dist/manage.js', 'serve', 'PORT', '--workers', '1'],
        production,
        async (url) => {
          const set = await fetch(`${url}/blog/set_session/`);
          expect(await set.text()).toBe('set successfully');
          const [cookie = ''] = set.headers.getSetCookie();
          expect(cookie).toMatch(/^sessionid=[a-z0-9]{32}; /);
          const headers = { cookie: cookie.split(';')[0] ?? '' };
          const get = async (
            path: string,
            own: Record<string, string> = headers,
          ): Promise<[number, string]> => {
            const response = await fetch(`${url}/blog${path}`, { headers: own });
            return [response.status, await response.text()];
          };
          expect(await get('/get_session/')).toEqual([200, 'data is amrit panta']);
          expect(await get('/page/')).toEqual([200, 'name: amrit panta']);
          expect(await get('/page/', {})).toEqual([200, 'Nothing yet.']);
          // With DEBUG off an error tells nothing.
          const [status, page] = await get('/get_session/', {});
          expect(status).toBe(500);
          expect(page).not.toContain('KeyError');
          expect((await get('/absent/'))[0]).toBe(404);
        },
      );
    },
    3 * MINUTE,
  );
}

/** The page in a browser: whole, and without an error. PACKAGE_SCREENSHOT names a file for a picture of it. */
async function look(url: string): Promise<void> {
  const browser = await launch();
  try {
    const { page, errors } = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    // A browser asks for an icon by itself, and a new site has none.
    await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
    await page.goto(url);
    expect(await page.title()).toBe('The install worked successfully! Congratulations!');
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
    const picture = process.env['PACKAGE_SCREENSHOT'];
    if (picture) await page.screenshot({ path: picture });
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
}

async function answers(url: string, ended: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (Date.now() > deadline || ended()) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
