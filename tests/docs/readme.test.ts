/** README is one screenful, and says of speed what docs/performance.md says. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/site';

const read = (page: string): string => readFileSync(path.join(ROOT, page), 'utf8');

/** The rows of a table that begins with this header, as cells. */
function table(text: string, header: string): string[][] {
  const [, rest = ''] = text.split(`\n${header}`);
  const [rows = ''] = rest.split('\n\n');
  return rows
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.replaceAll('*', '').trim()),
    );
}

it('is one screenful to who reads it', () => {
  const shown = read('README.md').replace(/<!--[\s\S]*?-->\n+/g, '');
  expect(shown.trim().split('\n').length).toBeLessThanOrEqual(76);
});

it('has the figures of docs/performance.md, and all that read a session faster', () => {
  const all = read('docs/performance.md');
  const stores = ['SQLite', 'PostgreSQL', 'Redis', 'signed cookie'];
  const rows = table(read('README.md'), `| | ${stores.join(' | ')} |`);
  const figures = stores.map((store) => {
    const measured = table(all, `| ${store} | get | p99, ms |`);
    expect(measured.length).toBeGreaterThan(5);
    return new Map(measured.map(([server = '', get = '']) => [server, get.split(' ')[0] ?? '']));
  });
  const said = rows.map(([server = '', ...cells]) => [
    (server.split(' ')[0] ?? '').toLowerCase().replace('adonisjs', 'adonis'),
    ...cells,
  ]);
  expect(said).toEqual(
    said.map(([server = '']) => [server, ...figures.map((measured) => measured.get(server) ?? '–')]),
  );
  // The limit, and ours with less middleware, are no peers.
  const named = new Set(said.map(([server]) => server).concat('raw', 'tsango-session'));
  expect(figures.flatMap((measured) => [...measured.keys()].filter((server) => !named.has(server)))).toEqual(
    [],
  );
});
