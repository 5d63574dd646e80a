/** Links between the pages: they lead somewhere, and out of docs/ only to what the package has, too. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { anchors, PAGES, prose } from '../support/pages';

const ROOT = path.resolve(__dirname, '..', '..');
/** Pictures stay in the repository: who reads a page in the package reads what is below them. */
const PICTURES = /^docs\/screenshots\/[^/]+\.png$/;
const PACKAGED = /^(docs\/(?:tutorial\/)?[^/]+\.md|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE)$/;

it.each(PAGES)('%s', (page) => {
  const dead: string[] = [];
  for (const [, link = ''] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(link)) continue;
    const [file = '', anchor] = link.split('#');
    const target =
      file === ''
        ? page
        : path.relative(ROOT, path.resolve(ROOT, path.dirname(page), file)).replaceAll('\\', '/');
    const isThere =
      existsSync(path.join(ROOT, target)) &&
      (!page.startsWith('docs/') || PACKAGED.test(target) || PICTURES.test(target));
    if (!isThere || (anchor !== undefined && !anchors(target).includes(anchor))) dead.push(link);
  }
  expect(dead).toEqual([]);
});

it('docs/README.md names every page', () => {
  const list = prose('docs/README.md');
  const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  expect(pages.filter((page) => !list.includes(`](${page.slice('docs/'.length)})`))).toEqual([]);
});

it.each(PAGES.filter((page) => page !== 'CHANGELOG.md'))('%s names modules that are there', (page) => {
  const isThere = (name: string): boolean =>
    ['.ts', '.js', '/index.ts'].some((end) => existsSync(path.join(ROOT, 'framework', name + end)));
  const named = [...prose(page).matchAll(/`tsango\/([\w/]+)`/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});
