/** The action that every admin has. Django: `django.contrib.admin.actions`. */
import { PermissionDenied } from '../../core/exceptions';
import type { Model } from '../../db/models/base';
import type { QuerySet } from '../../db/models/query';
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import { TemplateResponse } from '../../template/response';
import { gettextLazy as _, gettext } from '../../utils/translation';
import { ACTION_CHECKBOX_NAME } from './helpers';
import type { ModelAdmin } from './options/model_admin';
import type { ActionFunction } from './sites';
import { modelNgettext } from './utils/names';

/**
 * Shows what would go with the objects that were chosen, and deletes them once that was confirmed.
 *
 * @throws PermissionDenied for whoever may not delete some of it.
 */
export const deleteSelected: ActionFunction = Object.assign(
  async function deleteSelected(
    admin: ModelAdmin,
    request: HttpRequest,
    queryset: QuerySet<Model>,
  ): Promise<HttpResponseBase | undefined> {
    const { opts } = admin;
    const rows = await queryset;
    const found = await admin.getDeletedObjects(rows, request);
    const name = modelNgettext(opts, rows.length);
    if (request.POST.has('post') && found.protected.length === 0) {
      if (found.permsNeeded.size > 0) throw new PermissionDenied();
      if (rows.length > 0) {
        await admin.logDeletions(request, rows);
        await admin.deleteQueryset(request, queryset);
        const text = gettext('Successfully deleted %(count)d %(items)s.')
          .replace('%(count)d', String(rows.length))
          .replace('%(items)s', name);
        admin.messageUser(request, text);
      }
      // Back to the list.
      return undefined;
    }
    const isBlocked = found.permsNeeded.size > 0 || found.protected.length > 0;
    const { appLabel, modelName } = opts;
    request.currentApp = admin.adminSite.name;
    return new TemplateResponse(
      request,
      admin.deleteSelectedConfirmationTemplate ?? [
        `admin/${appLabel}/${modelName}/delete_selected_confirmation.html`,
        `admin/${appLabel}/delete_selected_confirmation.html`,
        'admin/delete_selected_confirmation.html',
      ],
      {
        ...(await admin.adminSite.eachContext(request)),
        title: isBlocked
          ? gettext('Cannot delete %(name)s').replace('%(name)s', name)
          : gettext('Delete multiple objects'),
        subtitle: null,
        objects_name: name,
        deletable_objects: [found.toDelete],
        model_count: [...found.modelCount],
        queryset: rows,
        perms_lacking: found.permsNeeded,
        protected: found.protected,
        opts,
        action_checkbox_name: ACTION_CHECKBOX_NAME,
        media: admin.media,
      },
    );
  },
  { allowedPermissions: ['delete'], shortDescription: _('Delete selected %(verbose_name_plural)s') },
) as unknown as ActionFunction;
