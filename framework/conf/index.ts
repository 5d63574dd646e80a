/**
 * Settings: `settings`, which loads the module that TSANGO_SETTINGS_MODULE names when it is first read.
 *
 * Django: `django.conf`; https://docs.djangoproject.com/en/5.2/topics/settings/
 */
import { AttributeError, ImproperlyConfigured } from '../core/exceptions';
import { settingChanged } from '../core/signals';
import { forEach, type MaybePromise } from '../utils/maybe_promise';
import { importModule, ModuleNotFoundError } from '../utils/module_loading';
import { globalSettings, type Settings } from './global_settings';
import { checkInvariants, defineSetting, rawSetting } from './guarded';

export type {
  CacheSettings,
  DatabaseSettings,
  Dotted,
  LoginFailureLimits,
  SameSite,
  Settings,
  StorageSettings,
  TemplateSettings,
} from './global_settings';

/** The environment variable that names the settings module. */
export const ENVIRONMENT_VARIABLE = 'TSANGO_SETTINGS_MODULE';

let configured = false;
let explicit: ReadonlySet<string> = new Set();

/**
 * The settings of the site. Reading one loads them; after that each is a plain property, so reading costs
 * nothing. The prototype is what loads, and what names a setting that does not exist.
 */
export const settings: Settings = Object.create(
  new Proxy(Object.create(null), {
    get(_target, name, receiver) {
      if (typeof name === 'symbol' || !/^[A-Z]/.test(name)) return undefined;
      if (!configured) {
        loadSettings(name);
        return Reflect.get(receiver as object, name);
      }
      throw new AttributeError(
        `'Settings' object has no attribute '${name}'. Define it in the settings module, or test for it with ` +
          `'${name}' in settings.`,
      );
    },
    has(_target, name) {
      if (configured || typeof name === 'symbol') return false;
      loadSettings(name);
      return Object.hasOwn(settings, name);
    },
  }),
) as Settings;

function loadSettings(wanted: string): void {
  const moduleName = process.env[ENVIRONMENT_VARIABLE];
  if (!moduleName) {
    throw new ImproperlyConfigured(
      `Requested setting ${wanted}, but settings are not configured. You must either define the environment ` +
        `variable ${ENVIRONMENT_VARIABLE} or call configure() before accessing settings.`,
    );
  }
  let module: Record<string, unknown>;
  try {
    module = importModule(moduleName);
  } catch (error) {
    if (error instanceof ModuleNotFoundError && error.module === moduleName) {
      throw new ImproperlyConfigured(
        `Could not load the settings module '${moduleName}' (from ${ENVIRONMENT_VARIABLE} or --settings). ` +
          error.message,
        { cause: error },
      );
    }
    throw error;
  }
  const values = module['default'];
  if (values === null || typeof values !== 'object') {
    throw new ImproperlyConfigured(
      `The settings module '${moduleName}' has no default export; end it with ` +
        '`export default defineSettings({ … })`.',
    );
  }
  configure(values);
}

/** A setting whose default does not show every type that it takes. */
const NULLABLE: ReadonlySet<string> = new Set(
  Object.entries({ ...globalSettings() })
    .filter(([, value]) => value === null)
    .map(([name]) => name)
    .concat(
      'CSRF_COOKIE_AGE',
      'DATA_UPLOAD_MAX_MEMORY_SIZE',
      'DATA_UPLOAD_MAX_NUMBER_FIELDS',
      'DATA_UPLOAD_MAX_NUMBER_FILES',
      'LOGIN_MAX_WAIT',
      'FILE_UPLOAD_PERMISSIONS',
      'LOGGING_CONFIG',
      'SECURE_CROSS_ORIGIN_OPENER_POLICY',
      'SECURE_REFERRER_POLICY',
    ),
);
const SAMESITE = /^(Lax|Strict|None)$/;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

function validate(values: object): void {
  const defaults = globalSettings() as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(defaults, name)) continue;
    const standard = defaults[name];
    if (value === undefined) {
      throw new ImproperlyConfigured(`The ${name} setting is undefined; leave it out to have its default.`);
    }
    if (name.endsWith('_SAMESITE')) {
      if (value === null && standard === null) continue;
      if (value !== false && !(typeof value === 'string' && SAMESITE.test(value))) {
        throw new ImproperlyConfigured(`The ${name} setting must be 'Lax', 'Strict', 'None' or false.`);
      }
    } else if (value === null || standard === null) {
      if (value === null && !NULLABLE.has(name)) {
        throw new ImproperlyConfigured(`The ${name} setting must be ${kindOf(standard)}, not null.`);
      }
    } else if (
      typeof value === 'function' ? typeof standard !== 'string' : kindOf(value) !== kindOf(standard)
    ) {
      if (name === 'SECURE_REFERRER_POLICY' && Array.isArray(value)) continue;
      if (name === 'ROOT_URLCONF' && typeof value === 'object') continue;
      throw new ImproperlyConfigured(
        `The ${name} setting must be ${kindOf(standard)}, not ${kindOf(value)}.`,
      );
    } else if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new ImproperlyConfigured(`The ${name} setting must be a finite number.`);
    }
  }
}

/**
 * Gives the settings directly instead of through a module. Django: `settings.configure()`.
 *
 * @throws ImproperlyConfigured if they are configured already, or a setting has the wrong type.
 */
export function configure(values: object): void {
  if (configured) {
    throw new ImproperlyConfigured('Settings already configured.');
  }
  validate(values);
  checkInvariants(values);
  configured = true;
  explicit = new Set(Object.keys(values));
  for (const [name, value] of Object.entries({ ...globalSettings(), ...values })) {
    defineSetting(settings, name, value);
  }
}

/**
 * What a setting was set to: an empty SECRET_KEY where reading it throws, STATIC_URL without the script prefix. For
 * checks and for people; what acts on a setting reads it.
 */
export function givenSetting(name: string): unknown {
  void settings.DEBUG;
  return rawSetting(settings, name);
}

/** Whether the settings have been loaded or configured. */
export function isConfigured(): boolean {
  return configured;
}

/** Whether the site sets a setting itself, rather than leaving it at its default. Django: `is_overridden`. */
export function isOverridden(name: string): boolean {
  return explicit.has(name);
}

/** Forgets the settings, so that they load anew. For tests and for the reloader. */
export function resetSettings(): void {
  configured = false;
  explicit = new Set();
  for (const name of Object.getOwnPropertyNames(settings)) {
    delete (settings as unknown as Record<string, unknown>)[name];
  }
}

/**
 * Types the object that a settings module exports: the editor completes names, and a misspelt or ill-typed one
 * is an error where it stands. A site's own settings are declared by augmenting `Settings`.
 *
 * @example
 * ```ts
 * export default defineSettings({ DEBUG: true, SECRET_KEY: process.env['SECRET_KEY'] ?? 'insecure' });
 * ```
 */
export function defineSettings(values: Partial<Settings>): Partial<Settings> {
  return values;
}

/**
 * Runs `body` with other settings and puts the old ones back, whatever happens. For tests.
 * Everything that keeps something made from a setting listens to `settingChanged`.
 *
 * Django: `django.test.override_settings`.
 */
export function overrideSettings<T>(values: Partial<Settings>, body: () => MaybePromise<T>): Promise<T>;
/** Changes settings until the function that it returns is called. For `beforeEach`/`afterEach`. */
export function overrideSettings(values: Partial<Settings>): () => Promise<void>;
export function overrideSettings<T>(
  values: Partial<Settings>,
  body?: () => MaybePromise<T>,
): Promise<T> | (() => Promise<void>) {
  validate(values);
  checkInvariants(values);
  if (!configured && process.env[ENVIRONMENT_VARIABLE]) void settings.DEBUG;
  const store = settings as unknown as Record<string, unknown>;
  const saved = new Map(
    Object.keys(values).map((name) => [
      name,
      Object.hasOwn(store, name) ? { value: rawSetting(store, name) } : undefined,
    ]),
  );
  const announce = (enter: boolean): MaybePromise<void> =>
    forEach([...saved.keys()], (name) =>
      settingChanged.send(settings, {
        setting: name,
        value: Object.hasOwn(store, name) ? rawSetting(store, name) : undefined,
        enter,
      }),
    );
  for (const [name, value] of Object.entries(values)) defineSetting(store, name, value);
  const formerly = explicit;
  explicit = new Set([...explicit, ...saved.keys()]);
  const restore = async (): Promise<void> => {
    explicit = new Set([...explicit].filter((name) => !saved.has(name) || formerly.has(name)));
    for (const [name, former] of saved) {
      delete store[name];
      if (former) defineSetting(store, name, former.value);
    }
    await announce(false);
  };
  const entered = announce(true);
  if (!body) {
    return async () => {
      await entered;
      await restore();
    };
  }
  const inside = async (): Promise<T> => {
    try {
      await entered;
      return await body();
    } finally {
      await restore();
    }
  };
  return inside();
}
