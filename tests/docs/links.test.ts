/** Links between the pages: they lead somewhere, and out of docs/ only to what the package has, too. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const PACKAGED = /^(docs\/[^/]+\.md|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE)$/;

const prose = (page: string): string =>
  readFileSync(path.join(ROOT, page), 'utf8').replace(/^ *```[\s\S]*?^ *```$/gm, '');

/** The anchors of a page's headings, as GitHub makes them. */
const anchors = (page: string): string[] =>
  [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );

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
      existsSync(path.join(ROOT, target)) && (!page.startsWith('docs/') || PACKAGED.test(target));
    if (!isThere || (anchor !== undefined && !anchors(target).includes(anchor))) dead.push(link);
  }
  expect(dead).toEqual([]);
});

it('README names every page', () => {
  const readme = prose('README.md');
  expect(PAGES.filter((page) => page.startsWith('docs/') && !readme.includes(`](${page}`))).toEqual([]);
});
