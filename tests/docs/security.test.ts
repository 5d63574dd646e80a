import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');

describe('docs/security.md', () => {
  const text = readFileSync(path.join(ROOT, 'docs', 'security.md'), 'utf8');
  const rows = [...text.matchAll(/^\| (CVE-\d{4}-\d+) \| .+? \| (.+?) \|$/gm)].flatMap(
    ([, id = '', files = '']) => files.split(', ').map((file) => [id, file] as const),
  );

  it('has every advisory that a test carries', () => {
    const tests = readdirSync(path.join(ROOT, 'tests'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => path.join('tests', name));
    const missing = tests.flatMap((file) => {
      const ids = new Set(readFileSync(path.join(ROOT, file), 'utf8').match(/CVE-\d{4}-\d+/g));
      return [...ids].filter(
        (id) => !rows.some((row) => row[0] === id && row[1] === file.replaceAll(path.sep, '/')),
      );
    });
    expect(missing).toEqual([]);
  });

  it('says of no advisory both that it applies and that it does not', () => {
    const others: readonly string[] =
      text.slice(text.indexOf('## What does not apply')).match(/CVE-\d{4}-\d+/g) ?? [];
    expect(others.length).toBeGreaterThan(10);
    expect(new Set(others).size).toBe(others.length);
    expect(rows.filter(([id]) => others.includes(id))).toEqual([]);
  });

  it('has advisories', () => expect(rows.length).toBeGreaterThan(10));
  it.each(rows)('%s is tested by name in %s', (id, file) => {
    const full = path.join(ROOT, file);
    expect(existsSync(full)).toBe(true);
    // In a title, or in the table that titles are made of.
    expect(readFileSync(full, 'utf8')).toMatch(new RegExp(`${id}:|'${id}'`));
  });
});
