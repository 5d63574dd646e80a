/** Django: `django.contrib.staticfiles.views`. */
import path from 'node:path';
import { settings } from '../../conf';
import type { HttpRequest } from '../../http/request';
import { Http404 } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import type { MaybePromise } from '../../utils/maybe_promise';
import { serve as serveFile } from '../../views/static';
import { find } from './finders';

/**
 * A static file, looked up by the finders: nothing has to be collected.
 *
 * @throws Http404 with DEBUG off, unless `insecure`: production has servers that are made for files.
 */
export function serve(
  request: HttpRequest,
  { path: name, insecure = false }: { path: string; insecure?: boolean },
): MaybePromise<HttpResponseBase> {
  if (!settings.DEBUG && !insecure) throw new Http404('Static files are served here with DEBUG only.');
  const normalized = path.posix.normalize(name).replace(/^\/+/, '');
  const outside = normalized === '..' || normalized.startsWith('../');
  const file = outside ? undefined : find(normalized);
  if (file === undefined) throw new Http404(`'${name}' could not be found`);
  return serveFile(request, { path: path.basename(file), documentRoot: path.dirname(file) });
}
