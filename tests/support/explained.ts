/** What of a recording cannot be replayed, each line by its name with the reason. */

import { createHash } from 'node:crypto';

/** A name for a line: what it is about, and a digest of it, because several lines are about the same. */
export function lineName(about: readonly unknown[], line: unknown): string {
  const digest = createHash('sha1').update(JSON.stringify(line)).digest('hex').slice(0, 6);
  return `${about.filter((each) => each).join(' ')} ${digest}`;
}

/** Counts lines that agree, and tells those that need not from those that should. */
export class Explained {
  private agreed = 0;
  private readonly needless: string[] = [];
  private count = 0;
  private readonly reasons: ReadonlyMap<string, string>;
  private readonly open = new Map<string, string>();
  private readonly closed = new Map<string, string>();

  /** @param exceptions names of lines by the reason why they cannot agree. */
  constructor(
    private readonly area: string,
    exceptions: Readonly<Record<string, readonly string[]>> = {},
  ) {
    this.reasons = new Map(
      Object.entries(exceptions).flatMap(([reason, names]) => names.map((name) => [name, reason] as const)),
    );
  }

  get total(): number {
    return this.count;
  }

  /** A line has been replayed. @param difference what is other than Django's; undefined: nothing. */
  replayed(name: string, difference?: string): void {
    this.count += 1;
    if (difference === undefined) {
      this.agreed += 1;
      if (this.reasons.has(name)) this.needless.push(name);
    } else if (!this.reasons.has(name)) this.open.set(name, difference);
    else this.closed.set(name, difference);
  }

  /** Prints the totals, and with REASONS what is different without a reason; with REASONS=all, also with one. */
  report(print: (area: string, agreed: number, total: number) => void): void {
    print(this.area, this.agreed, this.count);
    if (process.env['REASONS'])
      for (const [name, difference] of this.open) process.stdout.write(`${name}\n${difference}\n`);
    if (process.env['REASONS'] === 'all')
      for (const [name, difference] of this.closed)
        process.stdout.write(`${name}\n  (${this.reasons.get(name)})\n${difference}\n`);
  }

  /**
   * That so much agrees at least; and of the lines that the exceptions were written for, which are so many, all others, and
   * no exception.
   */
  expectAgreement(floor: number, lines: number): void {
    expect(this.agreed / this.count).toBeGreaterThanOrEqual(floor);
    if (this.count !== lines) return;
    expect([...this.open.keys()]).toEqual([]);
    expect(this.needless).toEqual([]);
  }
}
