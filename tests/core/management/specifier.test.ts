/** How startproject asks for the package: as whoever runs it was asked for it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { specifierFor } from 'tsango/core/management/specifier';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'tsango-specifier-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function json(name: string, content: object): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), JSON.stringify(content));
}

/** What a project in `site` below the root asks for. */
function asked(installed = 'node_modules/tsango', target = 'site'): string {
  mkdirSync(path.join(root, target), { recursive: true });
  return specifierFor(path.join(root, installed), path.join(root, target), '1.2.3');
}

it.each([
  ['file:tsango-1.2.3.tgz', 'file:../tsango-1.2.3.tgz'],
  ['file:/packages/tsango.tgz', 'file:/packages/tsango.tgz'],
  ['link:../tsango', 'link:../../tsango'],
  ['git+https://example.com/tsango.git#main', 'git+https://example.com/tsango.git#main'],
  ['github:tsango/tsango', 'github:tsango/tsango'],
  ['https://example.com/tsango.tgz', 'https://example.com/tsango.tgz'],
  ['~1.2.0', '~1.2.0'],
  ['workspace:*', '^1.2.3'],
])('%s is asked for as %s', (specifier, expected) => {
  json('package.json', { dependencies: { tsango: specifier } });
  expect(asked()).toBe(expected);
});

it('reads devDependencies, too', () => {
  json('package.json', { devDependencies: { tsango: '1.2.x' } });
  expect(asked()).toBe('1.2.x');
});

it('finds the project of a package manager that keeps packages in a store', () => {
  json('package.json', { dependencies: { tsango: 'file:tsango.tgz' } });
  expect(asked('node_modules/.pnpm/tsango@file+tsango.tgz/node_modules/tsango')).toBe('file:../tsango.tgz');
});

it('reads what npm noted where no package.json asks, as after npm install --no-save', () => {
  const packages = (resolved: string): object => ({ packages: { 'node_modules/tsango': { resolved } } });
  json('node_modules/.package-lock.json', packages('file:../tsango.tgz'));
  expect(asked()).toBe('file:../../tsango.tgz');
  json('node_modules/.package-lock.json', packages('https://registry.example/tsango/-/tsango-1.2.3.tgz'));
  expect(asked()).toBe('^1.2.3');
});

it('asks for the version of a global package, and for a folder that is no installed package by its path', () => {
  expect(asked()).toBe('^1.2.3');
  json('source/package.json', { name: 'tsango' });
  expect(asked('source')).toBe('file:../source');
});
