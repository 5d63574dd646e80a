/**
 * Files that are renamed when they are large or old; the names are Python's. Several processes may write the same file:
 * where another one has renamed it, it is only opened anew. Python: `logging.handlers`.
 */
import { existsSync, fstatSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { FileHandler, type FileHandlerOptions } from './files';
import { localTime, strftime, utcTime } from './local_time';
import type { LogRecord } from './record';

abstract class BaseRotatingHandler extends FileHandler {
  protected override prepare(line: string, record: LogRecord): void {
    if (this.hasMoved()) this.close();
    if (!this.shouldRollover(line, record)) return;
    this.close();
    this.doRollover();
  }

  protected abstract shouldRollover(line: string, record: LogRecord): boolean;
  protected abstract doRollover(): void;
}

/** How a `RotatingFileHandler` rotates. */
export interface RotatingFileOptions extends FileHandlerOptions {
  /** The bytes that a file may have; 0: any number. */
  maxBytes?: number;
  /** How many old files are kept: `site.log.1` is the youngest. 0: the file is never renamed. */
  backupCount?: number;
}

/** A file that is renamed before it has more than `maxBytes`. */
export class RotatingFileHandler extends BaseRotatingHandler {
  private readonly maxBytes: number;
  private readonly backupCount: number;

  constructor({ maxBytes = 0, backupCount = 0, ...options }: RotatingFileOptions) {
    // As in Python: emptying a file that is to be kept makes no sense.
    super(maxBytes > 0 ? { ...options, mode: 'a' } : options);
    this.maxBytes = maxBytes;
    this.backupCount = backupCount;
  }

  protected shouldRollover(line: string): boolean {
    if (this.maxBytes <= 0 || this.backupCount <= 0) return false;
    const stat = fstatSync(this.open());
    // A line that is longer than a file may be has one of its own; what is no file cannot be renamed.
    return stat.isFile() && stat.size > 0 && stat.size + Buffer.byteLength(line) >= this.maxBytes;
  }

  protected doRollover(): void {
    const name = (n: number): string => (n === 0 ? this.baseFilename : `${this.baseFilename}.${n}`);
    for (let n = this.backupCount - 1; n >= 0; n--) {
      if (existsSync(name(n))) renameSync(name(n), name(n + 1));
    }
  }
}

/** How a `TimedRotatingFileHandler` rotates. */
export interface TimedRotatingFileOptions extends FileHandlerOptions {
  /** Seconds, minutes, hours, days, `midnight`, or the day of the week: `W0` is Monday. Default: `h`. */
  when?: string;
  interval?: number;
  /** How many old files are kept; 0: all. */
  backupCount?: number;
  /** Whether times are UTC's, rather than TIME_ZONE's. */
  utc?: boolean;
  /** The time of the day for `midnight` and days of the week: `'04:30'`. */
  atTime?: string | null;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The length of a unit in seconds, the suffix of old files, and how that looks. */
const UNITS: Readonly<Record<string, readonly [seconds: number, suffix: string, pattern: RegExp]>> = {
  S: [1, '%Y-%m-%d_%H-%M-%S', /^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$/],
  M: [MINUTE, '%Y-%m-%d_%H-%M', /^\d{4}-\d\d-\d\d_\d\d-\d\d$/],
  H: [HOUR, '%Y-%m-%d_%H', /^\d{4}-\d\d-\d\d_\d\d$/],
  D: [DAY, '%Y-%m-%d', /^\d{4}-\d\d-\d\d$/],
  MIDNIGHT: [DAY, '%Y-%m-%d', /^\d{4}-\d\d-\d\d$/],
  W: [7 * DAY, '%Y-%m-%d', /^\d{4}-\d\d-\d\d$/],
};

/** A file that is renamed at certain times: `site.log.2026-11-27` has what was written on that day. */
export class TimedRotatingFileHandler extends BaseRotatingHandler {
  private readonly when: string;
  private readonly interval: number;
  private readonly suffix: string;
  private readonly pattern: RegExp;
  private readonly backupCount: number;
  private readonly utc: boolean;
  private readonly atSecond: number;
  private readonly day: number | undefined;
  /** Seconds since 1970. */
  private rolloverAt: number | undefined;

  /** @throws TypeError for a `when` or an `atTime` that is none. */
  constructor(options: TimedRotatingFileOptions) {
    const { when = 'h', interval = 1, backupCount = 0, utc = false, atTime, ...rest } = options;
    super(rest);
    this.when = when.toUpperCase();
    const week = /^W([0-6])$/.exec(this.when);
    const unit = UNITS[week ? 'W' : this.when];
    if (unit === undefined || this.when === 'W') {
      throw new TypeError(
        `A TimedRotatingFileHandler of LOGGING has no 'when' like '${when}': it is S, M, H, D, midnight or W0 to W6.`,
      );
    }
    this.day = week ? Number(week[1]) : undefined;
    this.interval = unit[0] * Math.max(1, Math.trunc(interval));
    this.suffix = unit[1];
    this.pattern = unit[2];
    this.backupCount = backupCount;
    this.utc = utc;
    this.atSecond = secondOf(atTime ?? '00:00');
  }

  /** The time of the day and the day of the week, from Monday on. */
  private clock(time: number): { second: number; weekday: number } {
    const { hour, minute, second, weekday } = this.utc ? utcTime(time * 1000) : localTime(time * 1000);
    return { second: hour * HOUR + minute * MINUTE + second, weekday };
  }

  private computeRollover(now: number): number {
    if (this.when !== 'MIDNIGHT' && this.day === undefined) return now + this.interval;
    const { second, weekday } = this.clock(now);
    let wait = this.atSecond - second;
    let day = weekday;
    if (wait <= 0) {
      wait += DAY;
      day = (day + 1) % 7;
    }
    if (this.day !== undefined) wait += ((this.day - day + 7) % 7) * DAY;
    else wait += this.interval - DAY;
    // A day on which the clocks change has an hour more or less.
    const at = now + wait;
    const off = (((this.atSecond - this.clock(at).second) % DAY) + DAY) % DAY;
    return at + (off > DAY / 2 ? off - DAY : off);
  }

  protected shouldRollover(_line: string, { time }: LogRecord): boolean {
    if (this.rolloverAt === undefined) {
      const stat = statSync(this.baseFilename, { throwIfNoEntry: false });
      this.rolloverAt = this.computeRollover(Math.floor((stat?.mtimeMs ?? time) / 1000));
    }
    const now = Math.floor(time / 1000);
    if (now < this.rolloverAt) return false;
    const stat = statSync(this.baseFilename, { throwIfNoEntry: false });
    if (stat?.isFile()) return true;
    this.rolloverAt = this.computeRollover(now);
    return false;
  }

  protected doRollover(): void {
    const began = ((this.rolloverAt ?? 0) - this.interval) * 1000;
    const old = `${this.baseFilename}.${strftime(began, this.suffix, this.utc)}`;
    // One that is there was renamed by another process, which now writes a new file of the name.
    if (!existsSync(old)) renameSync(this.baseFilename, old);
    if (this.backupCount > 0) for (const file of this.filesToDelete()) rmSync(file, { force: true });
    const now = Math.floor(Date.now() / 1000);
    this.rolloverAt = this.computeRollover(now);
  }

  private filesToDelete(): string[] {
    const folder = path.dirname(this.baseFilename);
    const prefix = `${path.basename(this.baseFilename)}.`;
    const old = readdirSync(folder)
      .filter((name) => name.startsWith(prefix) && this.pattern.test(name.slice(prefix.length)))
      .sort();
    return old.slice(0, Math.max(0, old.length - this.backupCount)).map((name) => path.join(folder, name));
  }
}

function secondOf(time: string): number {
  const [, hour, minute, second = '0'] = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(time) ?? [];
  if (hour === undefined) {
    throw new TypeError(
      `A TimedRotatingFileHandler of LOGGING has no 'atTime' like '${time}': write '04:30'.`,
    );
  }
  return Number(hour) * HOUR + Number(minute) * MINUTE + Number(second);
}
