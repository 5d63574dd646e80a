/** `npm pack`, one at a time: it builds the package into the repository's own `dist`. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './site';

const LOCK = path.join(
  os.tmpdir(),
  `tsango-pack-${createHash('sha1').update(ROOT).digest('hex').slice(0, 12)}`,
);
/** No build takes so long: a lock that is older was left by a process that was killed. */
const STALE = 5 * 60_000;

/** Waits until nobody else packs this repository. @returns what lets the next one. */
function lock(): () => void {
  for (;;) {
    try {
      mkdirSync(LOCK);
      return () => rmSync(LOCK, { recursive: true, force: true });
    } catch {
      const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > STALE) rmSync(LOCK, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}

/** Builds and packs the package into a folder. @returns the tarball's name. */
export function pack(folder: string): string {
  const release = lock();
  try {
    const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [, name] = /"filename": "([^"]+\.tgz)"/.exec(printed) ?? [];
    if (name === undefined) throw new Error(`npm pack names no tarball:\n${printed}`);
    return name;
  } finally {
    release();
  }
}
