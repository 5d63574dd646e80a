'use strict';
/** `npm run build`: compiles framework/ into dist/, and copies what the compiler passes over. */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const source = path.join(root, 'framework');
const target = path.join(root, 'dist');

fs.rmSync(target, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [require.resolve('typescript/bin/tsc'), '-p', path.join(root, 'tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
);
fs.cpSync(source, target, {
  recursive: true,
  filter: (file) => fs.statSync(file).isDirectory() || !/\.[jt]s$/.test(file),
});
fs.chmodSync(path.join(target, 'bin', 'tsango.js'), 0o755);
