/**
 * Writes values so that Python's `pickle` loads them, in protocol 5 (or 4) with frames and memo as Python does it:
 * for the same data the bytes are the same as CPython's, but for which equal strings Python happens to share.
 *
 * Format: Python's Lib/pickletools.py.
 */
import { isPlainObject } from '../dict';
import { Tuple } from '../types';
import { saveObject } from './classes';
import { PicklingError } from './errors';
import { LIMITS } from './limits';
import { OP } from './opcodes';
import { Output } from './output';

/** How a pickle is written. */
export interface DumpOptions {
  /** Default 5, Django's choice: Python 3.8 and later. 4 is for Python 3.4 and later. */
  readonly protocol?: 4 | 5;
}

type Entry = readonly [key: unknown, value: unknown];

/** How many items CPython writes between two marks. */
const BATCH = 1000;

class Pickler {
  private readonly out: Output;
  /** Memo index of the containers written, or -1 while one is being written. */
  private readonly objects = new Map<object, number>();

  constructor(protocol: number) {
    this.out = new Output(protocol);
  }

  dump(value: unknown): Buffer {
    this.save(value, 0);
    return this.out.finish();
  }

  private save(value: unknown, depth: number): void {
    const { out } = this;
    switch (typeof value) {
      case 'string':
        out.text(value);
        break;
      case 'number':
        out.number(value);
        break;
      case 'boolean':
        out.op(value ? OP.NEWTRUE : OP.NEWFALSE);
        break;
      case 'bigint':
        out.bigint(value);
        break;
      case 'object':
        if (value === null) out.op(OP.NONE);
        else this.object(value, depth);
        break;
      case 'undefined':
        throw new PicklingError('cannot pickle undefined; store null, or leave the key out');
      default:
        throw new PicklingError(`cannot pickle a ${typeof value}`);
    }
    out.boundary();
  }

  private object(value: object, depth: number): void {
    const known = this.objects.get(value);
    if (known === -1) throw new PicklingError('cannot pickle a value that contains itself');
    if (known !== undefined) this.out.fetch(known);
    else if (depth >= LIMITS.maxDepth) {
      throw new PicklingError(
        `cannot pickle a value that is nested more than ${LIMITS.maxDepth} levels deep`,
      );
    } else if (value instanceof Tuple) this.tuple(value, depth);
    else if (Array.isArray(value)) {
      this.container(value, OP.EMPTY_LIST, () => this.list(value as unknown[], depth));
    } else if (value instanceof Map) {
      this.container(value, OP.EMPTY_DICT, () => this.dict([...value], depth));
    } else if (value instanceof Set) {
      this.container(value, OP.EMPTY_SET, () => this.batches([...value], OP.ADDITEMS, depth));
    } else if (isPlainObject(value)) {
      this.container(value, OP.EMPTY_DICT, () => this.dict(Object.entries(value), depth));
    } else if (value instanceof Uint8Array) this.objects.set(value, this.out.bytes(value));
    else saveObject(this.out, value);
  }

  private container(value: object, opcode: number, fill: () => void): void {
    this.out.op(opcode);
    const index = this.out.memoize();
    this.objects.set(value, -1);
    fill();
    this.objects.set(value, index);
  }

  private list(list: readonly unknown[], depth: number): void {
    if (list.length === 1) {
      this.part(list[0], 0, depth);
      this.out.op(OP.APPEND);
    } else this.batches(list, OP.APPENDS, depth);
  }

  private batches(items: readonly unknown[], opcode: number, depth: number): void {
    for (let i = 0; i < items.length; ) {
      this.out.op(OP.MARK);
      for (const end = Math.min(i + BATCH, items.length); i < end; i++) this.part(items[i], i, depth);
      this.out.op(opcode);
    }
  }

  private dict(entries: readonly Entry[], depth: number): void {
    const { out } = this;
    if (entries.length === 1) {
      this.entry(entries[0] as Entry, depth);
      out.op(OP.SETITEM);
      return;
    }
    // CPython writes an empty batch after a last one that is full.
    const batches = entries.length === 0 ? 0 : Math.floor(entries.length / BATCH) + 1;
    for (let batch = 0; batch < batches; batch++) {
      out.op(OP.MARK);
      const end = Math.min((batch + 1) * BATCH, entries.length);
      for (let i = batch * BATCH; i < end; i++) this.entry(entries[i] as Entry, depth);
      out.op(OP.SETITEMS);
    }
  }

  private entry([key, value]: Entry, depth: number): void {
    if (isUnhashable(key)) {
      throw new PicklingError(
        'cannot pickle a Map with a list, dict or set among its keys; a Tuple can be one',
      );
    }
    this.save(key, depth + 1);
    this.part(value, key, depth);
  }

  private tuple(tuple: Tuple, depth: number): void {
    const { length } = tuple;
    if (length === 0) {
      this.out.op(OP.EMPTY_TUPLE);
      return;
    }
    this.objects.set(tuple, -1);
    if (length > 3) this.out.op(OP.MARK);
    for (let i = 0; i < length; i++) this.part(tuple[i], i, depth);
    this.out.op(length > 3 ? OP.TUPLE : OP.TUPLE1 + length - 1);
    this.objects.set(tuple, this.out.memoize());
  }

  /** A part of a container; an error says where in the value it is. */
  private part(value: unknown, key: unknown, depth: number): void {
    try {
      this.save(value, depth + 1);
    } catch (error) {
      throw located(error, key);
    }
  }
}

function isUnhashable(key: unknown): boolean {
  if (key === null || typeof key !== 'object' || key instanceof Tuple) return false;
  return Array.isArray(key) || key instanceof Map || key instanceof Set || isPlainObject(key);
}

function located(error: unknown, key: unknown): unknown {
  if (!(error instanceof PicklingError)) return error;
  const step = typeof key === 'string' ? `['${key}']` : `[${String(key)}]`;
  const at = error.message.lastIndexOf(' (at value');
  if (at < 0) return new PicklingError(`${error.message} (at value${step})`);
  return new PicklingError(`${error.message.slice(0, at)} (at value${step}${error.message.slice(at + 10)}`);
}

/**
 * The pickle of a value. Python: `pickle.dumps`.
 *
 * Integral numbers are ints (`pyFloat()` makes a float of one), a Date is an aware datetime in UTC, a Uint8Array
 * bytes, a Map or plain object a dict; the other types are those of python/types.
 *
 * @throws PicklingError naming what cannot be stored and where in the value it is.
 */
export function dumps(value: unknown, options: DumpOptions = {}): Buffer {
  return new Pickler(options.protocol ?? 5).dump(value);
}
