/** Who logs: looked for only if a format asks, since it takes a stack. Python: `Logger.findCaller`. */
import path from 'node:path';

/** What a format can ask about the caller. */
export type CallerField = 'pathname' | 'filename' | 'module' | 'lineno' | 'funcName';

/** The files between a formatter and whoever logs. */
const LOGGING = __dirname + path.sep;
const LOG_MODULE = path.join(__dirname, '..', '..', 'utils', 'log');

/** The innermost call outside of the logging modules, as V8 writes it. A handler formats while the caller waits. */
function callerLine(): string | undefined {
  const { stack = '' } = new Error();
  return stack
    .split('\n')
    .slice(1)
    .find(
      (line) =>
        line.includes(':') &&
        !line.includes(LOGGING) &&
        !line.includes(`${LOG_MODULE}.`) &&
        !line.includes('<anonymous>)'),
    );
}

/** One fact about whoever logs; Python's `(unknown file)`, 0 and `(unknown function)` where it cannot be known. */
export function callerField(field: CallerField): string | number {
  const match = /at (?:async )?(?:(.*?) \()?(?:file:\/\/)?(.+?):(\d+):\d+\)?$/.exec(
    callerLine()?.trim() ?? '',
  );
  const [, name, pathname = '(unknown file)', line = '0'] = match ?? [];
  switch (field) {
    case 'pathname':
      return pathname;
    case 'filename':
      return path.basename(pathname);
    case 'module':
      return path.basename(pathname).replace(/\.[cm]?[jt]s$/, '');
    case 'lineno':
      return Number(line);
    case 'funcName':
      return name ?? '<module>';
  }
}
