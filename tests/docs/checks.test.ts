/** docs/checks.md has every id that a check can give, and no other. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/site';

const ID = /\b(?:[a-z]+|\d_\d)\.[CEWI]\d{3}\b/;

function* idsOfSource(): Iterable<string> {
  const folder = path.join(ROOT, 'framework');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const code = readFileSync(path.join(folder, name), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '');
    for (const [, id] of code.matchAll(new RegExp(`'(${ID.source})'`, 'g'))) yield id as string;
  }
}

/** `fields.E001 E002` in the first cell of a row are two. */
function* idsOfDocs(): Iterable<string> {
  const text = readFileSync(path.join(ROOT, 'docs', 'checks.md'), 'utf8');
  for (const [, cell = ''] of text.matchAll(/^\| (\S+\.[CEWI]\d{3}[^|]*) \|/gm)) {
    const [first = '', ...rest] = cell.split(' ');
    yield first;
    for (const each of rest) yield each.includes('.') ? each : `${first.split('.')[0]}.${each}`;
  }
}

it('lists the ids of all checks', () => {
  const documented = [...idsOfDocs()];
  expect(documented.length).toBeGreaterThan(150);
  expect([...new Set(documented)].sort()).toEqual([...documented].sort());
  expect(documented.sort()).toEqual([...new Set(idsOfSource())].sort());
});
