/** Where serialized text goes. */
import { once } from 'node:events';
import type { MaybePromise } from '../../utils/maybe_promise';

/** What text can be written to: a stream, standard output, anything that collects it. */
export interface TextStream {
  write(text: string): unknown;
}

/** So many characters are handed on at a time. */
const CHUNK = 65_536;

/** Text on its way to a stream, which is waited for where it cannot keep up; without one it is collected. */
export class Sink {
  private parts: string[] = [];
  private length = 0;

  constructor(private readonly stream: TextStream | undefined) {}

  write(text: string): void {
    this.parts.push(text);
    this.length += text.length;
  }

  /** Gives the stream what there is, if it is worth it, and waits until that has left. */
  flush(atLeast = CHUNK): MaybePromise<void> {
    const { stream } = this;
    if (stream === undefined || this.length < atLeast || this.length === 0) return undefined;
    const text = this.parts.join('');
    this.parts = [];
    this.length = 0;
    const full = stream.write(text) === false;
    return full && isEmitter(stream) ? once(stream, 'drain').then(() => undefined) : undefined;
  }

  /** What was collected; undefined where a stream has it. */
  get value(): string | undefined {
    return this.stream === undefined ? this.parts.join('') : undefined;
  }
}

function isEmitter(stream: TextStream): stream is TextStream & NodeJS.EventEmitter {
  return typeof (stream as Partial<NodeJS.EventEmitter>).once === 'function';
}
