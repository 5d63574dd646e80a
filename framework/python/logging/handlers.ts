/** Handlers: where records go. Python: `logging` and `logging.handlers`. */
import { outlive } from '../streams';
import { Formatter, type LogFormatter } from './formatters';
import { LEVELS, type LogRecord } from './record';

/** Decides whether a record passes. */
export interface LogFilter {
  filter(record: LogRecord): boolean;
}

/** Whether a record passes them all. A filter that fails hides nothing, and never reaches who logs. */
export function passes(filters: readonly LogFilter[], record: LogRecord): boolean {
  return filters.every((filter) => {
    try {
      return filter.filter(record);
    } catch {
      return true;
    }
  });
}

/** Where records go. Subclasses write `emit`; a failure there never reaches who logs. */
export abstract class Handler {
  level: number = LEVELS.NOTSET;
  filters: LogFilter[] = [];
  formatter: LogFormatter = new Formatter();

  /** Writes one record. */
  abstract emit(record: LogRecord): void;

  /** Writes what is buffered, and releases what is open. */
  close(): void {}

  /** Emits a record that is grave enough and passes the filters. */
  handle(record: LogRecord): void {
    if (record.level < this.level || !passes(this.filters, record)) return;
    try {
      // One that sends records elsewhere may be asynchronous: it fails when nobody is there to catch.
      const sent = this.emit(record) as unknown;
      if (sent instanceof Promise) sent.catch(() => undefined);
    } catch {
      // A log that cannot be written must not fail the request that it tells of.
    }
  }
}

/** Drops everything. */
export class NullHandler extends Handler {
  emit(): void {}
}

/** Lines on standard error, or on the stream of its option (`'ext://sys.stdout'`, or the stream itself). */
export class StreamHandler extends Handler {
  constructor(private readonly options: { stream?: string | { write(text: string): unknown } } = {}) {
    super();
  }

  emit(record: LogRecord): void {
    const { stream } = this.options;
    const target =
      typeof stream === 'object' ? stream : stream?.endsWith('stdout') ? process.stdout : process.stderr;
    outlive(target).write(`${this.formatter.format(record)}\n`);
  }
}
