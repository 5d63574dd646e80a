/** The helpers that views use most. Django: `django.shortcuts`; https://docs.djangoproject.com/en/5.2/topics/http/shortcuts/ */
import type { HttpRequest } from './http/request';
import { HttpResponse, type ResponseOptions } from './http/response';
import type { ContextValues } from './template/context';

/** Options of `render()`: those of a response, and which engine to use. */
export interface RenderOptions extends ResponseOptions {
  /** The alias of an engine in TEMPLATES. */
  using?: string | null;
}

/**
 * A response with a rendered template. Where the context has something to wait for, the response's content is
 * promised, and the handler waits for it.
 *
 * @param templateName one name, or several of which the first that exists is taken.
 * @throws TemplateDoesNotExist
 */
export function render(
  request: HttpRequest,
  templateName: string | readonly string[],
  context: ContextValues | null = null,
  options: RenderOptions = {},
): HttpResponse {
  const { renderToString } = require('./template/loader') as typeof import('./template/loader');
  const { using, ...rest } = options;
  return new HttpResponse(renderToString(templateName, context, request, using), rest);
}
