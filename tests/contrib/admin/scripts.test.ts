/** The scripts and the style of the admin: compiled from what is there, translated, and small. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { SCRIPT_TEXTS } from 'tsango/contrib/admin/templatetags/admin_scripts';
import { compile, target } from '../../../scripts/admin_scripts';

const SOURCES = path.resolve(target, '..', '..', '..', 'scripts');
const compressed = (file: string): number => gzipSync(readFileSync(file)).length;

it('browsers get what the sources compile to, without an error', () => {
  const { files, errors } = compile();
  expect(errors).toEqual([]);
  // `npm run admin:scripts` renews them.
  const served = [...files.keys()].map((name) => [name, readFileSync(path.join(target, name), 'utf8')]);
  expect(served).toEqual([...files]);
  expect(readdirSync(target).filter((name) => !files.has(name))).toEqual([]);
}, 60_000);

it('everything that they say can be translated', () => {
  const said = readdirSync(SOURCES).flatMap((name) =>
    [...readFileSync(path.join(SOURCES, name), 'utf8').matchAll(/'((?:[^'\n\\]|\\.)*)'/g)].map(
      ([, text]) => text,
    ),
  );
  expect(SCRIPT_TEXTS.filter((text) => !said.includes(text))).toEqual([]);
  const calls = readdirSync(SOURCES).flatMap((name) =>
    [...readFileSync(path.join(SOURCES, name), 'utf8').matchAll(/\btext\(\s*'([^']+)'/g)].map(
      ([, text]) => text,
    ),
  );
  expect(calls.length).toBeGreaterThan(10);
  expect(calls.filter((text) => !SCRIPT_TEXTS.includes(text as string))).toEqual([]);
});

it('all of them together are below what a page may weigh: 15 kB of style, 30 kB of scripts', () => {
  const css = path.resolve(target, '..', 'css');
  const sum = (folder: string): number =>
    readdirSync(folder).reduce((total, name) => total + compressed(path.join(folder, name)), 0);
  expect(sum(css)).toBeLessThan(15_000);
  expect(sum(target)).toBeLessThan(30_000);
});
