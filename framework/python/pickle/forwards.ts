/**
 * Values that turn out to be others once more of the pickle is read: a dict whose keys are not all text is a Map, an
 * object is what its state says. Whatever refers to the first means the second.
 */

/** What values have become. Each becomes another at most once, so nothing is converted twice. */
export class Forwards {
  private readonly successors = new Map<object, unknown>();
  /** What stood in more than one place while it could still become another. */
  private readonly shared = new Set<object>();
  private stale = false;

  /** The value that this one has become; itself if it has not. */
  current(value: unknown): unknown {
    if (this.successors.size === 0 || value === null || typeof value !== 'object') return value;
    return this.successors.get(value) ?? value;
  }

  /** Notes that a value is referred to from one more place. */
  share(value: object): void {
    this.shared.add(value);
  }

  replace(value: object, successor: unknown): void {
    this.successors.set(value, successor);
    if (this.shared.has(value)) this.stale = true;
  }

  /** Puts successors in the places of what they succeed, everywhere inside of a value. Walks each part once. */
  settle(value: unknown): unknown {
    if (!this.stale) return this.current(value);
    const result = this.current(value);
    const seen = new Set<unknown>();
    const todo: unknown[] = [result];
    const visit = (part: unknown): unknown => {
      const now = this.current(part);
      todo.push(now);
      return now;
    };
    for (let part = todo.pop(); part !== undefined || todo.length > 0; part = todo.pop()) {
      if (part === null || typeof part !== 'object' || seen.has(part)) continue;
      seen.add(part);
      if (Array.isArray(part)) for (const [i, item] of part.entries()) part[i] = visit(item);
      else if (part instanceof Map) for (const [key, item] of part) part.set(key, visit(item));
      else if (Object.getPrototypeOf(part) === Object.prototype) {
        for (const [key, item] of Object.entries(part)) {
          Object.defineProperty(part, key, {
            value: visit(item),
            writable: true,
            enumerable: true,
            configurable: true,
          });
        }
      }
    }
    return result;
  }
}
