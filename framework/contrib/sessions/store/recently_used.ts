/** A cache of bounded size that forgets what was not asked for lately. */

const GENERATION_ENTRIES = 1000;
const GENERATION_LETTERS = 2_000_000;
const LARGEST = 20_000;

/**
 * Two generations: what is asked for moves to the newer one, and when that is full the older one goes. Cheaper
 * than keeping an order, and as bounded: at most two thousand entries and four million letters.
 */
export class RecentlyUsed<T> {
  private newer = new Map<string, T>();
  private older = new Map<string, T>();
  private letters = 0;

  get(key: string): T | undefined {
    const found = this.newer.get(key);
    if (found !== undefined || this.older.size === 0) return found;
    const old = this.older.get(key);
    if (old !== undefined) this.newer.set(key, old);
    return old;
  }

  /** @param size in letters; what is too large is not kept. */
  set(key: string, value: T, size: number): void {
    if (size > LARGEST) return;
    if (this.newer.size >= GENERATION_ENTRIES || this.letters + size > GENERATION_LETTERS) {
      this.older = this.newer;
      this.newer = new Map();
      this.letters = 0;
    }
    this.newer.set(key, value);
    this.letters += size;
  }
}
