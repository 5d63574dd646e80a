/** A search over everything that somebody may see: pages, models, objects. Ctrl+K opens it; without scripts it is a page. */
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import type { HttpRequest } from '../../../http/request';
import { HttpResponse, JsonResponse } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { toStr } from '../../../python/str';
import { TemplateResponse } from '../../../template/response';
import { reverse } from '../../../urls';
import { gettext } from '../../../utils/translation';
import { maySeeActivity } from '../activity';
import type { ModelAdmin } from '../options/model_admin';
import { pageOf } from '../options/responses';
import { pageLinks } from '../pages';
import type { AdminSite } from '../sites';
import { quoteKey } from '../utils/keys';

/** What was found: a place, and of which kind it is. */
export interface Found {
  readonly text: string;
  readonly kind: string;
  readonly url: string;
}

/** Of each model so many objects are shown; shorter texts than that are looked for among pages and models alone. */
const OBJECTS = 5;
const SHORTEST = 2;
/** Longer texts are cut: nobody types them. */
const LONGEST = 200;

async function objectsOf(admin: ModelAdmin, request: HttpRequest, term: string): Promise<Found[]> {
  if (admin.getSearchFields(request).length === 0) return [];
  const [found, mayHaveDuplicates] = admin.getSearchResults(request, admin.getQueryset(request), term);
  const rows = (mayHaveDuplicates ? found.distinct() : found) as unknown as QuerySet<Model>;
  return (await rows.slice(0, OBJECTS)).map((row) => ({
    text: toStr(row),
    kind: String(admin.opts.verboseName),
    url: pageOf(admin, 'change', quoteKey(row.pk)),
  }));
}

/** What a text is found in, of what whoever asks may see: each model is asked for its permission. */
export async function searchAll(site: AdminSite, request: HttpRequest, given: string): Promise<Found[]> {
  const term = given.trim().slice(0, LONGEST);
  const isIn = (text: string): boolean => text.toLowerCase().includes(term.toLowerCase());
  const pages = await pageLinks(site, request);
  const found: Found[] = pages
    .filter(({ title }) => isIn(title))
    .map(({ title, url }) => ({ text: title, kind: gettext('Page'), url }));
  const activity = gettext('Activity');
  if (isIn(activity) && (await maySeeActivity(request))) {
    const url = reverse('admin:activity', { currentApp: site.name });
    found.push({ text: activity, kind: gettext('Page'), url });
  }
  const objects: Found[] = [];
  for (const { models } of await site.getAppList(request)) {
    for (const { model, name, admin_url: url } of models) {
      if (url === null) continue;
      if (isIn(name)) found.push({ text: name, kind: gettext('List'), url });
      const admin = site.find(model as never);
      if (admin === undefined || term.length < SHORTEST || term.includes('\0')) continue;
      objects.push(...(await objectsOf(admin, request, term)));
    }
  }
  return [...found, ...objects];
}

/** The search as a page, and as JSON for the script. */
export async function paletteView(site: AdminSite, request: HttpRequest): Promise<HttpResponseBase> {
  const query = request.GET.get('q') ?? '';
  if (request.method !== 'GET' && request.method !== 'HEAD') return new HttpResponse('', { status: 405 });
  const results = await searchAll(site, request, query);
  if (request.GET.has('json')) return new JsonResponse({ results });
  request.currentApp = site.name;
  return new TemplateResponse(request, 'admin/palette.html', {
    ...(await site.eachContext(request)),
    title: gettext('Search everything'),
    subtitle: null,
    query,
    results,
  });
}
