/**
 * A lock between processes, where Node has no `flock`: a file that is created exclusively, and holds the name of its
 * owner. A process that died leaves its lock behind; another one takes it over.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** So long nobody holds a lock who is alive: what is done meanwhile takes milliseconds. */
const STALE_AFTER = 10_000;
const RETRY_EVERY = 5;
const GIVE_UP_AFTER = 30_000;

/** A lock that this process holds. */
export class LockFile {
  private constructor(
    private readonly path: string,
    private readonly owner: string,
  ) {}

  /** Takes a lock if it is free, or left behind; null if somebody holds it. @throws the error of the file system. */
  static take(path: string, abandoned?: Held): LockFile | null {
    const owner = randomBytes(12).toString('hex');
    if (create(path, owner)) return new LockFile(path, owner);
    const held = holder(path);
    if (held === undefined || !isStale(held, abandoned)) return null;
    // Whoever makes this file is the only one to take over from that owner; nobody else may replace its lock.
    const claim = LockFile.take(`${path}.${held.owner}`);
    if (claim === null) return null;
    const now = holder(path);
    if (now === undefined || !isSame(now, held)) {
      claim.release();
      return null;
    }
    renameSync(claim.path, path);
    return new LockFile(path, claim.owner);
  }

  /**
   * Waits for a lock. One that the same owner has held all of ten seconds is taken for left behind, whatever its date
   * says: clocks are set back.
   *
   * @throws LockTimeout if it is not to be had within thirty seconds.
   */
  static async wait(path: string): Promise<LockFile> {
    const start = performance.now();
    let watched: { held: Held; since: number } | undefined;
    for (;;) {
      const now = performance.now();
      const isAbandoned = watched !== undefined && now - watched.since > STALE_AFTER;
      const lock = LockFile.take(path, isAbandoned ? watched?.held : undefined);
      if (lock !== null) return lock;
      if (now - start > GIVE_UP_AFTER) {
        throw new LockTimeout(`The lock file ${path} has been held for ${GIVE_UP_AFTER / 1000} seconds.`);
      }
      const held = holder(path);
      if (held === undefined) watched = undefined;
      else if (watched === undefined || !isSame(held, watched.held)) watched = { held, since: now };
      await delay(RETRY_EVERY);
    }
  }

  /** Gives the lock back, unless somebody else has taken it over. */
  release(): void {
    if (holder(this.path)?.owner === this.owner) rmSync(this.path, { force: true });
  }
}

/** A lock is held all the time. */
export class LockTimeout extends Error {
  override readonly name = 'LockTimeout';
}

/** Who holds a lock, and since when. */
interface Held {
  readonly owner: string;
  readonly since: number;
}

function code(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

function create(path: string, owner: string): boolean {
  try {
    writeFileSync(path, owner, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (code(error) === 'EEXIST') return false;
    throw error;
  }
}

function holder(path: string): Held | undefined {
  try {
    // Into the name of a file goes only what was written here: a lock of nobody knows who is nobody's.
    const text = readFileSync(path, 'latin1');
    return { owner: /^[0-9a-f]{24}$/.test(text) ? text : '', since: statSync(path).mtimeMs };
  } catch (error) {
    if (code(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isSame(one: Held, other: Held): boolean {
  return one.owner === other.owner && one.since === other.since;
}

function isStale(held: Held, abandoned: Held | undefined): boolean {
  return Date.now() - held.since > STALE_AFTER || (abandoned !== undefined && isSame(held, abandoned));
}
