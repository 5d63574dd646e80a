/** Files of a folder while one develops: `static_()` and the pages below it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configure, overrideSettings } from 'tsango/conf';
import { static_ } from 'tsango/conf/urls/static';
import { ImproperlyConfigured } from 'tsango/core/exceptions';
import { HttpResponse } from 'tsango/http';
import { Client } from 'tsango/test';
import { path as route } from 'tsango/urls';

configure({ SECRET_KEY: 'static', MIDDLEWARE: [], ALLOWED_HOSTS: ['testserver'] });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tsango-static-'));
  writeFileSync(path.join(folder, 'a b.txt'), 'hello');
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = (prefix: string, target: string, options: object = {}): Promise<[number, string]> =>
  overrideSettings({ DEBUG: true }, () => {
    const urlpatterns = [
      ...static_(prefix, { documentRoot: folder, ...options }),
      route('', () => new HttpResponse('the page')),
    ];
    return overrideSettings({ ROOT_URLCONF: { urlpatterns } }, async () => {
      const { statusCode, text } = await new Client().get(target);
      return [statusCode, text] as [number, string];
    });
  });

test.each(['media/', '/media/'])('a prefix %j', async (prefix) => {
  expect(await get(prefix, '/media/a%20b.txt')).toEqual([200, 'hello']);
  expect((await get(prefix, '/media/absent.txt'))[0]).toBe(404);
  expect((await get(prefix, '/media/../../../../etc/passwd'))[0]).toBe(404);
  expect((await get(prefix, '/media/'))[0]).toBe(404);
  expect(await get(prefix, '/')).toEqual([200, 'the page']);
});

test('what stands for something in a regular expression is a letter of the prefix', async () => {
  expect(await get('m.d+a/', '/m.d+a/a%20b.txt')).toEqual([200, 'hello']);
  expect((await get('m.d+a/', '/mxdda/a%20b.txt'))[0]).toBe(404);
});

test('parameters of the view, and another view', async () => {
  expect((await get('media/', '/media/', { showIndexes: true }))[1]).toContain('a b.txt');
  const view = () => new HttpResponse('another');
  expect(await get('media/', '/media/x', { view })).toEqual([200, 'another']);
});

test.each(['https://cdn.example/media/', '//cdn.example/media/'])(
  'none on another host: %s',
  async (prefix) => {
    expect(await overrideSettings({ DEBUG: true }, () => static_(prefix, { documentRoot: folder }))).toEqual(
      [],
    );
  },
);

test('none with DEBUG off', async () => {
  expect(await overrideSettings({ DEBUG: false }, () => static_('media/', { documentRoot: folder }))).toEqual(
    [],
  );
});

test('an empty prefix is refused', () => {
  expect(() => static_('', { documentRoot: folder })).toThrow(
    new ImproperlyConfigured(
      'static_() was given an empty prefix, which would be every page: set MEDIA_URL, such as to "media/".',
    ),
  );
});
