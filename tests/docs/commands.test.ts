import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findCommands } from 'tsango/core/management';

const ROOT = path.resolve(__dirname, '..', '..');

describe('docs/commands.md', () => {
  it('names every command', () => {
    const table = readFileSync(path.join(ROOT, 'docs', 'commands.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .join('\n');
    const documented = [...table.matchAll(/`(\w+)/g)].map((match) => match[1]);
    const folders = [
      'core',
      'contrib/auth',
      'contrib/contenttypes',
      'contrib/sessions',
      'contrib/staticfiles',
    ];
    const commands = folders.flatMap((folder) =>
      findCommands(path.join(ROOT, 'framework', folder, 'management')),
    );
    expect(commands.filter((name) => !documented.includes(name))).toEqual([]);
  });
});
