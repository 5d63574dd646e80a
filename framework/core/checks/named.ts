/**
 * Whether what the settings name can be loaded. Django loads most of it when it starts; here things are loaded when they
 * are first needed, so that a misspelt name would be found by the request that needs it.
 */
import { isOverridden, type Settings, settings } from '../../conf';
import { importSetting, ModuleNotFoundError } from '../../utils/module_loading';
import { ImproperlyConfigured } from '../exceptions';
import { Error as CheckError, type CheckMessage } from './messages';
import { register, Tags } from './registry';

/** What loading something says against it: the server would say it only when it starts, or at a request. */
export function refused(id: string, load: () => unknown, what = ''): CheckMessage[] {
  try {
    load();
    return [];
  } catch (error) {
    if (!(error instanceof ImproperlyConfigured || error instanceof ModuleNotFoundError)) throw error;
    return [new CheckError(`${what}${error.message}`, { id })];
  }
}

/** Settings that are one name. CSRF_FAILURE_VIEW, SESSION_ENGINE and ROOT_URLCONF have checks of their own. */
const SINGLE = [
  'DEFAULT_EXCEPTION_REPORTER',
  'DEFAULT_EXCEPTION_REPORTER_FILTER',
  'LOGGING_CONFIG',
  'MESSAGE_STORAGE',
  'SESSION_SERIALIZER',
  'SIGNING_BACKEND',
] as const satisfies readonly (keyof Settings)[];

const LISTS = ['FILE_UPLOAD_HANDLERS', 'STATICFILES_FINDERS'] as const satisfies readonly (keyof Settings)[];

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The loaders of OPTIONS: names, or lists of a name and its arguments, which for `cached` are loaders again. */
function loaderNames(options: unknown): unknown[] {
  return asList(options).flatMap((option) => {
    const [name, inner] = Array.isArray(option) ? option : [option];
    return typeof name === 'string' && name.endsWith('.cached.Loader')
      ? [name, ...loaderNames(inner)]
      : [name];
  });
}

/** The value of a setting that the site has set: what the defaults name is there, and need not be loaded to see it. */
function given<Name extends keyof Settings>(name: Name): Settings[Name] | undefined {
  return isOverridden(name) ? settings[name] : undefined;
}

/** Where the settings name something, and the name. */
function* namesInSettings(): Generator<readonly [place: string, name: unknown]> {
  for (const setting of SINGLE) yield [`The ${setting} setting`, given(setting)];
  for (const setting of LISTS)
    for (const name of given(setting) ?? []) yield [`The ${setting} setting`, name];
  for (const [alias, conf] of Object.entries(given('CACHES') ?? {})) {
    yield [`BACKEND of CACHES['${alias}']`, conf.BACKEND];
    yield [`KEY_FUNCTION of CACHES['${alias}']`, conf.KEY_FUNCTION];
  }
  for (const [alias, conf] of Object.entries(given('STORAGES') ?? {})) {
    yield [`BACKEND of STORAGES['${alias}']`, conf.BACKEND];
  }
  for (const { BACKEND, OPTIONS = {} } of settings.TEMPLATES) {
    yield ['BACKEND of TEMPLATES', BACKEND];
    for (const name of asList(OPTIONS['context_processors']))
      yield ["'context_processors' of TEMPLATES", name];
    for (const name of loaderNames(OPTIONS['loaders'])) yield ["'loaders' of TEMPLATES", name];
  }
}

register((): CheckMessage[] => {
  const middleware = settings.MIDDLEWARE.map(
    (name) => [`The middleware '${String(name)}' in the MIDDLEWARE setting`, name] as const,
  );
  return [...middleware, ...namesInSettings()].flatMap(([place, name]) =>
    typeof name === 'string'
      ? refused('settings.E003', () => importSetting(name), `${place} cannot be loaded: `)
      : [],
  );
}, Tags.settings);

// Django configures logging before anything else; here it is configured with the first record.
register(
  () =>
    refused('settings.E004', () => {
      const { getLogger } = require('../../utils/log') as typeof import('../../utils/log');
      getLogger('tsango').getEffectiveLevel();
    }),
  Tags.settings,
);
