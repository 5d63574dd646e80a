/**
 * Variables for every template that is rendered with a request.
 *
 * Django: `django.template.context_processors`;
 * https://docs.djangoproject.com/en/5.2/ref/templates/api/#built-in-template-context-processors
 */
import { settings } from '../conf';
import type { HttpRequest } from '../http/request';
import { once } from '../utils/module_loading';

// Asked for at each page: a module that others have loaded is looked for anew at each `require`.
const csrfModule = once(
  () => require('../middleware/csrf') as { getToken(request: HttpRequest): string | null },
);

/** `csrf_token`, made when it is first printed: a page without a form needs none, and its forms share one. Always on. */
export function csrf(request: HttpRequest): Record<string, unknown> {
  let token: string | undefined;
  return {
    csrf_token: (): string => {
      if (token !== undefined) return token;
      const { getToken } = csrfModule();
      // Without CsrfViewMiddleware there is none; `{% csrf_token %}` then prints nothing.
      token = getToken(request) ?? 'NOTPROVIDED';
      return token;
    },
  };
}

/** `debug` and `sql_queries`, for addresses in INTERNAL_IPS while DEBUG is on. */
export function debug(request: HttpRequest): Record<string, unknown> {
  if (!settings.DEBUG || !settings.INTERNAL_IPS.includes(request.META['REMOTE_ADDR'] as string)) return {};
  return {
    debug: true,
    sql_queries: (): unknown[] => {
      const { connections } = require('../db') as {
        connections: { all(): Iterable<{ queries?: unknown[] }> };
      };
      return [...connections.all()].flatMap((connection) => connection.queries ?? []);
    },
  };
}

/** `LANGUAGES`, `LANGUAGE_CODE` and `LANGUAGE_BIDI`. */
export function i18n(_request: HttpRequest): Record<string, unknown> {
  const { getLanguage, getLanguageBidi } = require('../utils/translation') as {
    getLanguage(): string | null;
    getLanguageBidi?(): boolean;
  };
  return {
    LANGUAGES: settings.LANGUAGES,
    LANGUAGE_CODE: getLanguage(),
    LANGUAGE_BIDI: getLanguageBidi?.() ?? false,
  };
}

/** `TIME_ZONE`: the active one. */
export function tz(_request: HttpRequest): Record<string, unknown> {
  const { getCurrentTimezoneName } = require('../utils/timezone') as typeof import('../utils/timezone');
  return { TIME_ZONE: getCurrentTimezoneName() };
}

/** `STATIC_URL`. */
export function static_(_request: HttpRequest): Record<string, unknown> {
  return { STATIC_URL: settings.STATIC_URL };
}

export { static_ as static };

/** `MEDIA_URL`. */
export function media(_request: HttpRequest): Record<string, unknown> {
  return { MEDIA_URL: settings.MEDIA_URL };
}

/** `csp_nonce`, for the Content Security Policy. Django 6.0. */
export function csp(request: HttpRequest): Record<string, unknown> {
  const { getNonce } = require('../middleware/csp') as { getNonce(request: HttpRequest): unknown };
  return { csp_nonce: getNonce(request) };
}

/** `request`. */
export function request(current: HttpRequest): Record<string, unknown> {
  return { request: current };
}
