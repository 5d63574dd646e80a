/** Models in a project whose compiler makes standard decorators, TypeScript's default, named something else as the fault. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from '@swc/core';
import ts from 'typescript';

const SOURCE = `import * as models from 'tsango/db/models';
export class Author extends models.Model {
  @models.CharField({ maxLength: 20 }) name!: string;
}
`;
const MESSAGE =
  '@CharField was called as a standard decorator, and the fields of models are experimental ones. Set ' +
  '"experimentalDecorators": true in the compilerOptions of tsconfig.json, which ts-node, tsx and esbuild read, too; ' +
  'for swc set jsc.transform.legacyDecorator to true.';

const typescript = (compilerOptions: ts.CompilerOptions): string =>
  ts.transpileModule(SOURCE, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, ...compilerOptions },
  }).outputText;

const swc = (decoratorVersion: '2021-12' | '2022-03', legacyDecorator = false): string =>
  transformSync(SOURCE, {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator, decoratorVersion },
    },
    module: { type: 'commonjs' },
  }).code;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(__dirname, '.decorators-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(name: string, code: string): unknown {
  const file = path.join(folder, `${name}.js`);
  writeFileSync(file, code);
  return require(file);
}

it.each([
  ['tsc', () => typescript({})],
  ['swc_2022', () => swc('2022-03')],
])('%s without experimental decorators: the error names the option', (name, compile) => {
  expect(() => load(name, compile())).toThrow(MESSAGE);
});

it.each([
  ['tsc_experimental', () => typescript({ experimentalDecorators: true })],
  ['swc_legacy', () => swc('2021-12', true)],
  ['swc_2021', () => swc('2021-12')],
])('%s: works', (name, compile) => {
  expect(load(name, compile())).toMatchObject({ Author: expect.any(Function) });
});
