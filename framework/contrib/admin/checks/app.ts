/** What the admin needs of a site's settings, and what its admins have wrong. */
import { apps } from '../../../apps/registry';
import { type Dotted, settings } from '../../../conf';
import { placeOf } from '../../../core/checks/installed';
import { Error as CheckError, type CheckMessage, Warning } from '../../../core/checks/messages';
import type { CheckArguments } from '../../../core/checks/registry';
import { engines } from '../../../template';
import { DjangoTemplates } from '../../../template/backends/django';
import { importSetting } from '../../../utils/module_loading';
import { allSites } from '../site/registry';

/** What is wrong with the admins of the apps that are looked at. Django: `check_admin_app`. */
export function checkAdminApp({ appConfigs }: CheckArguments): CheckMessage[] {
  const labels = appConfigs === undefined ? undefined : new Set(appConfigs.map(({ label }) => label));
  return allSites().flatMap((site) => site.check(labels));
}

const APPS = [
  ['django.contrib.contenttypes', 'admin.E401'],
  ['django.contrib.auth', 'admin.E405'],
  ['django.contrib.messages', 'admin.E406'],
] as const;

const MIDDLEWARE = [
  ['django.contrib.auth.middleware.AuthenticationMiddleware', 'admin.E408'],
  ['django.contrib.messages.middleware.MessageMiddleware', 'admin.E409'],
  ['django.contrib.sessions.middleware.SessionMiddleware', 'admin.E410'],
] as const;

const SESSIONS_BEFORE_AUTH =
  "Insert 'django.contrib.sessions.middleware.SessionMiddleware' before " +
  "'django.contrib.auth.middleware.AuthenticationMiddleware'.";

/** Whether a list of functions has one that a dotted name names. */
function lists(processors: readonly Dotted[], dotted: string): boolean {
  const wanted: unknown = importSetting(dotted);
  return processors.some((entry) => {
    try {
      return importSetting(entry) === wanted;
    } catch {
      return false; // Whoever renders says it.
    }
  });
}

function* checkTemplates(): Generator<CheckMessage> {
  const backend = engines.all().find((each) => each instanceof DjangoTemplates);
  if (!(backend instanceof DjangoTemplates)) {
    yield new CheckError(
      "A 'django.template.backends.django.DjangoTemplates' instance must be configured in TEMPLATES in order to use the " +
        'admin application.',
      { id: 'admin.E403' },
    );
    return;
  }
  const processors = backend.engine.contextProcessors as readonly Dotted[];
  const lacks = (dotted: string): boolean => !lists(processors, dotted);
  if (
    lacks('django.contrib.auth.context_processors.auth') &&
    placeOf(settings.AUTHENTICATION_BACKENDS, 'django.contrib.auth.backends.ModelBackend') >= 0
  ) {
    yield new CheckError(
      "'django.contrib.auth.context_processors.auth' must be enabled in DjangoTemplates (TEMPLATES) if using the default " +
        'auth backend in order to use the admin application.',
      { id: 'admin.E402' },
    );
  }
  if (lacks('django.contrib.messages.context_processors.messages')) {
    yield new CheckError(
      "'django.contrib.messages.context_processors.messages' must be enabled in DjangoTemplates (TEMPLATES) in order to " +
        'use the admin application.',
      { id: 'admin.E404' },
    );
  }
  if (
    allSites().some(({ enableNavSidebar }) => enableNavSidebar) &&
    lacks('django.template.context_processors.request')
  ) {
    yield new Warning(
      "'django.template.context_processors.request' must be enabled in DjangoTemplates (TEMPLATES) in order to use the " +
        'admin navigation sidebar.',
      { id: 'admin.W411' },
    );
  }
}

/** What the admin needs: apps, context processors, middleware. Django: `check_dependencies`. */
export function* checkDependencies(): Generator<CheckMessage> {
  if (!apps.isInstalled('django.contrib.admin')) return;
  for (const [name, id] of APPS) {
    if (apps.isInstalled(name)) continue;
    yield new CheckError(`'${name}' must be in INSTALLED_APPS in order to use the admin application.`, {
      id,
    });
  }
  yield* checkTemplates();
  for (const [name, id] of MIDDLEWARE) {
    if (placeOf(settings.MIDDLEWARE, name) >= 0) continue;
    const hint = id === 'admin.E410' ? SESSIONS_BEFORE_AUTH : undefined;
    yield new CheckError(`'${name}' must be in MIDDLEWARE in order to use the admin application.`, {
      id,
      hint,
    });
  }
}
