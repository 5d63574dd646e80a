/** The reference of the documentation's site: which modules it has, and what of them it finds in Django's documentation. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../support/site';

const { names, modules, versions } = ((): {
  names: (string | null)[];
  modules: string[];
  versions: string[];
} => {
  const file = (name: string): string => pathToFileURL(path.join(ROOT, 'docs', '.vitepress', name)).href;
  const program = `
    const { djangoName } = await import('${file('django.mjs')}');
    const { default: { entryPoints } } = await import('${file('typedoc.mjs')}');
    const { VERSIONS } = await import('${file('pages.mjs')}');
    const names = [
      ['db/models/fields/text.ts', 'CharField'],
      ['db/models/query/queryset.ts', 'QuerySet'],
      ['core/paginator.ts', 'Paginator'],
      ['shortcuts.ts', 'getObjectOr404'],
      ['utils/html/index.ts', 'formatHtml'],
      ['db/models/fields/text.ts', 'toString'],
    ].map(([file, name]) => djangoName(file, name) ?? null);
    console.log(JSON.stringify({ names, modules: entryPoints, versions: VERSIONS }));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }),
  );
})();

it("names what Django's documentation has by its name there", () => {
  expect(names).toEqual([
    'django.db.models.CharField',
    'django.db.models.query.QuerySet',
    'django.core.paginator.Paginator',
    'django.shortcuts.get_object_or_404',
    'django.utils.html.format_html',
    null,
  ]);
});

it('has the folders, the modules that Django documents, and those that the pages import', () => {
  const named = ['db/models/index', 'core/paginator', 'shortcuts', 'utils/html', 'contrib/auth/models'];
  const paths = named.map((name) => `../../framework/${name}.ts`);
  expect(modules.filter((module) => paths.includes(module)).sort()).toEqual(paths.sort());
  expect(modules.filter((module) => /\/management\/commands\/runserver|\/static\//.test(module))).toEqual([]);
});

it('knows its versions', () => {
  expect(versions.at(-1)).toBe('0.1.0');
});
