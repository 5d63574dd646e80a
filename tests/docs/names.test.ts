/**
 * docs/names.md lists every tag, filter, signal and exception that there is; NAMES=1 writes it. What each module has is read
 * from its source, what templates know from the libraries themselves.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Library } from 'tsango/template';
import { ROOT } from '../support/site';

const FRAMEWORK = path.join(ROOT, 'framework');
const PAGE = path.join(ROOT, 'docs', 'names.md');

interface Declared {
  name: string;
  base: string;
  module: string;
  text: string;
}

const sources = readdirSync(FRAMEWORK, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/[\\/](?:static|migrations)[\\/]|-tpl$/.test(name))
  .sort();

/** What the source declares by a pattern of `name` and `base`, with the first sentence of its comment. */
function declared(pattern: string): Declared[] {
  const expression = new RegExp(`(?:/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n)?^export ${pattern}`, 'gm');
  return sources.flatMap((file) =>
    [...readFileSync(path.join(FRAMEWORK, file), 'utf8').matchAll(expression)].map((match) => {
      const comment = (match[1] ?? '')
        .replace(/^\s*\* ?/gm, ' ')
        .replace(/\s+/g, ' ')
        .trim();
      const sentence = /^.*?[.:](?= |$)/.exec(comment)?.[0] ?? '';
      return {
        name: match.groups?.['name'] ?? '',
        base: match.groups?.['base'] ?? '',
        module: `tsango/${file.replace(/\.ts$/, '').replace(/\/index$/, '')}`,
        text: sentence.replace(/:$/, '.').replaceAll('|', '\\|').replaceAll('<', '&lt;'),
      };
    }),
  );
}

function exceptions(): Declared[] {
  const classes = declared('(?:abstract )?class (?<name>\\w+)(?:<[^{]*?>)? extends (?<base>\\w+)');
  const isError = (base: string, depth = 0): boolean =>
    /^(?:\w*Error)$/.test(base) ||
    (depth < 9 && classes.some((each) => each.name === base && isError(each.base, depth + 1)));
  return classes.filter(
    ({ name, base }) => isError(base) && !/^(?:\w*Form\w*|ErrorList|ErrorDict)$/.test(name),
  );
}

/** The names of tags and filters, by what loads them; the empty name: every template has them. */
function libraries(): Map<string, { tags: string[]; filters: string[] }> {
  const found = new Map<string, { tags: string[]; filters: string[] }>();
  for (const file of sources) {
    const [, builtin, loaded] =
      /^template\/(defaulttags|defaultfilters|loader_tags)\.ts$|templatetags\/(\w+)\.ts$/.exec(file) ?? [];
    if (builtin === undefined && loaded === undefined) continue;
    const { register } = require(path.join(FRAMEWORK, file)) as { register?: unknown };
    if (!(register instanceof Library)) continue;
    const own = found.get(loaded ?? '') ?? { tags: [], filters: [] };
    own.tags.push(...register.tags.keys());
    own.filters.push(...register.filters.keys());
    found.set(loaded ?? '', own);
  }
  return found;
}

const code = (names: readonly string[]): string =>
  [...names]
    .sort()
    .map((name) => `\`${name}\``)
    .join(' ') || '–';

const rows = (all: readonly Declared[]): string =>
  all
    .map(({ name, module, text }) => `| \`${name}\` | \`${module}\` | ${text} |`)
    .sort()
    .join('\n');

function page(): string {
  const builtin = [...libraries()].map(
    ([name, { tags, filters }]) =>
      `| ${name === '' ? 'nothing' : `\`{% load ${name} %}\``} | ${code(tags)} | ${code(filters)} |`,
  );
  return `# Names

Every tag, filter, signal and exception, as the code has them. Settings are in [settings.md](settings.md), commands in
[commands.md](commands.md), checks in [checks.md](checks.md).

## Tags and filters

| loaded by | tags | filters |
| --- | --- | --- |
${builtin.sort().join('\n')}

What they do is in Django's reference of [built-in ones](https://docs.djangoproject.com/en/5.2/ref/templates/builtins/), and what is
different in [templates.md](templates.md#differences-that-remain).

## Signals

| signal | module | sent |
| --- | --- | --- |
${rows(declared('const (?<name>\\w+) = new (?<base>\\w*Signal)\\b'))}

[How they are received](signals.md).

## Exceptions

| exception | module | |
| --- | --- | --- |
${rows(exceptions())}
`;
}

it('docs/names.md has every name, and no other', () => {
  const text = page();
  if (process.env['NAMES'] === '1') writeFileSync(PAGE, text);
  expect(readFileSync(PAGE, 'utf8')).toBe(text);
  for (const name of ['`urlize`', '`postSave`', '`Http404`', '`IntegrityError`', '`{% load humanize %}`']) {
    expect(text).toContain(name);
  }
});
