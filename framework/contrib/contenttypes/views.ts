/** Django: `django.contrib.contenttypes.views`. */
import { apps } from '../../apps/registry';
import { ObjectDoesNotExist, ValueError } from '../../core/exceptions';
import { ValidationError } from '../../core/validation_error';
import type { ManyToManyManager } from '../../db/models';
import type { Model, ModelClass } from '../../db/models/base';
import type { Field } from '../../db/models/fields/base';
import { CompositePrimaryKey } from '../../db/models/fields/composite';
import type { HttpRequest } from '../../http/request';
import { Http404, HttpResponseRedirect } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import type { Site } from '../sites/models';
import { getCurrentSite } from '../sites/shortcuts';
import { ContentType } from './models';

/** What the URL says: which model, and which of its rows. The names are those of Django's own routes. */
export interface ShortcutParams {
  content_type_id: number | string;
  object_id: number | string;
}

/**
 * Leads to the page of any row, by its type and key: to what its `getAbsoluteUrl()` says, on the host of the request; with
 * contrib.sites, on the current site, or on one that the row refers to.
 *
 * @example
 * ```ts
 * path('r/<int:content_type_id>/<path:object_id>/', shortcut, { name: 'view_on_site' })
 * ```
 * @throws Http404 for a type without a model, a row that is not there, or one that has no page.
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#django.contrib.admin.ModelAdmin.view_on_site
 */
export async function shortcut(
  request: HttpRequest,
  { content_type_id: typeId, object_id: id }: ShortcutParams,
): Promise<HttpResponseBase> {
  const [row, name] = await rowOf(typeId, id);
  const { getAbsoluteUrl: urlOf } = row as { getAbsoluteUrl?: () => unknown };
  if (typeof urlOf !== 'function') throw new Http404(`${name} objects don’t have a getAbsoluteUrl() method`);
  const url = String(await urlOf.call(row));
  if (/^(https?:)?\/\//.test(url)) return new HttpResponseRedirect(url);
  const domain = await domainOf(row, request);
  return new HttpResponseRedirect(domain === null ? url : `${request.scheme}://${domain}${url}`);
}

/** The domain of a row: of the current site, if the row is on it or on none, or of a site that it is on. */
async function domainOf(row: Model, request: HttpRequest): Promise<string | null> {
  let current: string | null = null;
  try {
    current = (await getCurrentSite(request)).domain;
  } catch (error) {
    if (!(error instanceof ObjectDoesNotExist)) throw error;
  }
  if (!apps.isInstalled('tsango.contrib.sites')) return current;
  const { manyToMany, fields } = (row.constructor as ModelClass)._meta;
  const values = row as unknown as Readonly<Record<string, unknown>>;
  for (const { property } of manyToMany.filter(isOfSites)) {
    const sites = values[property] as ManyToManyManager<Site>;
    if (current !== null && (await sites.filter({ domain: current }).exists())) return current;
    const first = await sites.first();
    if (first !== null) return first.domain;
  }
  for (const { property } of fields.filter(isOfSites)) {
    const site = (await values[property]) as Site | null;
    if (site !== null) return site.domain;
  }
  return current;
}

const isOfSites = (field: Field): boolean => 'toKey' in field && field.toKey === 'sites.site';

async function rowOf(typeId: unknown, id: unknown): Promise<[row: Model, name: string]> {
  const missing = `Content type ${String(typeId)} object ${String(id)} doesn’t exist`;
  try {
    const type = await ContentType.objects.get({ pk: typeId } as never);
    const model = type.modelClass();
    if (model === null) throw new Http404(`Content type ${String(typeId)} object has no associated model`);
    const { pk: key } = model._meta;
    const pk = key instanceof CompositePrimaryKey ? key.toPython(String(id)) : id;
    return [(await type.getObjectForThisType({ pk } as never)) as Model, type.name];
  } catch (error) {
    const isUnknown =
      error instanceof ObjectDoesNotExist || error instanceof ValueError || error instanceof ValidationError;
    if (isUnknown) throw new Http404(missing, { cause: error });
    throw error;
  }
}
