/** The page of a form. Django: `ModelAdmin._changeform_view`. */
import { PermissionDenied } from '../../../core/exceptions';
import type { Model } from '../../../db/models/base';
import { router } from '../../../db/router';
import { atomic } from '../../../db/transaction';
import type { Form } from '../../../forms/forms';
import type { BaseModelFormSet, ModelForm } from '../../../forms/models';
import type { QueryDict } from '../../../http/querydict';
import type { HttpRequest } from '../../../http/request';
import { HttpResponseRedirect } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { reverse } from '../../../urls';
import { gettext } from '../../../utils/translation';
import { lockRow, noConflicts, versionOf } from '../concurrency';
import { DisallowedModelAdminToField } from '../exceptions';
import { AdminErrorList, AdminForm, InlineAdminFormSet, prepareForm, prepareForms } from '../helpers';
import { IS_POPUP_VAR, TO_FIELD_VAR } from '../types';
import { unquoteKey } from '../utils/keys';
import { flattenFieldsets } from '../utils/names';
import { unquote } from '../utils/quote';
import { formClass, formsetClass } from './form_classes';
import type { InlineModelAdmin } from './inlines';
import type { ModelAdmin } from './model_admin';
import { numberRows } from './sorting';

/** The formsets of a page, each with its inline. */
interface Formsets {
  readonly formsets: BaseModelFormSet[];
  readonly inlines: InlineModelAdmin[];
}

/** Shows the form with GET, and takes it with POST, in one transaction. */
export async function changeformView(
  admin: ModelAdmin,
  request: HttpRequest,
  objectId: string | null,
  formUrl: string,
  extraContext: Readonly<Record<string, unknown>>,
): Promise<HttpResponseBase> {
  const view = (): Promise<HttpResponseBase> => changeform(admin, request, objectId, formUrl, extraContext);
  if (request.method === 'GET' || request.method === 'HEAD') return view();
  return atomic(view, { using: router.dbForWrite(admin.model) });
}

async function changeform(
  admin: ModelAdmin,
  request: HttpRequest,
  objectId: string | null,
  formUrl: string,
  extraContext: Readonly<Record<string, unknown>>,
): Promise<HttpResponseBase> {
  const toField = request.POST.get(TO_FIELD_VAR) ?? request.GET.get(TO_FIELD_VAR);
  if (toField && !admin.toFieldAllowed(request, toField)) {
    throw new DisallowedModelAdminToField(`The field ${toField} cannot be referenced.`);
  }
  const isPost = request.method === 'POST';
  const isNew = objectId === null || (isPost && request.POST.has('_saveasnew'));
  if (isPost && !isNew)
    await lockRow(admin, request, objectIdOf(admin, objectId as string, toField), toField ?? null);
  const obj = isNew ? null : await existing(admin, request, objectId as string, toField ?? null, isPost);
  if (obj === null && !isNew) return doesNotExist(admin, request, objectId as string);
  if (isNew && !(await admin.hasAddPermission(request))) throw new PermissionDenied();

  const fieldsets = await admin.getFieldsets(request, obj);
  const Made = (await formClass(admin, request, obj, { change: !isNew })) as unknown as new (
    options: object,
  ) => ModelForm;
  let form: ModelForm;
  let made: Formsets;
  let isValid = true;
  if (isPost) {
    form = new Made({ data: request.POST, files: request.FILES, instance: obj });
    made = await createFormsets(admin, request, form.instance, !isNew);
    isValid = await form.isValid();
    const object = isValid ? await admin.saveForm(request, form, !isNew) : form.instance;
    for (const formset of made.formsets) isValid = (await formset.isValid()) && isValid;
    if (!isNew) isValid = (await noConflicts(admin, request, { form, ...made })) && isValid;
    if (isValid) return save(admin, request, form, object, made.formsets, isNew);
  } else {
    form = isNew
      ? new Made({ initial: await admin.getChangeformInitialData(request) })
      : new Made({ instance: obj });
    made = await createFormsets(admin, request, isNew ? form.instance : (obj as Model), !isNew);
  }
  const mayChange = isNew || (await admin.hasChangePermission(request, obj));
  const readonlyFields = mayChange
    ? await admin.getReadonlyFields(request, obj)
    : flattenFieldsets(fieldsets);
  const adminform = new AdminForm({
    form: form as unknown as Form,
    fieldsets,
    prepopulated: mayChange ? await admin.getPrepopulatedFields(request, obj) : {},
    readonlyFields,
    admin,
  });
  await prepareForm(form as unknown as Form);
  const inlineFormsets = await inlineAdminFormsets(admin, request, made, obj);
  const titles = { add: gettext('Add %s'), change: gettext('Change %s'), view: gettext('View %s') };
  const title = titles[isNew ? 'add' : mayChange ? 'change' : 'view'].replace(
    '%s',
    String(admin.opts.verboseName),
  );
  const triedNew = isPost && !isValid && request.POST.has('_saveasnew');
  const context: Record<string, unknown> = {
    ...(await admin.adminSite.eachContext(request)),
    title,
    subtitle: obj === null ? null : String(obj),
    adminform,
    object_id: objectId,
    original: obj,
    is_popup: request.POST.has(IS_POPUP_VAR) || request.GET.has(IS_POPUP_VAR),
    to_field: toField ?? null,
    media: inlineFormsets.reduce((media, each) => media.add(each.media), admin.media.add(adminform.media)),
    inline_admin_formsets: inlineFormsets,
    errors: new AdminErrorList(form as unknown as Form, made.formsets),
    preserved_filters: admin.getPreservedFilters(request),
    version: isNew || !admin.detectConflicts || !mayChange ? '' : await versionOf({ form, ...made }),
    // A copy that cannot be saved yet is no new object to add another one after.
    ...(triedNew && { show_save: false, show_save_and_continue: false }),
    ...extraContext,
  };
  const add = isNew && !triedNew;
  return admin.renderChangeForm(request, context, { add, change: !add, obj, formUrl });
}

/** The key of a segment of an address, as text; or the value of the field that it is asked by. */
export function objectIdOf({ opts }: ModelAdmin, segment: string, toField?: string | null): string {
  return toField ? unquote(segment) : unquoteKey(opts.pk, segment);
}

/** The object of a key, for whoever may see it. @throws PermissionDenied */
async function existing(
  admin: ModelAdmin,
  request: HttpRequest,
  objectId: string,
  toField: string | null,
  isPost: boolean,
): Promise<Model | null> {
  const obj = await admin.getObject(request, objectIdOf(admin, objectId, toField), toField);
  const allowed = isPost
    ? await admin.hasChangePermission(request, obj)
    : await admin.hasViewOrChangePermission(request, obj);
  if (!allowed) throw new PermissionDenied();
  return obj;
}

/** Writes what was sent, and says so in the log. */
async function save(
  admin: ModelAdmin,
  request: HttpRequest,
  form: ModelForm,
  object: Model,
  formsets: readonly BaseModelFormSet[],
  isNew: boolean,
): Promise<HttpResponseBase> {
  await admin.saveModel(request, object, form, !isNew);
  await admin.saveRelated(request, form, formsets, !isNew);
  const message = await admin.constructChangeMessage(request, form, formsets, isNew);
  if (isNew) {
    await admin.logAddition(request, object, message);
    return admin.responseAdd(request, object);
  }
  await admin.logChange(request, object, message);
  return admin.responseChange(request, object);
}

/** Leads to the first page, with a message, where there is no such object (any more). */
export function doesNotExist(admin: ModelAdmin, request: HttpRequest, objectId: string): HttpResponseBase {
  const { WARNING } = require('../../messages/constants') as typeof import('../../messages/constants');
  const text = gettext('%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?')
    .replace('%(name)s', String(admin.opts.verboseName))
    .replace('%(key)s', () => unquote(objectId));
  admin.messageUser(request, text, WARNING);
  return new HttpResponseRedirect(reverse('admin:index', { currentApp: admin.adminSite.name }));
}

/** The formsets of the inlines of an object. */
async function createFormsets(
  admin: ModelAdmin,
  request: HttpRequest,
  object: Model,
  change: boolean,
): Promise<Formsets> {
  const inlines = await admin.getInlineInstances(request, change ? object : null);
  const formsets: BaseModelFormSet[] = [];
  const used = new Map<string, number>();
  for (const inline of inlines) {
    const FormSet = await formsetClass(inline, request, change ? object : null);
    const prototype = FormSet.prototype as BaseModelFormSet;
    const standard = prototype.getDefaultPrefix();
    const count = (used.get(standard) ?? 0) + 1;
    used.set(standard, count);
    const prefix = count === 1 && standard !== '' ? standard : `${standard}-${count}`;
    const isSorted = inline.sortableField !== null;
    const data = isSorted ? (request.POST.copy() as QueryDict) : request.POST;
    const sent = request.method === 'POST' && {
      data,
      files: request.FILES,
      saveAsNew: request.POST.has('_saveasnew'),
    };
    const formset = new FormSet({ instance: object, prefix, queryset: inline.getQueryset(request), ...sent });
    await formset.getQueryset();
    if (isSorted && sent) {
      const mayChange = await inline.hasChangePermission(request, change ? object : null);
      numberRows(inline, formset, data as QueryDict, mayChange);
    }
    formsets.push(formset);
  }
  return { formsets, inlines };
}

/** The formsets as templates go through them. */
async function inlineAdminFormsets(
  admin: ModelAdmin,
  request: HttpRequest,
  { formsets, inlines }: Formsets,
  obj: Model | null,
): Promise<InlineAdminFormSet[]> {
  const mayEdit =
    obj === null ? await admin.hasAddPermission(request) : await admin.hasChangePermission(request, obj);
  const made: InlineAdminFormSet[] = [];
  for (const [i, inline] of inlines.entries()) {
    const formset = formsets[i] as BaseModelFormSet;
    const permissions = {
      add: mayEdit && (await inline.hasAddPermission(request, obj)),
      change: mayEdit && (await inline.hasChangePermission(request, obj as never)),
      delete: mayEdit && (await inline.hasDeletePermission(request, obj as never)),
      view: await inline.hasViewPermission(request, obj as never),
    };
    // Where the object itself may not be changed, nothing is added to it.
    if (!mayEdit) Object.assign(formset, { extra: 0, maxNum: 0 });
    await prepareForms(formset.forms as unknown as readonly Form[]);
    made.push(
      new InlineAdminFormSet({
        inline,
        formset,
        fieldsets: await inline.getFieldsets(request, obj as never),
        prepopulated: await inline.getPrepopulatedFields(request, obj as never),
        readonlyFields: await inline.getReadonlyFields(request, obj as never),
        permissions,
      }),
    );
  }
  return made;
}
