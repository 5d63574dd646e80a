import type { StyleFunction } from './color';

/** What a command writes to: a stream, or anything that collects text. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** A stream that ends each message with a newline and may dress it up. Django: `OutputWrapper`. */
export class OutputWrapper {
  private style: StyleFunction | undefined;

  constructor(
    private readonly out: Output,
    readonly ending = '\n',
  ) {}

  /** Whether a person watches. */
  isatty(): boolean {
    return this.out.isTTY === true;
  }

  /** The style of every message that brings none. On anything but a terminal it stays off. */
  get styleFunc(): StyleFunction | undefined {
    return this.style;
  }
  set styleFunc(value: StyleFunction | undefined) {
    this.style = value && this.isatty() ? value : undefined;
  }

  /**
   * Writes a message.
   *
   * @param styleFunc how this message looks; the wrapper's style otherwise.
   * @param ending what the message ends with, added unless it is there.
   */
  write(text = '', styleFunc?: StyleFunction | null, ending: string = this.ending): void {
    const message = ending && !text.endsWith(ending) ? text + ending : text;
    const style = styleFunc ?? this.style;
    this.out.write(style ? style(message) : message);
  }
}
