/** A site that is bundled: built, put into one file of code, taken elsewhere, and served from there. */
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SampleFolder } from '../support/samples/folder';
import { freePort } from '../support/site';

jest.setTimeout(180_000);

const FILES: Readonly<Record<string, string>> = {
  'blog/models.ts': `import * as models from 'tsango/db/models';

export class Note extends models.Model {
  declare static readonly objects: models.Manager<Note>;
  declare id: number;
  @models.CharField({ maxLength: 50 }) declare text: string;
}
`,
  'blog/admin.ts': `import * as admin from 'tsango/contrib/admin';
import { Note } from './models';

admin.site.register(Note);
`,
  'blog/middleware.ts': `import type { HttpRequest, HttpResponse } from 'tsango/http';

type Next = (request: HttpRequest) => Promise<HttpResponse>;
export const Stamp = (next: Next) => async (request: HttpRequest) => {
  const response = await next(request);
  response.headers.set('X-Stamp', 'bundled');
  return response;
};
`,
  'blog/templatetags/shout.ts': `import { Library } from 'tsango/template';

export const register = new Library();
register.filter('shout', (value: unknown) => String(value).toUpperCase());
`,
  'blog/management/commands/count.ts': `import { BaseCommand } from 'tsango/core/management';
import { Note } from '../../models';

export class Command extends BaseCommand<object> {
  override async handle(): Promise<void> {
    this.stdout.write(String(await Note.objects.count()));
  }
}
`,
  'blog/views.ts': `import type { HttpRequest } from 'tsango/http';
import * as messages from 'tsango/contrib/messages';
import { render } from 'tsango/shortcuts';
import { Note } from './models';

export async function page(request: HttpRequest) {
  request.session['visits'] = Number(request.session.get('visits', 0)) + 1;
  messages.info(request, 'seen');
  await Note.objects.create({ text: 'a note' });
  return render(request, 'blog/page.html', { notes: await Note.objects.all() });
}
`,
  'blog/urls.ts': `import { path } from 'tsango/urls';
import { page } from './views';

export const urlpatterns = [path('', page)];
`,
  'blog/templates/blog/page.html':
    '{% load shout static %}{{ notes.0.text|shout }} {% static "blog/look.css" %}' +
    '{% for key, value in request.session.items %} {{ key }}={{ value }}{% endfor %}' +
    '{% for message in messages %} {{ message }}{% endfor %}',
  'blog/static/blog/look.css': 'body { margin: 0 }\n',
};

/** What somebody who logs in sees of the notes. */
async function listOfAdmin(url: string): Promise<string> {
  const page = await fetch(`${url}/login/`);
  const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const form = { username: 'grace', password: 'Hopper-1906', csrfmiddlewaretoken: token, next: '/admin/' };
  const body = new URLSearchParams(form);
  const entered = await fetch(`${url}/login/`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie },
    body,
  });
  const session = entered.headers.getSetCookie().map((each) => each.split(';')[0]);
  return (await fetch(`${url}/blog/note/`, { headers: { cookie: session.join('; ') } })).text();
}

let samples: SampleFolder;
let site: string;
/** Where the bundle is taken: a folder with nothing else. */
let elsewhere: string;

function run(cwd: string, command: string, ...args: string[]): { status: number; printed: string } {
  try {
    const env = { ...samples.env(), DJANGO_SUPERUSER_PASSWORD: 'Hopper-1906' };
    const printed = execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
    return { status: 0, printed };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { status, printed: stdout + stderr };
  }
}

beforeAll(() => {
  samples = new SampleFolder();
  site = samples.page();
  elsewhere = mkdtempSync(path.join(os.tmpdir(), 'tsango-bundle-'));
  expect(run(site, 'tsango', 'startproject', 'mysite', '.').status).toBe(0);
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(site, name)), { recursive: true });
    writeFileSync(path.join(site, name), text);
  }
  const edit = (name: string, from: string, to: string): void => {
    const text = readFileSync(path.join(site, name), 'utf8');
    expect(text).toContain(from);
    writeFileSync(path.join(site, name), text.replace(from, to));
  };
  edit('mysite/settings.ts', 'INSTALLED_APPS: [', "INSTALLED_APPS: [\n    'blog',");
  edit('mysite/settings.ts', 'INSTALLED_APPS: [', "STATIC_ROOT: 'collected',\n  INSTALLED_APPS: [");
  edit('mysite/settings.ts', 'MIDDLEWARE: [', "MIDDLEWARE: [\n    'blog.middleware.Stamp',");
  edit('mysite/urls.ts', 'urlpatterns = [', "urlpatterns = [\n  path('blog/', include('blog.urls')),");
  const urls = readFileSync(path.join(site, 'mysite/urls.ts'), 'utf8');
  writeFileSync(
    path.join(site, 'mysite/urls.ts'),
    urls.replace(/import \{[^}]*\} from 'tsango\/urls';/, "import { include, path } from 'tsango/urls';"),
  );
  expect(run(site, 'ts-node', 'manage.ts', 'makemigrations', 'blog').printed).toContain('Create model Note');
});

afterAll(() => {
  samples?.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

it('is made of what is built', () => {
  const { status, printed } = run(site, 'ts-node', 'manage.ts', 'bundle');
  expect([status, printed.trim()]).toEqual([
    1,
    'CommandError: A bundle is made of what is built. Run: npm run build && node dist/manage.js bundle',
  ]);
  expect(run(site, 'node', 'build.js')).toEqual({ status: 0, printed: '' });
});

it('does not overwrite the site', () => {
  for (const folder of ['.', '..', '../..']) {
    const { status, printed } = run(site, 'node', 'dist/manage.js', 'bundle', '--outdir', folder);
    expect([status, printed]).toEqual([
      1,
      expect.stringContaining('has the site in it: name another folder.'),
    ]);
  }
  expect(existsSync(path.join(site, 'dist/manage.js'))).toBe(true);
});

it('replaces a bundle, and no other files', () => {
  const letters = mkdtempSync(path.join(os.tmpdir(), 'letters-'));
  writeFileSync(path.join(letters, 'letter.txt'), 'Dear Ada');
  const { status, printed } = run(site, 'node', 'dist/manage.js', 'bundle', '--outdir', letters);
  expect([status, printed]).toEqual([
    1,
    expect.stringContaining('has files that no bundle has put there, and would be emptied: name another'),
  ]);
  expect(readFileSync(path.join(letters, 'letter.txt'), 'utf8')).toBe('Dear Ada');
  rmSync(path.join(letters, 'letter.txt'));
  for (const time of ['first', 'again']) {
    expect([time, run(site, 'node', 'dist/manage.js', 'bundle', '--outdir', letters).status]).toEqual([
      time,
      0,
    ]);
  }
  rmSync(letters, { recursive: true });
});

it('is one file of code, with everything that names lead to', () => {
  writeFileSync(path.join(site, 'dist/db.sqlite3'), 'rows of somebody');
  const { status, printed } = run(site, 'node', 'dist/manage.js', 'bundle', '--minify');
  expect([status, printed]).toEqual([
    0,
    expect.stringMatching(
      /^dist\/bundle: \d+ modules( and [\w/@, -]+)? in manage\.js, \d+ files beside it\.\n$/,
    ),
  ]);
  expect(readdirSync(path.join(site, 'dist/bundle')).sort()).toEqual([
    'blog',
    'manage.js',
    'mysite',
    'node_modules',
  ]);
  // The rest are lines that ask for it.
  expect(readFileSync(path.join(site, 'dist/bundle/blog/models.js'), 'utf8').split('\n')).toHaveLength(2);
  cpSync(path.join(site, 'dist/bundle'), elsewhere, { recursive: true });
  rmSync(site, { recursive: true });
});

describe('elsewhere', () => {
  beforeAll(() => {
    // Native drivers are not bundled; this one looks for its own file with two packages more.
    for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path']) {
      symlinkSync(path.join(samples.root, 'node_modules', name), path.join(elsewhere, 'node_modules', name));
    }
  });

  const manage = (...args: string[]) => run(elsewhere, 'node', 'manage.js', ...args);

  it('has its commands, checks and migrations', () => {
    expect(manage('check').printed).toBe('System check identified no issues (0 silenced).\n');
    expect(manage('migrate').printed).toMatch(
      /Applying blog\.0001_initial\.\.\. OK\n[\s\S]*sessions\.0001_initial\.\.\. OK/,
    );
    expect(manage('makemigrations', '--check').printed).toBe('No changes detected\n');
    expect(manage('count').printed).toBe('0\n');
    const user = ['--noinput', '--username', 'grace', '--email', 'grace@example.com'];
    expect(manage('createsuperuser', ...user).printed).toBe('Superuser created successfully.\n');
    expect(manage('collectstatic', '--noinput', '--verbosity', '0')).toEqual({ status: 0, printed: '' });
  });

  it('serves sessions, messages, templates, tags, the admin and static files', async () => {
    const port = await freePort();
    const env = {
      ...samples.env(),
      DEBUG: '0',
      ALLOWED_HOSTS: '127.0.0.1',
      SECRET_KEY: 'a-key-for-tests-of-more-than-fifty-characters-0123456789',
    };
    const args = ['manage.js', 'serve', `127.0.0.1:${port}`, '--workers', '1', '--static'];
    const server = spawn('node', args, { cwd: elsewhere, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
    }
    const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
    try {
      const get = (target: string, cookie = '') =>
        fetch(`http://127.0.0.1:${port}${target}`, { headers: { cookie } });
      // A worker starts after its supervisor says that it serves.
      while ((await get('/static/blog/look.css').catch(() => undefined)) === undefined) {
        if (server.exitCode !== null) throw new Error('It ended.');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const first = await get('/blog/');
      expect(await first.text()).toBe('A NOTE /static/blog/look.css visits=1 seen');
      expect(first.headers.get('x-stamp')).toBe('bundled');
      const cookie = first.headers
        .getSetCookie()
        .map((each) => each.split(';')[0])
        .join('; ');
      expect(await (await get('/blog/', cookie)).text()).toBe('A NOTE /static/blog/look.css visits=2 seen');
      expect(await (await get('/admin/login/')).text()).toContain('Log in | Django site admin');
      expect(await (await get('/static/blog/look.css')).text()).toBe('body { margin: 0 }\n');
      expect((await get('/static/admin/css/base.css')).status).toBe(200);
      expect((await get('/absent/')).status).toBe(404);
      expect(await listOfAdmin(`http://127.0.0.1:${port}/admin`)).toContain('Note object (1)');
    } catch (error) {
      throw new Error(printed, { cause: error });
    } finally {
      server.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
    expect(manage('count').printed).toBe('2\n');
  });
});

it('names the package that bundles where there is none', () => {
  const without = new SampleFolder(['esbuild']);
  try {
    const folder = without.page();
    mkdirSync(path.join(folder, 'mysite'));
    writeFileSync(path.join(folder, 'mysite/settings.js'), "exports.settings = { SECRET_KEY: 'x' };");
    writeFileSync(
      path.join(folder, 'manage.js'),
      "process.env.TSANGO_SETTINGS_MODULE = 'mysite.settings';\nrequire('tsango/core/management').executeFromCommandLine();",
    );
    const { status, printed } = run(folder, 'node', 'manage.js', 'bundle');
    expect([status, printed.trim()]).toEqual([
      1,
      expect.stringContaining(
        'manage.ts bundle needs the package esbuild, which is not installed. Run: npm install esbuild',
      ),
    ]);
  } finally {
    without.remove();
  }
});
