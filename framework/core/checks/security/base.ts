/**
 * The checks of `check --deploy`: the settings that a site should not go online with.
 *
 * Django: `django.core.checks.security.base`; https://docs.djangoproject.com/en/5.2/ref/checks/#security
 */
import { givenSetting, settings } from '../../../conf';
import { hasMiddleware } from '../installed';
import { Error as CheckError, type CheckMessage, Warning } from '../messages';
import { register, Tags } from '../registry';

const SECURITY_MIDDLEWARE = 'tsango.middleware.security.SecurityMiddleware';
const XFRAME_MIDDLEWARE = 'tsango.middleware.clickjacking.XFrameOptionsMiddleware';

const REFERRER_POLICY_VALUES: ReadonlySet<string> = new Set([
  'no-referrer',
  'no-referrer-when-downgrade',
  'origin',
  'origin-when-cross-origin',
  'same-origin',
  'strict-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
]);
const OPENER_POLICY_VALUES: ReadonlySet<string> = new Set([
  'same-origin',
  'same-origin-allow-popups',
  'unsafe-none',
]);

const INSECURE = /^(?:(?:django|tsango)-)?insecure-/;
const SECRET_KEY_MIN_LENGTH = 50;
const SECRET_KEY_MIN_UNIQUE_CHARACTERS = 5;

/** Whether a key is long and random enough, and was not made by `startproject`. */
function isStrong(key: string): boolean {
  return (
    new Set(key).size >= SECRET_KEY_MIN_UNIQUE_CHARACTERS &&
    key.length >= SECRET_KEY_MIN_LENGTH &&
    !INSECURE.test(key)
  );
}

function weakKey(name: string, id: string): Warning {
  return new Warning(
    `Your ${name} has less than ${SECRET_KEY_MIN_LENGTH} characters, less than ` +
      `${SECRET_KEY_MIN_UNIQUE_CHARACTERS} unique characters, or it's prefixed with ` +
      `'django-insecure-' indicating that it was generated automatically by Django. Please generate a long and ` +
      "random value, otherwise many of Django's security-critical features will be vulnerable to attack.",
    { id },
  );
}

/** Registers a deployment check that has one warning and one condition. */
function deploy(id: string, passes: () => boolean, message: string): void {
  const warning = [new Warning(message, { id })];
  register(() => (passes() ? [] : warning), Tags.security, { deploy: true });
}

const unlessSecurity = (condition: () => boolean) => () => !hasMiddleware(SECURITY_MIDDLEWARE) || condition();
const hsts = () => settings.SECURE_HSTS_SECONDS !== 0;

deploy(
  'security.W001',
  () => hasMiddleware(SECURITY_MIDDLEWARE),
  `You do not have '${SECURITY_MIDDLEWARE}' in your MIDDLEWARE so the SECURE_HSTS_SECONDS, ` +
    'SECURE_CONTENT_TYPE_NOSNIFF, SECURE_REFERRER_POLICY, SECURE_CROSS_ORIGIN_OPENER_POLICY, and ' +
    'SECURE_SSL_REDIRECT settings will have no effect.',
);
deploy(
  'security.W002',
  () => hasMiddleware(XFRAME_MIDDLEWARE),
  `You do not have '${XFRAME_MIDDLEWARE}' in your MIDDLEWARE, so your pages will not be served with an ` +
    "'x-frame-options' header. Unless there is a good reason for your site to be served in a frame, you should " +
    'consider enabling this header to help prevent clickjacking attacks.',
);
deploy(
  'security.W004',
  unlessSecurity(hsts),
  'You have not set a value for the SECURE_HSTS_SECONDS setting. If your entire site is served only over SSL, ' +
    'you may want to consider setting a value and enabling HTTP Strict Transport Security. Be sure to read the ' +
    'documentation first; enabling HSTS carelessly can cause serious, irreversible problems.',
);
deploy(
  'security.W005',
  unlessSecurity(() => !hsts() || settings.SECURE_HSTS_INCLUDE_SUBDOMAINS),
  'You have not set the SECURE_HSTS_INCLUDE_SUBDOMAINS setting to True. Without this, your site is potentially ' +
    'vulnerable to attack via an insecure connection to a subdomain. Only set this to True if you are certain ' +
    'that all subdomains of your domain should be served exclusively via SSL.',
);
deploy(
  'security.W021',
  unlessSecurity(() => !hsts() || settings.SECURE_HSTS_PRELOAD),
  'You have not set the SECURE_HSTS_PRELOAD setting to True. Without this, your site cannot be submitted to the ' +
    'browser preload list.',
);
deploy(
  'security.W006',
  unlessSecurity(() => settings.SECURE_CONTENT_TYPE_NOSNIFF),
  'Your SECURE_CONTENT_TYPE_NOSNIFF setting is not set to True, so your pages will not be served with an ' +
    "'X-Content-Type-Options: nosniff' header. You should consider enabling this header to prevent the browser " +
    'from identifying content types incorrectly.',
);
deploy(
  'security.W008',
  unlessSecurity(() => settings.SECURE_SSL_REDIRECT),
  'Your SECURE_SSL_REDIRECT setting is not set to True. Unless your site should be available over both SSL and ' +
    'non-SSL connections, you may want to either set this setting True or configure a load balancer or ' +
    'reverse-proxy server to redirect all connections to HTTPS.',
);
register(
  () => (isStrong(String(givenSetting('SECRET_KEY') ?? '')) ? [] : [weakKey('SECRET_KEY', 'security.W009')]),
  Tags.security,
  { deploy: true },
);
register(
  () =>
    (givenSetting('SECRET_KEY_FALLBACKS') as readonly string[]).flatMap((key, index) =>
      isStrong(key) ? [] : [weakKey(`SECRET_KEY_FALLBACKS[${index}]`, 'security.W025')],
    ),
  Tags.security,
  { deploy: true },
);
deploy('security.W018', () => !settings.DEBUG, 'You should not have DEBUG set to True in deployment.');
deploy(
  'security.W019',
  () => !hasMiddleware(XFRAME_MIDDLEWARE) || settings.X_FRAME_OPTIONS === 'DENY',
  `You have '${XFRAME_MIDDLEWARE}' in your MIDDLEWARE, but X_FRAME_OPTIONS is not set to 'DENY'. Unless there is ` +
    "a good reason for your site to serve other parts of itself in a frame, you should change it to 'DENY'.",
);
deploy(
  'security.W020',
  () => settings.ALLOWED_HOSTS.length > 0,
  'ALLOWED_HOSTS must not be empty in deployment.',
);

register(
  (): CheckMessage[] => {
    if (!hasMiddleware(SECURITY_MIDDLEWARE)) return [];
    const policy = settings.SECURE_REFERRER_POLICY;
    if (policy === null) {
      return [
        new Warning(
          'You have not set the SECURE_REFERRER_POLICY setting. Without this, your site will not send a ' +
            'Referrer-Policy header. You should consider enabling this header to protect user privacy.',
          { id: 'security.W022' },
        ),
      ];
    }
    const values = typeof policy === 'string' ? policy.split(',').map((value) => value.trim()) : policy;
    if (values.every((value) => REFERRER_POLICY_VALUES.has(value))) return [];
    return [
      new CheckError('You have set the SECURE_REFERRER_POLICY setting to an invalid value.', {
        hint: `Valid values are: ${[...REFERRER_POLICY_VALUES].sort().join(', ')}.`,
        id: 'security.E023',
      }),
    ];
  },
  Tags.security,
  { deploy: true },
);
register(
  () => {
    const policy = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY;
    if (!hasMiddleware(SECURITY_MIDDLEWARE) || policy === null || OPENER_POLICY_VALUES.has(policy)) return [];
    return [
      new CheckError('You have set the SECURE_CROSS_ORIGIN_OPENER_POLICY setting to an invalid value.', {
        hint: `Valid values are: ${[...OPENER_POLICY_VALUES].sort().join(', ')}.`,
        id: 'security.E024',
      }),
    ];
  },
  Tags.security,
  { deploy: true },
);
