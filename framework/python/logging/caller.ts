/** Who logs: looked for only if a format asks, since it takes a stack. Python: `Logger.findCaller`. */
import path from 'node:path';

/** What a format can ask about the caller. */
export type CallerField = 'pathname' | 'filename' | 'module' | 'lineno' | 'funcName';

/** What the files between a formatter and whoever logs begin with. */
const between = [__dirname + path.sep];

/** Takes the files whose paths begin so for a part of logging, not for who logs. */
export function hideFromCallers(beginning: string): void {
  between.push(beginning);
}

/** The innermost call outside of the logging modules, as V8 writes it. A handler formats while the caller waits. */
function callerLine(): string | undefined {
  const { stack = '' } = new Error();
  return stack
    .split('\n')
    .slice(1)
    .find(
      (line) =>
        line.includes(':') &&
        !between.some((beginning) => line.includes(beginning)) &&
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
