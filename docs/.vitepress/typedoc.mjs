/** What TypeDoc makes the reference of: the modules that are public, which docs/upgrades.md promises to keep. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { MODULES } from './django.mjs';
import { GUIDE, ROOT } from './pages.mjs';

const FRAMEWORK = path.join(ROOT, 'framework');
const isThere = (module) => existsSync(path.join(FRAMEWORK, `${module}.ts`));

/** What pages of the guide import. */
const imported = GUIDE.flatMap(({ pages }) => pages).flatMap((page) =>
  [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/(?:from|import) 'tsango\/([^']+)'/g)].map(
    ([, module = '']) => module,
  ),
);

/** Folders with an index. */
const folders = readdirSync(FRAMEWORK, { recursive: true, encoding: 'utf8' })
  .filter((file) => path.basename(file) === 'index.ts' && !/[\\/]static[\\/]/.test(file))
  .map((file) => file.replaceAll('\\', '/').replace(/\.ts$/, ''));

const modules = [...new Set([...folders, ...imported, ...MODULES])].filter(isThere).sort();

export default {
  tsconfig: '../../tsconfig.json',
  plugin: ['./django.mjs'],
  entryPoints: modules.map((module) => `../../framework/${module}.ts`),
  name: 'tsango',
  out: 'api',
  readme: 'none',
  basePath: '../../framework',
  displayBasePath: '../../framework',
  sourceLinkTemplate: 'https://github.com/tsango/tsango/blob/main/framework/{path}#L{line}',
  disableGit: true,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  // Comments to the compiler are none to the reader.
  excludeTags: ['@ts-expect-error'],
  skipErrorChecking: true,
  githubPages: false,
  navigationLinks: { Guide: '../index.html' },
  searchInComments: true,
  logLevel: 'Error',
};
