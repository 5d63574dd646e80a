/** The answers of an admin, and its pages. Django: `response_add`, `response_change`, … of `ModelAdmin`. */
import type { Model } from '../../../db/models/base';
import { htmlName } from '../../../forms/names';
import type { HttpRequest } from '../../../http/request';
import { HttpResponseRedirect } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { jsonDumps } from '../../../python/json_encoder';
import { toStr } from '../../../python/str';
import { TemplateResponse } from '../../../template/response';
import { reverse } from '../../../urls';
import { quote as urlquote } from '../../../utils/encoding';
import { formatHtml } from '../../../utils/html';
import { once } from '../../../utils/module_loading';
import { gettext } from '../../../utils/translation';
import type { AdminForm, InlineAdminFormSet } from '../helpers';
import { IS_POPUP_VAR, SOURCE_MODEL_VAR, TO_FIELD_VAR } from '../types';
import { keyText, quoteKey } from '../utils/keys';
import type { ModelAdmin } from './model_admin';
import { addPreservedFilters, preservedQuery } from './preserved_filters';

const contentTypes = once(
  () => require('../../contenttypes/models') as typeof import('../../contenttypes/models'),
);

/** The address of one of an admin's pages. */
export function pageOf(admin: ModelAdmin, name: string, ...args: string[]): string {
  const { appLabel, modelName } = admin.opts;
  return reverse(`admin:${appLabel}_${modelName}_${name}`, { args, currentApp: admin.adminSite.name });
}

/** The templates of a page: of the model, of the app, of all. */
export function templatesOf(admin: ModelAdmin, name: string, given: string | null): string | string[] {
  const { appLabel, modelName } = admin.opts;
  return (
    given ?? [
      `admin/${appLabel}/${modelName}/${name}.html`,
      `admin/${appLabel}/${name}.html`,
      `admin/${name}.html`,
    ]
  );
}

function filtered(admin: ModelAdmin, request: HttpRequest, url: string, withQuery = true): string {
  const preservedFilters = admin.getPreservedFilters(request);
  return addPreservedFilters(
    {
      opts: admin.opts,
      preservedFilters,
      ...(withQuery && { preservedQuery: preservedQuery(request, preservedFilters) }),
    },
    url,
  );
}

const said = (text: string, name: unknown, obj: unknown): ReturnType<typeof formatHtml> =>
  formatHtml(text.replaceAll('{name}', '{0}').replaceAll('{obj}', '{1}'), String(name), obj);

/** What a window that opened a pop-up is told. */
function popupResponse(
  admin: ModelAdmin,
  request: HttpRequest,
  data: Readonly<Record<string, unknown>>,
): HttpResponseBase {
  return new TemplateResponse(request, templatesOf(admin, 'popup_response', admin.popupResponseTemplate), {
    popup_response_data: jsonDumps(data),
  });
}

function valueFor(request: HttpRequest, obj: Model): string {
  const toField = request.POST.get(TO_FIELD_VAR);
  return keyText(obj, toField ? htmlName(toField) : undefined);
}

export async function responseAdd(
  admin: ModelAdmin,
  request: HttpRequest,
  obj: Model,
  postUrlContinue: string | null,
): Promise<HttpResponseBase> {
  const { POST } = request;
  const name = admin.opts.verboseName;
  if (POST.has(IS_POPUP_VAR)) {
    return popupResponse(admin, request, { value: valueFor(request, obj), obj: String(obj) });
  }
  const objUrl = pageOf(admin, 'change', quoteKey(obj.pk));
  const mayChange = await admin.hasChangePermission(request, obj);
  const shown = mayChange ? formatHtml('<a href="{}">{}</a>', urlquote(objUrl), String(obj)) : String(obj);
  if (POST.has('_continue') || (POST.has('_saveasnew') && admin.saveAsContinue && mayChange)) {
    let text = gettext('The {name} “{obj}” was added successfully.');
    if (mayChange) text += ` ${gettext('You may edit it again below.')}`;
    admin.messageUser(request, said(text, name, shown));
    return new HttpResponseRedirect(filtered(admin, request, postUrlContinue ?? objUrl));
  }
  if (POST.has('_addanother')) {
    const text = gettext('The {name} “{obj}” was added successfully. You may add another {name} below.');
    admin.messageUser(request, said(text, name, shown));
    return new HttpResponseRedirect(filtered(admin, request, request.path));
  }
  admin.messageUser(request, said(gettext('The {name} “{obj}” was added successfully.'), name, shown));
  return admin.responsePostSaveAdd(request, obj);
}

export async function responseChange(
  admin: ModelAdmin,
  request: HttpRequest,
  obj: Model,
): Promise<HttpResponseBase> {
  const { POST } = request;
  if (POST.has(IS_POPUP_VAR)) {
    const data = {
      action: 'change',
      value: String(request.resolverMatch?.kwargs['object_id'] ?? ''),
      obj: String(obj),
      new_value: valueFor(request, obj),
    };
    return popupResponse(admin, request, data);
  }
  const name = admin.opts.verboseName;
  const shown = formatHtml('<a href="{}">{}</a>', urlquote(request.path), String(obj));
  const tell = (text: string): void => admin.messageUser(request, said(text, name, shown));
  if (POST.has('_continue')) {
    tell(gettext('The {name} “{obj}” was changed successfully. You may edit it again below.'));
    return new HttpResponseRedirect(filtered(admin, request, request.path));
  }
  if (POST.has('_addanother')) {
    tell(gettext('The {name} “{obj}” was changed successfully. You may add another {name} below.'));
    return new HttpResponseRedirect(filtered(admin, request, pageOf(admin, 'add')));
  }
  tell(gettext('The {name} “{obj}” was changed successfully.'));
  return admin.responsePostSaveChange(request, obj);
}

/** Leads to the list, with its filters; who may not see it, to the first page. */
export async function toList(admin: ModelAdmin, request: HttpRequest): Promise<HttpResponseBase> {
  if (await admin.hasViewOrChangePermission(request)) {
    return new HttpResponseRedirect(filtered(admin, request, pageOf(admin, 'changelist'), false));
  }
  return new HttpResponseRedirect(reverse('admin:index', { currentApp: admin.adminSite.name }));
}

export async function responseDelete(
  admin: ModelAdmin,
  request: HttpRequest,
  objDisplay: string,
  objId: unknown,
): Promise<HttpResponseBase> {
  if (request.POST.has(IS_POPUP_VAR)) {
    return popupResponse(admin, request, { action: 'delete', value: toStr(objId) });
  }
  const text = gettext('The %(name)s “%(obj)s” was deleted successfully.')
    .replace('%(name)s', String(admin.opts.verboseName))
    .replace('%(obj)s', () => objDisplay);
  admin.messageUser(request, text);
  return toList(admin, request);
}

export async function renderChangeForm(
  admin: ModelAdmin,
  request: HttpRequest,
  given: Record<string, unknown>,
  {
    add = false,
    change = false,
    formUrl = '',
    obj = null,
  }: { add?: boolean; change?: boolean; formUrl?: string; obj?: Model | null },
): Promise<HttpResponseBase> {
  const { ContentType } = contentTypes();
  const formsets = given['inline_admin_formsets'] as readonly InlineAdminFormSet[];
  const { form } = given['adminform'] as AdminForm;
  const absoluteUrl = await admin.getViewOnSiteUrl(obj);
  const context = {
    ...given,
    add,
    change,
    has_view_permission: await admin.hasViewPermission(request, obj),
    has_add_permission: await admin.hasAddPermission(request),
    has_change_permission: await admin.hasChangePermission(request, obj),
    has_delete_permission: await admin.hasDeletePermission(request, obj),
    has_editable_inline_admin_formsets: formsets.some(
      (each) => each.hasAddPermission || each.hasChangePermission || each.hasDeletePermission,
    ),
    has_file_field: form.isMultipart() || formsets.some(({ formset }) => formset.isMultipart()),
    has_absolute_url: absoluteUrl !== null,
    absolute_url: absoluteUrl,
    form_url: filtered(admin, request, formUrl, false),
    opts: admin.opts,
    content_type_id: (await ContentType.objects.getForModel(admin.model, { forConcreteModel: false })).pk,
    save_as: admin.saveAs,
    save_on_top: admin.saveOnTop,
    to_field_var: TO_FIELD_VAR,
    is_popup_var: IS_POPUP_VAR,
    source_model_var: SOURCE_MODEL_VAR,
    app_label: admin.opts.appLabel,
  };
  request.currentApp = admin.adminSite.name;
  const template = add && admin.addFormTemplate !== null ? admin.addFormTemplate : admin.changeFormTemplate;
  return new TemplateResponse(request, templatesOf(admin, 'change_form', template), context);
}

export function renderDeleteForm(
  admin: ModelAdmin,
  request: HttpRequest,
  context: Record<string, unknown>,
): HttpResponseBase {
  request.currentApp = admin.adminSite.name;
  return new TemplateResponse(
    request,
    templatesOf(admin, 'delete_confirmation', admin.deleteConfirmationTemplate),
    { ...context, to_field_var: TO_FIELD_VAR, is_popup_var: IS_POPUP_VAR, media: admin.media },
  );
}
