/**
 * Handlers that write files. A line is in the file when the call returns, as in Python: nothing is lost with the process,
 * and logrotate, tail and other processes see whole lines. Python: `logging`, `logging.handlers`.
 */
import { closeSync, fstatSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Handler } from './handlers';
import type { LogRecord } from './record';

/** What every handler of files takes. */
export interface FileHandlerOptions {
  filename: string;
  /** `w` empties the file first. Default: `a`. */
  mode?: 'a' | 'w';
  /** UTF-8 is the only one. */
  encoding?: string | null;
  /** Accepted: a file is opened with the first record in any case. */
  delay?: boolean;
}

/** Lines at the end of a file, whose folder is made if it is not there. It is opened with the first record. */
export class FileHandler extends Handler {
  readonly baseFilename: string;
  private mode: 'a' | 'w';
  private descriptor: number | undefined;

  /** @throws TypeError without a name, and for an encoding other than UTF-8. */
  constructor({ filename, mode = 'a', encoding }: FileHandlerOptions) {
    super();
    const kind = this.constructor.name;
    if (!filename) throw new TypeError(`A ${kind} of LOGGING needs 'filename'.`);
    if (encoding && !/^utf-?8$/i.test(encoding)) {
      throw new TypeError(`A ${kind} of LOGGING writes UTF-8; it cannot write '${encoding}'.`);
    }
    this.baseFilename = path.resolve(filename);
    this.mode = mode;
  }

  emit(record: LogRecord): void {
    const line = `${this.formatter.format(record)}\n`;
    this.prepare(line, record);
    writeSync(this.open(), line);
  }

  /** What is to be done before a line is written. */
  protected prepare(_line: string, _record: LogRecord): void {}

  /** The open file. */
  protected open(): number {
    if (this.descriptor === undefined) {
      mkdirSync(path.dirname(this.baseFilename), { recursive: true });
      this.descriptor = openSync(this.baseFilename, this.mode);
      // What is opened anew goes on where it was.
      this.mode = 'a';
    }
    return this.descriptor;
  }

  /** Whether the file that is open is no longer the one of that name: another process, or logrotate, has moved it. */
  protected hasMoved(): boolean {
    if (this.descriptor === undefined) return false;
    const named = statSync(this.baseFilename, { throwIfNoEntry: false });
    const own = fstatSync(this.descriptor);
    return named?.ino !== own.ino || named.dev !== own.dev;
  }

  override close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

/** A file that is opened anew once somebody has moved it away: for logrotate. */
export class WatchedFileHandler extends FileHandler {
  protected override prepare(): void {
    if (this.hasMoved()) this.close();
  }
}
