/** Handlers that hand records on to others. Python: `logging.handlers`. */
import { Handler } from './handlers';
import { LEVELS, type LevelName, type LogRecord, levelNumber } from './record';

/** How a `MemoryHandler` keeps records. */
export interface MemoryOptions {
  /** So many records are kept. */
  capacity: number;
  /** A record of that level lets all of them go. Default: ERROR. */
  flushLevel?: LevelName | number;
  /** Who gets them: in LOGGING the name of a handler. */
  target?: Handler | null;
  /** Whether closing lets them go. Default: yes. */
  flushOnClose?: boolean;
}

/** Keeps records until there are many, or a grave one comes. */
export class MemoryHandler extends Handler {
  target: Handler | null;
  private buffer: LogRecord[] = [];
  private readonly capacity: number;
  private readonly flushLevel: number;
  private readonly flushOnClose: boolean;

  /** @throws TypeError for a level that is none. */
  constructor({ capacity, flushLevel = 'ERROR', target = null, flushOnClose = true }: MemoryOptions) {
    super();
    this.capacity = capacity;
    const level = levelNumber(flushLevel);
    if (level === undefined) throw new TypeError(`Unknown level: '${flushLevel}'`);
    this.flushLevel = level;
    this.target = target;
    this.flushOnClose = flushOnClose;
  }

  emit(record: LogRecord): void {
    this.buffer.push(record);
    if (this.buffer.length >= this.capacity || record.level >= this.flushLevel) this.flush();
  }

  /** Lets the records go; without a target they stay. */
  flush(): void {
    const { target } = this;
    if (target === null) {
      // Nobody takes them: the youngest are kept, and no more than there may be.
      this.buffer = this.buffer.slice(-Math.max(1, this.capacity));
      return;
    }
    for (const record of this.buffer.splice(0)) target.handle(record);
  }

  override close(): void {
    if (this.flushOnClose) this.flush();
    this.buffer = [];
  }
}

/** Where a `QueueHandler` puts records. */
export interface QueueOptions {
  /** Who gets them later: in LOGGING the names of handlers. */
  handlers?: readonly Handler[];
}

/** So many records wait, at most. */
const MOST_QUEUED = 10_000;

/**
 * Hands records on when the work of this turn of the event loop is done: who logs does not wait for files. There are no
 * threads, and so no listener to start.
 */
export class QueueHandler extends Handler {
  private queue: LogRecord[] = [];
  private readonly handlers: readonly Handler[];

  constructor({ handlers = [] }: QueueOptions = {}) {
    super();
    this.handlers = handlers;
    process.on('exit', this.flushAll);
  }

  emit(record: LogRecord): void {
    if (this.queue.push(record) === 1) setImmediate(this.flushAll);
    if (this.queue.length > MOST_QUEUED || record.level >= LEVELS.CRITICAL) this.flush();
  }

  private readonly flushAll = (): void => this.flush();

  /** Hands on what waits. */
  flush(): void {
    for (const record of this.queue.splice(0)) {
      for (const handler of this.handlers) handler.handle(record);
    }
  }

  override close(): void {
    this.flush();
    process.off('exit', this.flushAll);
  }
}
