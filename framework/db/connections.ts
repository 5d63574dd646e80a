/**
 * The databases of DATABASES, by alias. Django: `django.db.utils.ConnectionHandler`.
 */
import { type DatabaseSettings, settings } from '../conf';
import { ImproperlyConfigured } from '../core/exceptions';
import { requestStarted, settingChanged } from '../core/signals';
import { importModule, ModuleNotFoundError, remedyForMissing } from '../utils/module_loading';
import type { DatabaseWrapper } from './backends/base/base';
import { ConnectionDoesNotExist } from './errors';

/** The alias of the database that is used where none is named. */
export const DEFAULT_DB_ALIAS = 'default';

/** ENGINE to the module with its DatabaseWrapper. */
const ENGINES: Readonly<Record<string, string>> = {
  'better-sqlite3': 'tsango.db.backends.sqlite3.base',
  'node:sqlite': 'tsango.db.backends.sqlite3.node_base',
  sqlite3: 'tsango.db.backends.sqlite3.async_base',
  postgresql: 'tsango.db.backends.postgresql.base',
  postgres: 'tsango.db.backends.postgresql.base',
  // Its name before Django 2.0.
  'django.db.backends.postgresql_psycopg2': 'tsango.db.backends.postgresql.base',
  mysql: 'tsango.db.backends.mysql.base',
  mariadb: 'tsango.db.backends.mysql.base',
};

type WrapperClass = new (settingsDict: DatabaseSettings, alias: string) => DatabaseWrapper;

/** Loads the backend that an ENGINE names: one of ours, or a module that exports a `DatabaseWrapper`. */
export function loadBackend(engine: string): WrapperClass {
  const name = (Object.hasOwn(ENGINES, engine) ? ENGINES[engine] : undefined) ?? `${engine}.base`;
  let module: Record<string, unknown>;
  try {
    module = importModule(name);
  } catch (error) {
    if (!(error instanceof ModuleNotFoundError)) throw error;
    const remedy = remedyForMissing(engine);
    if (remedy !== undefined) throw new ImproperlyConfigured(`'${engine}': ${remedy}.`, { cause: error });
    throw new ImproperlyConfigured(
      `'${engine}' isn't an available database backend or couldn't be imported. Try using one of: ` +
        `${Object.keys(ENGINES)
          .filter((known) => !known.includes('.'))
          .map((known) => `'${known}'`)
          .join(', ')}, or Django's dotted names ` +
        "('django.db.backends.sqlite3', 'django.db.backends.postgresql', 'django.db.backends.mysql').",
      { cause: error },
    );
  }
  return module['DatabaseWrapper'] as WrapperClass;
}

/** Makes and keeps a wrapper for each alias. */
export class ConnectionHandler {
  private wrappers = new Map<string, DatabaseWrapper>();
  private refusal: string | null = null;

  /**
   * The database of that alias. Nothing is connected yet.
   *
   * @throws ConnectionDoesNotExist, or ImproperlyConfigured if its ENGINE or NAME cannot be.
   */
  get(alias: string = DEFAULT_DB_ALIAS): DatabaseWrapper {
    return this.wrappers.get(alias) ?? this.create(alias);
  }

  /**
   * Refuses to make connections, with this reason; null: makes them again. For tests, which must not use the site's own
   * databases. @internal
   */
  forbid(reason: string | null): void {
    this.refusal = reason;
  }

  /** Whether there is such an alias. */
  has(alias: string): boolean {
    return alias === DEFAULT_DB_ALIAS || Object.hasOwn(settings.DATABASES, alias);
  }

  /** The aliases of DATABASES. */
  aliases(): string[] {
    return Object.keys(settings.DATABASES);
  }

  /** Every database of DATABASES; of those in use only, with `initializedOnly`. */
  all(options: { initializedOnly?: boolean } = {}): DatabaseWrapper[] {
    if (options.initializedOnly) return [...this.wrappers.values()];
    return this.aliases().map((alias) => this.get(alias));
  }

  /** Closes every open connection; each opens again when it is next used. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.wrappers.values()].map((wrapper) => wrapper.close()));
  }

  /** Closes everything and reads DATABASES anew. */
  async reset(): Promise<void> {
    const wrappers = [...this.wrappers.values()];
    this.wrappers = new Map();
    await Promise.all(wrappers.map((wrapper) => wrapper.close()));
  }

  private create(alias: string): DatabaseWrapper {
    if (this.refusal !== null) throw new ImproperlyConfigured(this.refusal);
    const configured = Object.hasOwn(settings.DATABASES, alias) ? settings.DATABASES[alias] : undefined;
    if (configured === undefined) {
      if (alias === DEFAULT_DB_ALIAS && Object.keys(settings.DATABASES).length === 0) {
        throw new ImproperlyConfigured(
          'settings.DATABASES is improperly configured. Please supply the ENGINE value. Check settings ' +
            'documentation for more details.',
        );
      }
      throw new ConnectionDoesNotExist(`The connection '${alias}' doesn't exist.`);
    }
    if (!configured.ENGINE) {
      throw new ImproperlyConfigured(
        'settings.DATABASES is improperly configured. Please supply the ENGINE value. Check settings documentation ' +
          'for more details.',
      );
    }
    const Wrapper = loadBackend(configured.ENGINE);
    if (!configured.NAME) {
      throw new ImproperlyConfigured(
        'settings.DATABASES is improperly configured. Please supply the NAME value.',
      );
    }
    const wrapper = new Wrapper(configured, alias);
    if (settings.DEBUG) {
      wrapper.debugging = true;
      requestStarted.connect(resetQueries);
    }
    this.wrappers.set(alias, wrapper);
    return wrapper;
  }
}

/** The databases of the site. */
export const connections = new ConnectionHandler();

/** Forgets the statements that were noted. With DEBUG on each request begins so. Django: `reset_queries`. */
export function resetQueries(): void {
  for (const { queryLog } of connections.all({ initializedOnly: true })) queryLog?.clear();
}

settingChanged.connect(
  ({ setting }) => {
    if (setting !== 'DEBUG') return;
    if (settings.DEBUG) requestStarted.connect(resetQueries);
    else requestStarted.disconnect(resetQueries);
    for (const wrapper of connections.all({ initializedOnly: true })) wrapper.debugging = settings.DEBUG;
  },
  { dispatchUid: 'tsango.db.connections.debug' },
);
settingChanged.connect(({ setting }) => (setting === 'DATABASES' ? connections.reset() : undefined), {
  dispatchUid: 'tsango.db.connections',
});

/** The default database; `connections.get()` is the same, and faster where it is used often. */
export const connection: DatabaseWrapper = new Proxy({} as DatabaseWrapper, {
  get(_target, name) {
    const wrapper = connections.get();
    const value: unknown = Reflect.get(wrapper, name, wrapper);
    return typeof value === 'function' ? value.bind(wrapper) : value;
  },
  has: (_target, name) => name in connections.get(),
});
