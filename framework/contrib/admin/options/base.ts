/** What admins of models and inlines have in common. Django: `BaseModelAdmin` of `django.contrib.admin.options`. */
import type { CheckMessage } from '../../../core/checks/messages';
import type { Model, ModelClass } from '../../../db/models/base';
import type { Expression } from '../../../db/models/expressions/base';
import type { Field as ModelField } from '../../../db/models/fields/base';
import type { ForeignKey, ManyToManyField } from '../../../db/models/fields/related';
import type { Options } from '../../../db/models/options';
import type { QuerySet } from '../../../db/models/query';
import type { Field as FormField } from '../../../forms/fields/base';
import type { ModelForm } from '../../../forms/models';
import type { FormFieldOptions } from '../../../forms/models/formfields';
import { formName } from '../../../forms/models/options';
import type { HttpRequest } from '../../../http/request';
import type { Text } from '../../../utils/functional';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { camelCase } from '../../../utils/module_loading';
import { userOf } from '../../auth/middleware';
import { getPermissionCodename } from '../../auth/permission_names';
import type { BaseModelAdminChecks } from '../checks/base';
import type { AdminSite } from '../sites';
import type { FieldReference, FieldRow, Fieldsets, RadioDirection } from '../types';
import { fieldOf } from '../utils/fields';
import { flattenFieldsets } from '../utils/names';
import type { InlineModelAdminClass } from './inlines';

/** Options of form fields by the class of the model's field: pairs, or a Map. */
export type FormfieldOverrides = Iterable<readonly [fieldClass: object, options: FormFieldOptions]>;

/** A class of forms of a model. */
export type AdminFormClass = abstract new (...args: never[]) => { instance: Model };

/** Four permissions, by what they are called. */
export type PermissionAction = 'add' | 'change' | 'delete' | 'view';

/**
 * The options and hooks that an admin of a model and an inline have in common.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#modeladmin-options
 */
export abstract class BaseModelAdmin<M extends Model = Model> {
  /** Relations whose rows are searched for while one types. */
  autocompleteFields: readonly string[] = [];
  /**
   * A relation to more rows than that is searched while one types, as if it were one of `autocompleteFields`, instead of listed: if whoever asks may
   * see the rows, and no hook of the admin leaves some of them out. Null: it is always a list, as in Django.
   */
  autocompleteThreshold: number | null = 500;
  /** Relations that show the key, and a pop-up to choose in. */
  rawIdFields: readonly string[] = [];
  /** The fields of the form, in lines. Default: all that can be edited. */
  fields: readonly FieldRow<M>[] | null = null;
  exclude: readonly string[] | null = null;
  /** The fields of the form, in groups. */
  fieldsets: Fieldsets<M> | null = null;
  /** The form that the admin's extends. */
  form: AdminFormClass | null = null;
  filterVertical: readonly string[] = [];
  filterHorizontal: readonly string[] = [];
  /** Fields with choices that are radio buttons. */
  radioFields: Readonly<Record<string, RadioDirection>> = {};
  /** Fields that are filled from others while one types. */
  prepopulatedFields: Readonly<Record<string, readonly string[]>> = {};
  formfieldOverrides: FormfieldOverrides = [];
  /** What is shown and cannot be edited: fields, members of the admin or the model, functions. */
  readonlyFields: readonly FieldReference<M>[] = [];
  /** The order of the list, and of choices. */
  ordering: readonly (string | Expression)[] | null = null;
  /** The columns by which the list can be sorted. Default: all that can be. */
  sortableBy: readonly FieldReference<M>[] | null = null;
  /** Whether the page of an object links to where the site shows it; or what makes the address. */
  viewOnSite: boolean | ((row: M) => string) = true;
  showFullResultCount = true;
  emptyValueDisplay?: Text;

  /** The model whose rows it is about. */
  abstract readonly model: ModelClass<M>;

  constructor(readonly adminSite: AdminSite) {}

  /** The description of the model. */
  get opts(): Options {
    return this.model._meta;
  }

  /** The class of the checks of the options. A hook: an admin with options of its own may have more to look at. */
  get checksClass(): new () => BaseModelAdminChecks {
    return (require('../checks/base') as typeof import('../checks/base')).BaseModelAdminChecks;
  }

  /** What is wrong with the options, as `manage.ts check` says it. */
  check(): CheckMessage[] {
    const { checksClass: Checks } = this;
    return [...new Checks().check(this as unknown as BaseModelAdmin)];
  }

  // The form ----------------------------------------------------------------------------------------------------

  /** The form field of a model's field. A hook: relations and choices get the widgets that the options name. */
  formfieldForDbfield(
    field: ModelField,
    request: HttpRequest,
    options: FormFieldOptions = {},
  ): FormField | null {
    const { formfieldFor } = require('./formfields') as typeof import('./formfields');
    return formfieldFor(this as unknown as BaseModelAdmin, field, request, options);
  }

  /** The form field of a field with choices. */
  formfieldForChoiceField(
    field: ModelField,
    _request: HttpRequest,
    options: FormFieldOptions,
  ): FormField | null {
    return field.formfield(options);
  }

  /** The form field of a foreign key. */
  formfieldForForeignkey(
    field: ForeignKey,
    _request: HttpRequest,
    options: FormFieldOptions,
  ): FormField | null {
    return field.formfield(options);
  }

  /** The form field of a many-to-many relation; null where rows in between have to say more. */
  formfieldForManytomany(
    field: ManyToManyField,
    _request: HttpRequest,
    options: FormFieldOptions,
  ): FormField | null {
    return field.formfield(options);
  }

  /** The rows that a relation can be chosen from, in the order that the admin of their model says; undefined: as it is. */
  getFieldQueryset(
    using: string | undefined,
    field: ForeignKey | ManyToManyField,
    request: HttpRequest,
  ): QuerySet<Model> | undefined {
    const { fieldQueryset } = require('./formfields') as typeof import('./formfields');
    return fieldQueryset(this as unknown as BaseModelAdmin, using, field, request);
  }

  getAutocompleteFields(_request: HttpRequest): readonly string[] {
    return this.autocompleteFields;
  }

  /** The fields of the form that are not said by fieldsets: those of `fields`, or of the form and the ones that are only shown. */
  async getFields(request: HttpRequest, obj: M | null = null): Promise<readonly FieldRow<M>[]> {
    if (this.fields !== null) return this.fields;
    const form = await this.getFormForFields(request, obj);
    return [...Object.keys(form.baseFields), ...(await this.getReadonlyFields(request, obj))];
  }

  /** @internal The form that says which fields there are. */
  protected abstract getFormForFields(request: HttpRequest, obj: M | null): Promise<typeof ModelForm>;

  async getFieldsets(request: HttpRequest, obj: M | null = null): Promise<Fieldsets<M>> {
    return this.fieldsets ?? [[null, { fields: await this.getFields(request, obj) }]];
  }

  getExclude(_request: HttpRequest, _obj: M | null = null): MaybePromise<readonly string[] | null> {
    return this.exclude;
  }

  getReadonlyFields(
    _request: HttpRequest,
    _obj: M | null = null,
  ): MaybePromise<readonly FieldReference<M>[]> {
    return this.readonlyFields;
  }

  getPrepopulatedFields(
    _request: HttpRequest,
    _obj: M | null = null,
  ): MaybePromise<Readonly<Record<string, readonly string[]>>> {
    return this.prepopulatedFields;
  }

  /** The classes of inlines. */
  getInlines(_request: HttpRequest, _obj: M | null = null): MaybePromise<readonly InlineModelAdminClass[]> {
    return [];
  }

  // The list ----------------------------------------------------------------------------------------------------

  getOrdering(_request: HttpRequest): readonly (string | Expression)[] {
    return this.ordering ?? [];
  }

  /** The rows that the admin knows. */
  getQueryset(request: HttpRequest): QuerySet<M> {
    const rows = this.model._defaultManager.getQueryset() as unknown as QuerySet<M>;
    const ordering = this.getOrdering(request);
    return ordering.length > 0 ? (rows.orderBy(...(ordering as never[])) as unknown as QuerySet<M>) : rows;
  }

  getSortableBy(request: HttpRequest): readonly FieldReference<M>[] {
    return this.sortableBy ?? this.getListDisplayNames(request);
  }

  /** @internal The columns of the list. */
  protected getListDisplayNames(_request: HttpRequest): readonly FieldReference<M>[] {
    return [];
  }

  getEmptyValueDisplay(): Text {
    return this.emptyValueDisplay ?? this.adminSite.emptyValueDisplay;
  }

  /** Where the site shows an object; null where it does not. */
  getViewOnSiteUrl(obj: M | null = null): MaybePromise<string | null> {
    const { viewOnSite } = this;
    if (obj === null || viewOnSite === false) return null;
    if (typeof viewOnSite === 'function') return viewOnSite.call(this, obj);
    if (typeof (obj as { getAbsoluteUrl?: unknown }).getAbsoluteUrl !== 'function') return null;
    const { viewOnSiteUrl } = require('./view_on_site') as typeof import('./view_on_site');
    return viewOnSiteUrl(this.adminSite, obj);
  }

  /** Whether a lookup in the address of the list is one that may be asked. */
  lookupAllowed(lookup: string, value: unknown, request: HttpRequest): boolean {
    const { lookupAllowed } = require('./lookups') as typeof import('./lookups');
    return lookupAllowed(this as unknown as BaseModelAdmin, lookup, value, request);
  }

  /** Whether a pop-up may be asked for the values of a field: something refers to it. */
  toFieldAllowed(_request: HttpRequest, toField: string): boolean {
    const { toFieldAllowed } = require('./lookups') as typeof import('./lookups');
    return toFieldAllowed(this as unknown as BaseModelAdmin, toField);
  }

  // Permissions -------------------------------------------------------------------------------------------------

  hasAddPermission(request: HttpRequest): MaybePromise<boolean> {
    return this.hasPerm(request, 'add');
  }

  hasChangePermission(request: HttpRequest, _obj: M | null = null): MaybePromise<boolean> {
    return this.hasPerm(request, 'change');
  }

  hasDeletePermission(request: HttpRequest, _obj: M | null = null): MaybePromise<boolean> {
    return this.hasPerm(request, 'delete');
  }

  /** Whoever may change may look. */
  hasViewPermission(request: HttpRequest, _obj: M | null = null): MaybePromise<boolean> {
    return then(this.hasPerm(request, 'view'), (may) => may || this.hasPerm(request, 'change'));
  }

  hasViewOrChangePermission(request: HttpRequest, obj: M | null = null): MaybePromise<boolean> {
    return then(this.hasViewPermission(request, obj), (may) => may || this.hasChangePermission(request, obj));
  }

  /** Whether the app is shown to whoever asks. */
  hasModulePermission(request: HttpRequest): MaybePromise<boolean> {
    return then(userOf(request), (user) => user.hasModulePerms(this.opts.appLabel));
  }

  /** @internal Whether whoever asks has a permission of the model. */
  protected hasPerm(
    request: HttpRequest,
    action: PermissionAction,
    opts: Options = this.opts,
  ): MaybePromise<boolean> {
    return then(userOf(request), (user) =>
      user.hasPerm(`${opts.appLabel}.${getPermissionCodename(action, opts)}`),
    );
  }

  // Names -------------------------------------------------------------------------------------------------------

  /** @internal The name that forms have for a field that an option names, in the spelling of TypeScript or of Django. */
  formNameOf(name: string): string {
    const field = fieldOf(this.opts, name);
    if (field !== undefined && 'formfield' in field) return formName(field);
    const own = (this.form as unknown as { baseFields?: object } | null)?.baseFields;
    return own !== undefined && !(name in own) && camelCase(name) in own ? camelCase(name) : name;
  }

  /** @internal The names of fields in fieldsets, as forms have them. */
  formNamesOf(fieldsets: Fieldsets<M>): string[] {
    return flattenFieldsets(fieldsets as Fieldsets).map((name) =>
      typeof name === 'string' ? this.formNameOf(name) : name,
    );
  }
}
