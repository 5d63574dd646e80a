/** Every page of docs/ is followed by a journey through a browser (tests/e2e/journeys), or there is a reason why not. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { anchors } from '../support/pages';

const ROOT = path.resolve(__dirname, '..', '..');
const JOURNEYS = path.join(ROOT, 'tests', 'e2e', 'journeys');

/** Of what these pages say, a browser sees nothing. */
const UNSEEN: Readonly<Record<string, string>> = {
  'docs/admin.md':
    'tests/e2e/admin follows it through a browser; tests/docs/samples.test.ts runs each sample',
  'docs/README.md': 'where the pages are',
  'docs/architecture.md': 'how the package is built',
  'docs/checks.md': 'what the command check says; tests/docs/checks.test.ts holds it to the code',
  'docs/dependencies.md': 'what it is built on',
  'docs/differences.md': 'what differs, of which other pages say more',
  'docs/from-adonisjs.md': 'what is what',
  'docs/from-django.md': 'what is what',
  'docs/from-express.md': 'what is what',
  'docs/from-nestjs.md': 'what is what',
  'docs/flatpages.md':
    'tests/conformance/http_views compares every answer with Django; tests/docs/samples.test.ts runs each sample',
  'docs/redirects.md':
    'tests/conformance/http_views compares every answer with Django; tests/docs/samples.test.ts runs each sample',
  'docs/sitemaps.md':
    'search engines read them; tests/conformance/http_views compares every answer with Django; tests/docs/samples.test.ts runs each sample',
  'docs/sites.md':
    'rows of a database; tests/docs/samples.test.ts runs each sample, tests/contrib/sites each part',
  'docs/syndication.md':
    'readers of feeds read them; tests/conformance/http_views compares every answer with Django; tests/docs/samples.test.ts runs each sample',
  'docs/missing.md': 'what is not there',
  'docs/upgrades.md': 'what releases promise',
  'docs/performance.md': 'figures of bench/',
  'docs/signals.md': 'they call functions of the site; tests/docs/samples.test.ts runs each',
  'docs/testing.md': 'the test client is what stands in for a browser',
  'docs/formsets.md':
    'tests/conformance/forms compares every page of it with Django; tests/docs/samples.test.ts runs each sample',
  'docs/contenttypes.md':
    'rows of a database; tests/docs/samples.test.ts runs each sample, tests/contrib/contenttypes each part',
  'docs/expressions.md':
    'they ask a database; tests/docs/samples.test.ts runs each sample, tests/db/expressions each expression',
  'docs/functions.md':
    'they ask a database; tests/docs/samples.test.ts runs each sample, tests/db/functions each function',
  'docs/instances.md':
    'rows of a database; tests/docs/samples.test.ts runs each sample, tests/db each method',
  'docs/related-managers.md':
    'rows of a database; tests/docs/samples.test.ts runs each sample, tests/db/relations each method',
  'docs/relations.md':
    'rows of a database, which tests/e2e/home sees on the sample site; tests/docs/samples.test.ts runs each sample',
  'docs/names.md': 'what there is; tests/docs/names.test.ts holds it to the code',
  'docs/postgres.md':
    'they ask a database; tests/docs/samples.test.ts runs each sample, tests/contrib/postgres each part',
  'docs/queries.md':
    'they ask a database; tests/docs/samples.test.ts runs each sample, tests/db/reading each method',
  'docs/serialization.md': 'rows become text; tests/docs/samples.test.ts runs each sample',
  'docs/validators.md': 'they look at values; tests/docs/samples.test.ts runs each sample',
};

const pages = readdirSync(path.join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

/** The comment on top of each journey: which pages, and which parts of them, it follows. */
const followed = readdirSync(JOURNEYS)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => {
    const comment = /^\/\*\*[\s\S]*?\*\//.exec(readFileSync(path.join(JOURNEYS, name), 'utf8'))?.[0] ?? '';
    return { name, links: [...comment.matchAll(/docs\/[\w-]+\.md(?:#[\w-]+)?/g)].map(([link]) => link) };
  });

it('every journey says which pages it follows, and they are there', () => {
  expect(followed.filter(({ links }) => links.length === 0).map(({ name }) => name)).toEqual([]);
  const dead = followed.flatMap(({ links }) =>
    links.filter((link) => {
      const [page = '', anchor] = link.split('#');
      return !pages.includes(page) || (anchor !== undefined && !anchors(page).includes(anchor));
    }),
  );
  expect(dead).toEqual([]);
});

it.each(pages)('%s', (page) => {
  const by = followed.filter(({ links }) => links.some((link) => link.split('#')[0] === page));
  const isExcused = Object.hasOwn(UNSEEN, page);
  // One or the other: an excuse for a page that a journey follows is out of date.
  expect({ page, followed: by.length > 0 }).toEqual({ page, followed: !isExcused });
});

it('no excuse is for a page that is not there', () => {
  expect(Object.keys(UNSEEN).filter((page) => !pages.includes(page))).toEqual([]);
});
