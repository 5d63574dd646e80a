/**
 * Logging with Django's logger names (`tsango.request`, `tsango.server`, `tsango.security.*`, …) and its LOGGING
 * setting. Nothing is configured before the first record; the default console needs no package.
 *
 * Django: `django.utils.log`; https://docs.djangoproject.com/en/5.2/ref/logging/
 */
import { findLogger, type Logger, rootLogger } from '../python/logging/tree';
import { canonicalName } from './module_loading';

export { FileHandler } from '../python/logging/files';
export {
  type FormatStyle,
  Formatter,
  type FormatterOptions,
  type LogFormatter,
} from '../python/logging/formatters';
export { Handler, type LogFilter, NullHandler, StreamHandler } from '../python/logging/handlers';
export {
  escapeControls,
  LEVELS,
  type LevelName,
  type LogExtra,
  type LogRecord,
} from '../python/logging/record';
export { Logger } from '../python/logging/tree';
export { AdminEmailHandler, type AdminEmailOptions } from './logging/admin_email';
export {
  configureLogging,
  DEFAULT_LOGGING,
  dictConfig,
  type HandlerSettings,
  type LoggerSettings,
  type Logging,
  resetLogging,
} from './logging/config';
export { CallbackFilter, RequireDebugFalse, RequireDebugTrue } from './logging/filters';
export { PinoHandler } from './logging/pino';
export { ServerFormatter, setServerColors } from './logging/server_formatter';

/** The logger of that name; `django.request` is `tsango.request`, no name is the root. */
export function getLogger(name?: string): Logger {
  return name === undefined || name === '' ? rootLogger : findLogger(canonicalName(name));
}

/** What `logResponse` needs of a response. */
interface Answer {
  readonly statusCode: number;
}

const logged = new WeakSet<object>();

/** Python's `unicode_escape`: ASCII that shows every other character by its number. */
function unicodeEscape(text: string): string {
  let escaped = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '\\') escaped += '\\\\';
    else if (char === '\n') escaped += '\\n';
    else if (char === '\r') escaped += '\\r';
    else if (char === '\t') escaped += '\\t';
    else if (code >= 0x20 && code < 0x7f) escaped += char;
    else if (code < 0x100) escaped += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code < 0x10000) escaped += `\\u${code.toString(16).padStart(4, '0')}`;
    else escaped += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return escaped;
}

/**
 * Logs a response by its status: an error from 500, a warning from 400, else information. Once a response.
 *
 * @param message with a `%s` for each of `args`; those may hold user input and are escaped to ASCII, as Django
 *   does (CVE-2025-48432).
 */
export function logResponse(
  message: string,
  args: readonly unknown[],
  options: {
    response: Answer;
    request?: unknown;
    logger?: Logger;
    level?: 'debug' | 'info' | 'warning' | 'error' | 'critical';
    error?: unknown;
  },
): void {
  const { response, request, error } = options;
  if (logged.has(response)) return;
  logged.add(response);
  const status = response.statusCode;
  const level = options.level ?? (status >= 500 ? 'error' : status >= 400 ? 'warning' : 'info');
  const logger = options.logger ?? getLogger('tsango.request');
  let next = 0;
  const text = message.replace(/%s/g, () => unicodeEscape(String(args[next++])));
  logger[level](text, { statusCode: status, request, ...(error === undefined ? {} : { error }) });
}
