import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');

describe('docs/security.md', () => {
  const text = readFileSync(path.join(ROOT, 'docs', 'security.md'), 'utf8');
  const rows = [...text.matchAll(/^\| (CVE-\d{4}-\d+) \| .+? \| (.+?) \|$/gm)].flatMap(
    ([, id = '', files = '']) => files.split(', ').map((file) => [id, file] as const),
  );

  it('has advisories', () => expect(rows.length).toBeGreaterThan(10));
  it.each(rows)('%s is tested by name in %s', (id, file) => {
    const full = path.join(ROOT, file);
    expect(existsSync(full)).toBe(true);
    expect(readFileSync(full, 'utf8')).toContain(`${id}:`);
  });
});
