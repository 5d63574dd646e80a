/**
 * Classes of forms that come out the same for whoever asks are made once; Django makes them for each page, which was a fifth of it. What the
 * admin's hooks say of a request (fields, exclude, permissions, searches, orders) is asked each time and part of the key. Where a hook makes the
 * fields or the class itself, or code of others could look at the request while they are made, nothing is kept.
 */
import { settingChanged } from '../../../core/signals';
import type { Model } from '../../../db/models/base';
import { classIn } from '../../../db/models/classes';
import { Field as ModelField } from '../../../db/models/fields/base';
import { ForeignKey, ManyToManyField } from '../../../db/models/fields/related';
import { Manager } from '../../../db/models/manager';
import type { ModelForm } from '../../../forms/models';
import type { HttpRequest } from '../../../http/request';
import { getLanguage } from '../../../utils/translation';
import { isSearched } from '../choices';
import { BaseModelAdmin } from './base';
import { knownLinks } from './formfields';
import { adminForm, type FieldCallback, type FormOptions, type Keep } from './forms';
import { inlineFormset } from './inline_formsets';
import { type InlineFormSetClass, InlineModelAdmin } from './inlines';
import { ModelAdmin } from './model_admin';

/** So many classes are kept of one admin at most: permissions and hooks can make many. */
const MOST = 64;

type Kept = Map<string, unknown>;
let known = new WeakMap<object, unknown>();

/** Forgets the classes: settings say how fields are made. */
export function forgetFormClasses(): void {
  known = new WeakMap();
}
settingChanged.connect(() => forgetFormClasses(), { dispatchUid: 'admin.form_classes' });

/** The hooks that make fields. */
const HOOKS = [
  'formfieldForDbfield',
  'formfieldForChoiceField',
  'formfieldForForeignkey',
  'formfieldForManytomany',
  'getFieldQueryset',
] as const;

/** The class of the form of an object, for the admin's own pages: what `getForm()` gives is its caller's to change, this is not. */
export function formClass(
  admin: ModelAdmin,
  request: HttpRequest,
  obj: Model | null,
  options: Pick<FormOptions, 'change' | 'fields'>,
): Promise<typeof ModelForm> {
  if (admin.getForm !== ModelAdmin.prototype.getForm || !isPlain(admin))
    return admin.getForm(request, obj as never, options);
  return adminForm(admin, request, obj, options, keep);
}

/** The class of the formset of an inline, likewise. */
export function formsetClass(
  inline: InlineModelAdmin,
  request: HttpRequest,
  obj: Model | null,
  options: Pick<FormOptions, 'fields'> = {},
): Promise<InlineFormSetClass> {
  const { getFormset, makeFormset } = InlineModelAdmin.prototype;
  const isOurs = inline.getFormset === getFormset && inline.makeFormset === makeFormset;
  if (!isOurs || inline.formset !== null || !isPlain(inline)) return inline.getFormset(request, obj, options);
  return inlineFormset(inline, request, obj, options, keep);
}

/** Whether nothing but the options that {@link optionsOf} names decides what the fields are. */
function isPlain(admin: BaseModelAdmin): boolean {
  if (admin.form !== null || [...admin.formfieldOverrides].length > 0) return false;
  if (HOOKS.some((name) => admin[name] !== BaseModelAdmin.prototype[name])) return false;
  return [...admin.opts.fields, ...admin.opts.manyToMany].every(isPlainField);
}

/** Whether a field of a model makes the same form field whenever it is asked. */
function isPlainField(field: ModelField): boolean {
  if (field.formfield !== ModelField.prototype.formfield || typeof field.options.choices === 'function')
    return false;
  if (!(field instanceof ForeignKey || field instanceof ManyToManyField)) return true;
  // The rows of a default that is a function, or of a manager with a method of its own, are those of the moment.
  if (field instanceof ManyToManyField && field.hasDefault) return false;
  return (
    classIn(field.model, field.remoteModel)._defaultManager.getQueryset === Manager.prototype.getQueryset
  );
}

/** What the fields of a plain admin depend on; null where that cannot be written down. */
function optionsOf(admin: BaseModelAdmin, request: HttpRequest): unknown[] | null {
  const relations: unknown[] = [];
  for (const field of [...admin.opts.fields, ...admin.opts.manyToMany]) {
    if (!(field instanceof ForeignKey || field instanceof ManyToManyField)) continue;
    const model = classIn(field.model, field.remoteModel);
    const related = admin.adminSite.find(model);
    if (related === undefined) continue;
    const ordering = related.getOrdering(request);
    if (!ordering.every((name) => typeof name === 'string')) return null;
    relations.push([field.name, ordering, knownLinks(related, request), isSearched(related, model, request)]);
  }
  return [
    getLanguage(),
    admin.getAutocompleteFields(request),
    admin.rawIdFields,
    admin.filterVertical,
    admin.filterHorizontal,
    admin.radioFields,
    relations,
  ];
}

/** The classes that are kept of an admin; an inline is a new one for each request, so they are found by its class. */
function keptOf(admin: BaseModelAdmin): Kept {
  const parent = admin instanceof InlineModelAdmin ? admin.parentModel : admin.model;
  let level = known;
  for (const owner of [admin.adminSite, admin.constructor, admin.model]) {
    const next = (level.get(owner) as WeakMap<object, unknown> | undefined) ?? new WeakMap();
    level.set(owner, next);
    level = next;
  }
  const kept = (level.get(parent) as Kept | undefined) ?? new Map();
  level.set(parent, kept);
  return kept;
}

const keep: Keep = (admin, request, parts, make) => {
  const options = optionsOf(admin, request);
  const asking = fieldsFor(admin, request);
  if (options === null) return make(asking.callback);
  const key = JSON.stringify([...options, ...parts]);
  const kept = keptOf(admin);
  const before = kept.get(key) as ReturnType<typeof make> | undefined;
  if (before !== undefined) return before;
  const made = make(asking.callback);
  // The fields are made while there is a request to ask, which the class then lets go.
  const { form = made } = made.prototype as { form?: unknown };
  void (form as typeof ModelForm).baseFields;
  asking.end();
  if (kept.size >= MOST) kept.clear();
  kept.set(key, made);
  return made;
};

/** Makes fields for a request, until it ends. */
function fieldsFor(admin: BaseModelAdmin, request: HttpRequest): { callback: FieldCallback; end(): void } {
  let asking: HttpRequest | null = request;
  return {
    callback: (field, options) => admin.formfieldForDbfield(field, asking as HttpRequest, options),
    end: () => {
      asking = null;
    },
  };
}
