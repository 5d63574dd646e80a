/**
 * The package as a user has it: packed, installed in an empty folder, a project started, migrated, served and
 * tested. Nothing of the repository is on the path.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describeWith } from '../support/services';
import { freePort } from '../support/site';

const ROOT = path.resolve(__dirname, '..', '..');
const MINUTE = 60_000;

describeWith('registry', 'the packed package', () => {
  let folder: string;
  let tarball: string;

  function run(command: string, ...args: string[]): string {
    // Only the PATH: no NODE_PATH, no settings module, nothing that the test runner set.
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], npm_config_audit: 'false' };
    return execFileSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-package-'));
    execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: ROOT, stdio: 'ignore' });
    tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    run('npm', 'install', '--no-audit', '--no-fund', `./${tarball}`);
  }, 5 * MINUTE);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what it names, and no sources or tests', () => {
    const files = run('tar', '-tzf', tarball).split('\n');
    expect(files).toContain('package/dist/index.d.ts');
    expect(files).toContain('package/dist/bin/tsango.js');
    expect(files).toContain('package/dist/conf/project_template/manage.ts-tpl');
    expect(files).toContain('package/LICENSE');
    expect(files.filter((name) => /^package\/(tests|sampleapp|bench|framework)\//.test(name))).toEqual([]);
    const { exports } = JSON.parse(
      readFileSync(path.join(folder, 'node_modules/tsango/package.json'), 'utf8'),
    ) as {
      exports: Record<string, string | { types: string; default: string }>;
    };
    for (const target of Object.values(exports)) {
      for (const file of typeof target === 'string' ? [target] : [target.types, target.default]) {
        if (!file.includes('*')) expect(files).toContain(`package/${file.slice(2)}`);
      }
    }
  });

  it('is required and imported, without any optional peer', () => {
    const names = ['HttpResponse', 'HttpRequest', 'JsonResponse', 'QueryDict'];
    const required = `const http = require('tsango/http'); console.log(${JSON.stringify(names)}.every((n) => typeof http[n] === 'function'))`;
    expect(run('node', '-e', required).trim()).toBe('true');
    const imported = `import { ${names.join(', ')} } from 'tsango/http'; import { path } from 'tsango/urls'; console.log(typeof HttpResponse, typeof path)`;
    expect(run('node', '--input-type=module', '-e', imported).trim()).toBe('function function');
  });

  it(
    'starts a project that migrates, is tested, and serves',
    async () => {
      const started = run('npx', 'tsango', 'startproject', 'mysite', '.');
      expect(started).toContain("Created the project 'mysite'.");
      for (const name of [
        'manage.ts',
        'mysite/settings.ts',
        'mysite/urls.ts',
        'tsconfig.json',
        '.gitignore',
      ]) {
        expect(existsSync(path.join(folder, name))).toBe(true);
      }
      expect(run('npx', 'ts-node', 'manage.ts', 'migrate')).toContain('Applying sessions.0001_initial... OK');
      expect(run('npx', 'ts-node', 'manage.ts', 'check')).toContain('System check identified no issues');

      run('npx', 'tsango', 'startapp', 'blog');
      expect(readdirSync(path.join(folder, 'blog')).sort()).toEqual([
        'apps.ts',
        'migrations',
        'models.ts',
        'tests.ts',
        'urls.ts',
        'views.ts',
      ]);
      run('npm', 'test');

      const port = await freePort();
      const server: ChildProcess = spawn(
        'npx',
        ['ts-node', 'manage.ts', 'runserver', String(port), '--noreload'],
        {
          cwd: folder,
          stdio: 'ignore',
          detached: true,
        },
      );
      try {
        const page = await answer(`http://127.0.0.1:${port}/`);
        expect(page).toContain('The install worked successfully! Congratulations!');
      } finally {
        process.kill(-(server.pid ?? 0), 'SIGTERM');
        await new Promise((resolve) => server.once('exit', resolve));
      }
    },
    6 * MINUTE,
  );
});

async function answer(url: string): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await (await fetch(url)).text();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
