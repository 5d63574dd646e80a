/** The form fields of an admin. Django: `formfield_for_dbfield` and its like of `BaseModelAdmin`. */

import type { Model } from '../../../db/models/base';
import { classIn } from '../../../db/models/classes';
import type { Field as ModelField } from '../../../db/models/fields/base';
import { ForeignKey, ManyToManyField } from '../../../db/models/fields/related';
import type { QuerySet } from '../../../db/models/query';
import * as forms from '../../../forms';
import type { FormFieldOptions } from '../../../forms/models/formfields';
import type { HttpRequest } from '../../../http/request';
import { formatHtml } from '../../../utils/html';
import { gettext } from '../../../utils/translation';
import { prepareSizes, searchedIfLarge } from '../choices';
import { VERTICAL } from '../types';
import * as widgets from '../widgets';
import type { BaseModelAdmin, FormfieldOverrides } from './base';

type Options = Record<string, unknown>;
type Makes = () => Options;

/** What fields have in an admin, by the kind of the model's field. */
const DEFAULTS: Readonly<Record<string, Makes>> = {
  BigIntegerField: () => ({ widget: new widgets.AdminBigIntegerFieldWidget() }),
  CharField: () => ({ widget: new widgets.AdminTextInputWidget() }),
  DateField: () => ({ widget: new widgets.AdminDateWidget() }),
  DateTimeField: () => ({ formClass: forms.SplitDateTimeField, widget: new widgets.AdminSplitDateTime() }),
  EmailField: () => ({ widget: new widgets.AdminEmailInputWidget() }),
  FileField: () => ({ widget: new widgets.AdminFileWidget() }),
  ImageField: () => ({ widget: new widgets.AdminFileWidget() }),
  IntegerField: () => ({ widget: new widgets.AdminIntegerFieldWidget() }),
  TextField: () => ({ widget: new widgets.AdminTextareaWidget() }),
  TimeField: () => ({ widget: new widgets.AdminTimeWidget() }),
  URLField: () => ({ widget: new widgets.AdminURLFieldWidget() }),
  UUIDField: () => ({ widget: new widgets.AdminUUIDInputWidget() }),
};

/** The classes of a field, its own first. */
function* classesOf(field: ModelField): Generator<{ readonly name: string; readonly prototype: object }> {
  for (let at = field.constructor; at !== Function.prototype; at = Object.getPrototypeOf(at) as typeof at) {
    yield at;
  }
}

/** What fields of a class have: of the nearest class for which something is said, the options of an admin over ours. */
function optionsOf(field: ModelField, overrides: FormfieldOverrides): Options | undefined {
  const own = new Map(
    [...overrides].map(([cls, options]) => [(cls as { prototype: object }).prototype, options]),
  );
  for (const cls of classesOf(field)) {
    const given = own.get(cls.prototype);
    const makes = Object.hasOwn(DEFAULTS, cls.name) ? DEFAULTS[cls.name] : undefined;
    if (given !== undefined || makes !== undefined) return { ...makes?.(), ...given };
  }
  return undefined;
}

/** The form field of a model's field; null for one that no form has. */
export function formfieldFor(
  admin: BaseModelAdmin,
  field: ModelField,
  request: HttpRequest,
  options: FormFieldOptions,
): forms.Field | null {
  if (field.choices !== undefined) return ofChoices(admin, field, request, options);
  if (field instanceof ForeignKey || field instanceof ManyToManyField) {
    const overrides = optionsOf(field, admin.formfieldOverrides) ?? {};
    return ofRelation(admin, field, request, { ...overrides, ...options });
  }
  const found = optionsOf(field, admin.formfieldOverrides);
  return field.formfield({ ...found, ...options } as FormFieldOptions);
}

/** Whether a list of an admin's options names a field. */
function names(admin: BaseModelAdmin, list: readonly string[], field: ModelField): boolean {
  return list.some(
    (name) =>
      admin.opts.getField(field.name) === admin.opts.findField(name) ||
      name === field.name ||
      admin.opts.fieldsByProperty.get(name) === field,
  );
}

function ofChoices(
  admin: BaseModelAdmin,
  field: ModelField,
  request: HttpRequest,
  options: FormFieldOptions,
): forms.Field | null {
  const direction = radioDirection(admin, field);
  if (direction === undefined) return admin.formfieldForChoiceField(field, request, options);
  const radio: Options = {};
  if (!('widget' in options)) radio['widget'] = radios(direction);
  if (!('choices' in options)) {
    const choices = [...(field.choices ?? [])];
    radio['choices'] = field.blank ? [['', gettext('None')], ...choices] : choices;
  }
  return admin.formfieldForChoiceField(field, request, { ...options, ...radio });
}

function radioDirection(admin: BaseModelAdmin, field: ModelField): number | undefined {
  const name = Object.keys(admin.radioFields).find((each) => names(admin, [each], field));
  return name === undefined ? undefined : admin.radioFields[name];
}

function radios(direction: number): forms.Widget {
  return new widgets.AdminRadioSelect({
    attrs: { class: `radiolist${direction === VERTICAL ? '' : ' inline'}` },
  });
}

function ofRelation(
  admin: BaseModelAdmin,
  field: ForeignKey | ManyToManyField,
  request: HttpRequest,
  given: FormFieldOptions,
): forms.Field | null {
  const formfield =
    field instanceof ForeignKey
      ? ofForeignKey(admin, field, request, { ...given })
      : ofManyToMany(admin, field, request, { ...given });
  const isRaw = names(admin, admin.rawIdFields, field);
  if (formfield === null || isRaw || formfield.widget instanceof widgets.ForeignKeyRawIdWidget)
    return formfield;
  // The other model may have no admin: then there is nothing to link to.
  const related = admin.adminSite.find(classIn(field.model, field.remoteModel));
  formfield.widget = new widgets.RelatedFieldWidgetWrapper(
    formfield.widget,
    field,
    admin.adminSite,
    related === undefined ? {} : linksFor(related, request),
  );
  return formfield;
}

/** What whoever asks may do with the rows of a relation: asked before the form was made, by `preparePermissions`. */
export function knownLinks(related: BaseModelAdmin, request: HttpRequest): object | undefined {
  return allowed.get(request)?.get(related);
}

function linksFor(related: BaseModelAdmin, request: HttpRequest): widgets.RelatedLinks {
  const known = allowed.get(request)?.get(related);
  return known === undefined
    ? { canAddRelated: false, canChangeRelated: false, canDeleteRelated: false, canViewRelated: false }
    : {
        canAddRelated: known.add,
        canChangeRelated: known.change,
        canDeleteRelated: known.delete,
        canViewRelated: known.view,
      };
}

const allowed = new WeakMap<
  HttpRequest,
  Map<BaseModelAdmin, Readonly<Record<'add' | 'change' | 'delete' | 'view', boolean>>>
>();

/** Asks what somebody may do with the rows that relations lead to: before a form is made, whose fields cannot wait. */
export async function preparePermissions(admin: BaseModelAdmin, request: HttpRequest): Promise<void> {
  const known = allowed.get(request) ?? new Map();
  allowed.set(request, known);
  await prepareSizes(admin, request);
  for (const field of [...admin.opts.fields, ...admin.opts.manyToMany]) {
    if (!(field instanceof ForeignKey || field instanceof ManyToManyField)) continue;
    const related = admin.adminSite.find(classIn(field.model, field.remoteModel));
    if (related === undefined || known.has(related)) continue;
    known.set(related, {
      add: await related.hasAddPermission(request),
      change: await related.hasChangePermission(request),
      delete: await related.hasDeletePermission(request),
      view: await related.hasViewPermission(request),
    });
  }
}

/** Rows in the order of their own admin, where one says an order. */
export function fieldQueryset(
  admin: BaseModelAdmin,
  using: string | undefined,
  field: ForeignKey | ManyToManyField,
  request: HttpRequest,
): QuerySet<Model> | undefined {
  const model = classIn(field.model, field.remoteModel);
  const related = admin.adminSite.find(model);
  const ordering = related?.getOrdering(request) ?? [];
  if (ordering.length === 0) return undefined;
  return model._defaultManager.using(using).orderBy(...(ordering as never[])) as unknown as QuerySet<Model>;
}

function ofForeignKey(
  admin: BaseModelAdmin,
  field: ForeignKey,
  request: HttpRequest,
  options: Options,
): forms.Field | null {
  const using = options['using'] as string | undefined;
  if (!('widget' in options)) {
    const direction = radioDirection(admin, field);
    if (names(admin, admin.getAutocompleteFields(request), field)) {
      options['widget'] = new widgets.AutocompleteSelect(field, admin.adminSite, { using });
    } else if (names(admin, admin.rawIdFields, field)) {
      options['widget'] = new widgets.ForeignKeyRawIdWidget(field, admin.adminSite, { using });
    } else if (direction !== undefined) {
      options['widget'] = radios(direction);
      options['emptyLabel'] = field.blank ? gettext('None') : null;
    }
  }
  if (!('queryset' in options)) {
    const queryset = admin.getFieldQueryset(using, field, request);
    if (queryset !== undefined) options['queryset'] = queryset;
  }
  return searchedIfLarge(admin, field, request, options, (given) =>
    admin.formfieldForForeignkey(field, request, given),
  );
}

function ofManyToMany(
  admin: BaseModelAdmin,
  field: ManyToManyField,
  request: HttpRequest,
  options: Options,
): forms.Field | null {
  // Rows in between with more to say are made by an inline.
  if (field.through.autoCreated === undefined) return null;
  const using = options['using'] as string | undefined;
  if (!('widget' in options)) {
    if (names(admin, admin.getAutocompleteFields(request), field)) {
      options['widget'] = new widgets.AutocompleteSelectMultiple(field, admin.adminSite, { using });
    } else if (names(admin, admin.rawIdFields, field)) {
      options['widget'] = new widgets.ManyToManyRawIdWidget(field, admin.adminSite, { using });
    } else if (names(admin, [...admin.filterVertical, ...admin.filterHorizontal], field)) {
      options['widget'] = new widgets.FilteredSelectMultiple(
        String(field.verboseName),
        names(admin, admin.filterVertical, field),
      );
    }
  }
  if (!('queryset' in options)) {
    const queryset = admin.getFieldQueryset(using, field, request);
    if (queryset !== undefined) options['queryset'] = queryset;
  }
  const formfield = searchedIfLarge(admin, field, request, options, (given) =>
    admin.formfieldForManytomany(field, request, given),
  );
  if (formfield === null) return null;
  const { widget } = formfield;
  const isList =
    widget instanceof forms.SelectMultiple && !(widget instanceof widgets.AutocompleteSelectMultiple);
  if (isList) {
    const hint = gettext('Hold down “Control”, or “Command” on a Mac, to select more than one.');
    const { helpText } = formfield;
    formfield.helpText = helpText ? formatHtml('{} {}', helpText, hint) : hint;
  }
  return formfield;
}
