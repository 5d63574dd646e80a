/** The forms of a formset, and what it was made with. */
import type { Text } from '../utils/functional';
import { gettext } from '../utils/translation';
import { type DataSource, dataSource, type FormData } from './data';
import { BooleanField } from './fields/boolean';
import { IntegerField } from './fields/number';
import type { ErrorListClass, FormOptions } from './form_options';
import type { Form } from './forms';
import { ManagementForm } from './management_form';
import { type FormRenderer, getDefaultRenderer } from './renderers';
import { ErrorList, Renderable } from './utils';
import { CheckboxInput, NumberInput, type Widget, type WidgetClass } from './widgets';

/** The field that orders forms. */
export const ORDERING_FIELD_NAME = 'ORDER';
/** The field that marks a form for deletion. */
export const DELETION_FIELD_NAME = 'DELETE';

/** What a formset is made with. */
export interface FormSetOptions {
  readonly data?: FormData | null;
  readonly files?: FormData | null;
  readonly autoId?: string | boolean;
  readonly prefix?: string | null;
  /** The initial values of each form. */
  readonly initial?: readonly Readonly<Record<string, unknown>>[] | null;
  readonly errorClass?: ErrorListClass;
  /** What each form is made with, besides. */
  readonly formKwargs?: FormOptions & Readonly<Record<string, unknown>>;
  readonly errorMessages?: Readonly<Record<string, Text>> | null;
}

/** Any class of forms. */
export type FormType<I> = new (options?: FormOptions) => I;

/** The part of BaseFormSet that has the forms. */
export abstract class FormSetBase<I extends object> extends Renderable {
  declare form: FormType<I>;
  declare extra: number;
  declare canOrder: boolean;
  declare canDelete: boolean;
  declare canDeleteExtra: boolean;
  declare minNum: number;
  declare maxNum: number;
  declare absoluteMax: number;
  declare defaultRenderer: FormRenderer | null;
  declare deletionWidget: Widget | WidgetClass;
  declare orderingWidget: Widget | WidgetClass;

  readonly isBound: boolean;
  readonly prefix: string;
  readonly autoId: string | boolean;
  readonly data: DataSource;
  readonly files: DataSource;
  readonly initial: readonly Readonly<Record<string, unknown>>[] | null;
  readonly errorClass: ErrorListClass;
  readonly formKwargs: FormOptions;
  private ownForms: I[] | undefined;
  private ownManagement: ManagementForm | undefined;

  constructor(options: FormSetOptions = {}) {
    super();
    const { data, files } = options;
    this.isBound = (data ?? null) !== null || (files ?? null) !== null;
    this.prefix = options.prefix || this.getDefaultPrefix();
    this.autoId = options.autoId ?? 'id_%s';
    this.data = dataSource(data);
    this.files = dataSource(files);
    this.initial = options.initial ?? null;
    this.formKwargs = options.formKwargs ?? {};
    this.errorClass = options.errorClass ?? ErrorList;
    this.renderer = this.defaultRenderer ?? getDefaultRenderer();
  }

  [Symbol.iterator](): Iterator<I> {
    return this.forms[Symbol.iterator]();
  }

  /** How many forms it has, and where it begins to have them. */
  get managementForm(): ManagementForm {
    this.ownManagement ??= this.isBound
      ? new ManagementForm({
          data: this.data,
          autoId: this.autoId,
          prefix: this.prefix,
          renderer: this.renderer,
        })
      : new ManagementForm({
          autoId: this.autoId,
          prefix: this.prefix,
          initial: {
            TOTAL_FORMS: this.totalFormCount(),
            INITIAL_FORMS: this.initialFormCount(),
            MIN_NUM_FORMS: this.minNum,
            MAX_NUM_FORMS: this.maxNum,
          },
          renderer: this.renderer,
        });
    return this.ownManagement;
  }

  /** As many as were sent, at most `absoluteMax`; unbound the initial ones and `extra`, at most `maxNum`. */
  totalFormCount(): number {
    if (this.isBound) return Math.min(this.managementForm.total, this.absoluteMax);
    const initial = this.initialFormCount();
    const total = Math.max(initial, this.minNum) + this.extra;
    if (this.maxNum < 0) return total;
    return initial > this.maxNum ? initial : Math.min(total, this.maxNum);
  }

  initialFormCount(): number {
    return this.isBound ? this.managementForm.initialTotal : (this.initial?.length ?? 0);
  }

  get forms(): readonly I[] {
    this.ownForms ??= Array.from({ length: Math.max(this.totalFormCount(), 0) }, (_each, i) =>
      this.constructForm(i, this.getFormKwargs(i)),
    );
    return this.ownForms;
  }

  /** @internal The forms, as what all forms are. */
  protected get plain(): readonly Form[] {
    return this.forms as unknown as readonly Form[];
  }

  /** What a form is made with, besides; the index of the empty form is `null`. */
  getFormKwargs(_index: number | null): FormOptions {
    return { ...this.formKwargs };
  }

  /** Makes one of the forms. Django: `_construct_form`. */
  protected constructForm(index: number, given: FormOptions): I {
    const options: FormOptions = {
      autoId: this.autoId,
      prefix: this.addPrefix(index),
      errorClass: this.errorClass,
      useRequiredAttribute: false,
      renderer: this.defaultRenderer,
    };
    if (this.isBound) Object.assign(options, { data: this.data, files: this.files });
    const initial = this.initial?.[index];
    if (initial !== undefined && !('initial' in given)) options.initial = initial;
    if (index >= this.initialFormCount() && index >= this.minNum) options.emptyPermitted = true;
    const form = new this.form({ ...options, ...given });
    this.addFields(form as unknown as Form, index);
    return form;
  }

  get initialForms(): readonly I[] {
    return this.forms.slice(0, this.initialFormCount());
  }

  get extraForms(): readonly I[] {
    return this.forms.slice(this.initialFormCount());
  }

  /** A form to be copied by a script, with `__prefix__` for its number. */
  get emptyForm(): I {
    const form = new this.form({
      ...this.getFormKwargs(null),
      autoId: this.autoId,
      prefix: this.addPrefix('__prefix__'),
      emptyPermitted: true,
      useRequiredAttribute: false,
      renderer: this.defaultRenderer,
    });
    this.addFields(form as unknown as Form, null);
    return form;
  }

  /** Adds fields to each form; the index of the empty form is `null`. */
  addFields(form: Form, index: number | null): void {
    const isInitial = index !== null && index < this.initialFormCount();
    if (this.canOrder) {
      form.fields[ORDERING_FIELD_NAME] = new IntegerField({
        label: gettext('Order'),
        initial: isInitial ? index + 1 : null,
        required: false,
        widget: this.getOrderingWidget(),
      });
    }
    if (this.canDelete && (this.canDeleteExtra || isInitial)) {
      form.fields[DELETION_FIELD_NAME] = new BooleanField({
        label: gettext('Delete'),
        required: false,
        widget: this.getDeletionWidget(),
      });
    }
  }

  addPrefix(index: number | string): string {
    return `${this.prefix}-${index}`;
  }

  getDefaultPrefix(): string {
    return 'form';
  }

  getDeletionWidget(): Widget | WidgetClass {
    return this.deletionWidget;
  }

  getOrderingWidget(): Widget | WidgetClass {
    return this.orderingWidget;
  }
}
Object.assign(FormSetBase.prototype, {
  defaultRenderer: null,
  deletionWidget: CheckboxInput,
  orderingWidget: NumberInput,
});
