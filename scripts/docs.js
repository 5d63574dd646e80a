'use strict';
/**
 * `npm run docs`: the documentation as a site, in docs/.vitepress/dist. VitePress makes the pages, and fails on links that
 * lead nowhere; TypeDoc makes the reference of every public name, at api/; both run at once. Beside them llms.txt lists the
 * pages for programs that read (https://llmstxt.org).
 */
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const folder = path.join(root, 'docs', '.vitepress');
const dist = path.join(folder, 'dist');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

/** Runs a program to its end. */
function run(name, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(bin(name), args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (status) =>
      status === 0 ? resolve() : reject(new Error(`${name} ended with ${status}`)),
    );
  });
}

/** The list of pages, and their texts as they are. */
async function writeTexts() {
  const { GUIDE, titleOf } = await import('../docs/.vitepress/pages.mjs');
  const lines = [
    '# tsango',
    '',
    '> Django, in TypeScript, that a running Django site cannot tell from itself.',
  ];
  for (const { title, pages } of GUIDE) {
    lines.push('', `## ${title}`, '');
    for (const page of pages) {
      lines.push(`- [${titleOf(page)}](${page})`);
      fs.mkdirSync(path.dirname(path.join(dist, page)), { recursive: true });
      fs.copyFileSync(path.join(root, page), path.join(dist, page));
    }
  }
  fs.writeFileSync(path.join(dist, 'llms.txt'), `${lines.join('\n')}\n`);
}

async function main() {
  const api = path.join(folder, 'api');
  fs.rmSync(dist, { recursive: true, force: true });
  await Promise.all([
    run('vitepress', 'build', 'docs'),
    run('typedoc', '--options', path.join(folder, 'typedoc.mjs'), '--out', api),
  ]);
  fs.renameSync(api, path.join(dist, 'api'));
  await writeTexts();
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
