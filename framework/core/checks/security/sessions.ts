/** Django: `django.core.checks.security.sessions`. */
import { settings } from '../../../conf';
import { hasApp, hasMiddleware } from '../installed';
import { Warning } from '../messages';
import { register, Tags } from '../registry';

const APP = 'tsango.contrib.sessions';
const MIDDLEWARE = 'tsango.contrib.sessions.middleware.SessionMiddleware';

/** The three ways to say it: the app is there, the middleware is, or both. */
function warn(setting: string, why: string, [app, middleware, both]: readonly [string, string, string]) {
  return (): Warning[] => {
    const [withApp, withMiddleware] = [hasApp(APP), hasMiddleware(MIDDLEWARE)];
    if (withApp && withMiddleware)
      return [new Warning(`${setting} is not set to True. ${why}`, { id: both })];
    if (withApp) {
      const text = `You have '${APP}' in your INSTALLED_APPS, but you have not set ${setting} to True. ${why}`;
      return [new Warning(text, { id: app })];
    }
    if (!withMiddleware) return [];
    const text = `You have '${MIDDLEWARE}' in your MIDDLEWARE, but you have not set ${setting} to True. ${why}`;
    return [new Warning(text, { id: middleware })];
  };
}

const notSecure = warn(
  'SESSION_COOKIE_SECURE',
  'Using a secure-only session cookie makes it more difficult for network traffic sniffers to hijack user ' +
    'sessions.',
  ['security.W010', 'security.W011', 'security.W012'],
);
const notHttpOnly = warn(
  'SESSION_COOKIE_HTTPONLY',
  'Using an HttpOnly session cookie makes it more difficult for cross-site scripting attacks to hijack user ' +
    'sessions.',
  ['security.W013', 'security.W014', 'security.W015'],
);

register(() => (settings.SESSION_COOKIE_SECURE ? [] : notSecure()), Tags.security, { deploy: true });
register(() => (settings.SESSION_COOKIE_HTTPONLY ? [] : notHttpOnly()), Tags.security, { deploy: true });
