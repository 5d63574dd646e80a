/** Formatters: a record to a line of text. Python: `logging.Formatter`; Django: `ServerFormatter`. */
import { isConfigured, settings } from '../../conf';
import { describeError, escapeControls, type LogRecord } from './record';

/** Turns a record into what a text handler writes, without the final line end. */
export interface LogFormatter {
  format(record: LogRecord): string;
}

/** How the fields of a format are marked: `%(message)s`, `{message}` or `$message`. */
export type FormatStyle = '%' | '{' | '$';

/** What a formatter of LOGGING takes. */
export interface FormatterOptions {
  format?: string;
  /** A `strftime` format for `asctime` and `server_time`. */
  datefmt?: string;
  style?: FormatStyle;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const zones = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(zone: string): Intl.DateTimeFormat {
  let format = zones.get(zone);
  if (!format) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short' } as const;
    const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, ...parts, ...clock });
    zones.set(zone, format);
  }
  return format;
}

/** A time in the zone of TIME_ZONE (the process's own until there are settings), by a `strftime` format. */
export function strftime(time: number, format: string): string {
  const zone = isConfigured() ? settings.TIME_ZONE : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const parts: Record<string, string> = {};
  for (const part of zoneFormat(zone).formatToParts(time)) parts[part.type] = part.value;
  const { year = '', month = '', day = '', hour = '', minute = '', second = '', weekday = '' } = parts;
  const fields: Record<string, string> = {
    Y: year,
    y: year.slice(-2),
    m: month,
    b: MONTHS[Number(month) - 1] ?? '',
    d: day,
    a: weekday,
    H: hour,
    I: String(Number(hour) % 12 || 12).padStart(2, '0'),
    p: Number(hour) < 12 ? 'AM' : 'PM',
    M: minute,
    S: second,
    f: `${String(((time % 1000) + 1000) % 1000).padStart(3, '0')}000`,
    '%': '%',
  };
  return format.replace(/%([A-Za-z%])/g, (directive, letter: string) => fields[letter] ?? directive);
}

const FIELD: Readonly<Record<FormatStyle, RegExp>> = {
  '%': /%\((\w+)\)(-?\d*)(?:\.\d+)?[sdf]|%%/g,
  '{': /\{(\w+)(?::([<>]?\d+))?\}|\{\{|\}\}/g,
  $: /\$\{?(\w+)\}?()|\$\$/g,
};
const PLAIN: Readonly<Record<string, string>> = { '%%': '%', '{{': '{', '}}': '}', $$: '$' };

function pad(text: string, width: string | undefined): string {
  const size = Number((width ?? '').replace(/[^\d]/g, ''));
  if (!size) return text;
  return width?.startsWith('-') || width?.startsWith('<') ? text.padEnd(size) : text.padStart(size);
}

/** Python's `logging.Formatter`, with its field names; fields of `extra` are there, too. */
export class Formatter implements LogFormatter {
  protected readonly template: string;
  protected readonly style: FormatStyle;
  protected readonly datefmt: string | undefined;
  protected readonly defaultTimeFormat: string = '%Y-%m-%d %H:%M:%S';

  constructor(options: FormatterOptions = {}) {
    this.style = options.style ?? '%';
    const standard = { '%': '%(message)s', '{': '{message}', $: '$message' };
    this.template = options.format ?? standard[this.style];
    this.datefmt = options.datefmt;
  }

  /** The text of a field. Everything but the message itself is escaped here. */
  protected field(record: LogRecord, name: string): string {
    switch (name) {
      case 'message':
        return this.message(record);
      case 'levelname':
        return record.levelName;
      case 'levelno':
        return String(record.level);
      case 'name':
        return record.name;
      case 'asctime': {
        const text = strftime(record.time, this.datefmt ?? this.defaultTimeFormat);
        return this.datefmt ? text : `${text},${String(record.time % 1000).padStart(3, '0')}`;
      }
      case 'server_time':
        return strftime(record.time, this.datefmt ?? '%d/%b/%Y %H:%M:%S');
      case 'created':
        return String(record.time / 1000);
      case 'process':
        return String(process.pid);
      case 'status_code':
        return String(record.extra.statusCode ?? '');
      case 'request':
        return '';
      default:
        return escapeControls(String(record.extra[name] ?? ''));
    }
  }

  protected message(record: LogRecord): string {
    return escapeControls(record.message);
  }

  format(record: LogRecord): string {
    const line = this.template.replace(FIELD[this.style], (match, name?: string, width?: string) =>
      name === undefined ? (PLAIN[match] ?? match) : pad(this.field(record, name), width),
    );
    return record.extra.error === undefined ? line : `${line}\n${describeError(record.extra.error)}`;
  }
}

let forcedColors: boolean | undefined;

/** Says whether `tsango.server` lines are coloured; `undefined`: on a terminal only (`--no-color`, `--force-color`). */
export function setServerColors(colors: boolean | undefined): void {
  forcedColors = colors;
}

function colored(): boolean {
  return forcedColors ?? (process.stderr.isTTY === true && !process.env['NO_COLOR']);
}

/** Django's palette `dark`. */
function statusColor(status: number): string {
  if (status >= 200 && status < 300) return '';
  if (status >= 100 && status < 200) return '1';
  if (status === 304) return '36';
  if (status >= 300 && status < 400) return '32';
  if (status === 404) return '33';
  if (status >= 400 && status < 500) return '31;1';
  return '35;1';
}

/** The lines of `runserver`: `[22/Nov/2026 17:01:00] "GET / HTTP/1.1" 200 16`, coloured by status. */
export class ServerFormatter extends Formatter {
  protected override message(record: LogRecord): string {
    const text = super.message(record);
    const status = record.extra.statusCode;
    const color = status !== undefined && colored() ? statusColor(status) : '';
    return color === '' ? text : `\x1b[${color}m${text}\x1b[0m`;
  }
}
