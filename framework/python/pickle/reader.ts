/**
 * Reads what Python's `pickle` wrote, of protocols 0 to 5, and only data: see `globals.ts` for the classes.
 *
 * One pass over the bytes, each opcode in constant time or linear in what it reads. What a reader of untrusted
 * bytes must fear (code, endless or exploding structures, quadratic work) is refused with UnpicklingError.
 *
 * Format: Python's Lib/pickletools.py.
 */
import { tuple } from '../types';
import { UnpicklingError } from './errors';
import { type LoadOptions, Machine, malformed, type Opcode } from './machine';
import { parseFloatText, parseInteger } from './numbers';
import { OP } from './opcodes';
import { byteString, quotedString, rawUnicode } from './text_opcodes';

const OPCODES: readonly (Opcode | undefined)[] = table({
  [OP.MARK]: (m) => m.mark(),
  [OP.POP]: (m) => m.pop(),
  [OP.POP_MARK]: (m) => m.sinceMark(),
  [OP.DUP]: (m) => m.duplicate(),
  [OP.PROTO]: (m) => {
    const version = m.byte();
    if (version > 5) throw new UnpicklingError(`unsupported pickle protocol: ${version}`);
  },
  [OP.FRAME]: (m) => m.advance(8),

  [OP.NONE]: (m) => m.push(null),
  [OP.NEWTRUE]: (m) => m.push(true),
  [OP.NEWFALSE]: (m) => m.push(false),
  [OP.BININT]: (m) => m.push(m.int32()),
  [OP.BININT1]: (m) => m.push(m.byte()),
  [OP.BININT2]: (m) => m.push(m.uint16()),
  [OP.LONG1]: (m) => m.long(m.byte()),
  [OP.LONG4]: (m) => m.long(m.uint32()),
  [OP.BINFLOAT]: (m) => m.float(m.double()),
  [OP.INT]: (m) => {
    const line = m.line();
    m.push(line === '00' ? false : line === '01' ? true : parseInteger(line));
  },
  [OP.LONG]: (m) => {
    const line = m.line();
    m.push(parseInteger(line.endsWith('L') ? line.slice(0, -1) : line));
  },
  [OP.FLOAT]: (m) => m.float(parseFloatText(m.line())),

  [OP.SHORT_BINUNICODE]: (m) => m.push(m.text(m.byte())),
  [OP.BINUNICODE]: (m) => m.push(m.text(m.uint32())),
  [OP.BINUNICODE8]: (m) => m.push(m.text(m.uint64())),
  [OP.UNICODE]: (m) => m.push(rawUnicode(m.line())),
  [OP.STRING]: (m) => m.push(quotedString(m.line())),
  [OP.BINSTRING]: (m) => m.push(byteString(m.raw(m.uint32()))),
  [OP.SHORT_BINSTRING]: (m) => m.push(byteString(m.raw(m.byte()))),
  [OP.SHORT_BINBYTES]: (m) => m.bytes(m.byte()),
  [OP.BINBYTES]: (m) => m.bytes(m.uint32()),
  [OP.BINBYTES8]: (m) => m.bytes(m.uint64()),
  [OP.BYTEARRAY8]: (m) => m.bytes(m.uint64()),

  [OP.EMPTY_LIST]: (m) => m.push([]),
  [OP.LIST]: (m) => m.pushMade(m.sinceMark()),
  [OP.APPEND]: (m) => m.append(m.last(1)),
  [OP.APPENDS]: (m) => m.append(m.popMark()),
  [OP.EMPTY_TUPLE]: (m) => m.push(tuple([])),
  [OP.TUPLE1]: (m) => m.tuple(m.take(1)),
  [OP.TUPLE2]: (m) => m.tuple(m.take(2)),
  [OP.TUPLE3]: (m) => m.tuple(m.take(3)),
  [OP.TUPLE]: (m) => m.tuple(m.sinceMark()),
  [OP.EMPTY_DICT]: (m) => m.push({}),
  [OP.DICT]: (m) => {
    const items = m.sinceMark();
    m.pushMade({});
    for (const item of items) m.push(item);
    m.setItems(m.last(items.length));
  },
  [OP.SETITEM]: (m) => m.setItems(m.last(2)),
  [OP.SETITEMS]: (m) => m.setItems(m.popMark()),
  [OP.EMPTY_SET]: (m) => m.push(new Set()),
  [OP.ADDITEMS]: (m) => m.addItems(m.popMark()),
  [OP.FROZENSET]: (m) => m.pushMade(new Set(m.sinceMark())),

  [OP.MEMOIZE]: (m) => m.memoize(),
  [OP.BINPUT]: (m) => m.put(m.byte()),
  [OP.LONG_BINPUT]: (m) => m.put(m.uint32()),
  [OP.PUT]: (m) => m.put(index(m.line())),
  [OP.BINGET]: (m) => m.get(m.byte()),
  [OP.LONG_BINGET]: (m) => m.get(m.uint32()),
  [OP.GET]: (m) => m.get(index(m.line())),

  [OP.GLOBAL]: (m) => m.global(m.line(), m.line()),
  [OP.STACK_GLOBAL]: (m) => {
    const [module, name] = m.take(2);
    m.global(module, name);
  },
  [OP.REDUCE]: (m) => m.reduce(),
  [OP.NEWOBJ]: (m) => m.reduce(),
  [OP.BUILD]: (m) => m.build(),
});

function table(opcodes: Readonly<Record<number, Opcode>>): (Opcode | undefined)[] {
  return Array.from({ length: 256 }, (_, code) => opcodes[code]);
}

function index(line: string): number {
  if (!/^\d{1,15}$/.test(line)) throw malformed();
  return Number(line);
}

/**
 * The value that a pickle holds. Python: `pickle.loads`.
 *
 * @throws UnpicklingError if it is damaged, holds more than data, or exceeds a limit.
 */
export function loads(data: Uint8Array, options: LoadOptions = {}): unknown {
  return new Machine(asBuffer(data), 0, options).run(OPCODES);
}

/** Reads one pickle of several that follow each other; `end` is where the next begins. Python: `pickle.load`. */
export function loadAt(
  data: Uint8Array,
  start: number,
  options: LoadOptions = {},
): { value: unknown; end: number } {
  const machine = new Machine(asBuffer(data), start, options);
  const value = machine.run(OPCODES);
  return { value, end: machine.end };
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
