/** The page that asks before an object is deleted. Django: `ModelAdmin._delete_view`. */
import { PermissionDenied } from '../../../core/exceptions';
import { router } from '../../../db/router';
import { atomic } from '../../../db/transaction';
import type { HttpRequest } from '../../../http/request';
import type { HttpResponseBase } from '../../../http/response_base';
import { gettext } from '../../../utils/translation';
import { DisallowedModelAdminToField } from '../exceptions';
import { IS_POPUP_VAR, TO_FIELD_VAR } from '../types';
import { keyText } from '../utils/keys';
import { doesNotExist, objectIdOf } from './change_form';
import type { ModelAdmin } from './model_admin';

/** Shows with GET what would go, and deletes it with POST, in one transaction. */
export async function deleteView(
  admin: ModelAdmin,
  request: HttpRequest,
  objectId: string,
  extraContext: Readonly<Record<string, unknown>>,
): Promise<HttpResponseBase> {
  const view = (): Promise<HttpResponseBase> => confirm(admin, request, objectId, extraContext);
  return request.method === 'POST' ? atomic(view, { using: router.dbForWrite(admin.model) }) : view();
}

async function confirm(
  admin: ModelAdmin,
  request: HttpRequest,
  objectId: string,
  extraContext: Readonly<Record<string, unknown>>,
): Promise<HttpResponseBase> {
  const toField = request.POST.get(TO_FIELD_VAR) ?? request.GET.get(TO_FIELD_VAR) ?? null;
  if (toField && !admin.toFieldAllowed(request, toField)) {
    throw new DisallowedModelAdminToField(`The field ${toField} cannot be referenced.`);
  }
  const obj = await admin.getObject(request, objectIdOf(admin, objectId, toField), toField);
  if (!(await admin.hasDeletePermission(request, obj))) throw new PermissionDenied();
  if (obj === null) return doesNotExist(admin, request, objectId);
  const found = await admin.getDeletedObjects([obj], request);
  // Nothing was sent: nobody has confirmed anything.
  if (request.POST.count() > 0 && found.protected.length === 0) {
    if (found.permsNeeded.size > 0) throw new PermissionDenied();
    const display = String(obj);
    const id = keyText(obj, toField ?? undefined);
    await admin.logDeletions(request, [obj]);
    await admin.deleteModel(request, obj);
    return admin.responseDelete(request, display, id);
  }
  const isBlocked = found.permsNeeded.size > 0 || found.protected.length > 0;
  const name = String(admin.opts.verboseName);
  return admin.renderDeleteForm(request, {
    ...(await admin.adminSite.eachContext(request)),
    title: isBlocked ? gettext('Cannot delete %(name)s').replace('%(name)s', name) : gettext('Delete'),
    subtitle: null,
    object_name: name,
    object: obj,
    deleted_objects: found.toDelete,
    model_count: [...found.modelCount],
    perms_lacking: found.permsNeeded,
    protected: found.protected,
    opts: admin.opts,
    app_label: admin.opts.appLabel,
    preserved_filters: admin.getPreservedFilters(request),
    is_popup: request.POST.has(IS_POPUP_VAR) || request.GET.has(IS_POPUP_VAR),
    to_field: toField,
    ...extraContext,
  });
}
