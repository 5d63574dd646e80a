/**
 * The frames of an error, with the source around each: what a debug page shows.
 *
 * V8's `stack` names the place in the file that ran. Under ts-node that is the TypeScript file already; a built
 * file is followed back through the source map beside it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One call of a traceback. */
export interface Frame {
  /** The function's name; `<anonymous>` where it has none. */
  functionName: string;
  /** The file as a path, or Node's own name of it (`node:internal/…`). */
  filename: string;
  /** Line, from 1. */
  line: number;
  /** Column, from 1. */
  column: number;
  /** Whose code it is: the site's, the framework's (or another package's), or Node's. */
  origin: 'site' | 'framework' | 'node';
  /** The lines around, `[number, text]`; empty where the source cannot be read. */
  context: readonly (readonly [number, string])[];
}

/** One error of a chain of causes. */
export interface ReportedError {
  name: string;
  message: string;
  /** The stack as V8 wrote it. */
  stack: string;
  /** Outermost call first, as Django prints them. */
  frames: readonly Frame[];
}

const CONTEXT_LINES = 7;
const MAX_FRAMES = 60;
const MAX_CAUSES = 10;
const FRAMEWORK_ROOT = path.dirname(__dirname) + path.sep;

/** An error and its causes, the first cause first. A thrown value that is no error is reported as one. */
export function reportErrors(error: unknown): ReportedError[] {
  const chain: ReportedError[] = [];
  const seen = new Set<unknown>();
  let current = error;
  while (current !== undefined && current !== null && !seen.has(current) && chain.length < MAX_CAUSES) {
    seen.add(current);
    chain.unshift(reportError(current));
    current = typeof current === 'object' ? (current as { cause?: unknown }).cause : undefined;
  }
  return chain.length > 0 ? chain : [reportError(error)];
}

function reportError(error: unknown): ReportedError {
  if (error === null || typeof error !== 'object') {
    return {
      name: 'Error',
      message: `A ${typeof error} was thrown: ${String(error)}`,
      stack: '',
      frames: [],
    };
  }
  const { name, message, stack } = error as Partial<Error>;
  const text = typeof stack === 'string' ? stack : '';
  return {
    name: typeof name === 'string' && name !== '' ? name : (error.constructor?.name ?? 'Error'),
    message: typeof message === 'string' ? message : String(message ?? ''),
    stack: text,
    frames: parseStack(text),
  };
}

/** The frames of a V8 stack text, outermost first. */
export function parseStack(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split('\n')) {
    const frame = line.length < 2000 ? parseFrame(line.trim()) : undefined;
    if (frame) frames.push(frame);
    if (frames.length === MAX_FRAMES) break;
  }
  return frames.reverse();
}

function parseFrame(line: string): Frame | undefined {
  // A template's function was made by the compiler: what stands in it is shown by the template's own lines.
  if (!line.startsWith('at ') || line.includes('(eval at ')) return undefined;
  let call = line.slice(3);
  let functionName = '<anonymous>';
  if (call.endsWith(')')) {
    const open = call.lastIndexOf(' (');
    if (open < 0) return undefined;
    functionName = call.slice(0, open).replace(/^async /, '');
    call = call.slice(open + 2, -1);
  } else {
    call = call.replace(/^async /, '');
  }
  const place = /^(.+):(\d+):(\d+)$/.exec(call);
  if (!place) return undefined;
  const [, rawName = '', rawLine, rawColumn] = place;
  const filename = rawName.startsWith('file:') ? fileURLToPath(rawName) : rawName;
  const source = originalPosition(filename, Number(rawLine), Number(rawColumn));
  return {
    functionName,
    ...source,
    origin: originOf(source.filename),
    context: readContext(source.filename, source.line),
  };
}

function originOf(filename: string): Frame['origin'] {
  if (filename.startsWith('node:')) return 'node';
  const foreign =
    filename.startsWith(FRAMEWORK_ROOT) || filename.includes(`${path.sep}node_modules${path.sep}`);
  return foreign ? 'framework' : 'site';
}

function originalPosition(
  filename: string,
  line: number,
  column: number,
): { filename: string; line: number; column: number } {
  const mapFile = `${filename}.map`;
  if (/\.[cm]?js$/.test(filename) && existsSync(mapFile)) {
    try {
      const map = new SourceMap(JSON.parse(readFileSync(mapFile, 'utf8')) as SourceMapPayload);
      const entry = map.findEntry(line - 1, column - 1);
      if ('originalSource' in entry && entry.originalSource) {
        const original = path.resolve(path.dirname(filename), entry.originalSource);
        if (existsSync(original)) {
          return { filename: original, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
        }
      }
    } catch {
      // A map that cannot be read costs the mapping, never the page.
    }
  }
  return { filename, line, column };
}

function readContext(filename: string, line: number): [number, string][] {
  if (!path.isAbsolute(filename)) return [];
  let lines: string[];
  try {
    lines = readFileSync(filename, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
  const first = Math.max(1, line - CONTEXT_LINES);
  return lines.slice(first - 1, line + CONTEXT_LINES).map((text, index) => [first + index, text]);
}
