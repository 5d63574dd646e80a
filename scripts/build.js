'use strict';
/**
 * `npm run build`: compiles framework/ into dist/, and copies what the compiler passes over.
 *
 * Nothing is done where dist/ was made of the same sources: `npm pack`, the tests of the package and the checks of its
 * types each ask for it.
 *
 * Our declarations name types of packages that a site need not have: the optional peers, and nunjucks, whose types
 * are a package of their own. A site that has them gets those types; for any other they are `any`, without an error.
 */
const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const source = path.join(root, 'framework');
const target = path.join(root, 'dist');

/** TypeScript 7, which takes a quarter of the time; typescript itself stays for tools that call it from JavaScript. */
const compiler = require.resolve('typescript-native/package.json');

/** The files of a folder, in order. */
function filesOf(folder) {
  if (!fs.existsSync(folder)) return [];
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.map((name) => path.join(folder, name)).filter((file) => fs.statSync(file).isFile());
}

/** What there is, and what it is made of, and by what. */
function state() {
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) =>
    path.join(root, name),
  );
  const files = [...filesOf(source), ...filesOf(target), ...settings, __filename];
  const hash = createHash('sha256');
  for (const file of [...files.sort(), compiler]) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(fs.readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

const stamp = path.join(root, 'node_modules', '.cache', 'tsango-build');
if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === state()) process.exit(0);
fs.rmSync(stamp, { force: true });

fs.rmSync(target, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [path.join(path.dirname(compiler), 'bin', 'tsc'), '-p', path.join(root, 'tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
);
fs.cpSync(source, target, {
  recursive: true,
  // Scripts for browsers go as they are.
  filter: (file) =>
    fs.statSync(file).isDirectory() ||
    !/\.[jt]s$/.test(file) ||
    /[\\/]static[\\/]/.test(path.relative(source, file)),
});

const { peerDependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const untyped = [...Object.keys(peerDependencies), 'nunjucks'].join('|');
const imports = new RegExp(`^import .*from '(${untyped})';$`, 'gm');
for (const name of fs.readdirSync(target, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const file = path.join(target, name);
  const declarations = fs.readFileSync(file, 'utf8');
  const tolerant = declarations.replace(imports, '// @ts-ignore: this package need not be installed.\n$&');
  if (tolerant !== declarations) fs.writeFileSync(file, tolerant);
}
// Every project imports its settings' module: that is how its compiler hears of `request.session`.
const conf = path.join(target, 'conf', 'index.d.ts');
fs.writeFileSync(
  conf,
  `/// <reference path="../request_attributes.d.ts" />\n${fs.readFileSync(conf, 'utf8')}`,
);
fs.chmodSync(path.join(target, 'bin', 'tsango.js'), 0o755);
fs.mkdirSync(path.dirname(stamp), { recursive: true });
fs.writeFileSync(stamp, state());
