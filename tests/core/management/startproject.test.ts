/** startproject and startapp: what they write, and what they refuse to. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { configure, resetSettings, type Settings } from 'tsango/conf';
import { CommandError, callCommand } from 'tsango/core/management';
import { ROOT } from '../../support/site';

let folder: string;
let printed: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-startproject-'));
  printed = '';
  configure({ SECRET_KEY: 'x' });
});
afterEach(() => {
  resetSettings();
  rmSync(folder, { recursive: true, force: true });
});

const start = (command: string, name: string, options: object = {}): Promise<unknown> =>
  callCommand(command, name, folder, {
    ...options,
    stdout: {
      write: (text: string) => {
        printed += text;
      },
    },
  });
const startproject = (name = 'shop'): Promise<unknown> => start('startproject', name, { install: false });

function files(below = folder): string[] {
  return readdirSync(below, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(below, name)).isFile())
    .sort();
}
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const write = (name: string, content: unknown): void =>
  writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

/** The settings of a module, read anew in the environment of the moment. */
function settingsOf(module: string): Partial<Settings> {
  let loaded: { default?: Partial<Settings> } = {};
  jest.isolateModules(() => {
    loaded = require(module) as typeof loaded;
  });
  return loaded.default ?? {};
}

describe('startproject', () => {
  it('makes settings whose DEBUG only 1 in the environment leaves on; the sample site’s, too', async () => {
    await startproject();
    const { DEBUG: former } = process.env;
    try {
      for (const module of [
        path.join(folder, 'shop', 'settings.ts'),
        path.join(ROOT, 'sampleapp', 'settings.ts'),
      ]) {
        for (const value of [undefined, '1', '0', '', 'false', 'no', 'off', 'true']) {
          if (value === undefined) delete process.env['DEBUG'];
          else process.env['DEBUG'] = value;
          const { DEBUG } = settingsOf(module);
          expect([module, value, DEBUG]).toEqual([module, value, value === undefined || value === '1']);
        }
      }
    } finally {
      if (former === undefined) delete process.env['DEBUG'];
      else process.env['DEBUG'] = former;
    }
  });

  it('writes a project of that name, and says how to go on', async () => {
    await startproject();
    expect(files()).toEqual([
      '.gitignore',
      '.vscode/extensions.json',
      '.vscode/settings.json',
      'build.js',
      'jest.config.js',
      'manage.ts',
      'package.json',
      'shop/settings.ts',
      'shop/urls.ts',
      'tests/setup.ts',
      'tests/site.test.ts',
      'tsconfig.json',
    ]);
    for (const name of files()) expect(read(name)).not.toMatch(/\{\{|project_name/);
    expect(read('manage.ts')).toContain("??= 'shop.settings'");
    expect(read('shop/settings.ts')).toMatch(/\?\? 'django-insecure-[^']{50}'/);
    expect(printed).toContain(
      "Created the project 'shop'. Next: npm install && npx ts-node manage.ts migrate",
    );
  });

  it.each([
    ['postgresql', 'pg', "PORT: process.env['DB_PORT'] ?? '5432',"],
    ['mysql', 'mysql2', "PORT: process.env['DB_PORT'] ?? '3306',"],
  ])('with --database %s asks for %s, and where the server is', async (database, driver, port) => {
    await start('startproject', 'shop', { install: false, database });
    const { DATABASES } = settingsOf(path.join(folder, 'shop', 'settings.ts'));
    expect(DATABASES).toMatchObject({ default: { ENGINE: database, NAME: 'shop', HOST: '127.0.0.1' } });
    expect(read('shop/settings.ts')).toContain(port);
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    expect(Object.keys(dependencies).sort()).toEqual(['@zxcvbn-ts/language-common', driver, 'tsango']);
  });

  it('refuses a database that it does not know', async () => {
    const refused = start('startproject', 'shop', { install: false, database: 'oracle' });
    await expect(refused).rejects.toThrow(
      "'oracle' is no database that a project starts with: sqlite3, postgresql, mysql",
    );
    expect(files()).toEqual([]);
  });

  it('builds what the site runs, and no tests', async () => {
    await startproject();
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    // Nothing but the tests needs what is not installed here: with them the compiler would fail.
    rmSync(path.join(folder, 'shop'), { recursive: true });
    write('manage.ts', "import { page } from './blog/views';\nconsole.log(page);\n");
    mkdirSync(path.join(folder, 'blog', 'tests', 'templates'), { recursive: true });
    mkdirSync(path.join(folder, 'blog', 'templates'));
    write('blog/views.ts', "export const page: string = 'a page';\n");
    write('blog/views.test.ts', "import 'not-installed';\n");
    write('blog/tests/views.test.ts', "import 'not-installed';\n");
    write('blog/tests/templates/fixture.html', '');
    write('blog/templates/page.html', '');
    mkdirSync(path.join(folder, 'other'));
    write('other/tests.ts', "import 'not-installed';\n");
    execFileSync(process.execPath, ['build.js'], { cwd: folder, stdio: 'pipe' });
    expect(files(path.join(folder, 'dist'))).toEqual([
      'blog/templates/page.html',
      'blog/views.js',
      'blog/views.js.map',
      'manage.js',
      'manage.js.map',
    ]);
    expect(execFileSync(process.execPath, ['dist/manage.js'], { cwd: folder, encoding: 'utf8' })).toBe(
      'a page\n',
    );
  }, 60_000);

  it('gives each project a key of its own', async () => {
    await startproject();
    const first = read('shop/settings.ts');
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-startproject-'));
    await startproject();
    expect(read('shop/settings.ts')).not.toBe(first);
  });

  it('refuses a folder whose package is one of ES modules, and writes nothing', async () => {
    write('package.json', { name: 'mine', type: 'module' });
    await expect(startproject()).rejects.toThrow(CommandError);
    await expect(startproject()).rejects.toThrow(
      /package\.json says "type": "module", and a project is CommonJS.* Remove that line, or choose another folder\./,
    );
    expect(files()).toEqual(['package.json']);
    expect(JSON.parse(read('package.json'))).toEqual({ name: 'mine', type: 'module' });
  });

  it('keeps what a package.json says, and adds to it what is missing', async () => {
    write('package.json', {
      name: 'mine',
      type: 'commonjs',
      scripts: { test: 'echo "Error: no test specified" && exit 1', build: 'make' },
      dependencies: { tsango: 'file:tsango.tgz', 'left-pad': '1.0.0' },
    });
    await startproject();
    expect(JSON.parse(read('package.json'))).toMatchObject({
      name: 'mine',
      type: 'commonjs',
      scripts: {
        test: 'tsc -p tsconfig.json --noEmit && ts-node manage.ts test --parallel',
        build: 'make',
        start: expect.any(String),
      },
      dependencies: { tsango: 'file:tsango.tgz', 'left-pad': '1.0.0' },
      devDependencies: { typescript: expect.any(String) },
    });
  });

  it('takes the SQLite of a Node that has one, and compiles one for the others', async () => {
    await startproject();
    const engine = isBuiltin('node:sqlite') ? 'node:sqlite' : 'better-sqlite3';
    expect(read('shop/settings.ts')).toContain(`ENGINE: '${engine}',`);
    const { dependencies, allowScripts } = JSON.parse(read('package.json')) as Record<string, object>;
    const compiled = engine === 'better-sqlite3';
    expect('better-sqlite3' in (dependencies ?? {})).toBe(compiled);
    expect('better-sqlite3' in (allowScripts ?? {})).toBe(compiled);
  });

  it('asks for this package by its folder where that is what runs', async () => {
    await startproject();
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: { tsango: string } };
    expect(path.resolve(folder, dependencies.tsango.replace(/^file:/, ''))).toBe(
      path.resolve(__dirname, '..', '..', '..'),
    );
  });

  it('overwrites no file', async () => {
    write('tsconfig.json', '{}');
    await expect(startproject()).rejects.toThrow(/tsconfig\.json already exists/);
    expect(files()).toEqual(['tsconfig.json']);
  });

  it.each(['1shop', 'my-shop', ''])('refuses the name %j', async (name) => {
    await expect(startproject(name)).rejects.toThrow(/is not a valid project name/);
  });

  it.each(['tsango', 'django', 'tests'])('refuses %j, which is a module', async (name) => {
    await expect(startproject(name)).rejects.toThrow(/conflicts with the name of an existing module/);
  });

  it('refuses a folder that is not there', async () => {
    rmSync(folder, { recursive: true });
    await expect(startproject()).rejects.toThrow(/does not exist, please create it first/);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('startapp', () => {
  it('writes the files of an app', async () => {
    await start('startapp', 'guest_book');
    expect(files()).toEqual(['apps.ts', 'migrations/README', 'models.ts', 'tests.ts', 'urls.ts', 'views.ts']);
    expect(read('apps.ts')).toContain('class GuestBookConfig extends AppConfig');
    expect(printed).toContain("Add 'guest_book' to INSTALLED_APPS");
  });
});
