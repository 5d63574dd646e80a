/** The page of a list. Django: `ModelAdmin.changelist_view`. */
import { BadRequest, PermissionDenied } from '../../../core/exceptions';
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import { router } from '../../../db/router';
import { atomic } from '../../../db/transaction';
import type { Form } from '../../../forms/forms';
import type { BaseModelFormSet, ModelForm } from '../../../forms/models';
import type { HttpRequest } from '../../../http/request';
import { HttpResponseRedirect } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { SimpleTemplateResponse, TemplateResponse } from '../../../template/response';
import { gettext, ngettext } from '../../../utils/translation';
import { prepareSizes } from '../choices';
import { lockRows, noConflicts, versionOf } from '../concurrency';
import { CONDITIONS_VAR, conditionsAddress } from '../conditions';
import { IncorrectLookupParameters } from '../exceptions';
import { ACTION_CHECKBOX_NAME, ActionForm, prepareForms } from '../helpers';
import { FINISHED_VAR, finishedResponse } from '../progress';
import { modelNgettext } from '../utils/names';
import { type ChangeList, ERROR_FLAG } from '../views/main';
import { actionChoices, reportsProgress } from './actions';
import type { ModelAdmin } from './model_admin';
import { templatesOf } from './responses';

export async function changelistView(
  admin: ModelAdmin,
  request: HttpRequest,
  extraContext: Readonly<Record<string, unknown>>,
): Promise<HttpResponseBase> {
  if (!(await admin.hasViewOrChangePermission(request))) throw new PermissionDenied();
  if (request.method === 'POST' && request.POST.has(FINISHED_VAR)) return finishedResponse(request);
  if (request.GET.has(CONDITIONS_VAR) && request.method !== 'POST') {
    const List = admin.getChangelist(request);
    return new HttpResponseRedirect(conditionsAddress(admin, new List(admin, request)));
  }
  let list: ChangeList;
  try {
    list = await admin.getChangelistInstance(request);
  } catch (error) {
    if (!(error instanceof IncorrectLookupParameters)) throw error;
    // What makes no sense is left out once; twice would be for ever.
    if (request.GET.has(ERROR_FLAG)) {
      return new SimpleTemplateResponse('admin/invalid_setup.html', { title: gettext('Database error') });
    }
    return new HttpResponseRedirect(`${request.path}?${ERROR_FLAG}=1`);
  }
  const { POST } = request;
  const actions = await admin.getActions(request);
  let actionFailed = false;
  if (actions.size > 0 && request.method === 'POST') {
    const isAction = POST.has('index') && !POST.has('_save');
    const isConfirmed = POST.has(ACTION_CHECKBOX_NAME) && !POST.has('index') && !POST.has('_save');
    if (isAction || isConfirmed) {
      const response = await admin.responseAction(request, list.queryset);
      if (response !== null) return response;
      actionFailed = true;
    }
  }
  // After a failed action the list is shown as it is in the address.
  if (actionFailed) return new HttpResponseRedirect(request.getFullPath());

  const formset = await editableRows(admin, request, list);
  if (formset instanceof HttpResponseRedirect) return formset;
  // A widget that does not show what is chosen would send nothing in its place.
  if (formset !== null) await prepareForms(formset.forms as unknown as readonly Form[]);
  await list.prepare();
  const chosen = await actionForm(admin, actions);
  const name = ngettext('%(total_count)s selected', 'All %(total_count)s selected', list.resultCount);
  request.currentApp = admin.adminSite.name;
  return new TemplateResponse(request, templatesOf(admin, 'change_list', admin.changeListTemplate), {
    ...(await admin.adminSite.eachContext(request)),
    module_name: String(admin.opts.verboseNamePlural),
    selection_note: gettext('0 of %(cnt)s selected').replace('%(cnt)s', String(list.resultList.length)),
    selection_note_all: name.replace(
      '%(total_count)s',
      () => list.resultCountText ?? String(list.resultCount),
    ),
    title: list.title,
    subtitle: null,
    is_popup: list.isPopup,
    to_field: list.toField,
    cl: list,
    version:
      formset === null || !admin.detectConflicts ? '' : await versionOf({ form: null, formsets: [formset] }),
    media: admin.media.add(formset === null ? chosen.media : formset.media),
    has_add_permission: await admin.hasAddPermission(request),
    opts: list.opts,
    action_form: chosen.form,
    progress_actions: [...actions.values()].flatMap(([run, action]) => (reportsProgress(run) ? action : [])),
    actions_on_top: admin.actionsOnTop,
    actions_on_bottom: admin.actionsOnBottom,
    actions_selection_counter: admin.actionsSelectionCounter,
    preserved_filters: admin.getPreservedFilters(request),
    app_label: admin.opts.appLabel,
    ...extraContext,
  });
}

/** The form of actions; null where there are none. */
async function actionForm(
  admin: ModelAdmin,
  actions: Awaited<ReturnType<ModelAdmin['getActions']>>,
): Promise<{ readonly form: ActionForm | null; readonly media: ActionForm['media'] }> {
  const form = new (admin.actionForm ?? ActionForm)({ autoId: false });
  if (actions.size === 0) return { form: null, media: form.media };
  form.fields.action.choices = actionChoices(admin, actions);
  return { form, media: form.media };
}

/** The forms of the rows: shown, or saved where they were sent. */
async function editableRows(
  admin: ModelAdmin,
  request: HttpRequest,
  list: ChangeList,
): Promise<BaseModelFormSet | HttpResponseRedirect | null> {
  if (list.listEditable.length === 0) return null;
  const mayChange = await admin.hasChangePermission(request);
  if (mayChange) await prepareSizes(admin, request);
  if (request.method === 'POST' && request.POST.has('_save')) {
    if (!mayChange) throw new PermissionDenied();
    const FormSet = admin.getChangelistFormset(request);
    const keys = sentKeys(admin, request, FormSet);
    // What somebody else made meanwhile changes nothing.
    const rows = keys === null ? list.queryset : list.queryset.filter({ pk__in: keys } as never);
    const formset = new FormSet({ data: request.POST, files: request.FILES, queryset: rows });
    list.formset = formset;
    const isSaved = await atomic(
      async () => {
        await lockRows(admin, request, keys ?? []);
        const isValid = await formset.isValid();
        if (!(await noConflicts(admin, request, { form: null, formsets: [formset] })) || !isValid)
          return false;
        await saveRows(admin, request, formset);
        return true;
      },
      { using: router.dbForWrite(admin.model) },
    );
    return isSaved ? new HttpResponseRedirect(request.getFullPath()) : formset;
  }
  if (!mayChange) return null;
  const FormSet = admin.getChangelistFormset(request);
  const formset = new FormSet({ queryset: rowsOf(list) });
  await formset.getQueryset();
  list.formset = formset;
  return formset;
}

/** The rows of the page as a query that has them already. */
function rowsOf(list: ChangeList): QuerySet<Model> {
  return list.model._defaultManager
    .filter({ pk__in: list.resultList.map(({ pk }) => pk) } as never)
    .orderBy(...((list.queryset.query.orderBy ?? []) as never[])) as unknown as QuerySet<Model>;
}

/** The keys of the rows that were sent; null where one is none: the formset says so. */
function sentKeys(
  admin: ModelAdmin,
  request: HttpRequest,
  FormSet: new (options: object) => BaseModelFormSet,
): unknown[] | null {
  const prefix = (FormSet.prototype as BaseModelFormSet).getDefaultPrefix();
  const pattern = new RegExp(`^${prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}-\\d+-${admin.opts.pk.name}$`);
  const keys = [...request.POST.keys()]
    .filter((name) => pattern.test(name))
    .map((name) => request.POST.get(name));
  try {
    return keys.map((key) => admin.opts.pk.toPython(key));
  } catch {
    return null;
  }
}

async function saveRows(admin: ModelAdmin, request: HttpRequest, formset: BaseModelFormSet): Promise<void> {
  let count = 0;
  for (const form of formset.forms as readonly ModelForm[]) {
    if (!form.hasChanged()) continue;
    const obj = await admin.saveForm(request, form, true);
    // Whoever may change rows sent one that is none of the list.
    if (obj._state.adding) throw new BadRequest('list_editable does not allow adding.');
    await admin.saveModel(request, obj, form, true);
    await admin.saveRelated(request, form, [], true);
    await admin.logChange(request, obj, await admin.constructChangeMessage(request, form, []));
    count += 1;
  }
  if (count === 0) return;
  const text = ngettext(
    '%(count)s %(name)s was changed successfully.',
    '%(count)s %(name)s were changed successfully.',
    count,
  )
    .replace('%(count)s', String(count))
    .replace('%(name)s', modelNgettext(admin.opts, count));
  admin.messageUser(request, text);
}
