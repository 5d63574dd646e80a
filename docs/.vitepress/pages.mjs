/** The pages of the guide in their order. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

const docs = (...names) => names.map((name) => `docs/${name}.md`);

/** The guide, in the order in which it is read; tests/docs/site.test.ts holds it to the files that there are. */
export const GUIDE = [
  {
    title: 'Begin',
    pages: [
      'README.md',
      'docs/README.md',
      ...Array.from({ length: 9 }, (_, n) => `docs/tutorial/0${n + 1}.md`),
      'docs/first-session.md',
    ],
  },
  {
    title: 'Coming from',
    pages: docs('from-django', 'from-express', 'from-adonisjs', 'from-nestjs', 'differences', 'interop'),
  },
  {
    title: 'Requests',
    pages: docs(
      'request-response',
      'urls',
      'middleware',
      'templates',
      'generic-views',
      'staticfiles',
      'csrf',
      'sessions',
      'messages',
    ),
  },
  {
    title: 'Data',
    pages: docs(
      'models',
      'queries',
      'expressions',
      'functions',
      'instances',
      'relations',
      'related-managers',
      'migrations',
      'databases',
      'serialization',
      'postgres',
      'contenttypes',
      'cache',
      'files',
    ),
  },
  { title: 'Forms', pages: docs('forms', 'modelforms', 'formsets', 'validators') },
  { title: 'Users and the admin', pages: docs('auth', 'passwords', 'admin') },
  {
    title: 'Tools',
    pages: docs(
      'settings',
      'commands',
      'checks',
      'names',
      'testing',
      'signing',
      'signals',
      'logging',
      'mail',
    ),
  },
  { title: 'More apps', pages: docs('sites', 'flatpages', 'redirects', 'sitemaps', 'syndication') },
  { title: 'In production', pages: docs('deploy', 'security', 'performance') },
  {
    title: 'The project',
    pages: [
      ...docs('missing', 'architecture', 'dependencies', 'upgrades'),
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
    ],
  },
];

/** The heading of a page. */
export function titleOf(page) {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  return /^# (.+)$/m.exec(text)?.[1] ?? page;
}

/** The versions of which CHANGELOG tells, the newest first; it begins with what these pages have and no release has yet. */
export const VERSIONS = [
  ...readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8').matchAll(/^## (.+)\n+(?!## )/gm),
].map(([, version]) => version);
