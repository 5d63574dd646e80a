/** The documentation's site: its guide has every page that there is, once. `npm run docs` builds it, and fails on dead links. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PAGES } from '../support/pages';
import { ROOT } from '../support/site';

it('has every page in its guide', () => {
  const file = pathToFileURL(path.join(ROOT, 'docs', '.vitepress', 'pages.mjs')).href;
  const program = `const { GUIDE, titleOf } = await import('${file}');
    console.log(JSON.stringify(GUIDE.flatMap(({ pages }) => pages.map((page) => [page, titleOf(page)]))));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  const listed = JSON.parse(printed) as [page: string, title: string][];
  expect(listed.map(([page]) => page).sort()).toEqual([...PAGES].sort());
  expect(listed.filter(([page, title]) => title === page)).toEqual([]);
});
