/** The lines of the development server. Django: `ServerFormatter` of `django.utils.log`. */
import { Formatter } from '../../python/logging/formatters';
import { strftime } from '../../python/logging/local_time';
import type { LogRecord } from '../../python/logging/record';

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
  protected override field(record: LogRecord, name: string): unknown {
    if (name !== 'server_time') return super.field(record, name);
    return strftime(record.time, this.datefmt ?? '%d/%b/%Y %H:%M:%S');
  }

  protected override message(record: LogRecord): string {
    const text = super.message(record);
    const status = record.extra.statusCode;
    const color = status !== undefined && colored() ? statusColor(status) : '';
    return color === '' ? text : `\x1b[${color}m${text}\x1b[0m`;
  }
}
