/**
 * The checks of the URLconf: it loads, its patterns are patterns, its names and namespaces can be reversed.
 *
 * Django: `django.core.checks.urls` and the `check()` methods of `django.urls.resolvers`.
 */
import { settings } from '../../conf';
import type { Pattern } from '../../urls/patterns';
import type { URLResolver, UrlEntry } from '../../urls/resolvers';
import { resolveModule } from '../../utils/module_loading';
import { Error as CheckError, type CheckMessage, Warning } from './messages';
import { refused } from './named';
import { register, Tags } from './registry';

type Urls = typeof import('../../urls');

/** What is wrong with the name in ROOT_URLCONF; of what its module includes, the error is the module's. */
function checkRoot(): CheckMessage[] {
  const { ROOT_URLCONF: name } = settings;
  return typeof name === 'string' && name !== ''
    ? refused('settings.E003', () => resolveModule(name), 'The ROOT_URLCONF setting cannot be loaded: ')
    : [];
}

/** The resolver of ROOT_URLCONF; `undefined` for a site without URLs. */
function rootResolver(): { resolver: URLResolver; urls: Urls } | undefined {
  if (!settings.ROOT_URLCONF || checkRoot().length > 0) return undefined;
  const urls = require('../../urls') as Urls;
  return { resolver: urls.getResolver(), urls };
}

function checkName(entry: UrlEntry): CheckMessage[] {
  if (!entry.name?.includes(':')) return [];
  return [
    new Warning(
      `Your URL pattern ${entry.describe()} has a name including a ':'. Remove the colon, to avoid ambiguous ` +
        'namespace references.',
      { id: 'urls.W003' },
    ),
  ];
}

function checkStart(pattern: Pattern): CheckMessage[] {
  if (!settings.APPEND_SLASH) return []; // Without it a leading slash can be of use.
  const text = pattern.toString();
  if (!/^\^?\\?\//.test(text) || text.endsWith('/')) return [];
  return [
    new Warning(
      `Your URL pattern ${pattern.describe()} has a route beginning with a '/'. Remove this slash as it is ` +
        'unnecessary. If this pattern is targeted in an include(), ensure the include() pattern has a trailing ' +
        "'/'.",
      { id: 'urls.W002' },
    ),
  ];
}

function checkDollar(pattern: Pattern): CheckMessage[] {
  const text = pattern.toString();
  if (!text.endsWith('$') || text.endsWith('\\$')) return [];
  return [
    new Warning(
      `Your URL pattern ${pattern.describe()} uses include with a route ending with a '$'. Remove the dollar from ` +
        'the route to avoid problems including URLs.',
      { id: 'urls.W001' },
    ),
  ];
}

/** A route of path() that is written as a regular expression matches those characters themselves. */
function checkRoute(pattern: Pattern, { RoutePattern }: Urls): CheckMessage[] {
  if (!(pattern instanceof RoutePattern)) return [];
  const { route } = pattern;
  if (!route.includes('(?P<') && !route.startsWith('^') && !route.endsWith('$')) return [];
  return [
    new Warning(
      `Your URL pattern ${pattern.describe()} has a route that contains '(?P<', begins with a '^', or ends with a ` +
        "'$'. This was likely an oversight when migrating to django.urls.path().",
      { id: '2_0.W001' },
    ),
  ];
}

/** `<int:id` is text of the route, and no parameter. */
function checkBrackets(pattern: Pattern, { RoutePattern }: Urls): CheckMessage[] {
  if (!(pattern instanceof RoutePattern)) return [];
  const unmatched: string[] = [];
  let open = 0;
  for (const bracket of pattern.route.replace(/[^<>]/g, '')) {
    open += bracket === '<' ? 1 : -1;
    if (open >= 0) continue;
    unmatched.push('>');
    open = 0;
  }
  if (open > 0) unmatched.push('<');
  return unmatched.map(
    (bracket) =>
      new Warning(`Your URL pattern ${pattern.describe()} has an unmatched '${bracket}' bracket.`, {
        id: 'urls.W010',
      }),
  );
}

function invalid(entry: unknown): CheckMessage[] {
  const shown = typeof entry === 'string' ? `'${entry}'` : String(entry);
  const hint =
    typeof entry === 'string'
      ? `Try removing the string '${entry}'. The list of urlpatterns should not have a prefix string as the first ` +
        'element.'
      : Array.isArray(entry)
        ? 'Try using path() instead of a list.'
        : undefined;
  return [
    new CheckError(
      `Your URL pattern ${shown} is invalid. Ensure that urlpatterns is a list of path() and/or re_path() instances.`,
      { hint, id: 'urls.E004' },
    ),
  ];
}

function checkEntries(entries: readonly unknown[], urls: Urls): CheckMessage[] {
  return entries.flatMap((entry) => {
    if (entry instanceof urls.URLResolver) {
      const { pattern } = entry;
      return [
        ...checkStart(pattern),
        ...checkDollar(pattern),
        ...checkBrackets(pattern, urls),
        ...checkRoute(pattern, urls),
        ...checkEntries(entry.urlPatterns, urls),
      ];
    }
    if (!(entry instanceof urls.URLPattern)) return invalid(entry);
    return [
      ...checkName(entry),
      ...checkStart(entry.pattern),
      ...checkBrackets(entry.pattern, urls),
      ...checkRoute(entry.pattern, urls),
    ];
  });
}

/** The handlers of errors that the URLconf names itself; those of the framework are known to be right. */
function checkHandlers(resolver: URLResolver): CheckMessage[] {
  const module = resolver.urlconfModule as unknown as Record<string, unknown>;
  return ([400, 403, 404, 500] as const).flatMap((status): CheckMessage[] => {
    const view = module[`handler${status}`];
    if (view === undefined) return [];
    try {
      if (typeof resolver.resolveErrorHandler(status) === 'function') return [];
    } catch (error) {
      const message = `The custom handler${status} view '${String(view)}' could not be imported.`;
      return [new CheckError(message, { hint: (error as Error).message, id: 'urls.E008' })];
    }
    return [
      new CheckError(`The custom handler${status} view '${String(view)}' is not a function.`, {
        id: 'urls.E007',
      }),
    ];
  });
}

function namespaces(resolver: URLResolver, urls: Urls, parents: readonly string[] = []): string[] {
  return resolver.urlPatterns.flatMap((entry) => {
    if (!(entry instanceof urls.URLResolver)) return [];
    const path = entry.namespace === undefined ? parents : [...parents, entry.namespace];
    return [...(entry.namespace === undefined ? [] : [path.join(':')]), ...namespaces(entry, urls, path)];
  });
}

register(checkRoot, Tags.urls);
register(() => {
  const root = rootResolver();
  if (!root) return [];
  return [...checkEntries(root.resolver.urlPatterns, root.urls), ...checkHandlers(root.resolver)];
}, Tags.urls);
register(() => {
  const root = rootResolver();
  if (!root) return [];
  const all = namespaces(root.resolver, root.urls);
  const repeated = new Set(all.filter((name, index) => all.indexOf(name) !== index));
  return [...repeated].map(
    (name) =>
      new Warning(
        `URL namespace '${name}' isn't unique. You may not be able to reverse all URLs in this namespace`,
        { id: 'urls.W005' },
      ),
  );
}, Tags.urls);
register(
  () =>
    (['STATIC_URL', 'MEDIA_URL'] as const)
      .filter((name) => settings[name] && !settings[name]?.endsWith('/'))
      .map((name) => new CheckError(`The ${name} setting must end with a slash.`, { id: 'urls.E006' })),
  Tags.urls,
);
