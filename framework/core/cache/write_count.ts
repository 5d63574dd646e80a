/**
 * When to count a store's entries. Django counts before every write; on a large table or folder that is what a write
 * mostly costs. Here a count is trusted for half of the writes that are left until the store is full.
 */
export class WriteCount {
  private left = 0;

  /** Whether to count now. */
  due(): boolean {
    if (this.left > 0) {
      this.left--;
      return false;
    }
    return true;
  }

  /** Notes how many more entries fit. */
  room(entries: number): void {
    this.left = Math.max(0, Math.floor((entries - 1) / 2));
  }
}
