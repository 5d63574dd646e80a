/** The plugin for vitest: what a test imports of the site is what settings name. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'acorn';
import { tsango } from 'tsango/test/vitest';

const root = mkdtempSync(path.join(os.tmpdir(), 'tsango-vitest-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const parser = {
  parse: (code: string) => parse(code, { ecmaVersion: 'latest', sourceType: 'module' }),
};
const transformed = (name: string, code: string): string | undefined =>
  tsango({ root }).transform.call(parser, code, path.join(root, name))?.code;

it('gives the names of a module, from what `require` loads', () => {
  const file = path.join(root, 'models.ts');
  writeFileSync(file, '');
  const code = transformed(
    'models.ts',
    'export class A {}\nexport const b = 1, c = 2;\nexport function d() {}\nconst e = 3;\nexport { e, e as f };\nexport default A;',
  );
  expect(code?.split('\n')).toEqual([
    "import { createRequire } from 'node:module';",
    `const site = createRequire(${JSON.stringify(file)})(${JSON.stringify(file)});`,
    'export const A = site.A;',
    'export const b = site.b;',
    'export const c = site.c;',
    'export const d = site.d;',
    'export const e = site.e;',
    'export const f = site.f;',
    'export default site.default;',
  ]);
});

it.each([
  'tests/a.test.ts',
  'tests/setup.ts',
  'shop/tests.ts',
  'node_modules/x/index.ts',
  '../elsewhere.ts',
  'vitest.config.mts',
  'a.css',
])('leaves %s alone', (name) => expect(transformed(name, 'export const a = 1;')).toBeUndefined());

it('runs tests in processes that compile what is required', () => {
  expect(tsango().config()).toEqual({
    test: { pool: 'forks', poolOptions: { forks: { execArgv: ['--require', 'ts-node/register'] } } },
  });
});
