/** Django: `django.conf.urls.static`; https://docs.djangoproject.com/en/5.2/howto/static-files/ */

import { ImproperlyConfigured } from '../../core/exceptions';
import { rePath, type UrlEntry } from '../../urls';
import { escapeRegex } from '../../urls/regex';
import { type ServeParams, serve } from '../../views/static';
import { settings } from '../index';

/**
 * URLs of a folder's files, for development: MEDIA_ROOT below MEDIA_URL. None with DEBUG off, nor for a prefix on another
 * host: there a web server has them.
 *
 * @param prefix the start of their paths: MEDIA_URL.
 * @param params of the view `serve`, or of the `view` that stands in for it.
 * @example
 * ```ts
 * export const urlpatterns = [
 *   path('', views.index),
 *   ...static_(settings.MEDIA_URL, { documentRoot: settings.MEDIA_ROOT }),
 * ];
 * ```
 * @throws ImproperlyConfigured if the prefix is empty.
 */
export function static_(
  prefix: string,
  { view = serve, ...params }: Omit<ServeParams, 'path'> & { view?: typeof serve },
): UrlEntry[] {
  if (prefix === '') {
    throw new ImproperlyConfigured(
      'static_() was given an empty prefix, which would be every page: set MEDIA_URL, such as to "media/".',
    );
  }
  if (!settings.DEBUG || /^(\w[\w+.-]*:)?\/\//.test(prefix)) return [];
  const start = escapeRegex(prefix.replace(/^\/+/, ''));
  return [rePath(`^${start}(?P<path>.*)$`, view, { kwargs: { ...params } })];
}
