/** Objects that are edited with the one that they belong to. Django: `InlineModelAdmin` of `django.contrib.admin.options`. */
import type { Model, ModelClass } from '../../../db/models/base';
import type { Expression } from '../../../db/models/expressions/base';
import { ForeignKey } from '../../../db/models/fields/related';
import type { Options } from '../../../db/models/options';
import { Media, mediaOf } from '../../../forms/media';
import type { BaseModelFormSet, ModelForm, ModelformsetFactoryOptions } from '../../../forms/models';
import type { HttpRequest } from '../../../http/request';
import type { Text } from '../../../utils/functional';
import { LazyText } from '../../../utils/functional';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import type { BaseModelAdminChecks } from '../checks/base';
import type { AdminSite } from '../sites';
import { BaseModelAdmin, type PermissionAction } from './base';
import type { FormOptions } from './forms';

/** A class of inlines. */
export type InlineModelAdminClass = new (
  parentModel: ModelClass,
  adminSite: AdminSite,
  // biome-ignore lint/suspicious/noExplicitAny: inlines of any model; what each takes and gives is of its own.
) => InlineModelAdmin<any>;

/** A class of formsets of an inline. */
export type InlineFormSetClass = (new (
  options?: object,
) => BaseModelFormSet) & { getDefaultPrefix?(): string };

/** The members of a model that are numbers. */
type NumberName<M> = { [K in keyof M & string]: NonNullable<M[K]> extends number ? K : never }[keyof M &
  string];

/**
 * The base of inlines. A subclass says the `model`.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#inlinemodeladmin-objects
 */
export abstract class InlineModelAdmin<M extends Model = Model> extends BaseModelAdmin<M> {
  abstract override readonly model: ModelClass<M>;
  /** The foreign key to the parent, where there are several. */
  fkName: string | null = null;
  /** The base class of the formset. */
  formset: (abstract new (...args: never[]) => BaseModelFormSet) | null = null;
  /** Empty forms behind the others. */
  extra = 3;
  minNum: number | null = null;
  maxNum: number | null = null;
  /** The template of the inlines. */
  abstract template: string;
  verboseName: Text | null = null;
  verboseNamePlural: Text | null = null;
  canDelete = true;
  /** Whether each links to its own page, where it has one. */
  showChangeLink = false;
  classes: readonly string[] | null = null;
  /**
   * The integer field by which the objects are in order: they are dragged, or moved by buttons, and saved as 1 … n. Without scripts the
   * number is typed.
   *
   * @example
   * ```ts
   * class ChapterInline extends admin.TabularInline<Chapter> {
   *   override readonly model = Chapter;
   *   override readonly sortableField = 'position';
   * }
   * ```
   */
  readonly sortableField: NumberName<M> | null = null;

  constructor(
    readonly parentModel: ModelClass,
    adminSite: AdminSite,
  ) {
    super(adminSite);
  }

  override get checksClass(): new () => BaseModelAdminChecks {
    return (require('../checks/inlines') as typeof import('../checks/inlines')).InlineModelAdminChecks;
  }

  /** What one of them is called. */
  get name(): Text {
    return this.verboseName ?? this.opts.verboseName;
  }

  /** What several are called. */
  get namePlural(): Text {
    if (this.verboseNamePlural !== null) return this.verboseNamePlural;
    const { verboseName } = this;
    return verboseName === null ? this.opts.verboseNamePlural : new LazyText(() => `${String(verboseName)}s`);
  }

  get hasRegisteredModel(): boolean {
    return this.adminSite.isRegistered(this.model);
  }

  get media(): Media {
    return mediaOf(this.constructor).add(
      new Media({
        js: ['admin/js/inlines.js', ...(this.sortableField === null ? [] : ['admin/js/sorting.js'])],
      }),
    );
  }

  getExtra(_request: HttpRequest, _obj: Model | null = null): MaybePromise<number> {
    return this.extra;
  }

  getMinNum(_request: HttpRequest, _obj: Model | null = null): MaybePromise<number | null> {
    return this.minNum;
  }

  getMaxNum(_request: HttpRequest, _obj: Model | null = null): MaybePromise<number | null> {
    return this.maxNum;
  }

  /** The class of the formset for the objects of a parent. */
  getFormset(
    request: HttpRequest,
    obj: Model | null = null,
    options: FormOptions = {},
  ): Promise<InlineFormSetClass> {
    const { inlineFormset } = require('./inline_formsets') as typeof import('./inline_formsets');
    return inlineFormset(this as unknown as InlineModelAdmin, request, obj, options);
  }

  /** @internal The class of the formset, of what its forms are made with. */
  makeFormset(options: ModelformsetFactoryOptions): InlineFormSetClass {
    const { keyedFormset } = require('./inline_formsets') as typeof import('./inline_formsets');
    return keyedFormset(this as unknown as InlineModelAdmin, options);
  }

  protected override async getFormForFields(request: HttpRequest, obj: M | null): Promise<typeof ModelForm> {
    const { formsetClass } = require('./form_classes') as typeof import('./form_classes');
    const formset = await formsetClass(this as unknown as InlineModelAdmin, request, obj, { fields: null });
    return (formset.prototype as { form: typeof ModelForm }).form;
  }

  /** Those that can be sorted are in their order. */
  override getOrdering(request: HttpRequest): readonly (string | Expression)[] {
    const [ordering, name] = [super.getOrdering(request), this.sortableName];
    return name === null ? ordering : [name, ...ordering, 'pk'];
  }

  /** @internal The name that forms have for `sortableField`. */
  get sortableName(): string | null {
    const name: string | null = this.sortableField;
    return name === null ? null : this.formNameOf(name);
  }

  override hasAddPermission(request: HttpRequest, _obj: Model | null = null): MaybePromise<boolean> {
    // Rows in between are made by whoever may change or look at what they lead to.
    return this.through === undefined ? super.hasAddPermission(request) : this.hasThroughPermission(request);
  }

  override hasChangePermission(request: HttpRequest, obj: M | null = null): MaybePromise<boolean> {
    return this.through === undefined
      ? super.hasChangePermission(request, obj)
      : this.hasThroughPermission(request);
  }

  override hasDeletePermission(request: HttpRequest, obj: M | null = null): MaybePromise<boolean> {
    return this.through === undefined
      ? super.hasDeletePermission(request, obj)
      : this.hasThroughPermission(request);
  }

  override hasViewPermission(request: HttpRequest, obj: M | null = null): MaybePromise<boolean> {
    if (this.through === undefined) return super.hasViewPermission(request, obj);
    return this.hasThroughPermission(request, ['view', 'change']);
  }

  /** The model that rows in between of a many-to-many relation lead to; undefined where these are no such rows. */
  private get through(): Options | undefined {
    const { opts } = this;
    if (opts.autoCreated === undefined) return undefined;
    const parents = [this.parentModel._meta, ...this.parentModel._meta.allParents];
    const other = opts.fields.find(
      (field) => field instanceof ForeignKey && !parents.includes(field.remoteModel.concreteModel),
    );
    return other instanceof ForeignKey ? other.remoteModel : opts.autoCreated.remoteModel;
  }

  private hasThroughPermission(
    request: HttpRequest,
    actions: readonly PermissionAction[] = ['change'],
  ): MaybePromise<boolean> {
    const [action, ...rest] = actions;
    if (action === undefined) return false;
    return then(
      this.hasPerm(request, action, this.through),
      (may) => may || this.hasThroughPermission(request, rest),
    );
  }
}

/** Inlines as forms below each other. */
export abstract class StackedInline<M extends Model = Model> extends InlineModelAdmin<M> {
  template = 'admin/edit_inline/stacked.html';
}

/** Inlines as the rows of a table. */
export abstract class TabularInline<M extends Model = Model> extends InlineModelAdmin<M> {
  template = 'admin/edit_inline/tabular.html';
}
