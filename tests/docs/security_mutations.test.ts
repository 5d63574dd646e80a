/** `npm run mutate:security` takes out guards by their text: that each is still there is cheap to see. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Mutation {
  advisories: readonly string[];
  file: string;
  text: string;
  replacement: string;
  test: string;
}

const ROOT = path.resolve(__dirname, '..', '..');
const mutations = require('../../scripts/security_mutations') as readonly Mutation[];
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

it.each(mutations.map((mutation) => [mutation.advisories.join(), mutation.file, mutation] as const))(
  '%s: its guard stands once in %s, and is one',
  (_ids, _file, { file, text, replacement }) => {
    expect(read(file).split(text)).toHaveLength(2);
    expect(replacement).not.toBe(text);
  },
);

it('every advisory of docs/security.md has a mutation for each of its tests, and no other has', () => {
  const listed = [...read('docs/security.md').matchAll(/^\| (CVE-\d{4}-\d+) \| .+? \| (.+?) \|$/gm)].flatMap(
    ([, id = '', files = '']) => files.split(', ').map((file) => `${id} ${file}`),
  );
  const mutated = mutations.flatMap(({ advisories, test }) => advisories.map((id) => `${id} ${test}`));
  expect([...new Set(mutated)].sort()).toEqual([...new Set(listed)].sort());
});
