import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { configure, resetSettings, settings } from 'tsango/conf';
import { find, findAll } from 'tsango/contrib/staticfiles/finders';
import { ManifestStaticFilesStorage } from 'tsango/contrib/staticfiles/storage';
import { callCommand } from 'tsango/core/management';
import { settingChanged } from 'tsango/core/signals';

let folder: string;
let root: string;

function write(name: string, content: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function collector(): { write(text: string): boolean; text: string } {
  return {
    text: '',
    write(text: string) {
      this.text += text;
      return true;
    },
  };
}

async function collect(...args: string[]): Promise<string> {
  const stdout = collector();
  await callCommand('collectstatic', '--noinput', ...args, { stdout, stderr: collector() });
  return stdout.text;
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'static-'));
  root = path.join(folder, 'root');
  resetSettings();
  apps.reset();
  configure({
    SECRET_KEY: 'x'.repeat(50),
    INSTALLED_APPS: ['tsango.contrib.staticfiles'],
    STATIC_URL: '/static/',
    STATIC_ROOT: root,
    STATICFILES_DIRS: [path.join(folder, 'assets'), ['vendor', path.join(folder, 'lib')]],
    STORAGES: { staticfiles: { BACKEND: 'tsango.contrib.staticfiles.storage.StaticFilesStorage' } },
  });
  apps.populate();
  await settingChanged.send(settings, { setting: 'STORAGES', value: undefined, enter: true });
  write('assets/css/base.css', 'a{}');
  write('lib/x.js', '1');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  resetSettings();
  apps.reset();
});

describe('finders', () => {
  it('find a file in STATICFILES_DIRS, and below a prefix', () => {
    expect(find('css/base.css')).toBe(path.join(folder, 'assets/css/base.css'));
    expect(find('vendor/x.js')).toBe(path.join(folder, 'lib/x.js'));
    expect(find('x.js')).toBeUndefined();
  });

  it('say where they looked', () => {
    const searched: string[] = [];
    expect(findAll('nothing.css', searched)).toEqual([]);
    expect(searched).toEqual([path.join(folder, 'assets'), path.join(folder, 'lib')]);
  });

  it.each(['../settings.ts', '/etc/passwd', 'css/../../../etc/passwd'])('refuse %s', (name) => {
    expect(() => find(name)).toThrow(/is located outside of the base path component/);
  });
});

describe('collectstatic', () => {
  it('copies every file once and counts', async () => {
    expect(await collect()).toBe(`\n2 static files copied to '${root}'.\n`);
    expect(readFileSync(path.join(root, 'css/base.css'), 'utf8')).toBe('a{}');
    expect(readFileSync(path.join(root, 'vendor/x.js'), 'utf8')).toBe('1');
    expect(await collect()).toBe(`\n0 static files copied to '${root}', 2 unmodified.\n`);
  });

  it('copies a file again when it changed', async () => {
    await collect();
    const file = write('assets/css/base.css', 'b{}');
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    expect(await collect()).toBe(`\n1 static file copied to '${root}', 1 unmodified.\n`);
    expect(readFileSync(path.join(root, 'css/base.css'), 'utf8')).toBe('b{}');
  });

  it('writes nothing in a dry run, and passes over what is ignored', async () => {
    write('assets/.hidden', '');
    write('assets/old.css~', '');
    expect(await collect('--dry-run', '--ignore', '*.js')).toBe(
      `Pretending to copy '${folder}/assets/css/base.css'\n\n1 static file copied to '${root}'.\n`,
    );
    expect(() => readdirSync(root)).toThrow(/ENOENT/);
  });

  it('removes what is there with --clear', async () => {
    await collect();
    write('root/stale.css', '');
    await collect('--clear');
    expect(readdirSync(root).sort()).toEqual(['css', 'vendor']);
  });

  it('names the setting that is missing', async () => {
    resetSettings();
    configure({ SECRET_KEY: 'x', INSTALLED_APPS: ['tsango.contrib.staticfiles'], STATIC_URL: '/static/' });
    await settingChanged.send(settings, { setting: 'STORAGES', value: undefined, enter: true });
    await expect(collect('--skip-checks')).rejects.toThrow(
      "You're using the staticfiles app without having set the STATIC_ROOT setting to a filesystem path.",
    );
  });
});

describe('ManifestStaticFilesStorage', () => {
  const hashed = (name: string): string => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'staticfiles.json'), 'utf8')) as {
      paths: Record<string, string>;
    };
    return manifest.paths[name] ?? '';
  };

  beforeEach(async () => {
    resetSettings();
    apps.reset();
    configure({
      SECRET_KEY: 'x',
      INSTALLED_APPS: ['tsango.contrib.staticfiles'],
      STATIC_URL: '/static/',
      STATIC_ROOT: root,
      STATICFILES_DIRS: [path.join(folder, 'assets')],
      STORAGES: { staticfiles: { BACKEND: 'tsango.contrib.staticfiles.storage.ManifestStaticFilesStorage' } },
    });
    apps.populate();
    await settingChanged.send(settings, { setting: 'STORAGES', value: undefined, enter: true });
  });

  it('names files by their content, and follows references', async () => {
    write('assets/img/logo.svg', '<svg/>');
    write('assets/css/base.css', `a{background:url("../img/logo.svg#x")} b{background:url(data:,x)}`);
    expect(await collect()).toBe(`\n2 static files copied to '${root}', 2 post-processed.\n`);
    // md5 of the bytes, its first twelve digits: what Django 5.2 names the same file.
    expect(hashed('img/logo.svg')).toBe('img/logo.677433a0892a.svg');
    const css = readFileSync(path.join(root, hashed('css/base.css')), 'utf8');
    expect(css).toBe('a{background:url("../img/logo.677433a0892a.svg#x")} b{background:url(data:,x)}');
    const storage = new ManifestStaticFilesStorage();
    expect(storage.url('img/logo.svg')).toBe('/static/img/logo.677433a0892a.svg');
    expect(storage.url('img/logo.svg#part')).toBe('/static/img/logo.677433a0892a.svg#part');
  });

  it('counts and writes the manifest as Django does', async () => {
    write('assets/img/logo.svg', '<svg/>');
    write('assets/404', 'x');
    write('assets/10', 'y');
    write('assets/b.txt', 'z');
    write('assets/css/base.css', 'a{background:url("../img/logo.svg")}');
    write('assets/css/plain.css', 'a{}');
    // Each refers to the next: one round more for each, if the last is always looked at last.
    for (let i = 0; i < 8; i++) {
      write(`assets/css/c${i}.css`, i < 7 ? `@import "c${i + 1}.css";` : 'x{}');
    }
    expect(await collect('--dry-run')).toContain(`Pretending to copy '${folder}/assets/404'\n`);
    expect(await collect()).toBe(`\n14 static files copied to '${root}', 14 post-processed.\n`);
    // What Django 5.2 prints the second time: a file with references is always written anew.
    expect(await collect()).toBe(`\n0 static files copied to '${root}', 14 unmodified, 10 post-processed.\n`);
    const manifest = readFileSync(path.join(root, 'staticfiles.json'), 'utf8');
    expect(manifest).toMatch(
      /^\{"paths": \{"10": "10\.415290769594", "404": "404\.9dd4e461268c", "b\.txt": "b\.fbade9e36a3f\.txt", "css\/base/,
    );
    expect(manifest).toContain('"css/c0.css": "css/c0.5c9f6d1a8578.css"');
    // Django 5.2's hash of the same files. It sorts the names for the hash only, Django 6.0 for the file, too.
    expect(manifest).toMatch(/, "version": "1\.1", "hash": "b6c6498705d0"\}$/);
  });

  it('says which files refer to each other in a circle', async () => {
    write('assets/css/x.css', '@import "y.css";');
    write('assets/css/y.css', '@import "x.css";');
    const stderr = collector();
    await expect(callCommand('collectstatic', '--noinput', { stdout: collector(), stderr })).rejects.toThrow(
      'Max post-process passes exceeded.',
    );
    expect(stderr.text).toContain("Post-processing 'css/x.css, css/y.css' failed!");
  });

  it('writes what was rewritten anew, whatever lies there', async () => {
    await collect();
    const file = path.join(root, hashed('css/base.css'));
    writeFileSync(file, 'torn');
    await collect();
    expect(readFileSync(file, 'utf8')).toBe('a{}');
  });

  it('fails for a reference to a file that is not there', async () => {
    write('assets/css/base.css', 'a{background:url(missing.png)}');
    await expect(collect()).rejects.toThrow(
      "The file 'css/missing.png' could not be found with ManifestStaticFilesStorage, referenced by 'css/base.css'.",
    );
  });

  it('fails for a name that the manifest does not have', async () => {
    await collect();
    expect(() => new ManifestStaticFilesStorage().url('nothing.css')).toThrow(
      "Missing staticfiles manifest entry for 'nothing.css'",
    );
  });
});
