/**
 * Modules of a folder, loaded as Node's `require` does. Jest has modules of its own, so that these run in a process beside
 * it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { REPOSITORY } from '../support/temporary_site';

jest.setTimeout(60_000);

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'tsango-modules-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs lines that have `load`, for the folder `migrations`, and `out`, whose properties come back. */
function run(files: Readonly<Record<string, string>>, lines: string, ...flags: string[]): unknown {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const script = `
    const { requireIn } = require('./framework/utils/module_files');
    const path = require('node:path');
    const folder = ${JSON.stringify(path.join(root, 'migrations'))};
    const load = requireIn(folder);
    const out = {};
    ${lines}
    process.stdout.write(JSON.stringify(out));`;
  const args = [...flags, '-r', 'ts-node/register', '-e', script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: REPOSITORY, encoding: 'utf8' }));
}

const MANY = Object.fromEntries(
  Array.from({ length: 10 }, (_, at) => [`migrations/${at}.js`, "exports.dep = require('dep');"]),
);
const DEP = { 'node_modules/dep/index.js': 'module.exports = { name: "dep" };' };

it('finds out once what a name means in a folder', () => {
  const out = run(
    { ...MANY, ...DEP },
    // Loaded before from elsewhere, as the framework is: Node itself remembers only what a folder was the first to load.
    `require(path.join(folder, '../node_modules/dep'));
    const Module = require('node:module');
    const resolve = Module._resolveFilename;
    out.lookups = 0;
    Module._resolveFilename = function (id, ...rest) {
      if (id === 'dep') out.lookups++;
      return resolve.call(this, id, ...rest);
    };
    const all = Array.from({ length: 10 }, (_, at) => load(at + '.js').dep);
    out.same = new Set(all).size;
    out.name = all[0].name;`,
  );
  // Once for the first module, and once for those that come after.
  expect(out).toEqual({ lookups: 2, same: 1, name: 'dep' });
});

it('is one with require, whichever is first, and has the module as Node has it', () => {
  const text = 'exports.is = { file: __filename, folder: __dirname, paths: module.paths, id: module.id };';
  const out = run(
    { 'migrations/a.js': text, 'migrations/b.js': text },
    `const a = load('a.js');
    const b = require(path.join(folder, 'b.js'));
    out.a = a === require(path.join(folder, 'a.js'));
    out.b = b === load('b.js');
    out.loaded = require.cache[require.resolve(path.join(folder, 'a.js'))].loaded;
    const named = (is) => JSON.stringify(is).replaceAll('b.js', 'a.js');
    out.alike = named(a.is) === named(b.is);`,
  );
  expect(out).toEqual({ a: true, b: true, loaded: true, alike: true });
});

it('keeps nothing of a module that throws', () => {
  const out = run(
    { 'migrations/a.js': 'globalThis.times = (globalThis.times ?? 0) + 1; throw new Error("no " + times);' },
    `out.said = [1, 2].map(() => {
      try {
        return load('a.js');
      } catch (error) {
        return error.message;
      }
    });`,
  );
  expect(out).toEqual({ said: ['no 1', 'no 2'] });
});

it('lets modules require each other', () => {
  const out = run(
    {
      'migrations/a.js': "exports.early = 1; exports.b = require('./b').seen; exports.late = 2;",
      'migrations/b.js': "exports.seen = Object.keys(require('./a')); exports.a = () => require('./a').late;",
    },
    `out.seen = load('a.js').b;
    out.late = load('b.js').a();`,
  );
  expect(out).toEqual({ seen: ['early'], late: 2 });
});

it.each([
  { flags: [], why: 'by its file' },
  { flags: ['--preserve-symlinks'], why: 'by its link, where Node is told so' },
])('knows a module of a linked folder $why', ({ flags }) => {
  mkdirSync(path.join(root, 'packages/app'), { recursive: true });
  symlinkSync(path.join(root, 'packages/app'), path.join(root, 'migrations'));
  const out = run(
    { 'packages/app/a.js': 'exports.file = __filename;' },
    `out.file = path.relative(path.dirname(folder), load('a.js').file);
    out.same = load('a.js') === require(path.join(folder, 'a.js'));`,
    ...flags,
  ) as { file: string };
  expect(out).toEqual({
    file: flags.length === 0 ? path.join('packages', 'app', 'a.js') : path.join('migrations', 'a.js'),
    same: true,
  });
});

it('takes CommonJS in a package of ES modules, and says of others what require says', () => {
  const out = run(
    {
      'package.json': '{ "type": "module" }',
      'migrations/a.cjs': 'exports.is = 1;',
      'migrations/b.js': 'export const is = 2;',
    },
    `const tried = (call) => {
      try {
        return call().is;
      } catch (error) {
        return error.code;
      }
    };
    out.a = load('a.cjs').is;
    out.b = tried(() => load('b.js')) === tried(() => require(path.join(folder, 'b.js')));`,
  );
  expect(out).toEqual({ a: 1, b: true });
});
