/** docs/commands.md has every command that there is, and no other. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findCommands } from 'tsango/core/management';
import { ROOT } from '../support/site';

const FRAMEWORK = path.join(ROOT, 'framework');

/** The commands of every folder `management`, in whichever app. */
const commands = readdirSync(FRAMEWORK, { recursive: true, encoding: 'utf8' })
  .filter((name) => path.basename(name) === 'management')
  .flatMap((name) => findCommands(path.join(FRAMEWORK, name)));

const text = readFileSync(path.join(ROOT, 'docs', 'commands.md'), 'utf8');

it('names every command', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const documented = [...rows.join('\n').matchAll(/`(\w+)/g)].map(([, name]) => name);
  expect(commands).toContain('clearsessions');
  expect(commands.filter((name) => !documented.includes(name))).toEqual([]);
});

it('names no other', () => {
  const [, table = ''] = text.split('| command | what it does |\n');
  const cells = [...(table.split('\n\n')[0] ?? '').matchAll(/^\| (`[^|]*) \|/gm)].map(
    ([, cell = '']) => cell,
  );
  const documented = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)].map(([, name = '']) => name));
  expect(documented.length).toBeGreaterThan(25);
  expect(documented.filter((name) => !commands.includes(name))).toEqual([]);
});
