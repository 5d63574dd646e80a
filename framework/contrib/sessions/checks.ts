/** What can be wrong with the session settings beyond Django's own checks (security.W010 to W015). */
import { givenSetting, settings } from '../../conf';
import { Error as CheckError, type CheckMessage, Warning } from '../../core/checks/messages';
import { register, Tags } from '../../core/checks/registry';
import { ImproperlyConfigured } from '../../core/exceptions';
import { canonicalName } from '../../utils/module_loading';
import { sessionStore } from './engine';

const BACKENDS = 'tsango.contrib.sessions.backends.';
const SECRET_KEY_MIN_LENGTH = 50;
const SECRET_KEY_MIN_UNIQUE_CHARACTERS = 5;

/** The engine's last name if it is one of ours. */
function engineName(): string {
  const engine = canonicalName(settings.SESSION_ENGINE);
  return engine.startsWith(BACKENDS) ? engine.slice(BACKENDS.length) : '';
}

function checkEngine(): CheckMessage[] {
  try {
    const store = sessionStore() as unknown as { storagePath?: () => string };
    store.storagePath?.();
    return [];
  } catch (error) {
    if (!(error instanceof ImproperlyConfigured)) throw error;
    return [new CheckError(error.message, { id: 'sessions.E001' })];
  }
}

function checkSecureCookie(): CheckMessage[] {
  if (settings.SESSION_COOKIE_SECURE && settings.SECURE_PROXY_SSL_HEADER === null) {
    return [
      new Warning(
        'SESSION_COOKIE_SECURE is True, and nothing tells the site which requests came over HTTPS. Over plain ' +
          'HTTP browsers never send the session cookie back.',
        {
          hint: 'Behind a proxy that speaks HTTPS and sets the header itself, set SECURE_PROXY_SSL_HEADER.',
          id: 'sessions.W001',
        },
      ),
    ];
  }
  if (settings.SESSION_COOKIE_SAMESITE === 'None' && !settings.SESSION_COOKIE_SECURE) {
    return [
      new Warning(
        "SESSION_COOKIE_SAMESITE is 'None', and browsers refuse such a cookie unless it is secure.",
        {
          hint: 'Set SESSION_COOKIE_SECURE = true.',
          id: 'sessions.W002',
        },
      ),
    ];
  }
  return [];
}

function isWeak(key: string): boolean {
  return (
    key.length < SECRET_KEY_MIN_LENGTH ||
    new Set(key).size < SECRET_KEY_MIN_UNIQUE_CHARACTERS ||
    /^(?:(?:django|tsango)-)?insecure-/.test(key)
  );
}

/** What the site signs with, as it is set: an empty key is weak, not an error, to a check. */
function signingKeys(): string[] {
  return [givenSetting('SECRET_KEY'), ...(givenSetting('SECRET_KEY_FALLBACKS') as readonly unknown[])].map(
    (key) => String(key ?? ''),
  );
}

function checkSignedCookies(): CheckMessage[] {
  if (engineName() !== 'signed_cookies') return [];
  const found: CheckMessage[] = [];
  if (!settings.SESSION_COOKIE_HTTPONLY) {
    found.push(
      new Warning(
        'Sessions are kept in cookies, and SESSION_COOKIE_HTTPONLY is False: every script on the page can read ' +
          'what is in them.',
        { hint: 'Set SESSION_COOKIE_HTTPONLY = true.', id: 'sessions.W003' },
      ),
    );
  }
  if (!settings.DEBUG && signingKeys().some(isWeak)) {
    found.push(
      new Warning(
        'Sessions are kept in cookies, and whoever guesses the SECRET_KEY can write any session: it, or one of ' +
          'SECRET_KEY_FALLBACKS, is short, simple or the generated one.',
        {
          hint: `Use a random SECRET_KEY of at least ${SECRET_KEY_MIN_LENGTH} characters.`,
          id: 'sessions.W004',
        },
      ),
    );
  }
  return found;
}

function checkCache(): CheckMessage[] {
  const name = engineName();
  if (name !== 'cache' && name !== 'cached_db') return [];
  const alias = settings.SESSION_CACHE_ALIAS;
  const entry = Object.hasOwn(settings.CACHES, alias) ? settings.CACHES[alias] : undefined;
  if (entry === undefined) {
    return [
      new CheckError(`SESSION_CACHE_ALIAS is '${alias}', and CACHES has no such alias.`, {
        id: 'sessions.E002',
      }),
    ];
  }
  const backend = typeof entry.BACKEND === 'string' ? entry.BACKEND : entry.BACKEND.name;
  if (backend.endsWith('DummyCache') && name === 'cache') {
    return [
      new Warning(`The cache '${alias}' keeps nothing, so no session lasts longer than its request.`, {
        id: 'sessions.W005',
      }),
    ];
  }
  if (backend.endsWith('LocMemCache') && !settings.DEBUG) {
    return [
      new Warning(
        `The cache '${alias}' is in the memory of one process: with several workers each has other sessions, ` +
          'and a restart ends them all.',
        { hint: 'Use Redis or Memcached, or the session engine db.', id: 'sessions.W006' },
      ),
    ];
  }
  return [];
}

function checkTouchInterval(): CheckMessage[] {
  const interval = settings.SESSION_TOUCH_INTERVAL;
  if (interval === null || interval < settings.SESSION_COOKIE_AGE) return [];
  return [
    new Warning(
      'SESSION_TOUCH_INTERVAL is not below SESSION_COOKIE_AGE: sessions end before they are touched.',
      {
        id: 'sessions.W007',
      },
    ),
  ];
}

for (const check of [checkEngine, checkSecureCookie, checkSignedCookies, checkCache, checkTouchInterval]) {
  register(check, Tags.security);
}
