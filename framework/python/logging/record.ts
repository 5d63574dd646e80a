/** Levels, records and the escaping that every line of a log goes through. Python: `logging`. */

/** Python's numeric levels: the larger, the graver. */
export const LEVELS = {
  NOTSET: 0,
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
} as const;

/** A level's name, as LOGGING spells it. */
export type LevelName = keyof typeof LEVELS;

/** What a call adds to its record. Only `statusCode` shows in a text line; all but `request` in a structured one. */
export interface LogExtra {
  /** The HTTP status that is reported: colours the lines of `tsango.server`. */
  statusCode?: number;
  /** The request; of it only method, path and client address are ever written. */
  request?: unknown;
  /** The failure that is reported: its stack follows the message. */
  error?: unknown;
  [name: string]: unknown;
}

/** One thing that was logged. */
export interface LogRecord {
  readonly name: string;
  readonly level: number;
  readonly levelName: LevelName;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly extra: LogExtra;
}

/** The number of a level. Unknown names are an error of the configuration, found there. */
export function levelNumber(level: LevelName | number): number | undefined {
  return typeof level === 'number' ? level : LEVELS[level];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a log.
const UNSAFE = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' };

function escapeOne(char: string): string {
  const code = char.charCodeAt(0);
  return (
    SHORT[char] ??
    (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
  );
}

/**
 * Text that cannot forge a line, move the cursor or turn the reading direction: control characters but the tab,
 * line separators and bidirectional overrides become Python's escapes (`\n`, `\x1b`, `\u202e`).
 */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, escapeOne);
}

/**
 * A failure as text: class, message, stack and causes. Own properties stay out: drivers keep statements and
 * parameters there. Only the frames of the stack keep their line ends, since a message may hold user input.
 */
export function describeError(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return escapeControls(String(error));
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const head = escapeControls(error.message === '' ? error.name : `${error.name}: ${error.message}`);
  const text = [head, ...frames.map(escapeControls)].join('\n');
  return error.cause === undefined || depth > 8
    ? text
    : `${text}\nCaused by: ${describeError(error.cause, depth + 1)}`;
}
