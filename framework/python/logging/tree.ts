/** Loggers: a tree by the dots of their names; records rise to the handlers of every ancestor. Python: `logging`. */
import { Formatter } from './formatters';
import { type Handler, type LogFilter, passes, StreamHandler } from './handlers';
import { LEVELS, type LevelName, type LogExtra, type LogRecord } from './record';

let prepare: (() => void) | undefined;

/** Registers what configures logging before the next record; called until it has not failed. */
export function beforeFirstRecord(setUp: () => void): void {
  prepare = setUp;
}

function prepared(): void {
  if (prepare) {
    const setUp = prepare;
    prepare = undefined;
    try {
      setUp();
    } catch (error) {
      prepare = setUp; // What is wrong stays wrong: the next record says so, too, instead of getting lost.
      throw error;
    }
  }
}

/** What Python does with a warning that nobody handles: a bare line on standard error. */
const lastResort = new StreamHandler();
lastResort.level = LEVELS.WARNING;
lastResort.formatter = new Formatter();

/** A named source of records. `getLogger` makes them. */
export class Logger {
  level: number = LEVELS.NOTSET;
  handlers: Handler[] = [];
  filters: LogFilter[] = [];
  /** Whether records rise to the parent's handlers. */
  propagate = true;
  disabled = false;

  constructor(
    readonly name: string,
    readonly parent: Logger | undefined,
  ) {}

  /** The level of this logger, or of the nearest ancestor that has one. */
  getEffectiveLevel(): number {
    prepared();
    for (let logger: Logger | undefined = this; logger; logger = logger.parent) {
      if (logger.level !== LEVELS.NOTSET) return logger.level;
    }
    return LEVELS.NOTSET;
  }

  /** Whether a record of that level would go anywhere: ask before making a costly message. */
  isEnabledFor(level: number): boolean {
    prepared();
    return !this.disabled && level >= this.getEffectiveLevel();
  }

  debug(message: string, extra?: LogExtra): void {
    this.log('DEBUG', message, extra);
  }
  info(message: string, extra?: LogExtra): void {
    this.log('INFO', message, extra);
  }
  warning(message: string, extra?: LogExtra): void {
    this.log('WARNING', message, extra);
  }
  error(message: string, extra?: LogExtra): void {
    this.log('ERROR', message, extra);
  }
  critical(message: string, extra?: LogExtra): void {
    this.log('CRITICAL', message, extra);
  }

  /** An error with the failure that it reports. */
  exception(message: string, error?: unknown, extra?: LogExtra): void {
    this.log('ERROR', message, error === undefined ? extra : { ...extra, error });
  }

  /** Logs at a level that is known only when it happens. */
  log(levelName: Exclude<LevelName, 'NOTSET'>, message: string, extra: LogExtra = {}): void {
    const level = LEVELS[levelName];
    if (!this.isEnabledFor(level)) return;
    const record: LogRecord = { name: this.name, level, levelName, message, time: Date.now(), extra };
    if (!passes(this.filters, record)) return;
    let found = false;
    for (
      let logger: Logger | undefined = this;
      logger;
      logger = logger.propagate ? logger.parent : undefined
    ) {
      for (const handler of logger.handlers) {
        found = true;
        try {
          handler.handle(record);
        } catch {
          // Handlers of the site's own may be of any make: the others still have their record.
        }
      }
    }
    if (!found) lastResort.handle(record);
  }

  /** Sends records of this logger and its descendants to one more handler. */
  addHandler(handler: Handler): void {
    prepared();
    this.handlers = [...this.handlers, handler];
  }

  /** Stops sending records to a handler. */
  removeHandler(handler: Handler): void {
    this.handlers = this.handlers.filter((other) => other !== handler);
  }
}

/** The ancestor of every logger. */
export const rootLogger = new Logger('root', undefined);
rootLogger.level = LEVELS.WARNING;

const loggers = new Map<string, Logger>();

/** Every logger but the root. */
export function allLoggers(): Iterable<Logger> {
  return loggers.values();
}

/** The logger of a name; made, with its ancestors, when it is first asked for. */
export function findLogger(name: string): Logger {
  let logger = loggers.get(name);
  if (!logger) {
    const dot = name.lastIndexOf('.');
    logger = new Logger(name, dot < 0 ? rootLogger : findLogger(name.slice(0, dot)));
    loggers.set(name, logger);
  }
  return logger;
}
