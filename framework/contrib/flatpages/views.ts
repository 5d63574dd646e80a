/** The page of a row. Django: `django.contrib.flatpages.views`. */
import { settings } from '../../conf';
import type { HttpRequest } from '../../http/request';
import { Http404, HttpResponse, HttpResponsePermanentRedirect } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import { getObjectOr404 } from '../../shortcuts';
import { getTemplate, selectTemplate } from '../../template/loader';
import { markSafe } from '../../utils/safestring';
import { csrfProtect } from '../../views/decorators/csrf';
import { redirectToLogin } from '../auth/redirect';
import type { Site } from '../sites/models';
import { getCurrentSite } from '../sites/shortcuts';
import { FlatPage } from './models';

/** What shows a page that names no template of its own. */
export const DEFAULT_TEMPLATE = 'flatpages/default.html';

/** What the URL says: the address of the page. */
export interface FlatpageParams {
  url: string;
}

/**
 * Shows the flat page of an address, by its template or `flatpages/default.html`, with `flatpage` in its context. Without
 * the slash at its end an address leads to the one that has it, where APPEND_SLASH says so; a page for users leads to the
 * log-in page.
 *
 * @example
 * ```ts
 * path('about-us/', flatpage, { kwargs: { url: '/about-us/' }, name: 'about' })
 * ```
 * @throws Http404 where the current site has no such page.
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/flatpages/
 */
export async function flatpage(
  request: HttpRequest,
  { url: given }: FlatpageParams,
): Promise<HttpResponseBase> {
  const url = given.startsWith('/') ? given : `/${given}`;
  const { id } = (await getCurrentSite(request)) as Site;
  const pageOf = (address: string): Promise<FlatPage> =>
    getObjectOr404(FlatPage, { url: address, sites: id } as never);
  let page: FlatPage;
  try {
    page = await pageOf(url);
  } catch (error) {
    if (!(error instanceof Http404) || url.endsWith('/') || !settings.APPEND_SLASH) throw error;
    await pageOf(`${url}/`);
    return new HttpResponsePermanentRedirect(`${request.path}/`);
  }
  return renderFlatpage(request, { page });
}

/**
 * Protected by itself: where the middleware answers, the one for CSRF has not seen a view, and a page may have a form. Not
 * `flatpage()` as a whole, for a 404 needs no token.
 */
const renderFlatpage = csrfProtect(
  async (request: HttpRequest, { page }: { page: FlatPage }): Promise<HttpResponseBase> => {
    if (page.registrationRequired && !(await request.user).isAuthenticated)
      return redirectToLogin(request.path);
    const template = page.templateName
      ? selectTemplate([page.templateName, DEFAULT_TEMPLATE])
      : getTemplate(DEFAULT_TEMPLATE);
    // They are HTML, written by whoever may.
    Object.assign(page, { title: markSafe(page.title), content: markSafe(page.content) });
    return new HttpResponse(await template.render({ flatpage: page }, request));
  },
);
