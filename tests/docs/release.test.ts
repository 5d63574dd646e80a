/** What a published package says of itself, and what its lock files hold. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { VERSION } from 'tsango';

const ROOT = path.resolve(__dirname, '..', '..');
const read = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');

interface Lock {
  packages: Record<string, { integrity?: string; link?: boolean }>;
}

describe('package.json', () => {
  const packageFile = JSON.parse(read('package.json')) as Record<string, unknown>;

  it('says where the project is, and whose', () => {
    const home = 'https://github.com/tsango/tsango';
    expect(packageFile).toMatchObject({
      author: 'tsango contributors',
      homepage: `${home}#readme`,
      bugs: { url: `${home}/issues` },
      repository: { type: 'git', url: `git+${home}.git` },
    });
  });

  it('has the version that the package says it is', () => {
    expect(packageFile['version']).toBe(VERSION);
  });
});

describe('CHANGELOG.md', () => {
  const headings = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

  it('has what comes next, and then the releases, the newest first', () => {
    expect(headings.slice(0, 2)).toEqual(['Unreleased', VERSION]);
    expect(headings.slice(1).filter((heading) => !/^\d+\.\d+\.\d+$/.test(heading ?? ''))).toEqual([]);
  });
});

describe('the lock files', () => {
  const files = execFileSync('git', ['ls-files', '*package-lock.json'], { cwd: ROOT, encoding: 'utf8' });

  it.each(files.trim().split('\n'))(
    '%s has an integrity for every package, other platforms included',
    (name) => {
      const { packages } = JSON.parse(read(name)) as Lock;
      const without = Object.entries(packages).filter(
        ([folder, { integrity, link }]) => folder !== '' && !link && !/^sha512-/.test(integrity ?? ''),
      );
      expect(without.map(([folder]) => folder)).toEqual([]);
      // The benchmark of forms has one peer.
      expect(Object.keys(packages).length).toBeGreaterThan(name.startsWith('bench/forms/') ? 1 : 50);
    },
  );
});
