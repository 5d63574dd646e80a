/** The forms of an admin, and what they begin with. */
import { FieldError, ValidationError, ValueError } from '../../../core/exceptions';
import type { Model } from '../../../db/models/base';
import type { Field as ModelField } from '../../../db/models/fields/base';
import { ManyToManyField } from '../../../db/models/fields/related';
import type { Field as FormField } from '../../../forms/fields/base';
import {
  type BaseModelFormSet,
  ModelForm,
  type ModelformFactoryOptions,
  type ModelformsetFactoryOptions,
  modelformFactory,
  modelformsetFactory,
} from '../../../forms/models';
import type { FormFieldOptions } from '../../../forms/models/formfields';
import { htmlName } from '../../../forms/names';
import { HiddenInput } from '../../../forms/widgets';
import type { HttpRequest } from '../../../http/request';
import { fieldOf } from '../utils/fields';
import type { BaseModelAdmin } from './base';
import { withFixedKey } from './fixed_keys';
import type { InlineModelAdmin } from './inlines';
import type { ModelAdmin } from './model_admin';

/** What makes the form field of a model's field. */
export type FieldCallback = (field: ModelField, options: FormFieldOptions) => FormField | null;

/** Gives the class that `make` makes, or has made before of the same parts. */
export type Keep = <C extends { readonly prototype: object }>(
  admin: BaseModelAdmin,
  request: HttpRequest,
  parts: readonly unknown[],
  make: (fields: FieldCallback) => C,
) => C;

/** A class of its own for each caller, who may change it. */
export const madeAnew: Keep = (admin, request, _parts, make) =>
  make((field, options) => admin.formfieldForDbfield(field, request, options));

/** How a form is made. */
export interface FormOptions {
  /** Whether it changes an object that is there. */
  readonly change?: boolean;
  /** The fields; null: all that the model has. Default: those of the fieldsets. */
  readonly fields?: readonly string[] | null;
  readonly exclude?: readonly string[] | null;
  readonly form?: unknown;
  readonly formfieldCallback?: FieldCallback;
  readonly [option: string]: unknown;
}

/** The fields that a form declares to be none of it, or that nobody may change here. */
export async function excludedFields(
  admin: BaseModelAdmin,
  request: HttpRequest,
  obj: Model | null,
  hasChangePermission: boolean,
  fields: readonly string[] | null,
): Promise<string[]> {
  const given = await admin.getExclude(request, obj);
  const exclude = (given ?? []).map((name) => admin.formNameOf(name));
  for (const name of await admin.getReadonlyFields(request, obj)) {
    if (typeof name === 'string') exclude.push(admin.formNameOf(name));
  }
  // Whoever may only look sees all fields, and changes none.
  if (!hasChangePermission && fields !== null) exclude.push(...fields);
  const own = (admin.form as unknown as typeof ModelForm | null)?._meta.exclude;
  if (given === null && own) exclude.push(...own);
  return exclude;
}

/** The fields that a form can have, of those that fieldsets name. */
export function formFieldNames(names: readonly string[]): string[] {
  return names.filter((name): name is string => typeof name === 'string');
}

/** The class of the form of an object. */
export async function adminForm(
  admin: ModelAdmin,
  request: HttpRequest,
  obj: Model | null,
  { fields: given, change = obj !== null, ...rest }: FormOptions,
  keep: Keep = madeAnew,
): Promise<typeof ModelForm> {
  const { preparePermissions } = require('./formfields') as typeof import('./formfields');
  await preparePermissions(admin, request);
  const fields = given === undefined ? admin.formNamesOf(await admin.getFieldsets(request, obj)) : given;
  const mayChange = !change || obj === null || (await admin.hasChangePermission(request, obj));
  const exclude = await excludedFields(admin, request, obj, mayChange, fields);
  return keep(admin, request, [fields, exclude], (callback) =>
    makeForm(admin, callback, fields, exclude, rest),
  );
}

/** Makes the class of a form. @throws FieldError for a field that the model does not have. */
function makeForm(
  admin: BaseModelAdmin,
  formfieldCallback: FieldCallback,
  fields: readonly string[] | null,
  exclude: readonly string[],
  rest: Readonly<Record<string, unknown>>,
): typeof ModelForm {
  const own = (admin.form ?? ModelForm) as unknown as typeof ModelForm;
  const declared = own.declaredFields ?? {};
  // A field that the form declares to be none would be asked of the model.
  const removed = Object.keys(declared).filter((name) => declared[name] === null);
  const names =
    fields === null
      ? null
      : formFieldNames(fields).filter((name) => !exclude.includes(name) && !removed.includes(name));
  const options: ModelformFactoryOptions = {
    form: withFixedKey(admin, own) as never,
    fields: names ?? own._meta.fields ?? '__all__',
    exclude: exclude.length > 0 ? exclude : null,
    formfieldCallback,
    ...rest,
  };
  try {
    const Made = modelformFactory(admin.model, options as never) as unknown as typeof ModelForm;
    void Made.baseFields;
    return Made;
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new FieldError(
      `${error.message}. Check fields/fieldsets/exclude attributes of class ${admin.constructor.name}.`,
    );
  }
}

/** The form of a row whose columns can be edited. */
export function changelistForm(admin: ModelAdmin, request: HttpRequest): typeof ModelForm {
  return modelformFactory(admin.model, {
    fields: admin.listEditable.map((name) => admin.formNameOf(name)),
    formfieldCallback: (field: ModelField, given: FormFieldOptions) =>
      admin.formfieldForDbfield(field, request, given),
  } as never) as unknown as typeof ModelForm;
}

/** The formset of the list's rows. */
export function changelistFormset(
  admin: ModelAdmin,
  request: HttpRequest,
  given: ModelformsetFactoryOptions,
): new (
  options: object,
) => BaseModelFormSet {
  return modelformsetFactory(admin.model, {
    form: admin.getChangelistForm(request) as never,
    extra: 0,
    fields: admin.listEditable.map((name) => admin.formNameOf(name)),
    formfieldCallback: (field: ModelField, own: FormFieldOptions) =>
      admin.formfieldForDbfield(field, request, own),
    ...given,
    widgets: { [admin.formNameOf(admin.opts.pk.name)]: HiddenInput },
  } as never) as never;
}

/** The inlines of which whoever asks may see anything; those that may add nothing have no empty forms. */
export async function inlineInstances(
  admin: ModelAdmin,
  request: HttpRequest,
  obj: Model | null,
): Promise<InlineModelAdmin[]> {
  const found: InlineModelAdmin[] = [];
  for (const Inline of await admin.getInlines(request, obj)) {
    const inline = new Inline(admin.model, admin.adminSite);
    const mayAdd = await inline.hasAddPermission(request, obj);
    const any =
      mayAdd ||
      (await inline.hasViewOrChangePermission(request, obj)) ||
      (await inline.hasDeletePermission(request, obj));
    if (!any) continue;
    if (!mayAdd) inline.maxNum = 0;
    found.push(inline);
  }
  return found;
}

/** The values of the address, by the names of fields; of many-to-many fields several. */
export function initialFromAddress(admin: ModelAdmin, request: HttpRequest): Record<string, unknown> {
  const initial = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of request.GET.items()) {
    const field = fieldOf(admin.opts, name);
    const key = field === undefined ? name : admin.formNameOf(name);
    initial[key] = field instanceof ManyToManyField ? String(value).split(',') : value;
  }
  return initial;
}

/** The object of a key, or of the value of another field; null where there is none. */
export async function objectOf(
  admin: ModelAdmin,
  request: HttpRequest,
  objectId: string,
  fromField: string | null,
): Promise<Model | null> {
  const field = fromField === null ? admin.opts.pk : admin.opts.getField(htmlName(fromField));
  try {
    const key = field.toPython(objectId);
    return await admin.getQueryset(request).get({ [field.name]: key } as never);
  } catch (error) {
    if (error instanceof ValidationError || error instanceof ValueError || error instanceof TypeError)
      return null;
    if (error instanceof admin.model.DoesNotExist) return null;
    throw error;
  }
}
