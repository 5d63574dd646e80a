/**
 * The same page through this engine, plain nunjucks, EJS, Django (where there is one) and a function written by
 * hand, which is the floor. Run: `npx ts-node bench/templates/run.ts [rows]`
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import ejs from 'ejs';
import nunjucks from 'nunjucks';
import { configure } from 'tsango/conf';
import { Context } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';

const PAGES = path.join(__dirname, 'pages');
/** Seconds that each engine is measured for, in rounds that take turns. */
const SECONDS = Number(process.env['SECONDS'] ?? 0.3);
const ROUNDS = Number(process.env['ROUNDS'] ?? 7);

interface Row {
  id: number;
  name: string;
  email: string;
  note: string | null;
  comment: string;
  active: boolean;
  owner: { name: string };
}

interface Page {
  [name: string]: unknown;
  title: string;
  site: string;
  user: { name: string };
  rows: Row[];
}

function makePage(count: number): Page {
  const rows = Array.from({ length: count }, (_, i) => ({
    id: i,
    name: `Customer number ${i}`,
    email: `Customer.${i}@Example.COM`,
    note: i % 3 === 0 ? null : `note ${i}`,
    comment: i % 4 === 0 ? `a < b & c > ${i}` : `nothing to escape in this comment, number ${i}`,
    active: i % 2 === 0,
    owner: { name: `Owner ${i % 7}` },
  }));
  return { title: 'Rows & columns', site: 'the bench', user: { name: 'Ada' }, rows };
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
};

function escapeHtml(text: string): string {
  return /[&<>"']/.test(text)
    ? text.replace(/[&<>"']/g, (character) => REFERENCES[character] as string)
    : text;
}

/** What a person would write for this one page. */
function byHand(page: Page): string {
  let rows = '';
  for (const row of page.rows) {
    rows += `\n  <tr${row.active ? ' class="active"' : ''}>
    <td>${row.id}</td>
    <td>${escapeHtml(row.name.toUpperCase())}</td>
    <td>${escapeHtml(row.email.toLowerCase())}</td>
    <td>${escapeHtml(row.note || '-')}</td>
    <td>${escapeHtml(row.comment)}</td>
    <td>${escapeHtml(row.owner.name)}</td>
  </tr>\n`;
  }
  const title = escapeHtml(page.title);
  return `<!doctype html>
<html lang="en">
<head><title>${title}</title></head>
<body>
<header>Hello ${escapeHtml(page.user.name)}, welcome to ${escapeHtml(page.site)}</header>
<main>
<h1>${title}</h1>
<table>
${rows}
</table>
</main>
<footer>The end</footer>
</body>
</html>\n`;
}

type Render = (page: Page) => string;

function tsango(): Render {
  const engine = new Engine({
    dirs: [PAGES],
    loaders: [['tsango.template.loaders.cached.Loader', ['tsango.template.loaders.filesystem.Loader']]],
  });
  return (page) => engine.getTemplate('page.html').render(new Context(page)) as string;
}

function plainNunjucks(): Render {
  const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(PAGES), { autoescape: true });
  return (page) => environment.render('page.njk', page);
}

function plainEjs(): Render {
  const compile = (name: string) => ejs.compile(readFileSync(path.join(PAGES, name), 'utf8'));
  const [base, title, content] = [compile('base.ejs'), compile('title.ejs'), compile('content.ejs')] as const;
  return (page) => base({ ...page, blocks: { title: title(page), content: content(page) } });
}

interface Result {
  name: string;
  /** Milliseconds a page. */
  ms: number;
  /** Milliseconds until the first page is there, compiling included. */
  first: number;
  text: string;
}

function flat(text: string): number {
  // A concatenated string is not laid out in memory until somebody reads it, as the socket would.
  return Buffer.from(text, 'latin1').length;
}

function measure(render: Render, page: Page): number {
  const end = performance.now() + SECONDS * 1000;
  const start = performance.now();
  let count = 0;
  while (performance.now() < end) {
    flat(render(page));
    count++;
  }
  return (performance.now() - start) / count;
}

function django(page: Page): Result | null {
  const { status, stdout } = spawnSync(
    process.env['PYTHON'] ?? '/usr/bin/python3',
    [path.join(__dirname, 'django_page.py'), PAGES, String(SECONDS * 3)],
    { input: JSON.stringify(page), encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (status !== 0) return null;
  return { name: 'Django (Python)', ...(JSON.parse(stdout) as { ms: number; first: number; text: string }) };
}

function main(): void {
  configure({ USE_TZ: false });
  const page = makePage(Number(process.argv[2] ?? 100));
  const makers: [string, () => Render][] = [
    ['by hand', () => byHand],
    ['tsango', tsango],
    ['nunjucks', plainNunjucks],
    ['EJS', plainEjs],
  ];
  const entries = makers.map(([name, make]) => {
    // Once to load the engine itself, which is not what is measured.
    make()(page);
    const start = performance.now();
    const render = make();
    const text = render(page);
    return { name, render, text, first: performance.now() - start, times: [] as number[] };
  });
  for (const { render } of entries) measure(render, page);
  for (let round = 0; round < ROUNDS; round++) {
    for (const entry of entries) entry.times.push(measure(entry.render, page));
  }
  const results: Result[] = entries.map(({ name, text, first, times }) => ({
    name,
    text,
    first,
    ms: times.sort((a, b) => a - b)[times.length >> 1] as number,
  }));
  const python = django(page);
  if (python) results.push(python);
  const own = results.find(({ name }) => name === 'tsango') as Result;
  const condense = (text: string): string => text.replace(/\s+/g, ' ').replace(/> </g, '><').trim();
  for (const { name, text } of results) {
    if (condense(text) !== condense(own.text)) throw new Error(`${name} renders another page`);
  }
  process.stdout.write(`a page of ${page.rows.length} rows, ${own.text.length} characters\n`);
  for (const { name, ms, first } of results) {
    const ratio = `${(ms / own.ms).toFixed(2)} x`;
    process.stdout.write(
      `${name.padEnd(16)} ${ms.toFixed(4).padStart(9)} ms ${ratio.padStart(9)} of tsango   first page ${first.toFixed(1)} ms\n`,
    );
  }
}

main();
