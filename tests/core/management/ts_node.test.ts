/** tsango/ts-node: what a file compiles to is kept, and used only for that state of the file and the options. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

interface Transpiler {
  transpile(input: string, options: { fileName: string }): { outputText: string };
}
// Required, because it is JavaScript, whose types are made with the package.
const { create } = require('tsango/ts-node') as { create(options: object): Transpiler };

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'tsango-ts-node-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const cache = (): string => path.join(root, 'node_modules', '.cache', 'tsango', 'ts-node');
const kept = (): string => path.join(cache(), readdirSync(cache())[0] ?? '');

/** As ts-node asks under `module: node16`: the kind is that of the file's package. */
function transpile(input: string, target = 9, nodeModuleEmitKind = 'nodecjs'): string {
  const options = { target, module: 100, sourceMap: true, configFilePath: path.join(root, 'tsconfig.json') };
  const transpiler = create({
    service: { config: { options } },
    transpilerConfigLocalResolveHelper: (name: string) => require.resolve(name),
    nodeModuleEmitKind,
  });
  return transpiler.transpile(input, { fileName: path.join(root, 'a.ts') }).outputText;
}

/** Marks what is kept, to see whether it is used. */
function mark(): void {
  const content = JSON.parse(readFileSync(kept(), 'utf8')) as object;
  writeFileSync(kept(), JSON.stringify({ ...content, outputText: 'kept' }));
}

it('uses what it has kept, and leaves no other file', () => {
  expect(transpile('export const a: number = 1;')).toContain('const a = 1;');
  expect(readdirSync(cache())).toHaveLength(1);
  mark();
  expect(transpile('export const a: number = 1;')).toBe('kept');
});

it('compiles a changed file anew, in the place of the old', () => {
  transpile('export const a: number = 1;');
  mark();
  expect(transpile('export const a: number = 2;')).toContain('const a = 2;');
  expect(readdirSync(cache())).toHaveLength(1);
});

it('compiles anew under other options', () => {
  transpile('export const a: number = 1;');
  mark();
  expect(transpile('export const a: number = 1;', 8)).toContain('const a = 1;');
});

it('compiles anew where the package has become one of ES modules', () => {
  const source = 'export const a: number = 1;';
  expect(transpile(source)).toContain('exports');
  mark();
  const esm = transpile(source, 9, 'nodeesm');
  expect(esm).toMatch(/^export const a = 1;|^export \{ a \}|^export var a/m);
  expect(transpile(source)).toContain('exports');
});

it.each(['', '{', 'null', '{"state":1}'])('compiles anew where what was kept is broken: %j', (broken) => {
  transpile('export const a: number = 1;');
  writeFileSync(kept(), broken);
  expect(transpile('export const a: number = 1;')).toContain('const a = 1;');
});

it('does without where nothing can be written', () => {
  mkdirSync(path.join(root, 'node_modules'));
  writeFileSync(path.join(root, 'node_modules', '.cache'), 'a file where the folder would be');
  expect(transpile('export const a: number = 1;')).toContain('const a = 1;');
});

it('shows where a file cannot be read, without the calls inside of the compiler', () => {
  let error: unknown;
  try {
    transpile('export const a = ;');
  } catch (thrown) {
    error = thrown;
  }
  const { message, stack = '' } = error as Error;
  expect(message).toMatch(/Expression expected[\s\S]*export const a = ;/);
  for (const text of [message, stack]) expect(text).not.toMatch(/backtrace|<unknown>|_ZN/);
  expect(stack).toContain('at ');
});

it('leaves the names of functions to the engine: in source maps they are those of the callers', () => {
  transpile('function called() {}\nexport function caller() {\n  called();\n}\n');
  const { sourceMapText } = JSON.parse(readFileSync(kept(), 'utf8')) as { sourceMapText: string };
  const { names, mappings } = JSON.parse(sourceMapText) as { names: string[]; mappings: string };
  expect(names.filter((name) => name !== '')).toEqual([]);
  expect(mappings).not.toBe('');
});
