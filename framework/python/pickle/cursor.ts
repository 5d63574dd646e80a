/** The bytes of a pickle and how far they have been read. */
import { UnpicklingError } from './errors';
import { decodeText } from './text';

/** Reads the numbers and texts that opcodes are followed by. */
export class Cursor {
  constructor(
    protected readonly data: Buffer,
    protected pos: number,
  ) {}

  /** Where the next byte is. */
  get end(): number {
    return this.pos;
  }

  /** Goes past some bytes; returns where they begin. */
  advance(count: number): number {
    const from = this.pos;
    if (count > this.data.length - from) throw truncated();
    this.pos = from + count;
    return from;
  }

  byte(): number {
    return this.data[this.advance(1)] as number;
  }

  uint16(): number {
    return this.data.readUInt16LE(this.advance(2));
  }

  int32(): number {
    return this.data.readInt32LE(this.advance(4));
  }

  uint32(): number {
    return this.data.readUInt32LE(this.advance(4));
  }

  uint64(): number {
    return Number(this.data.readBigUInt64LE(this.advance(8)));
  }

  double(): number {
    return this.data.readDoubleBE(this.advance(8));
  }

  /** The bytes themselves, not a copy. */
  raw(length: number): Buffer {
    const from = this.advance(length);
    return this.data.subarray(from, from + length);
  }

  text(length: number): string {
    const from = this.advance(length);
    const text = decodeText(this.data, from, from + length);
    if (text === undefined) throw new UnpicklingError('The pickle holds text that is not UTF-8.');
    return text;
  }

  /** The Latin-1 text up to a newline. */
  line(): string {
    const end = this.data.indexOf(0x0a, this.pos);
    if (end < 0) throw truncated();
    const line = this.data.toString('latin1', this.pos, end);
    this.pos = end + 1;
    return line;
  }
}

/** The error of bytes that end too early. */
export function truncated(): UnpicklingError {
  return new UnpicklingError('pickle data was truncated');
}
