/** What a new project loads until its first answer: neither models nor forms, where nobody asked for them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY, Site } from '../../support/temporary_site';

jest.setTimeout(60_000);

const TEMPLATE = path.join(REPOSITORY, 'framework', 'conf', 'project_template', 'project_name');

const URLS = `import { HttpResponse } from 'tsango/http';
import type { HttpRequest } from 'tsango/http/request';
import { path } from 'tsango/urls';
export const urlpatterns = [
  path('', () => new HttpResponse('plain')),
  path('who/', async (request: HttpRequest) => new HttpResponse(String(await request.user))),
];
`;

/** Answers two requests, and says after each which of our modules are loaded. */
const PROBE = `import http from 'node:http';
import { setup } from 'tsango';
import { createServerListener } from 'tsango/core/handlers/node';
const ours = (): string[] =>
  Object.keys(require.cache).filter((file) => file.includes('/framework/')).map((file) => file.replace(/.*\\/framework\\//, ''));
process.chdir(__dirname);
setup();
const server = http.createServer(createServerListener());
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address() as { port: number };
  for (const page of ['', 'who/']) {
    const text = await (await fetch('http://127.0.0.1:' + port + '/' + page)).text();
    console.log(JSON.stringify({ text, modules: ours() }));
  }
  server.close();
});
`;

let site: Site;
afterEach(() => site.remove());

/** What is loaded after each of two pages, by a new project whose settings are changed so. */
function loadedBy(change: (settings: string) => string): { text: string; modules: string[] }[] {
  const settings = readFileSync(path.join(TEMPLATE, 'settings.ts-tpl'), 'utf8')
    .replaceAll('{{ project_name }}', 'mysite')
    .replaceAll('{{ secret_key }}', 'a'.repeat(50))
    .replaceAll(
      '{{ database }}',
      "      ENGINE: 'better-sqlite3',\n      NAME: path.join(BASE_DIR, 'db.sqlite3'),",
    );
  expect(settings).not.toContain('{{');
  site = new Site({ 'mysite/settings.ts': change(settings), 'mysite/urls.ts': URLS, 'probe.ts': PROBE });
  const output = execFileSync(
    process.execPath,
    [path.join(REPOSITORY, 'node_modules', 'ts-node', 'dist', 'bin.js'), path.join(site.root, 'probe.ts')],
    {
      cwd: REPOSITORY,
      encoding: 'utf8',
      env: { ...process.env, TSANGO_SETTINGS_MODULE: 'mysite.settings', DEBUG: '0', ALLOWED_HOSTS: '*' },
    },
  );
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string; modules: string[] });
}

it('without the admin fewer than 195 modules, and no model before there is a user', () => {
  const pages = loadedBy((settings) => settings.replace(/^ +'tsango\.contrib\.admin',\n/m, ''));
  expect(pages.map(({ text }) => text)).toEqual(['plain', 'AnonymousUser']);
  for (const { modules } of pages) {
    const needless =
      /^(?:forms|template)\/|^db\/models\/(?:base|query|manager|options|registry|fields\/|sql\/|expressions\/)|^contrib\/\w+\/models/;
    expect(modules.filter((file) => needless.test(file))).toEqual([]);
    expect(modules.length).toBeGreaterThan(100);
    expect(modules.length).toBeLessThan(195);
  }
});

it('with the admin, which looks for the admins of every app when it starts, fewer than 640', () => {
  const [plain] = loadedBy((settings) => settings);
  expect(plain?.modules.length).toBeGreaterThan(190);
  expect(plain?.modules.length).toBeLessThan(640);
});
