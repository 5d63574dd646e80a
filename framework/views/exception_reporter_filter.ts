/**
 * What of a request and of the settings may be shown on a debug page.
 *
 * Django: `django.views.debug.SafeExceptionReporterFilter`;
 * https://docs.djangoproject.com/en/5.2/howto/error-reporting/#filtering-sensitive-information
 */
import { settings } from '../conf';
import { isPlainObject } from '../python/dict';

/** A request, as far as a debug page reads it: any part may be unreadable when the request is what failed. */
export interface ReportedRequest {
  readonly method?: string | null;
  readonly path?: string;
  readonly META?: object;
  readonly COOKIES?: object;
  readonly GET?: object;
  readonly POST?: object;
  readonly FILES?: object;
  /** The POSTed fields that the view marked: see `sensitivePostParameters` of `views/decorators`. */
  readonly sensitivePostParameters?: ReadonlySet<string> | '__ALL__';
}

const NOTHING: ReadonlySet<string> = new Set();

/** Decides what is replaced by stars. Name a subclass in DEFAULT_EXCEPTION_REPORTER_FILTER to decide otherwise. */
export class SafeExceptionReporterFilter {
  /** What stands in for a secret. */
  cleansedSubstitute = '********************';
  /** Names that hold secrets, wherever in the name the word stands. */
  hiddenSettings = /API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|HTTP_COOKIE/i;

  /** The value of one setting, with what is secret inside it replaced. Functions are shown by name only. */
  cleanseSetting(key: string, value: unknown, depth = 0): unknown {
    if (this.hiddenSettings.test(key)) return this.cleansedSubstitute;
    if (depth > 8) return '…';
    if (Array.isArray(value)) return value.map((item) => this.cleanseSetting('', item, depth + 1));
    if (value !== null && typeof value === 'object' && isPlainObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, this.cleanseSetting(name, item, depth + 1)]),
      );
    }
    if (value instanceof URL) return withoutPassword(String(value), this.cleansedSubstitute);
    if (value instanceof Map && isPlainMap(value)) {
      return new Map(
        [...value].map(([name, item]) => [name, this.cleanseSetting(String(name), item, depth + 1)]),
      );
    }
    if (value instanceof Set)
      return new Set([...value].map((item) => this.cleanseSetting('', item, depth + 1)));
    // What an object of the site's holds is not known: it is shown by its class, as Django does.
    if (value !== null && typeof value === 'object' && !isShown(value)) {
      return `<${(value as object).constructor?.name || 'object'} object>`;
    }
    if (typeof value === 'function') return `<${value.name || 'function'}>`;
    return typeof value === 'string' ? withoutPassword(value, this.cleansedSubstitute) : value;
  }

  /** Every setting by name, in order, cleansed. */
  getSafeSettings(): [string, unknown][] {
    return Object.entries(settings)
      .filter(([name]) => /^[A-Z]/.test(name))
      .map(([name, value]): [string, unknown] => [name, this.cleanseSetting(name, value)])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** META, cleansed. */
  getSafeRequestMeta(request: ReportedRequest): [string, unknown][] {
    return Object.entries(request.META ?? {})
      .map(([name, value]): [string, unknown] => [name, this.cleanseSetting(name, value)])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The cookies: the session's is a key to somebody's account, and is not shown. */
  getSafeCookies(request: ReportedRequest): [string, unknown][] {
    return Object.entries(request.COOKIES ?? {}).map(([name, value]) => [
      name,
      name === settings.SESSION_COOKIE_NAME ? this.cleansedSubstitute : this.cleanseSetting(name, value),
    ]);
  }

  /** Whether what views mark as sensitive is hidden: while DEBUG is off. */
  isActive(_request: ReportedRequest): boolean {
    return !settings.DEBUG;
  }

  /**
   * The POSTed fields. Those that the view marked (`sensitivePostParameters`) are hidden where the filter is active; a password
   * typed by somebody is hidden here with DEBUG, too, where Django shows it.
   */
  getPostParameters(request: ReportedRequest): [string, unknown][] {
    const marked = (this.isActive(request) && request.sensitivePostParameters) || NOTHING;
    return entriesOf(request.POST).map(([name, value]) => [
      name,
      marked === '__ALL__' || marked.has(name) ? this.cleansedSubstitute : this.cleanseSetting(name, value),
    ]);
  }
}

function isPlainMap(value: Map<unknown, unknown>): boolean {
  return Object.getPrototypeOf(value) === Map.prototype;
}

/** Objects that say nothing but what they are. */
function isShown(value: object): boolean {
  return value instanceof Date || value instanceof RegExp;
}

/**
 * A URL's password: `redis://user:password@host` is how CACHES and DATABASES carry one. It ends at the last `@`, since
 * people write passwords that hold one.
 */
function withoutPassword(text: string, substitute: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/[^:@/\s]*:)/i.exec(text);
  const end = match === null ? -1 : text.lastIndexOf('@');
  return match === null || end < match[0].length ? text : `${match[0]}${substitute}${text.slice(end)}`;
}

/** The pairs of a QueryDict, a map or an object. */
export function entriesOf(value: unknown): [string, unknown][] {
  if (value === null || typeof value !== 'object') return [];
  const items = (value as { lists?: () => Iterable<[string, unknown[]]> }).lists;
  if (typeof items === 'function') {
    return [...items.call(value)].map(([name, list]) => [name, list.length === 1 ? list[0] : list]);
  }
  if (value instanceof Map) return [...(value as Map<string, unknown>)];
  return Object.entries(value);
}
