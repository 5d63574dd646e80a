/**
 * The views of errors, unless the URLconf has its own (`handler404`, …). Each renders the template that is named
 * for it (`404.html`), if the site has one. https://docs.djangoproject.com/en/5.2/ref/views/#error-views
 */
import { settings } from '../conf';
import type { HttpRequest } from '../http/request';
import {
  type HttpResponse,
  HttpResponseBadRequest,
  HttpResponseForbidden,
  HttpResponseNotFound,
  HttpResponseServerError,
  type ResponseOptions,
} from '../http/response';
import { quote } from '../utils/encoding';
import { type MaybePromise, then } from '../utils/maybe_promise';

type ResponseClass = new (content: string, options?: ResponseOptions) => HttpResponse;

/** The page of a site without templates. */
function plainPage(title: string, details = ''): string {
  return (
    `\n<!doctype html>\n<html lang="en">\n<head>\n  <title>${title}</title>\n</head>\n<body>\n` +
    `  <h1>${title}</h1><p>${details}</p>\n</body>\n</html>\n`
  );
}

interface ErrorPage {
  Response: ResponseClass;
  templateName: string;
  defaultName: string;
  title: string;
  details?: string;
  context?: Record<string, unknown>;
  request?: HttpRequest;
}

/**
 * The page of an error: the site's template, or a plain one.
 *
 * @internal
 * @throws TemplateDoesNotExist for a template name that a site gave itself.
 */
export function errorPage(page: ErrorPage): MaybePromise<HttpResponse> {
  const plain = (): HttpResponse => new page.Response(plainPage(page.title, page.details));
  if (settings.TEMPLATES.length === 0 && page.templateName === page.defaultName) return plain();
  const { getTemplate } = require('../template/loader') as typeof import('../template/loader');
  const { TemplateDoesNotExist } =
    require('../template/exceptions') as typeof import('../template/exceptions');
  let template: ReturnType<typeof getTemplate>;
  try {
    template = getTemplate(page.templateName);
  } catch (error) {
    // Only the error page itself may be missing, not what it includes.
    if (error instanceof TemplateDoesNotExist && page.templateName === page.defaultName) return plain();
    throw error;
  }
  const content = template.render(page.context ?? {}, page.request);
  return then(content, (text) => new page.Response(text));
}

/** 404. The template gets `request_path`, quoted, and `exception`: the message, or the name of its class. */
export function pageNotFound(
  request: HttpRequest,
  error: unknown,
  templateName = '404.html',
): MaybePromise<HttpResponse> {
  const { name, message } = error as Error;
  return errorPage({
    Response: HttpResponseNotFound,
    templateName,
    defaultName: '404.html',
    title: 'Not Found',
    details: 'The requested resource was not found on this server.',
    // What a resolver says lists the site's URLs: not for everybody's eyes.
    context: {
      request_path: quote(request.path),
      exception: 'tried' in (error as object) ? name : message || name,
    },
    request,
  });
}

/** 500. The template gets no context: what failed may fail again. */
export function serverError(
  _request: HttpRequest,
  templateName: unknown = '500.html',
): MaybePromise<HttpResponse> {
  return errorPage({
    Response: HttpResponseServerError,
    templateName: typeof templateName === 'string' ? templateName : '500.html',
    defaultName: '500.html',
    title: 'Server Error (500)',
  });
}

/** 400. The template gets the context processors' context alone, with nothing of the error. */
export function badRequest(
  request: HttpRequest,
  _error: unknown,
  templateName = '400.html',
): MaybePromise<HttpResponse> {
  return errorPage({
    Response: HttpResponseBadRequest,
    templateName,
    defaultName: '400.html',
    title: 'Bad Request (400)',
    request,
  });
}

/** 403. The template gets `exception`: the message of the error. */
export function permissionDenied(
  request: HttpRequest,
  error: unknown,
  templateName = '403.html',
): MaybePromise<HttpResponse> {
  return errorPage({
    Response: HttpResponseForbidden,
    templateName,
    defaultName: '403.html',
    title: '403 Forbidden',
    context: { exception: (error as Error | undefined)?.message ?? '' },
    request,
  });
}
