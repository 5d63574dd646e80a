'use strict';
/**
 * The `exports` of package.json: every folder with an `index` under its own name, every other module by its path.
 * `npm run exports` writes them; `npm run lint` runs it with `--check`, which fails where they are out of date.
 */
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const file = path.join(root, 'package.json');

function entry(target) {
  return { types: `./dist/${target}.d.ts`, default: `./dist/${target}.js` };
}

function folders(below = '') {
  return fs
    .readdirSync(path.join(root, 'framework', below), { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .flatMap((item) => {
      const folder = below ? `${below}/${item.name}` : item.name;
      const own = fs.existsSync(path.join(root, 'framework', folder, 'index.ts')) ? [folder] : [];
      return [...own, ...folders(folder)];
    });
}

const exported = {
  '.': entry('index'),
  './package.json': './package.json',
  ...Object.fromEntries(
    folders()
      .sort()
      .map((folder) => [`./${folder}`, entry(`${folder}/index`)]),
  ),
  './*': entry('*'),
};

const current = JSON.parse(fs.readFileSync(file, 'utf8'));
if (JSON.stringify(current.exports) !== JSON.stringify(exported)) {
  if (process.argv.includes('--check')) {
    process.stderr.write('package.json: exports are out of date; run `npm run exports`.\n');
    process.exit(1);
  }
  fs.writeFileSync(file, `${JSON.stringify({ ...current, exports: exported }, null, 2)}\n`);
}
