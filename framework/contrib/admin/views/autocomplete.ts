/** Rows for a box that completes what is typed. Django: `django.contrib.admin.views.autocomplete`. */
import { Http404, PermissionDenied } from '../../../core/exceptions';
import { EmptyPage, Paginator } from '../../../core/paginator';
import type { Model } from '../../../db/models/base';
import { classIn } from '../../../db/models/classes';
import { Exists } from '../../../db/models/expressions/subquery';
import { OuterRef } from '../../../db/models/expressions/value';
import type { Field } from '../../../db/models/fields/base';
import { ForeignKey, ManyToManyField } from '../../../db/models/fields/related';
import type { QuerySet } from '../../../db/models/query';
import { installedModels } from '../../../db/models/registry';
import type { HttpRequest } from '../../../http/request';
import { JsonResponse } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { isSearchedAnyway, searchNames } from '../choices';
import type { ModelAdmin } from '../options/model_admin';
import type { AdminSite } from '../sites';

const PER_PAGE = 20;

/** The field that asks, and the admin of the rows that it can choose. */
interface Source {
  readonly field: ForeignKey | ManyToManyField;
  readonly admin: ModelAdmin;
  readonly toField: string;
}

/** @throws PermissionDenied for whatever is not a relation that may be searched so; Http404 for an admin that searches nothing. */
async function sourceOf(site: AdminSite, request: HttpRequest): Promise<Source> {
  const { GET } = request;
  const [app, model, name] = ['app_label', 'model_name', 'field_name'].map((key) => GET.get(key) ?? '');
  let field: unknown;
  try {
    field = installedModels.getModel(app as string, model as string)._meta.findField(name as string);
  } catch {
    throw new PermissionDenied();
  }
  if (!(field instanceof ForeignKey || field instanceof ManyToManyField)) throw new PermissionDenied();
  const admin = site.find(classIn(field.model, field.remoteModel));
  if (admin === undefined) throw new PermissionDenied();
  if (admin.getSearchFields(request).length === 0) {
    const names = searchNames(admin, request);
    const source = site.find(classIn(field.model, field.model));
    const target = targetOf(field);
    if (names.length > 0 && (await isSearchedAnyway(admin, source)))
      return { field, admin: searching(admin, names), toField: target.property };
    throw new Http404(`${admin.constructor.name} must have search_fields for the autocomplete_view.`);
  }
  const target = targetOf(field);
  if (!admin.toFieldAllowed(request, target.name)) throw new PermissionDenied();
  return { field, admin, toField: target.property };
}

function targetOf(field: ForeignKey | ManyToManyField): Field {
  return field instanceof ForeignKey ? field.targetField : field.remoteModel.pk;
}

/** An admin that searches these fields. */
function searching(admin: ModelAdmin, names: readonly string[]): ModelAdmin {
  return Object.create(admin, { getSearchFields: { value: () => names } }) as ModelAdmin;
}

/** The rows of a page, and whether there are more: without counting those of a large table at each key, where the paginator is Django's. */
async function pageOf(
  admin: ModelAdmin,
  request: HttpRequest,
  rows: QuerySet<Model>,
): Promise<readonly [rows: Iterable<Model>, more: boolean]> {
  const asked = request.GET.get('page') ?? 1;
  const paginator = admin.getPaginator(request, rows, PER_PAGE);
  if (paginator.constructor !== Paginator) {
    const page = await paginator.page(asked);
    return [page, page.hasNext()];
  }
  const number = paginator.checked(asked, Number.MAX_SAFE_INTEGER / PER_PAGE);
  const start = (number - 1) * PER_PAGE;
  const found = await rows.slice(start, start + PER_PAGE + 1);
  if (found.length === 0 && number > 1) throw new EmptyPage('That page contains no results');
  return [found.slice(0, PER_PAGE), found.length > PER_PAGE];
}

/** A page of rows in which the term is found, as JSON: `{ results: [{ id, text }], pagination: { more } }`. */
export async function autocomplete(site: AdminSite, request: HttpRequest): Promise<HttpResponseBase> {
  const { field, admin, toField } = await sourceOf(site, request);
  if (!(await admin.hasViewPermission(request))) throw new PermissionDenied();
  let rows: QuerySet<Model> = admin.getQueryset(request);
  const limit: unknown = field.options.limitChoicesTo;
  const condition = typeof limit === 'function' ? (limit as () => unknown)() : limit;
  if (condition) rows = rows.complexFilter(condition as never) as unknown as QuerySet<Model>;
  const [found, mayHaveDuplicates] = admin.getSearchResults(request, rows, request.GET.get('term') ?? '');
  rows = found;
  if (mayHaveDuplicates) {
    const same = rows.filter({ pk: OuterRef('pk') } as never);
    rows = admin.getQueryset(request).filter(Exists(same as never) as never) as unknown as QuerySet<Model>;
  }
  if (!rows.ordered) rows = rows.orderBy('pk' as never) as unknown as QuerySet<Model>;
  try {
    const [page, more] = await pageOf(admin, request, rows);
    return new JsonResponse({
      results: [...page].map((row) => ({
        id: String((row as unknown as Readonly<Record<string, unknown>>)[toField]),
        text: String(row),
      })),
      pagination: { more },
    });
  } catch (error) {
    if (error instanceof EmptyPage) throw new Http404(error.message);
    throw error;
  }
}
