/** Folders that `serve` lists. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { configure, overrideSettings } from 'tsango/conf';
import { Client } from 'tsango/test';
import { rePath } from 'tsango/urls';
import { serve } from 'tsango/views/static';

const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-listed-'));
mkdirSync(path.join(folder, 'sub'));
writeFileSync(path.join(folder, 'sub/e.txt.gz'), gzipSync('unpacked'));
for (const name of ['b&c.txt', 'sub/d.txt', 'sub/.hidden']) writeFileSync(path.join(folder, name), name);
afterAll(() => rmSync(folder, { recursive: true }));

configure({
  SECRET_KEY: 'x',
  ALLOWED_HOSTS: ['testserver'],
  ROOT_URLCONF: {
    urlpatterns: [
      rePath('^media/(?P<path>.*)$', serve, { kwargs: { documentRoot: folder, showIndexes: true } }),
    ],
  },
});

it('lists a folder, hidden files left out', async () => {
  const { text } = await new Client().get('/media/');
  expect(text).toContain('<h1>Index of ./</h1>');
  expect(text.match(/<a.*?<\/a>/g)).toEqual([
    '<a href="../">../</a>',
    '<a href="b%26c.txt">b&amp;c.txt</a>',
    '<a href="sub/">sub/</a>',
  ]);
  const below = await new Client().get('/media/sub/');
  expect(below.text).toContain('<title>Index of sub/</title>');
  expect(below.text.match(/<a.*?<\/a>/g)).toEqual([
    '<a href="../">../</a>',
    '<a href="d.txt">d.txt</a>',
    '<a href="e.txt.gz">e.txt.gz</a>',
  ]);
});

it.each(['static/directory_index.html', 'static/directory_index'])(
  'lists it by the template of the project: %s',
  async (name) => {
    const loaders = [
      ['django.template.loaders.locmem.Loader', { [name]: '{{ directory }}: {{ file_list|join:" " }}' }],
    ];
    const BACKEND = 'django.template.backends.django.DjangoTemplates';
    await overrideSettings({ TEMPLATES: [{ BACKEND, OPTIONS: { loaders } }] }, async () => {
      expect((await new Client().get('/media/')).text).toBe('./: b&amp;c.txt sub/');
      expect((await new Client().get('/media/sub/')).text).toBe('sub/: d.txt e.txt.gz');
    });
  },
);

it('a packed file is told as what it is unpacked, and answers conditions as others do', async () => {
  const client = new Client();
  const { content, headers } = await client.get('/media/sub/e.txt.gz');
  expect([headers.get('Content-Type'), headers.get('Content-Encoding')]).toEqual(['text/plain', 'gzip']);
  expect(gunzipSync(content).toString()).toBe('unpacked');
  const since = { 'If-Modified-Since': headers.get('Last-Modified') ?? '' };
  expect((await client.get('/media/sub/e.txt.gz', null, { headers: since })).statusCode).toBe(304);
});
