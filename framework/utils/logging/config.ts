/** The LOGGING setting. Python: `logging.config.dictConfig`; Django: `django.utils.log.configure_logging`. */
import path from 'node:path';
import { isConfigured, settings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';
import { settingChanged } from '../../core/signals';
import { hideFromCallers } from '../../python/logging/caller';
import { Formatter, type LogFormatter } from '../../python/logging/formatters';
import { type Handler, type LogFilter, NullHandler, StreamHandler } from '../../python/logging/handlers';
import { setLocalZone } from '../../python/logging/local_time';
import { LEVELS, type LevelName, levelNumber } from '../../python/logging/record';
import type { HandlerSettings, LoggerSettings, Logging, Named } from '../../python/logging/settings';
import {
  allLoggers,
  beforeFirstRecord,
  findLogger,
  type Logger,
  rootLogger,
} from '../../python/logging/tree';
import { canonicalName, importString } from '../module_loading';
import { AdminEmailHandler } from './admin_email';
import { CallbackFilter, RequireDebugFalse, RequireDebugTrue } from './filters';
import { PinoHandler } from './pino';
import { ServerFormatter } from './server_formatter';

export type { HandlerSettings, LoggerSettings, Logging } from '../../python/logging/settings';

/** Python's names for the classes that have a counterpart here. */
const BUILT_IN = new Map<string, new (options: never) => unknown>([
  ['logging.StreamHandler', StreamHandler],
  ['logging.NullHandler', NullHandler],
  ['logging.Formatter', Formatter],
  ['tsango.utils.log.StreamHandler', StreamHandler],
  ['tsango.utils.log.NullHandler', NullHandler],
  ['tsango.utils.log.PinoHandler', PinoHandler],
  ['tsango.utils.log.AdminEmailHandler', AdminEmailHandler],
  ['tsango.utils.log.Formatter', Formatter],
  ['tsango.utils.log.ServerFormatter', ServerFormatter],
  ['tsango.utils.log.RequireDebugTrue', RequireDebugTrue],
  ['tsango.utils.log.RequireDebugFalse', RequireDebugFalse],
  ['tsango.utils.log.CallbackFilter', CallbackFilter],
]);

type Loaded = Record<string, new (options: never) => unknown>;
const files = (): Loaded => require('../../python/logging/files') as never;
const rotating = (): Loaded => require('../../python/logging/rotating') as never;
const network = (): Loaded => require('../../python/logging/network') as never;
const buffers = (): Loaded => require('../../python/logging/buffers') as never;

/** Those that few sites name: loaded for them alone. */
const LOADED_FOR = new Map<string, () => Loaded>([
  ['logging.FileHandler', files],
  ['tsango.utils.log.FileHandler', files],
  ['logging.handlers.WatchedFileHandler', files],
  ['logging.handlers.RotatingFileHandler', rotating],
  ['logging.handlers.TimedRotatingFileHandler', rotating],
  ['logging.handlers.SysLogHandler', network],
  ['logging.handlers.SocketHandler', network],
  ['logging.handlers.DatagramHandler', network],
  ['logging.handlers.MemoryHandler', buffers],
  ['logging.handlers.QueueHandler', buffers],
]);

function namedClass(dotted: string): unknown {
  const name = canonicalName(dotted);
  return (
    BUILT_IN.get(name) ??
    LOADED_FOR.get(name)?.()[name.slice(name.lastIndexOf('.') + 1)] ??
    importString(dotted)
  );
}

function create<T>(what: string, named: Named, options: object): T {
  try {
    const cls = typeof named === 'string' ? namedClass(named) : named;
    return new (cls as new (options: object) => T)(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImproperlyConfigured(`Unable to configure ${what} of LOGGING: ${reason}`, { cause: error });
  }
}

function level(what: string, name: LevelName): number {
  const number = levelNumber(name);
  if (number === undefined) {
    throw new ImproperlyConfigured(`Unable to configure ${what} of LOGGING: Unknown level: '${name}'`);
  }
  return number;
}

function pick<T>(what: string, kind: string, from: ReadonlyMap<string, T>, names: readonly string[]): T[] {
  return names.map((name) => {
    const found = from.get(name);
    if (found === undefined) {
      throw new ImproperlyConfigured(
        `Unable to configure ${what} of LOGGING: there is no ${kind} '${name}'; it has ` +
          `${[...from.keys()].map((known) => `'${known}'`).join(', ') || 'none'}.`,
      );
    }
    return found;
  });
}

const open = new Set<Handler>();

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Handlers that hand records on to others come behind these. */
function targetsFirst(handlers: Readonly<Record<string, HandlerSettings>>): [string, HandlerSettings][] {
  const named = ({ target, handlers: several }: HandlerSettings): readonly string[] =>
    typeof target === 'string' ? [target] : isNames(several) ? several : [];
  const ordered = new Map<string, HandlerSettings>();
  const visit = (name: string, path: readonly string[]): void => {
    const entry = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (entry === undefined || ordered.has(name) || path.includes(name)) return;
    for (const other of named(entry)) visit(other, [...path, name]);
    ordered.set(name, entry);
  };
  for (const name of Object.keys(handlers)) visit(name, []);
  return [...ordered];
}

/** Applies a LOGGING dictionary on top of what is configured. Python: `logging.config.dictConfig`. */
export function dictConfig(config: Logging): void {
  if (config.version !== undefined && config.version !== 1) {
    throw new ImproperlyConfigured(`Unsupported version of LOGGING: ${String(config.version)}`);
  }
  const formatters = new Map<string, LogFormatter>();
  for (const [name, { '()': factory, class: cls, ...options }] of Object.entries(config.formatters ?? {})) {
    formatters.set(name, create(`formatter '${name}'`, factory ?? cls ?? Formatter, options));
  }
  const filters = new Map<string, LogFilter>();
  for (const [name, { '()': factory, ...options }] of Object.entries(config.filters ?? {})) {
    if (!factory) throw new ImproperlyConfigured(`The filter '${name}' of LOGGING needs '()', its class.`);
    filters.set(name, create(`filter '${name}'`, factory, options));
  }
  const handlers = new Map<string, Handler>();
  for (const [name, entry] of targetsFirst(config.handlers ?? {})) {
    const what = `handler '${name}'`;
    const { class: cls, '()': factory, level: wanted, formatter, filters: wantedFilters, ...options } = entry;
    const named = factory ?? cls;
    if (!named) throw new ImproperlyConfigured(`The ${what} of LOGGING needs 'class'.`);
    const { target, handlers: targets } = options;
    if (typeof target === 'string') options['target'] = pick(what, 'handler', handlers, [target])[0];
    if (isNames(targets)) options['handlers'] = pick(what, 'handler', handlers, targets);
    const handler = create<Handler>(what, named, options);
    if (wanted !== undefined) handler.level = level(what, wanted);
    if (formatter !== undefined)
      handler.formatter = pick(what, 'formatter', formatters, [formatter])[0] as LogFormatter;
    handler.filters = pick(what, 'filter', filters, wantedFilters ?? []);
    handlers.set(name, handler);
    open.add(handler);
  }
  const named = Object.entries(config.loggers ?? {});
  if (config.disable_existing_loggers !== false) {
    const kept = new Set(named.map(([name]) => canonicalName(name)));
    for (const logger of allLoggers()) {
      const stays = [...kept].some((name) => logger.name === name || logger.name.startsWith(`${name}.`));
      if (!stays) logger.disabled = true;
    }
  }
  const apply = (what: string, logger: Logger, entry: LoggerSettings, propagate: boolean): void => {
    logger.disabled = false;
    logger.propagate = entry.propagate ?? propagate;
    if (entry.level !== undefined) logger.level = level(what, entry.level);
    if (entry.handlers !== undefined) logger.handlers = pick(what, 'handler', handlers, entry.handlers);
    logger.filters = pick(what, 'filter', filters, entry.filters ?? []);
  };
  for (const [name, entry] of named) apply(`logger '${name}'`, findLogger(canonicalName(name)), entry, true);
  if (config.root) apply('the root logger', rootLogger, config.root, false);
}

/**
 * What is logged unless LOGGING says otherwise: with DEBUG on everything from INFO on goes to the console, as in
 * Django; with DEBUG off the errors alone, to standard error and to ADMINS. `runserver`'s lines always.
 */
export const DEFAULT_LOGGING: Logging = {
  version: 1,
  disable_existing_loggers: false,
  filters: {
    require_debug_false: { '()': 'tsango.utils.log.RequireDebugFalse' },
    require_debug_true: { '()': 'tsango.utils.log.RequireDebugTrue' },
  },
  formatters: {
    'tsango.server': {
      '()': 'tsango.utils.log.ServerFormatter',
      format: '[{server_time}] {message}',
      style: '{',
    },
  },
  handlers: {
    console: { level: 'INFO', filters: ['require_debug_true'], class: 'logging.StreamHandler' },
    // Django mails errors to ADMINS, and nothing else; where there are none they would be lost.
    errors: { level: 'ERROR', filters: ['require_debug_false'], class: 'logging.StreamHandler' },
    mail_admins: {
      level: 'ERROR',
      filters: ['require_debug_false'],
      class: 'tsango.utils.log.AdminEmailHandler',
    },
    'tsango.server': { level: 'INFO', class: 'logging.StreamHandler', formatter: 'tsango.server' },
  },
  loggers: {
    tsango: { handlers: ['console', 'errors', 'mail_admins'], level: 'INFO' },
    'tsango.server': { handlers: ['tsango.server'], level: 'INFO', propagate: false },
  },
};

/** Applies the LOGGING setting: what LOGGING_CONFIG names by default. */
export function configureLogging(logging: Logging): void {
  dictConfig(logging);
}

/** Goes back to no configuration; the next record applies the settings anew. Closes what handlers have open. */
export function resetLogging(): void {
  // Who hands records on before who takes them.
  for (const handler of [...open].reverse()) handler.close();
  open.clear();
  for (const logger of allLoggers()) {
    logger.level = LEVELS.NOTSET;
    logger.handlers = [];
    logger.filters = [];
    logger.propagate = true;
    logger.disabled = false;
  }
  rootLogger.handlers = [];
  rootLogger.filters = [];
  rootLogger.level = LEVELS.WARNING;
  beforeFirstRecord(setUp);
}

/** Django's default, before the first record; then LOGGING through LOGGING_CONFIG, once there are settings. */
function setUp(): void {
  dictConfig(DEFAULT_LOGGING);
  applySetting();
}

function applySetting(): void {
  if (!isConfigured()) {
    // Something logged before the settings were there: they count from a later record on.
    beforeFirstRecord(applySetting);
    return;
  }
  const { LOGGING, LOGGING_CONFIG } = settings;
  if (LOGGING_CONFIG === null || Object.keys(LOGGING).length === 0) return;
  const configure = typeof LOGGING_CONFIG === 'string' ? importString(LOGGING_CONFIG) : LOGGING_CONFIG;
  (configure as (logging: Logging) => void)(LOGGING);
}

settingChanged.connect(({ setting }) => {
  if (setting === 'LOGGING' || setting === 'LOGGING_CONFIG') resetLogging();
});
beforeFirstRecord(setUp);

hideFromCallers(__dirname + path.sep);
hideFromCallers(path.join(__dirname, '..', 'log.'));
setLocalZone(() => (isConfigured() ? settings.TIME_ZONE : Intl.DateTimeFormat().resolvedOptions().timeZone));
