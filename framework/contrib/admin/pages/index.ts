/** Pages of a site's own, in the frame of its admin. Django has no such thing: one overrides `get_urls()` and copies a template. */
import { PermissionDenied } from '../../../core/exceptions';
import type { HttpRequest } from '../../../http/request';
import { HttpResponseBase } from '../../../http/response_base';
import { TemplateResponse } from '../../../template/response';
import { path, reverse, type UrlEntry } from '../../../urls';
import type { Text } from '../../../utils/functional';
import type { MaybePromise } from '../../../utils/maybe_promise';
import type { SafeString } from '../../../utils/safestring';
import type { AdminSite } from '../sites';

/** What a page shows: HTML, a template with its context, or a response of its own. */
export type PageContent =
  | SafeString
  | { readonly template: string; readonly context?: Readonly<Record<string, unknown>> }
  | HttpResponseBase;

/** A page of a site's own. */
export interface AdminPage {
  /** Where it is below the admin, with a slash at its end: `sales/`, or with parameters. */
  readonly route: string;
  /** The name of its URL pattern: `admin:sales`. */
  readonly name: string;
  readonly title: Text;
  /** What it shows. A template extends `admin/base_site.html` and has what every page of the admin knows. */
  readonly view: (
    request: HttpRequest,
    params: Readonly<Record<string, unknown>>,
  ) => MaybePromise<PageContent>;
  /** Who may see it, of those who may enter. Default: all of them. It is asked at every request, and for every link. */
  readonly hasPermission?: (request: HttpRequest) => MaybePromise<boolean>;
}

/** A link to a page, as templates see it. */
export interface PageLink {
  readonly title: string;
  readonly url: string;
}

/** Shows a page in the frame. @throws PermissionDenied */
async function show(
  site: AdminSite,
  page: AdminPage,
  request: HttpRequest,
  params: Readonly<Record<string, unknown>>,
): Promise<HttpResponseBase> {
  if (page.hasPermission !== undefined && !(await page.hasPermission(request))) throw new PermissionDenied();
  const content = await page.view(request, params);
  if (content instanceof HttpResponseBase) return content;
  request.currentApp = site.name;
  const isTemplate = 'template' in content;
  return new TemplateResponse(request, isTemplate ? content.template : 'admin/base_site.html', {
    ...(await site.eachContext(request)),
    title: String(page.title),
    subtitle: null,
    ...(isTemplate ? content.context : { content }),
  });
}

/** The patterns of a site's own pages. */
export function pageUrls(site: AdminSite): UrlEntry[] {
  return site.ownPages.map((page) =>
    path(
      page.route,
      site.adminView((request, params) => show(site, page, request, params)),
      { name: page.name },
    ),
  );
}

/** The pages that whoever asks may see; those with parameters have no link. */
export async function pageLinks(site: AdminSite, request: HttpRequest): Promise<PageLink[]> {
  const links: PageLink[] = [];
  for (const { route, name, title, hasPermission } of site.ownPages) {
    if (route.includes('<') || (hasPermission !== undefined && !(await hasPermission(request)))) continue;
    links.push({ title: String(title), url: reverse(`admin:${name}`, { currentApp: site.name }) });
  }
  return links;
}
