/**
 * The stack machine that a pickle is a program for: a stack with marks, a memo, and what opcodes do to them.
 */
import { pyFloat, Tuple, tuple } from '../types';
import { Cursor, truncated } from './cursor';
import { UnpicklingError } from './errors';
import { Forwards } from './forwards';
import { build, construct, EMPTY_DICT, findGlobal, plainBytes } from './globals';
import { checkExpansion, LIMITS, type Limits, tooMuch } from './limits';
import { readLong } from './numbers';
import { OP } from './opcodes';
import { GlobalReference, type Reading, Reference, Unbuilt } from './references';

/** How a pickle is read. */
export interface LoadOptions extends Partial<Limits> {
  /**
   * Keep what plain JavaScript values lose: an integral float is a `PyFloat`, and a datetime in UTC with
   * microseconds a `ZonedDateTime`. Default false: a `number` and a `Date`.
   */
  readonly exact?: boolean;
}

/** What an opcode does. */
export type Opcode = (machine: Machine) => void;

type Dict = Record<string, unknown>;

export class Machine extends Cursor {
  private readonly stack: unknown[] = [];
  private readonly marks: number[] = [];
  /** No opcode may take what lies below: the height of the stack at the last mark. */
  private fence = 0;
  private readonly memo: unknown[] = [];
  private readonly forwards = new Forwards();
  /** Classes and zones that no value has consumed. */
  private references = 0;
  /** Whether parts may be shared, or nested otherwise than the stack shows. */
  private intricate = false;
  private expanded = 0;
  private readonly limits: Limits;
  private readonly reading: Reading;

  constructor(data: Buffer, start: number, options: LoadOptions) {
    super(data, start);
    this.limits = { ...LIMITS, ...options };
    this.reading = { exact: options.exact ?? false };
    if (data.length - start > this.limits.maxBytes) {
      throw new UnpicklingError(`The pickle is longer than ${this.limits.maxBytes} bytes.`);
    }
  }

  /** Runs opcodes until STOP; returns the value that is left on the stack. */
  run(opcodes: readonly (Opcode | undefined)[]): unknown {
    const { data, stack } = this;
    while (this.pos < data.length) {
      const code = data[this.pos++] as number;
      if (code === OP.STOP) return this.result();
      const opcode = opcodes[code];
      if (opcode === undefined) {
        throw new UnpicklingError(
          `The pickle has an opcode that is refused or unknown: 0x${code.toString(16).padStart(2, '0')}.`,
        );
      }
      opcode(this);
      if (stack.length > this.limits.maxDepth) this.intricate = true;
    }
    throw truncated();
  }

  private result(): unknown {
    const found = this.pop();
    if (this.stack.length > 0 || this.references !== 0) {
      throw new UnpicklingError('The pickle holds a class, or parts that belong to no value.');
    }
    const value = this.forwards.settle(found);
    if (this.intricate) checkExpansion(value, this.limits);
    return value;
  }

  // The stack.

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length <= this.fence) throw malformed();
    return this.stack.pop();
  }

  /** The topmost values, taken off. */
  take(count: number): unknown[] {
    return this.stack.splice(this.last(count), count);
  }

  mark(): void {
    this.fence = this.stack.length;
    this.marks.push(this.fence);
  }

  /** Takes the last mark off; what lies above it begins there. */
  popMark(): number {
    const from = this.marks.pop();
    if (from === undefined) throw malformed();
    this.fence = this.marks[this.marks.length - 1] ?? 0;
    return from;
  }

  /** The values since the last mark, taken off. */
  sinceMark(): unknown[] {
    return this.stack.splice(this.popMark());
  }

  /** Where the topmost values begin. */
  last(count: number): number {
    const from = this.stack.length - count;
    if (from < this.fence) throw malformed();
    return from;
  }

  private below(from: number): unknown {
    if (from <= this.fence) throw malformed();
    return this.stack[from - 1];
  }

  private top(): unknown {
    if (this.stack.length <= this.fence) throw malformed();
    return this.stack[this.stack.length - 1];
  }

  // The memo.

  memoize(): void {
    this.put(this.memo.length);
  }

  put(index: number): void {
    // A pickle has fewer values than bytes; a larger index would only make the memo huge.
    if (index > this.data.length) throw malformed();
    this.memo[index] = this.top();
  }

  get(index: number): void {
    const value = this.memo[index];
    if (value === undefined) throw malformed();
    this.share(this.forwards.current(value));
  }

  duplicate(): void {
    this.share(this.top());
  }

  /** Pushes what is used once more. */
  private share(value: unknown): void {
    if (typeof value === 'string') this.expand(value.length);
    else if (value instanceof Reference) this.references++;
    else if (typeof value === 'object' && value !== null) {
      this.intricate = true;
      if (Object.getPrototypeOf(value) === Object.prototype) this.forwards.share(value);
    }
    this.stack.push(value);
  }

  private expand(amount: number): void {
    this.expanded += amount;
    if (this.expanded > this.limits.maxExpanded) throw tooMuch(this.limits);
  }

  // Values.

  /** A list, set or dict made of parts that were complete before it. */
  pushMade(value: unknown): void {
    this.intricate = true;
    this.stack.push(value);
  }

  tuple(items: unknown[]): void {
    if (items.some((item) => typeof item === 'object')) this.intricate = true;
    this.stack.push(tuple(items));
  }

  /** Appends what lies above `from` to the list below it; no copy is made, for this is where the time goes. */
  append(from: number): void {
    const { stack } = this;
    const list = this.below(from);
    if (!Array.isArray(list) || list instanceof Tuple) throw malformed();
    for (let i = from; i < stack.length; i++) list.push(stack[i]);
    stack.length = from;
  }

  /** Adds what lies above `from` to the set below it. */
  addItems(from: number): void {
    const { stack } = this;
    const set = this.below(from);
    if (!(set instanceof Set)) throw malformed();
    for (let i = from; i < stack.length; i++) set.add(stack[i]);
    stack.length = from;
  }

  /** Puts the keys and values above `from` into the dict below it. */
  setItems(from: number): void {
    const { stack } = this;
    let dict = this.forwards.current(this.below(from));
    if (dict === null || typeof dict !== 'object' || (stack.length - from) % 2 !== 0) throw malformed();
    if (!(dict instanceof Map) && Object.getPrototypeOf(dict) !== Object.prototype) throw malformed();
    for (let i = from; i < stack.length; i += 2) {
      const key = stack[i];
      if (typeof key === 'string' && !(dict instanceof Map)) setOwn(dict as Dict, key, stack[i + 1]);
      else {
        if (!(dict instanceof Map)) dict = this.toMap(dict as Dict);
        (dict as Map<unknown, unknown>).set(key, stack[i + 1]);
      }
    }
    stack.length = from;
    stack[from - 1] = dict;
  }

  /** A dict whose keys are not all strings is a Map; its first items may be there already. */
  private toMap(dict: Dict): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>(Object.entries(dict));
    this.forwards.replace(dict, map);
    return map;
  }

  float(value: number): void {
    this.stack.push(this.reading.exact ? pyFloat(value) : value);
  }

  long(length: number): void {
    this.stack.push(readLong(this.data, this.advance(length), length));
  }

  bytes(length: number): void {
    this.stack.push(plainBytes(this.raw(length)));
  }

  // Classes.

  global(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw malformed();
    this.references++;
    this.stack.push(findGlobal(module, name));
  }

  reduce(): void {
    const [callable, args] = this.take(2);
    if (!(callable instanceof GlobalReference) || !Array.isArray(args)) throw malformed();
    this.references--;
    for (const arg of args) this.consume(arg);
    this.intricate = true;
    const value = construct(callable, args as unknown[], this.reading);
    if (value instanceof Reference) this.references++;
    this.stack.push(value === EMPTY_DICT ? {} : value);
  }

  /** An argument: copying the same large one again and again must not take quadratic time. */
  private consume(arg: unknown): void {
    if (arg instanceof Reference) this.references--;
    else if (Array.isArray(arg) || typeof arg === 'string') this.expand(arg.length);
    else if (arg instanceof Set) this.expand(arg.size);
  }

  build(): void {
    const [object, state] = this.take(2);
    if (!(object instanceof Unbuilt)) {
      throw new UnpicklingError('The pickle sets the attributes of an object, which is refused.');
    }
    this.references--;
    const value = build(state);
    this.forwards.replace(object, value);
    this.stack.push(value);
  }
}

/** An ordinary key, also where JavaScript has an accessor of that name. */
function setOwn(dict: Dict, key: string, value: unknown): void {
  if (key !== '__proto__') {
    dict[key] = value;
    return;
  }
  Object.defineProperty(dict, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The error of opcodes that do not fit together. */
export function malformed(): UnpicklingError {
  return new UnpicklingError('The pickle is damaged: its opcodes do not fit together.');
}
