/** Formatters: a record to a line of text. Python: `logging.Formatter`. */

import { isMainThread, threadId } from 'node:worker_threads';
import { percentFormat } from '../format';
import { formatSpec } from '../format_spec';
import { repr } from '../str';
import { callerField } from './caller';
import { strftime } from './local_time';
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
  /** A `strftime` format for `asctime`. */
  datefmt?: string;
  style?: FormatStyle;
  /** What fields are where a record has none of that name. */
  defaults?: Readonly<Record<string, unknown>>;
  /** Accepted: a field that nobody knows is empty. */
  validate?: boolean;
}

/** `%(name)-8s`, `{name!s:<8}`, `$name`: a field, and how it is written. */
const FIELD: Readonly<Record<FormatStyle, RegExp>> = {
  '%': /%\((?<name>\w+)\)(?<spec>[-+ #0]*\d{0,4}(?:\.\d{1,3})?[diouxXeEfFgGcrsa])|%%/g,
  '{': /\{(?<name>\w+)(?:!(?<conversion>[rsa]))?(?::(?<spec>[^{}]*))?\}|\{\{|\}\}/g,
  $: /\$(?:\{(?<braced>\w+)\}|(?<name>[A-Za-z_]\w*))|\$\$/g,
};
const PLAIN: Readonly<Record<string, string>> = { '%%': '%', '{{': '{', '}}': '}', $$: '$' };
const STARTED = Date.now();

/** One field by its conversion and specification. */
function written(
  style: FormatStyle,
  value: unknown,
  conversion: string | undefined,
  spec: string | undefined,
): string {
  if (style === '%' && spec !== undefined) {
    try {
      return percentFormat(`%${spec}`, value);
    } catch {
      // A text where a number is asked for: the line is worth more than its form.
      return String(value);
    }
  }
  const converted = conversion === undefined || conversion === 's' ? value : repr(value);
  const text = conversion === 's' ? String(converted) : converted;
  return spec === undefined ? String(text) : formatSpec(text, spec);
}

/** Python's `logging.Formatter`, with its field names; fields of `extra` are there, too. */
export class Formatter implements LogFormatter {
  protected readonly template: string;
  protected readonly style: FormatStyle;
  protected readonly datefmt: string | undefined;
  private readonly defaults: Readonly<Record<string, unknown>>;
  protected readonly defaultTimeFormat: string = '%Y-%m-%d %H:%M:%S';

  constructor(options: FormatterOptions = {}) {
    this.style = options.style ?? '%';
    const standard = { '%': '%(message)s', '{': '{message}', $: '$message' };
    this.template = options.format ?? standard[this.style];
    this.datefmt = options.datefmt;
    this.defaults = options.defaults ?? {};
  }

  /** The value of a field. Everything but the message itself is escaped here. */
  protected field(record: LogRecord, name: string): unknown {
    switch (name) {
      case 'message':
        return this.message(record);
      case 'levelname':
        return record.levelName;
      case 'levelno':
        return record.level;
      case 'name':
        return record.name;
      case 'asctime': {
        const text = strftime(record.time, this.datefmt ?? this.defaultTimeFormat);
        return this.datefmt ? text : `${text},${String(record.time % 1000).padStart(3, '0')}`;
      }
      case 'created':
        return record.time / 1000;
      case 'msecs':
        return record.time % 1000;
      case 'relativeCreated':
        return record.time - STARTED;
      case 'process':
        return process.pid;
      case 'processName':
        return 'MainProcess';
      case 'thread':
        return threadId;
      case 'threadName':
        return isMainThread ? 'MainThread' : `Thread-${threadId}`;
      case 'taskName':
        return 'None';
      case 'pathname':
      case 'filename':
      case 'module':
      case 'lineno':
      case 'funcName':
        return callerField(name);
      case 'status_code':
        return record.extra.statusCode ?? '';
      case 'request':
        return '';
      case 'msg':
        return this.message(record);
      case 'args':
        return '()';
      case 'exc_info':
        return record.extra.error === undefined ? 'None' : escapeControls(String(record.extra.error));
      case 'exc_text':
      case 'stack_info':
        return 'None';
      default:
        return this.named(record, name);
    }
  }

  private named(record: LogRecord, name: string): string {
    const { extra } = record;
    const found = Object.hasOwn(extra, name) ? extra[name] : undefined;
    const value = found ?? (Object.hasOwn(this.defaults, name) ? this.defaults[name] : undefined);
    return escapeControls(String(value ?? ''));
  }

  protected message(record: LogRecord): string {
    return escapeControls(record.message);
  }

  format(record: LogRecord): string {
    const line = this.template.replace(FIELD[this.style], (match: string, ...rest: unknown[]) => {
      const { name, braced, conversion, spec } = rest.at(-1) as Record<string, string | undefined>;
      const field = name ?? braced;
      if (field === undefined) return PLAIN[match] ?? match;
      return written(this.style, this.field(record, field), conversion, spec);
    });
    return record.extra.error === undefined ? line : `${line}\n${describeError(record.extra.error)}`;
  }
}
