/** Django: `django.core.checks.security.csrf`. */
import { settings } from '../../../conf';
import { importString } from '../../../utils/module_loading';
import { hasMiddleware } from '../installed';
import { Error as CheckError, Warning } from '../messages';
import { register, Tags } from '../registry';

const CSRF_MIDDLEWARE = 'tsango.middleware.csrf.CsrfViewMiddleware';

const W003 = new Warning(
  "You don't appear to be using Django's built-in cross-site request forgery protection via the middleware " +
    `('${CSRF_MIDDLEWARE}' is not in your MIDDLEWARE). Enabling the middleware is the safest approach to ensure ` +
    "you don't leave any holes.",
  { id: 'security.W003' },
);
const W016 = new Warning(
  `You have '${CSRF_MIDDLEWARE}' in your MIDDLEWARE, but you have not set CSRF_COOKIE_SECURE to True. Using a ` +
    'secure-only CSRF cookie makes it more difficult for network traffic sniffers to steal the CSRF token.',
  { id: 'security.W016' },
);

register(() => (hasMiddleware(CSRF_MIDDLEWARE) ? [] : [W003]), Tags.security, { deploy: true });
register(
  () =>
    settings.CSRF_USE_SESSIONS || !hasMiddleware(CSRF_MIDDLEWARE) || settings.CSRF_COOKIE_SECURE
      ? []
      : [W016],
  Tags.security,
  { deploy: true },
);
// Only a view of the site's own is looked at: the framework's is known to be right, and need not be loaded.
register(() => {
  const view = settings.CSRF_FAILURE_VIEW;
  if (typeof view !== 'string' || /^(tsango|django)\.views\.csrf\./.test(view)) return [];
  let failureView: unknown;
  try {
    failureView = importString(view);
  } catch {
    return [
      new CheckError(`The CSRF failure view '${view}' could not be imported.`, { id: 'security.E102' }),
    ];
  }
  return typeof failureView === 'function'
    ? []
    : [new CheckError(`The CSRF failure view '${view}' is not a function.`, { id: 'security.E101' })];
}, Tags.security);
register(
  () =>
    settings.CSRF_TRUSTED_ORIGINS.filter((origin) => !origin.includes('://')).map(
      (origin) =>
        new CheckError(
          'As of Django 4.0, the values in the CSRF_TRUSTED_ORIGINS setting must start with a scheme (usually ' +
            `http:// or https://) but found ${origin}. See the release notes for details.`,
          { id: '4_0.E001' },
        ),
    ),
  Tags.compatibility,
);
