/** The bytes of a pickle being written: the atoms, the memo and the frames. PEP 3154. */
import { longBytes } from './numbers';
import { OP } from './opcodes';
import { encodeText } from './text';

const FRAME_TARGET = 64 * 1024;
const FRAME_MIN = 4;
const FRAME_HEADER = 9;
/** Longer strings are not looked up among those written before: they are rarely the same. */
const SHARED_TEXT_MAX = 256;
const SHORT_TEXT_MAX = 80;

export class Output {
  private buf = Buffer.allocUnsafe(512);
  private pos = 2;
  /** Where the frame under way begins, or -1 between frames. */
  private frame = -1;
  private memoSize = 0;
  private readonly texts = new Map<string, number>();
  private readonly globals = new Map<string, number>();

  constructor(protocol: number) {
    this.buf[0] = OP.PROTO;
    this.buf[1] = protocol;
  }

  /** Ends the pickle. */
  finish(): Buffer {
    this.op(OP.STOP);
    this.endFrame();
    return this.buf.subarray(0, this.pos);
  }

  op(opcode: number): void {
    const at = this.reserve(1);
    this.buf[at] = opcode;
    this.pos = at + 1;
  }

  text(text: string): void {
    const { length } = text;
    if (length <= SHARED_TEXT_MAX) {
      const known = this.texts.get(text);
      if (known !== undefined) {
        this.fetch(known);
        return;
      }
      this.texts.set(text, this.memoSize);
    }
    this.freshText(text);
  }

  /** A string that is not looked up, nor found by others. */
  private freshText(text: string): void {
    if (text.length > SHORT_TEXT_MAX || !this.asciiText(text)) {
      this.sized(encodeText(text), OP.SHORT_BINUNICODE, OP.BINUNICODE, OP.BINUNICODE8);
    }
    this.memoize();
  }

  /** Writes a short string if it is ASCII, which most keys are; calling into Node costs more than it takes. */
  private asciiText(text: string): boolean {
    const { length } = text;
    const at = this.reserve(2 + length);
    const { buf } = this;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      buf[at + 2 + i] = code;
    }
    buf[at] = OP.SHORT_BINUNICODE;
    buf[at + 1] = length;
    this.pos = at + 2 + length;
    return true;
  }

  /** Bytes; returns their memo index. */
  bytes(bytes: Uint8Array): number {
    this.sized(bytes, OP.SHORT_BINBYTES, OP.BINBYTES, OP.BINBYTES8);
    return this.memoize();
  }

  private sized(bytes: Uint8Array, short: number, normal: number, long: number): void {
    const header = sizedHeader(bytes.length, short, normal, long);
    const total = header.length + bytes.length;
    const framed = bytes.length < FRAME_TARGET;
    // CPython writes what is long outside of frames.
    if (!framed) this.endFrame();
    const at = framed ? this.reserve(total) : this.grow(total);
    this.buf.set(header, at);
    this.buf.set(bytes, at + header.length);
    this.pos = at + total;
  }

  number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.float(value);
    else if (value >= 0 && value <= 0xff) {
      const at = this.reserve(2);
      this.buf[at] = OP.BININT1;
      this.buf[at + 1] = value;
      this.pos = at + 2;
    } else if (value >= 0 && value <= 0xffff) {
      const at = this.reserve(3);
      this.buf[at] = OP.BININT2;
      this.pos = this.buf.writeUInt16LE(value, at + 1);
    } else if (value >= -0x80000000 && value <= 0x7fffffff) {
      const at = this.reserve(5);
      this.buf[at] = OP.BININT;
      this.pos = this.buf.writeInt32LE(value, at + 1);
    } else this.long(longBytes(BigInt(value)));
  }

  bigint(value: bigint): void {
    if (value >= -0x80000000n && value <= 0x7fffffffn) this.number(Number(value));
    else this.long(longBytes(value));
  }

  private long(bytes: Buffer): void {
    const header = bytes.length < 256 ? 2 : 5;
    const at = this.reserve(header + bytes.length);
    this.buf[at] = header === 2 ? OP.LONG1 : OP.LONG4;
    if (header === 2) this.buf[at + 1] = bytes.length;
    else this.buf.writeUInt32LE(bytes.length, at + 1);
    this.buf.set(bytes, at + header);
    this.pos = at + header + bytes.length;
  }

  float(value: number): void {
    const at = this.reserve(9);
    this.buf[at] = OP.BINFLOAT;
    this.pos = this.buf.writeDoubleBE(value, at + 1);
  }

  /** A class or function. */
  global(module: string, name: string): void {
    const key = `${module}.${name}`;
    const known = this.globals.get(key);
    if (known !== undefined) {
      this.fetch(known);
      return;
    }
    // CPython shares the modules' names, and not those of the classes.
    this.text(module);
    this.freshText(name);
    this.op(OP.STACK_GLOBAL);
    this.globals.set(key, this.memoize());
  }

  /** A tuple of what was written last. */
  tuple(length: 1 | 2 | 3): void {
    this.op(OP.TUPLE1 + length - 1);
    this.memoize();
  }

  /** Calls a function with a tuple: the two values written last. */
  reduce(opcode: number = OP.REDUCE): void {
    this.op(opcode);
    this.memoize();
  }

  memoize(): number {
    this.op(OP.MEMOIZE);
    return this.memoSize++;
  }

  fetch(index: number): void {
    const at = this.reserve(5);
    if (index < 256) {
      this.buf[at] = OP.BINGET;
      this.buf[at + 1] = index;
      this.pos = at + 2;
    } else {
      this.buf[at] = OP.LONG_BINGET;
      this.pos = this.buf.writeUInt32LE(index, at + 1);
    }
  }

  /** Where a value ends: CPython ends the frame there if it has grown past 64 KiB. */
  boundary(): void {
    if (this.frame >= 0 && this.pos - this.frame - FRAME_HEADER >= FRAME_TARGET) this.endFrame();
  }

  /** Room for that many bytes inside of a frame; returns where. */
  private reserve(bytes: number): number {
    if (this.frame < 0) {
      this.frame = this.grow(FRAME_HEADER);
      this.pos += FRAME_HEADER;
    }
    return this.grow(bytes);
  }

  private grow(bytes: number): number {
    const needed = this.pos + bytes;
    if (needed > this.buf.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.buf.length * 2));
      this.buf.copy(larger, 0, 0, this.pos);
      this.buf = larger;
    }
    return this.pos;
  }

  private endFrame(): void {
    if (this.frame < 0) return;
    const length = this.pos - this.frame - FRAME_HEADER;
    if (length < FRAME_MIN) {
      this.buf.copyWithin(this.frame, this.frame + FRAME_HEADER, this.pos);
      this.pos -= FRAME_HEADER;
    } else {
      this.buf[this.frame] = OP.FRAME;
      this.buf.writeBigUInt64LE(BigInt(length), this.frame + 1);
    }
    this.frame = -1;
  }
}

function sizedHeader(length: number, short: number, normal: number, long: number): Buffer {
  if (length < 256) return Buffer.of(short, length);
  if (length <= 0xffffffff) {
    const header = Buffer.alloc(5, normal);
    header.writeUInt32LE(length, 1);
    return header;
  }
  const header = Buffer.alloc(9, long);
  header.writeBigUInt64LE(BigInt(length), 1);
  return header;
}
