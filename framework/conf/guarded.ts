/**
 * The settings whose value depends on more than what the settings module says. Django: `LazySettings.__getattr__`.
 *
 * They hold wherever a setting is read: in commands, in the fetch adapter, in a script, in tests.
 */
import { ImproperlyConfigured } from '../core/exceptions';
import { scriptPrefix } from './script_prefix';

type Guard = (value: unknown, store: object) => unknown;

/** A key that anybody can guess signs nothing: an empty one is refused when it is needed, as in Django. */
function nonEmptyKey(value: unknown): unknown {
  if (value === '' || value === null || value === undefined) {
    throw new ImproperlyConfigured('The SECRET_KEY setting must not be empty.');
  }
  return value;
}

/** An empty fallback would accept what everybody can sign. */
function nonEmptyKeys(value: unknown): unknown {
  if (Array.isArray(value) && value.some((key) => key === '' || key === null || key === undefined)) {
    throw new ImproperlyConfigured(
      'The SECRET_KEY_FALLBACKS setting must not hold an empty key: leave out keys that are not set.',
    );
  }
  return value;
}

function isRelativeUrl(value: unknown): boolean {
  return typeof value === 'string' && !/^(?:https?:\/\/|\/)/.test(value);
}

/** A relative URL stands below the script prefix: where the site is mounted. */
function belowScriptPrefix(value: unknown, store: object): unknown {
  return scriptPrefix((store as { FORCE_SCRIPT_NAME?: string | null }).FORCE_SCRIPT_NAME) + String(value);
}

const GUARDS: Readonly<Record<string, { guard: Guard; applies: (value: unknown) => boolean }>> = {
  SECRET_KEY: { guard: nonEmptyKey, applies: (value) => !value },
  SECRET_KEY_FALLBACKS: {
    guard: nonEmptyKeys,
    applies: (value) => Array.isArray(value) && value.some((key) => !key),
  },
  STATIC_URL: { guard: belowScriptPrefix, applies: isRelativeUrl },
  MEDIA_URL: { guard: belowScriptPrefix, applies: isRelativeUrl },
};

/** What a setting was given, whatever it reads as. */
const given = new WeakMap<object, Map<string, unknown>>();

/**
 * Defines a setting on the settings object: a plain property, as fast as any, unless its value has to be looked at
 * each time it is read. Those are looked at whatever they are given: they may be assigned later.
 */
export function defineSetting(store: object, name: string, value: unknown): void {
  const raw = given.get(store) ?? new Map<string, unknown>();
  given.set(store, raw);
  raw.delete(name);
  const guarded = Object.hasOwn(GUARDS, name) ? GUARDS[name] : undefined;
  if (guarded === undefined) {
    Object.defineProperty(store, name, { value, writable: true, enumerable: true, configurable: true });
    return;
  }
  raw.set(name, value);
  const { guard, applies } = guarded;
  Object.defineProperty(store, name, {
    get: () => (applies(value) ? guard(value, store) : value),
    set: (changed: unknown) => defineSetting(store, name, changed),
    // What fails when it is read must not be met by whoever lists settings: SECRET_KEY is not for lists anyway.
    enumerable: !(name.startsWith('SECRET_KEY') && applies(value)),
    configurable: true,
  });
}

/** What a setting was set to, without what reading it adds or refuses. */
export function rawSetting(store: object, name: string): unknown {
  const raw = given.get(store);
  return raw?.has(name) ? raw.get(name) : (store as Record<string, unknown>)[name];
}

/** @throws ImproperlyConfigured for what Django's `Settings` object itself refuses. */
export function checkInvariants(values: object): void {
  if ('TIME_ZONE' in values) checkTimeZone(values.TIME_ZONE);
}

function checkTimeZone(value: unknown): void {
  if (typeof value !== 'string' || value === '') return;
  let known: string;
  try {
    known = new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch (error) {
    throw new ImproperlyConfigured(`Incorrect timezone setting: ${value}`, { cause: error });
  }
  // Intl takes any case of letters and offsets of hours; the files of the zones, and so Python and databases, do not.
  if (/^[+-]/.test(value) || (known !== value && known.toLowerCase() === value.toLowerCase())) {
    throw new ImproperlyConfigured(`Incorrect timezone setting: ${value}`);
  }
}
