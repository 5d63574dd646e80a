/**
 * No regular expression of the package takes more than linear time on any text, as far as its automaton tells: the
 * literals are read from the source, and those that are put together while a module loads are caught as they are made.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { SPACE } from 'tsango/python/text';
import ts from 'typescript';
import { growthOfRegExp } from '../support/regex_complexity';

const FRAMEWORK = path.resolve(__dirname, '..', '..', 'framework');

/** Those that can take the square of a text, as it seems, and whose text it is. */
const EXCUSED: Readonly<Record<string, string>> = {
  [String.raw`contrib/staticfiles/storage/manifest.ts: /(?<matched>url\((?<quote>['"]?)\s*(?<url>[^'")]*?)\s*\k<quote>\))/gi`]:
    "the site's own style sheets, at collectstatic",
  [String.raw`contrib/staticfiles/storage/manifest.ts: /(?<matched>@import\s*["']\s*(?<url>[^"']*)["'])/gi`]:
    "the site's own style sheets, at collectstatic",
  [String.raw`contrib/staticfiles/storage/manifest.ts: /^(?<matched>\/\/# sourceMappingURL=(?<url>.*))$/gm`]:
    "the site's own scripts, at collectstatic",
  [String.raw`contrib/staticfiles/utils.ts: /\*+|\?|\[!?[^\]]+\]|[\\^$.|+(){}[\]]/g`]:
    'patterns of a command line',
  [String.raw`db/backends/mysql/base.ts: /(\d+)\.(\d+)\.(\d+)/`]: 'the version of a database server',
  [String.raw`python/re.ts: /(\d*)(,?)(\d*)\}/y`]: "a site's own pattern",
  'urls/patterns.ts: /<(?:([^>:]+):)?([^>]+)>/g': "a site's own routes",
  'core/cache/backends/redis_client.ts: /\\/\\/.*@/': 'the setting CACHES',
  [String.raw`python/logging/caller.ts: /at (?:async )?(?:(.*?) \()?(?:file:\/\/)?(.+?):(\d+):\d+\)?$/`]:
    "a line of the process's own stack",
  // What the automaton does not see.
  [String.raw`python/format_spec.ts: /^([^\d]*)(\d*)(.*)$/s`]: 'it never fails',
  'utils/encoding.ts: /(?:%[0-9A-Fa-f]{2})+/g': 'the match ends with the escapes that it has',
  'utils/module_loading.ts: /(?<=[A-Za-z0-9])_+([A-Za-z0-9])/g': 'it begins once in each run of underscores',
  [`put together: /(?<=[^${SPACE}])[${SPACE}]+(?=[^${SPACE}])/`]: 'it begins once in each run of white space',
};

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) return /_template$/.test(name) ? [] : files(file);
    return file.endsWith('.ts') ? [file] : [];
  });
}

interface Found {
  where: string;
  regex: RegExp;
}

function literals(file: string): Found[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, text = '', flags = ''] = /^\/([\s\S]*)\/([a-z]*)$/.exec(node.text) ?? [];
      found.push({ where: path.relative(FRAMEWORK, file), regex: new RegExp(text, flags) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The regular expressions that the modules put together when they are loaded. */
function composed(modules: readonly string[]): Found[] {
  const found: Found[] = [];
  const Original = RegExp;
  globalThis.RegExp = new Proxy(Original, {
    construct(target, args: [string | RegExp, string?]) {
      const regex = new target(...args);
      found.push({ where: 'put together', regex });
      return regex;
    },
  });
  try {
    jest.isolateModules(() => {
      // The apps' own `admin` register their models when they are loaded, as a site's own admin.ts does.
      const { configure } = require('tsango/conf') as typeof import('tsango/conf');
      const { apps } = require('tsango/apps') as typeof import('tsango/apps');
      const names = [
        'admin',
        'auth',
        'contenttypes',
        'flatpages',
        'messages',
        'redirects',
        'sessions',
        'sites',
      ];
      configure({
        INSTALLED_APPS: names.map((name) => `tsango.contrib.${name}`),
        SECRET_KEY: 'not a secret',
      });
      apps.populate();
      for (const file of modules) require(file);
    });
  } finally {
    globalThis.RegExp = Original;
  }
  return found;
}

const all = files(FRAMEWORK);
/** A folder's list of names first: it knows the order of its modules. */
const modules = all
  // Programs, and scripts for browsers, do something when they are loaded.
  .filter((file) => !/^(bin|test|contrib\/admin\/scripts)\//.test(path.relative(FRAMEWORK, file)))
  .sort((a, b) => Number(b.endsWith('index.ts')) - Number(a.endsWith('index.ts')));

function nameOf({ where, regex }: Found): string {
  return `${where}: ${regex}`;
}

function slow(found: readonly Found[]): string[] {
  const names = found.flatMap(({ where, regex }) => {
    const growth = growthOfRegExp(regex);
    if (growth.kind === 'polynomial' && growth.degree <= 1) return [];
    return [nameOf({ where, regex })];
  });
  return [...new Set(names)].filter((name) => !(name in EXCUSED));
}

it('no literal can be made to take more than linear time', () => {
  const found = all.flatMap(literals);
  expect(found.length).toBeGreaterThan(300);
  expect(slow(found)).toEqual([]);
});

it('nor can those that modules put together', () => {
  const found = composed(modules);
  expect(found.length).toBeGreaterThan(20);
  expect(slow(found)).toEqual([]);
});

it('the list of exceptions names only what is there', () => {
  const there = new Set([...all.flatMap(literals), ...composed(modules)].map(nameOf));
  expect(Object.keys(EXCUSED).filter((name) => !there.has(name))).toEqual([]);
});

it('finds the pattern of float() that was quadratic', () => {
  const before = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
  expect(growthOfRegExp(before)).toEqual({ kind: 'polynomial', degree: 2 });
});
