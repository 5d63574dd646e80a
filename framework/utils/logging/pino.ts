/** The handler that writes through pino: structured lines. */
import type { DestinationStream, Logger as PinoLogger, LoggerOptions as PinoOptions } from 'pino';
import { Handler } from '../../python/logging/handlers';
import { escapeControls, type LogRecord } from '../../python/logging/record';
import { outlive } from '../../python/streams';
import { optionalRequire } from '../optional';

function loadPino(handler: string): typeof import('pino') {
  return optionalRequire('pino', handler);
}

const SECRET_NAMES = [
  'password',
  'passwd',
  'secret',
  'token',
  'authorization',
  'cookie',
  'cookies',
  'session',
  'sessionid',
  'csrftoken',
  'csrfmiddlewaretoken',
  'apiKey',
  'api_key',
  'SECRET_KEY',
];

/** Of a request only what an access log shows: headers and bodies hold secrets. */
function describeRequest(request: unknown): object {
  const { method, path, META } = request as {
    method?: string;
    path?: string;
    META?: Record<string, unknown>;
  };
  return { method, path: escapeControls(path ?? ''), remoteAddr: META?.['REMOTE_ADDR'] };
}

const PINO_LEVELS: Readonly<Record<string, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'fatal',
};

/**
 * Structured lines (JSON) by pino. `options` are pino's own (`transport`, `redact`, `base`, …); `stream` is a
 * file descriptor, a file name or `'ext://sys.stdout'`. Fields that are named like secrets are redacted.
 */
export class PinoHandler extends Handler {
  private readonly pino: PinoLogger;
  private readonly destination: (DestinationStream & { end?(): void }) | undefined;

  constructor(options: { options?: PinoOptions; stream?: string | number | DestinationStream } = {}) {
    super();
    const pino = loadPino('A PinoHandler of LOGGING');
    const { stream = 1 } = options;
    const redact = {
      paths: [...SECRET_NAMES, ...SECRET_NAMES.map((name) => `*.${name}`)],
      censor: '********************',
    };
    // pino's own serialiser of errors would write every property that a driver hangs on them.
    const serializers = { err: (value: unknown) => value, ...options.options?.serializers };
    const config: PinoOptions = { level: 'trace', redact, ...options.options, serializers };
    if (typeof stream === 'object') {
      this.pino = pino.default(config, outlive(stream));
    } else if (options.options?.transport) {
      this.pino = pino.default(config);
    } else {
      const dest =
        typeof stream === 'string' && stream.startsWith('ext://')
          ? stream.endsWith('stderr')
            ? 2
            : 1
          : stream;
      this.destination = outlive(pino.destination({ dest, mkdir: true, sync: true }));
      this.pino = pino.default(config, this.destination);
    }
  }

  emit(record: LogRecord): void {
    const { request, error, ...rest } = record.extra;
    const fields: Record<string, unknown> = { logger: record.name, ...rest };
    if (request !== undefined && request !== null) fields['request'] = describeRequest(request);
    if (error instanceof Error) {
      fields['err'] = { type: error.name, message: error.message, stack: error.stack };
    } else if (error !== undefined) {
      fields['err'] = String(error);
    }
    this.pino[PINO_LEVELS[record.levelName] ?? 'info'](fields, escapeControls(record.message));
  }

  override close(): void {
    this.destination?.end?.();
  }
}
