'use strict';
/**
 * Whether the tests of docs/security.md notice that a guard is gone: takes the guards of `security_mutations.js` out of
 * a copy of the source, one at a time, and runs the test that is listed for the advisory. Prints guard, test, caught;
 * fails where one is not caught, or where the text of a guard is no longer found.
 *
 * `npm run mutate:security`; with numbers of advisories as arguments, only those. Takes some minutes.
 */
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const mutations = require('./security_mutations');

/** A test that does not end has noticed, too. */
const PATIENCE = 90_000;

const COPIED = ['framework', 'tests', 'examples', 'sampleapp', 'migrations', 'docs', 'scripts'];
const FILES = ['manage.ts', 'package.json', 'jest.config.js', 'tsconfig.json', 'tsconfig.build.json'];

function copySource() {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'tsango-mutations-'));
  for (const name of COPIED) fs.cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  for (const name of FILES) fs.copyFileSync(path.join(ROOT, name), path.join(copy, name));
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'), 'dir');
  return copy;
}

/** Runs the tests whose titles have one of the names; how each ended. */
async function run(copy, test, names) {
  const output = path.join(copy, 'result.json');
  fs.rmSync(output, { force: true });
  const args = [
    path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--maxWorkers=1',
    '--silent',
    '--forceExit',
    '--json',
    `--outputFile=${output}`,
    '-t',
    names.join('|'),
    path.join(copy, test),
  ];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore' });
  let stopped = false;
  const timer = setTimeout(() => {
    stopped = true;
    child.kill('SIGKILL');
  }, PATIENCE);
  await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  if (stopped || !fs.existsSync(output)) return { stopped, results: [] };
  const { testResults } = JSON.parse(fs.readFileSync(output, 'utf8'));
  return {
    stopped,
    // A file that does not load has no results: that is no failure of a test.
    results: testResults.flatMap(({ assertionResults }) => assertionResults),
  };
}

/** What became of one advisory's tests. */
function verdict({ stopped, results }, name) {
  if (stopped) return 'caught (did not end)';
  const own = results.filter(({ fullName, status }) => fullName.includes(name) && status !== 'pending');
  if (own.length === 0) return 'NO TEST RAN';
  return own.some(({ status }) => status === 'failed') ? 'caught' : 'NOT CAUGHT';
}

function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function main() {
  const wanted = process.argv.slice(2);
  const chosen = mutations.filter(
    ({ advisories }) => wanted.length === 0 || advisories.some((id) => wanted.includes(id)),
  );
  const copy = copySource();
  const rows = [['advisory', 'guard taken out of', 'test', 'caught']];
  let bad = 0;
  try {
    for (const { advisories, file, text, replacement, test } of chosen) {
      const target = path.join(copy, file);
      const source = fs.readFileSync(target, 'utf8');
      const found = source.split(text).length - 1;
      const outcome = { stopped: false, results: [] };
      if (found === 1) {
        fs.writeFileSync(
          target,
          source.replace(text, () => replacement),
        );
        Object.assign(outcome, await run(copy, test, advisories));
        fs.writeFileSync(target, source);
      }
      const line = source.slice(0, source.indexOf(text)).split('\n').length;
      for (const id of advisories) {
        const how = found === 1 ? verdict(outcome, id) : `THE GUARD'S TEXT IS THERE ${found} TIMES`;
        if (!how.startsWith('caught')) bad += 1;
        const row = [id, `${file}:${line}`, test, how];
        rows.push(row);
        process.stderr.write(`${row.join('  ')}\n`);
      }
    }
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
  console.log(table(rows));
  const total = rows.length - 1;
  console.log(`\n${total - bad} of ${total} caught.`);
  process.exitCode = bad === 0 ? 0 : 1;
}

void main();
