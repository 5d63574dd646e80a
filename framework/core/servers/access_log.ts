/** The access log of the production server: Apache's combined format, as log readers know it. */
import { appendFileSync, closeSync, openSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { outlive } from '../../python/streams';
import { getLogger } from '../../utils/log';
import { type CountedResponse, sentBytes } from './basehttp';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** How many lines may gather, and for how long, before they are written: one write for many requests. */
const BATCH_BYTES = 16_384;
const BATCH_MS = 250;

/** The part of a line that changes once a second. */
let stampSecond = 0;
let stampText = '';

function stamp(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== stampSecond) {
    const date = new Date(now);
    const pad = (value: number): string => String(value).padStart(2, '0');
    stampSecond = second;
    stampText = `${pad(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())} +0000`;
  }
  return stampText;
}

/** A header's text inside quotes: nothing in it can end the quotes or the line. */
function quoted(value: string | undefined): string {
  if (value === undefined || value === '') return '-';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach the log.
  return value.replace(/["\\\x00-\x1f\x7f-\x9f]/g, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** One request as one line. Exported for those who write their log elsewhere. */
export function formatAccess(
  request: IncomingMessage,
  response: CountedResponse,
  address: string | undefined,
  now: number,
): string {
  const { headers } = request;
  const size = sentBytes(request, response);
  // The client was gone before its answer was complete: nginx's number for that.
  const status = response.writableFinished ? response.statusCode : 499;
  const target = quoted(request.url);
  return `${address ?? '-'} - - [${stamp(now)}] "${request.method} ${target} HTTP/${request.httpVersion}" ${status} ${size} "${quoted(headers.referer)}" "${quoted(headers['user-agent'])}"\n`;
}

/** Writes a line for every request to a file, or to standard output for `-`. */
export class AccessLog {
  /** Undefined: standard output. */
  private file: number | undefined;
  private pending = '';
  private timer: NodeJS.Timeout | undefined;
  private failing = false;

  /** @throws the system's error where the file cannot be opened. */
  constructor(private readonly target: string) {
    this.open();
  }

  private open(): void {
    if (this.target !== '-') this.file = openSync(this.target, 'a');
  }

  /** Logs a request when its response is done. */
  watch(request: IncomingMessage, response: CountedResponse): void {
    // A socket that is closed has forgotten who it was.
    const address = request.socket.remoteAddress;
    response.once('close', () => this.add(formatAccess(request, response, address, Date.now())));
  }

  private add(line: string): void {
    this.pending += line;
    if (this.pending.length >= BATCH_BYTES) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), BATCH_MS).unref();
  }

  /** Writes what has gathered. A log that cannot be written is no reason to stop serving. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending === '') return;
    try {
      if (this.file === undefined) outlive(process.stdout).write(this.pending);
      else appendFileSync(this.file, this.pending);
      this.failing = false;
    } catch (error) {
      this.complain(error);
    }
    this.pending = '';
  }

  /** Opens the file anew: after it was renamed, so that the next line begins another. */
  reopen(): void {
    this.flush();
    const old = this.file;
    try {
      this.open();
    } catch (error) {
      this.complain(error);
      return;
    }
    if (old !== undefined) closeSync(old);
  }

  /** Once, not for every line. */
  private complain(error: unknown): void {
    if (!this.failing) getLogger('tsango.server').error('The access log cannot be written', { error });
    this.failing = true;
  }

  /** Writes the rest. */
  close(): void {
    this.flush();
    if (this.file !== undefined) closeSync(this.file);
  }
}
