/** What `dictConfig` takes: the LOGGING setting. Python: `logging.config`. */
import type { FormatterOptions } from './formatters';
import type { LevelName } from './record';

/** A class, or the dotted name of one. */
export type Named = string | (new (options: never) => unknown);

/** An entry of `handlers`: the class, what every handler has, and the class's own options. */
export interface HandlerSettings {
  class?: Named;
  '()'?: Named;
  level?: LevelName;
  formatter?: string;
  filters?: readonly string[];
  [option: string]: unknown;
}

/** An entry of `loggers`. */
export interface LoggerSettings {
  level?: LevelName;
  handlers?: readonly string[];
  filters?: readonly string[];
  propagate?: boolean;
}

/** The LOGGING setting. https://docs.djangoproject.com/en/5.2/topics/logging/#configuring-logging */
export interface Logging {
  readonly version?: 1;
  readonly disable_existing_loggers?: boolean;
  readonly incremental?: false;
  readonly formatters?: Readonly<
    Record<string, FormatterOptions & { '()'?: Named; class?: Named; [option: string]: unknown }>
  >;
  readonly filters?: Readonly<Record<string, { '()'?: Named; [option: string]: unknown }>>;
  readonly handlers?: Readonly<Record<string, HandlerSettings>>;
  readonly loggers?: Readonly<Record<string, LoggerSettings>>;
  readonly root?: LoggerSettings;
}
