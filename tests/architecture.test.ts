/** The layers of docs/architecture.md: a module imports only what stands lower, and nothing but contrib is on contrib. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const FRAMEWORK = path.resolve(__dirname, '..', 'framework');

/** Lowest first. A module belongs to the longest prefix that matches. */
const LAYERS: readonly (readonly string[])[] = [
  [
    'python',
    'utils',
    'conf',
    'apps',
    'dispatch',
    'index',
    'core/exceptions',
    'core/validation_error',
    'core/signals',
    'core/signing',
    'core/serializers',
  ],
  ['core/checks', 'core/cache'],
  ['http', 'core/files'],
  ['urls'],
  ['db', 'template', 'templatetags'],
  ['core/handlers', 'core/management', 'core/servers', 'middleware', 'views', 'shortcuts'],
  ['contrib'],
  ['test', 'bin'],
];

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) return files(file);
    return file.endsWith('.ts') ? [file] : [];
  });
}

function layer(file: string): number {
  const name = path.relative(FRAMEWORK, file).replace(/\.ts$/, '');
  const matches = LAYERS.flatMap((prefixes, rank) =>
    prefixes
      .filter((prefix) => name === prefix || name.startsWith(`${prefix}/`))
      .map((prefix) => ({ prefix, rank })),
  );
  const longest = matches.sort((a, b) => b.prefix.length - a.prefix.length)[0];
  if (!longest) throw new Error(`${name} has no layer`);
  return longest.rank;
}

interface Import {
  from: string;
  to: string;
  lazy: boolean;
}

/** What a module loads: imports of values, and `require` inside of functions. Types cost nothing and tie nothing. */
function imports(file: string): Import[] {
  const source = readFileSync(file, 'utf8');
  const found: Import[] = [];
  const add = (specifier: string, lazy: boolean): void => {
    if (specifier.startsWith('.'))
      found.push({ from: file, to: path.resolve(path.dirname(file), specifier), lazy });
  };
  for (const [, kind, specifier] of source.matchAll(
    /^(?:import|export) (type )?[^;'"]*?from '([^']+)';/gms,
  )) {
    if (kind === undefined) add(specifier ?? '', false);
  }
  for (const [, specifier] of source.matchAll(/^import '([^']+)';/gm)) add(specifier ?? '', false);
  for (const [, specifier] of source.matchAll(/require\('([^']+)'\)/g)) add(specifier ?? '', true);
  return found;
}

const all = files(FRAMEWORK).flatMap(imports);
const show = ({ from, to }: Import): string =>
  `${path.relative(FRAMEWORK, from)} → ${path.relative(FRAMEWORK, to)}`;

it('a module imports only what stands lower, or waits until it is needed', () => {
  const upwards = all.filter(({ from, to, lazy }) => !lazy && layer(to) > layer(from));
  expect(upwards.map(show)).toEqual([]);
});

it('nothing but contrib, and the tests that ship for its engines, knows contrib', () => {
  const onContrib = all.filter(({ from, to }) => {
    const name = path.relative(FRAMEWORK, from);
    return path.relative(FRAMEWORK, to).startsWith('contrib/') && !/^(contrib|test)\//.test(name);
  });
  // As in Django, `{% static %}` asks the storage of staticfiles where that app is installed.
  expect(onContrib.map(show)).toEqual(['templatetags/static.ts → contrib/staticfiles/storage']);
});
