/** Django's advisories about storages, static files and the file cache. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { serve as serveStatic } from 'tsango/contrib/staticfiles/views';
import { FileBasedCache } from 'tsango/core/cache/backends/filebased';
import { PyMemcacheCache } from 'tsango/core/cache/backends/memcached';
import { InvalidCacheKey } from 'tsango/core/cache/exceptions';
import { SuspiciousFileOperation } from 'tsango/core/exceptions';
import { FileSystemStorage } from 'tsango/core/files/storage/filesystem';
import { Http404 } from 'tsango/http';
import { RequestFactory } from 'tsango/test';
import { serve } from 'tsango/views/static';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'files-'));
  mkdirSync(path.join(folder, 'public'));
  writeFileSync(path.join(folder, 'public', 'a.txt'), 'a');
  writeFileSync(path.join(folder, 'secret.txt'), 's');
  // A sibling whose name begins as the folder's does.
  mkdirSync(path.join(folder, 'public-private'));
  writeFileSync(path.join(folder, 'public-private', 'a.txt'), 's');
  configure({ SECRET_KEY: 'test', DEBUG: true, MEDIA_ROOT: path.join(folder, 'media') });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  resetSettings();
});

describe('storages', () => {
  const location = (): string => path.join(folder, 'public');

  it.each(['CVE-2021-45452', 'CVE-2024-39330'])('%s: no name leaves the storage', async (_id) => {
    const storage = new FileSystemStorage({ location: location() });
    for (const name of [
      '../x',
      '/x',
      'a/../../x',
      '..',
      '.',
      '',
      'a/..',
      '..\\x',
      'a\\..\\..\\x',
      '/tmp/../x',
    ]) {
      await expect(storage.save(name, 'x')).rejects.toThrow(SuspiciousFileOperation);
    }
    expect(() => storage.path('../secret.txt')).toThrow(SuspiciousFileOperation);
  });

  it.each(['CVE-2021-45452', 'CVE-2024-39330'])(
    '%s: neither does one that a subclass makes up',
    async (_id) => {
      for (const name of ['../x', '/tmp/x', 'a/../x', '..\\x', '']) {
        let asked = false;
        class Available extends FileSystemStorage {
          override getAvailableName = (): Promise<string> => Promise.resolve(name);
          protected override write(): Promise<string> {
            throw new Error('written');
          }
        }
        class Valid extends FileSystemStorage {
          override getValidName = (): string => name;
          override exists(): boolean {
            asked = true;
            return false;
          }
        }
        class Written extends FileSystemStorage {
          protected override write(): Promise<string> {
            return Promise.resolve(name);
          }
        }
        for (const Storage of [Available, Valid, Written]) {
          const storage = new Storage({ location: location() });
          await expect(storage.save('x', 'x')).rejects.toThrow(SuspiciousFileOperation);
        }
        expect(asked).toBe(false);
      }
    },
  );

  it.each(['CVE-2020-24583', 'CVE-2026-25674'])('%s: folders have their mode from the start', async (_id) => {
    const umask = process.umask();
    const storage = new FileSystemStorage({
      location: path.join(folder, _id),
      directoryPermissionsMode: 0o773,
    });
    await storage.save('a/b/c.txt', 'x');
    const mode = (name: string): number => statSync(path.join(folder, _id, name)).mode & 0o777;
    expect([mode('a'), mode('a/b')]).toEqual([0o773, 0o773]);
    expect(process.umask()).toBe(umask);
  });
});

describe('caches', () => {
  it.each(['CVE-2020-24584', 'CVE-2026-25674'])(
    '%s: the folders of a file cache are its owner’s alone',
    async (_id) => {
      const umask = process.umask();
      const cache = new FileBasedCache(path.join(folder, `${_id}-cache`, 'deep'));
      await cache.set('a', 1);
      for (const name of ['', 'deep']) {
        expect(statSync(path.join(folder, `${_id}-cache`, name)).mode & 0o777).toBe(0o700);
      }
      expect(process.umask()).toBe(umask);
    },
  );

  it('CVE-2020-13254: keys that memcached would misread are refused', async () => {
    const cache = new PyMemcacheCache('127.0.0.1:1', {});
    for (const key of [
      'a b',
      'a\nset b 0 0 1',
      'a\r\n',
      'a\0',
      'a\x7f',
      'a'.repeat(250),
      '\u00e9'.repeat(130),
    ]) {
      await expect((async () => cache.get(key))()).rejects.toThrow(InvalidCacheKey);
      await expect((async () => cache.getMany([key]))()).rejects.toThrow(InvalidCacheKey);
      await expect((async () => cache.set(key, 1))()).rejects.toThrow(InvalidCacheKey);
    }
    await cache.close();
  });
});

describe('static files', () => {
  const request = (target: string) => new RequestFactory().get(target);

  it('CVE-2009-2659: no path leaves the folder', async () => {
    const documentRoot = path.join(folder, 'public');
    for (const name of [
      '../secret.txt',
      '/../secret.txt',
      'x/../../secret.txt',
      '..\\secret.txt',
      `${folder}/secret.txt`,
      '../public-private/a.txt',
      'a.txt\0',
      '..',
    ]) {
      expect(() => serve(request('/'), { path: name, documentRoot })).toThrow(Http404);
    }
    await overrideSettings(
      {
        STATICFILES_DIRS: [documentRoot],
        STATIC_URL: '/static/',
        STATICFILES_FINDERS: ['tsango.contrib.staticfiles.finders.FileSystemFinder'],
      },
      () => {
        for (const name of ['../secret.txt', '/../secret.txt', '../public-private/a.txt', '..']) {
          expect(() => serveStatic(request('/'), { path: name })).toThrow(Http404);
        }
      },
    );
  });

  it('CVE-2017-7234: a redirect stays on the site', async () => {
    const documentRoot = path.join(folder, 'public');
    const odd = request('/');
    odd.path = '//evil.example/..';
    const response = await serve(odd, { path: '/evil.example/..', documentRoot, showIndexes: true });
    expect([response.statusCode, response.headers.get('Location')]).toEqual([302, '/%2Fevil.example/../']);
  });
});
