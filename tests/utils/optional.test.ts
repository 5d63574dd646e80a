/** Optional packages: what is said where one is missing, broken or not built. The packages are real folders. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ImproperlyConfigured } from 'tsango/core/exceptions';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { optionalRequire } from 'tsango/utils/optional';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-optional-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A package of a folder of its own. @returns what it is required by. */
function makePackage(name: string, source: string): string {
  const own = path.join(folder, name);
  mkdirSync(own);
  writeFileSync(path.join(own, 'index.js'), source);
  return own;
}

/** What loading says where it fails. */
function reason(name: string, ...modules: string[]): string {
  try {
    optionalRequire(name, 'A test', { modules });
  } catch (error) {
    expect(error).toBeInstanceOf(ImproperlyConfigured);
    expect((error as Error).cause).toBeDefined();
    return (error as Error).message;
  }
  throw new Error('It was loaded.');
}

it('loads the first module that is there', () => {
  const modules = [path.join(folder, 'absent'), makePackage('first', 'module.exports = 1')];
  expect(optionalRequire('redis', 'A test', { modules })).toBe(1);
});

it('takes the package of the site where there is none beside this one: which may be linked', () => {
  mkdirSync(path.join(folder, 'node_modules'));
  makePackage(path.join('node_modules', 'driver-of-the-site'), 'module.exports = 2');
  setSiteRoot(folder);
  try {
    expect(optionalRequire('driver-of-the-site', 'A test')).toBe(2);
    makePackage(path.join('node_modules', 'broken-driver'), "require('absent')");
    expect(reason('broken-driver', 'broken-driver')).toContain('which is installed, but not whole.');
  } finally {
    setSiteRoot(undefined);
  }
});

it.each([
  // Version 13 crashes Node 20.
  [
    'better-sqlite3',
    Number.parseInt(process.versions.node, 10) < 22 ? 'better-sqlite3@12' : 'better-sqlite3@13',
  ],
  ['sqlite3', 'sqlite3@6'],
  ['pg', 'pg@8'],
  ['mysql2', 'mysql2@3'],
  ['redis', 'redis@6'],
  ['pino', 'pino@10'],
  ['sirv', 'sirv@3'],
  ['nodemailer', 'nodemailer@10'],
  ['saxes', 'saxes@6'],
  ['yaml', 'yaml@2'],
  ['image-size', 'image-size@2'],
])('says to install %s as %s, a version that it works with', (name, spec) => {
  expect(reason(name, path.join(folder, 'absent'))).toBe(
    `A test needs the package ${name}, which is not installed. Run: npm install ${spec}`,
  );
});

it('does not take a package for missing whose own dependency is', () => {
  expect(reason('pg', makePackage('pg', "require('pg-absent-types')"))).toMatch(
    /^A test needs the package pg, which is installed, but not whole\. Run: npm install \(Cannot find module 'pg-absent-types'/,
  );
});

it('tries no other module in the place of a broken one', () => {
  const broken = makePackage('client', "require('absent-socket')");
  expect(reason('redis', broken, makePackage('redis', 'module.exports = 1'))).toContain('not whole');
});

it('says to rebuild what was built for another Node', () => {
  const driver = makePackage('sqlite3', "require('./build.node')");
  writeFileSync(path.join(driver, 'build.node'), 'built for something else');
  expect(reason('sqlite3', driver)).toMatch(
    /^A test needs the package sqlite3, whose native part does not load: .* Run: npm rebuild sqlite3 \(/,
  );
});

it('keeps all that Node says of a native part for another version of it', () => {
  // What Node 20 says of a part that Node 22 built, on several lines.
  const said = [
    "The module '/site/build/better_sqlite3.node'",
    'was compiled against a different Node.js version using',
    'NODE_MODULE_VERSION 127. This version of Node.js requires',
    'NODE_MODULE_VERSION 115. Please try re-compiling or re-installing',
    'the module (for instance, using `npm rebuild` or `npm install`).',
  ];
  const source = `throw Object.assign(new Error(${JSON.stringify(said.join('\n'))}), { code: 'ERR_DLOPEN_FAILED' })`;
  expect(reason('better-sqlite3', makePackage('better-sqlite3', source))).toBe(
    'A test needs the package better-sqlite3, whose native part does not load: it was not built, or for another Node. ' +
      `Run: npm rebuild better-sqlite3 (${said.join(' ')})`,
  );
});

it('says to rebuild what was not built, also where that shows with the first use', () => {
  // What the package `bindings` throws, by which both SQLite drivers look for theirs.
  const find = "throw new Error('Could not locate the bindings file. Tried:\\n → build/better_sqlite3.node')";
  const driver = makePackage('better-sqlite3', `module.exports = class { constructor() { ${find} } }`);
  const load = (): unknown =>
    optionalRequire<new () => object>('better-sqlite3', 'A test', {
      modules: [driver],
      probe: (Database) => void new Database(),
    });
  expect(load).toThrow(
    /does not load: .* Run: npm rebuild better-sqlite3 \(Could not locate the bindings file\.\)$/,
  );
});

it('hands on what else a package fails with', () => {
  expect(reason('pino', makePackage('pino', "throw new TypeError('too old a Node\\n  at x')"))).toBe(
    'A test needs the package pino, which is installed, but fails to load: too old a Node',
  );
});
