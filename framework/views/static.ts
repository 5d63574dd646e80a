/**
 * Serves files of a folder while you develop: uploads, and static files through `contrib.staticfiles`.
 *
 * Django: `django.views.static`; https://docs.djangoproject.com/en/5.2/ref/views/#serving-files-in-development
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { SuspiciousFileOperation } from '../core/exceptions';
import type { HttpRequest } from '../http/request';
import { FileResponse, Http404, HttpResponse, HttpResponseRedirect } from '../http/response';
import type { HttpResponseBase } from '../http/response_base';
import { guessType } from '../python/mimetypes';
import type { BackendTemplate } from '../template/backends/base';
import { safeJoin } from '../utils/_os';
import { escapeUriPath } from '../utils/encoding';
import { escapeLeadingSlashes, httpDate } from '../utils/http';
import { type MaybePromise, then } from '../utils/maybe_promise';
import { esc } from './technical_pages';

/** What `serve` takes besides the request: from the route, or as the route's extra parameters. */
export interface ServeParams {
  /** The file, below the folder. */
  path: string;
  documentRoot: string;
  /** Lists folders, by the template `static/directory_index.html` if there is one, instead of answering 404. */
  showIndexes?: boolean;
}

/**
 * A file of the folder. Conditional and partial requests are answered by FileResponse.
 *
 * @example
 * ```ts
 * rePath('^media/(?P<path>.*)$', serve, { kwargs: { documentRoot: settings.MEDIA_ROOT } })
 * ```
 * @throws Http404 for what is not there, or lies outside.
 */
export function serve(request: HttpRequest, params: ServeParams): MaybePromise<HttpResponseBase> {
  const name = path.posix.normalize(params.path).replace(/^\/+/, '');
  const file = inside(params.documentRoot, name);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    if (!params.showIndexes) throw new Http404('Directory indexes are not allowed here.');
    if (!request.path.endsWith('/')) {
      return new HttpResponseRedirect(escapeLeadingSlashes(`${escapeUriPath(request.path)}/`));
    }
    return directoryIndex(name, file);
  }
  if (!stat?.isFile()) throw new Http404(`“${file}” does not exist`);
  // A packed file is told as what it is unpacked, and how it is packed.
  const { type, encoding } = guessType(file);
  return new FileResponse(file, {
    contentType: type ?? 'application/octet-stream',
    headers: {
      'Last-Modified': httpDate(stat.mtimeMs / 1000),
      ...(encoding !== null && { 'Content-Encoding': encoding }),
    },
  });
}

function inside(root: string, name: string): string {
  try {
    return safeJoin(root, name);
  } catch (error) {
    // Outside of the folder is the same to a client as not there.
    if (error instanceof SuspiciousFileOperation)
      throw new Http404(`“${name}” does not exist`, { cause: error });
    throw error;
  }
}

/** What a project's template of these pages is called. */
const TEMPLATE_NAMES = ['static/directory_index.html', 'static/directory_index'];

/** A page that lists a folder: of the project's template `static/directory_index.html`, if there is one. */
function directoryIndex(name: string, folder: string): MaybePromise<HttpResponse> {
  const directory = `${name}/`.replace(/\/\/$/, '/');
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort();
  const template = indexTemplate();
  if (template === undefined) return new HttpResponse(indexPage(directory, files));
  return then(template.render({ directory, file_list: files }), (page) => new HttpResponse(page));
}

function indexTemplate(): BackendTemplate | undefined {
  const { selectTemplate, TemplateDoesNotExist } = require('../template') as typeof import('../template');
  try {
    return selectTemplate(TEMPLATE_NAMES);
  } catch (error) {
    if (error instanceof TemplateDoesNotExist) return undefined;
    throw error;
  }
}

function indexPage(directory: string, files: readonly string[]): string {
  const title = `Index of ${esc(directory)}`;
  const items = ['../', ...files].map(
    (entry) =>
      `<li><a href="${esc(encodeURIComponent(entry).replaceAll('%2F', '/'))}">${esc(entry)}</a></li>`,
  );
  return `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="robots" content="NONE,NOARCHIVE"><title>${title}</title></head><body><h1>${title}</h1><ul>${items.join('\n')}</ul></body></html>\n`;
}
