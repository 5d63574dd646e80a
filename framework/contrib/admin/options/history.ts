/** The page of what was done to an object. Django: `ModelAdmin.history_view`. */
import { PermissionDenied } from '../../../core/exceptions';
import { Paginator } from '../../../core/paginator';
import type { HttpRequest } from '../../../http/request';
import type { HttpResponseBase } from '../../../http/response_base';
import { TemplateResponse } from '../../../template/response';
import { capfirst } from '../../../utils/text';
import { gettext } from '../../../utils/translation';
import { ContentType } from '../../contenttypes/models';
import { LogEntry } from '../models';
import { keyText } from '../utils/keys';
import { doesNotExist, objectIdOf } from './change_form';
import type { ModelAdmin } from './model_admin';
import { templatesOf } from './responses';

export async function historyView(
  admin: ModelAdmin,
  request: HttpRequest,
  objectId: string,
  extraContext: Readonly<Record<string, unknown>>,
): Promise<HttpResponseBase> {
  const obj = await admin.getObject(request, objectIdOf(admin, objectId));
  if (obj === null) return doesNotExist(admin, request, objectId);
  if (!(await admin.hasViewOrChangePermission(request, obj))) throw new PermissionDenied();
  const contentType = await ContentType.objects.getForModel(admin.model, { forConcreteModel: false });
  const entries = LogEntry.objects
    .filter({ objectId: keyText(obj), contentType } as never)
    .selectRelated('user', 'contentType')
    .orderBy('actionTime');
  const paginator = new Paginator<LogEntry>(entries as never, 100);
  const page = await paginator.getPage(request.GET.get('p') ?? 1);
  request.currentApp = admin.adminSite.name;
  return new TemplateResponse(request, templatesOf(admin, 'object_history', admin.objectHistoryTemplate), {
    ...(await admin.adminSite.eachContext(request)),
    title: gettext('Change history: %s').replace('%s', () => String(obj)),
    subtitle: null,
    action_list: page,
    page_range: await paginator.getElidedPageRange(page.number),
    page_var: 'p',
    pagination_required: (await paginator.count) > paginator.perPage,
    module_name: capfirst(String(admin.opts.verboseNamePlural)),
    object: obj,
    opts: admin.opts,
    app_label: admin.opts.appLabel,
    preserved_filters: admin.getPreservedFilters(request),
    ...extraContext,
  });
}
