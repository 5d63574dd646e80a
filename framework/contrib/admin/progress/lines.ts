/** Lines of text from a function that runs to its end to whoever reads them. */

/**
 * The content of a streamed response, made by a function that sends lines. An async generator would be simpler, but what it does could not
 * be inside of a transaction, which takes a function.
 *
 * The function begins when the first line is asked for. A reader that leaves waits for its end.
 */
export class Lines implements AsyncIterableIterator<string> {
  private reader: ((result: IteratorResult<string>) => void) | undefined;
  private offered: { readonly line: string; readonly taken: () => void } | undefined;
  private running: Promise<void> | undefined;
  private isFinished = false;
  private hasLeft = false;

  /** @param produce sends the lines; it must not throw. */
  constructor(private readonly produce: (lines: Lines) => Promise<void>) {}

  /** Whether nobody reads any more. */
  get isAbandoned(): boolean {
    return this.hasLeft;
  }

  /** Sends a line once the one before it was taken. */
  async send(line: string): Promise<void> {
    if (this.hasLeft) return;
    const { reader } = this;
    if (reader !== undefined) {
      this.reader = undefined;
      reader({ done: false, value: line });
      return;
    }
    await new Promise<void>((taken) => {
      this.offered = { line, taken };
    });
  }

  next(): Promise<IteratorResult<string>> {
    this.running ??= this.produce(this).finally(() => {
      this.isFinished = true;
      this.reader?.({ done: true, value: undefined });
    });
    const { offered } = this;
    if (offered !== undefined) {
      this.offered = undefined;
      offered.taken();
      return Promise.resolve({ done: false, value: offered.line });
    }
    if (this.isFinished || this.hasLeft) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.reader = resolve;
    });
  }

  async return(): Promise<IteratorResult<string>> {
    this.hasLeft = true;
    this.reader?.({ done: true, value: undefined });
    this.reader = undefined;
    this.offered?.taken();
    this.offered = undefined;
    await this.running;
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
