/** Several forms of a kind at once. https://docs.djangoproject.com/en/5.2/topics/forms/formsets/ */
import { AttributeError, ValidationError, ValueError } from '../core/exceptions';
import type { Text } from '../utils/functional';
import { attempt, forEach, isPromise, type MaybePromise, then } from '../utils/maybe_promise';
import type { SafeString } from '../utils/safestring';
import { gettextLazy as _, gettext, ngettextLazy } from '../utils/translation';
import { type DataSource, dataSource, type FormData } from './data';
import type { ErrorDict } from './error_dict';
import { BooleanField } from './fields/boolean';
import { IntegerField } from './fields/number';
import type { ErrorListClass, Form, FormOptions } from './forms';
import { ManagementForm } from './management_form';
import type { Media } from './media';
import { type FormRenderer, getDefaultRenderer } from './renderers';
import { ErrorList, Renderable } from './utils';
import { CheckboxInput, NumberInput, type Widget, type WidgetClass } from './widgets';

/** The field that orders forms. */
export const ORDERING_FIELD_NAME = 'ORDER';
/** The field that marks a form for deletion. */
export const DELETION_FIELD_NAME = 'DELETE';

/** What a formset is made with. */
export interface FormSetOptions {
  data?: FormData | null;
  files?: FormData | null;
  autoId?: string | boolean;
  prefix?: string | null;
  /** The initial values of each form. */
  initial?: readonly Readonly<Record<string, unknown>>[] | null;
  errorClass?: ErrorListClass;
  /** What each form is made with, besides. */
  formKwargs?: FormOptions & Readonly<Record<string, unknown>>;
  errorMessages?: Readonly<Record<string, Text>> | null;
}

/** Any class of forms. */
export type FormType<I> = new (options?: FormOptions) => I;

/** The base of formsets: `formsetFactory(Form)` makes one. */
export class BaseFormSet<I extends object = Form> extends Renderable {
  static defaultErrorMessages: Readonly<Record<string, Text>> = {
    missing_management_form: _(
      'ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s. You may need to file a bug report if the issue persists.',
    ),
    too_many_forms: ngettextLazy(
      'Please submit at most %(num)d form.',
      'Please submit at most %(num)d forms.',
      'num',
    ),
    too_few_forms: ngettextLazy(
      'Please submit at least %(num)d form.',
      'Please submit at least %(num)d forms.',
      'num',
    ),
  };

  declare form: FormType<I>;
  declare extra: number;
  declare canOrder: boolean;
  declare canDelete: boolean;
  declare canDeleteExtra: boolean;
  declare minNum: number;
  declare maxNum: number;
  declare absoluteMax: number;
  declare validateMin: boolean;
  declare validateMax: boolean;
  declare defaultRenderer: FormRenderer | null;
  declare deletionWidget: Widget | WidgetClass;
  declare orderingWidget: Widget | WidgetClass;
  declare templateNameDiv: string;
  declare templateNameP: string;
  declare templateNameTable: string;
  declare templateNameUl: string;

  readonly isBound: boolean;
  readonly prefix: string;
  readonly autoId: string | boolean;
  readonly data: DataSource;
  readonly files: DataSource;
  readonly initial: readonly Readonly<Record<string, unknown>>[] | null;
  readonly errorClass: ErrorListClass;
  readonly formKwargs: FormOptions;
  errorMessages: Record<string, Text>;
  private ownForms: I[] | undefined;
  private ownManagement: ManagementForm | undefined;
  private ownErrors: ErrorDict[] | null = null;
  private ownNonFormErrors: ErrorList | null = null;
  private cleaning: MaybePromise<void> = undefined;

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
    this.errorMessages = {
      ...(this.constructor as typeof BaseFormSet).defaultErrorMessages,
      ...options.errorMessages,
    };
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

  private get plain(): readonly Form[] {
    return this.forms as unknown as readonly Form[];
  }

  /** What a form is made with, besides; the index of the empty form is `null`. */
  getFormKwargs(_index: number | null): FormOptions {
    return { ...this.formKwargs };
  }

  private constructForm(index: number, given: FormOptions): I {
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

  private get isClean(): boolean {
    if (!this.isBound) return false;
    const { errors } = this;
    return errors.every((each) => each.size === 0) && this.nonFormErrors().length === 0;
  }

  /** What validation left of each form. @throws AttributeError while it is not valid */
  get cleanedData(): (I extends { cleanedData: infer C } ? C : never)[] {
    if (!this.isClean) {
      throw new AttributeError(`'${this.constructor.name}' object has no attribute 'cleaned_data'`);
    }
    return this.plain.map((form) => form.cleanedData) as (I extends { cleanedData: infer C } ? C : never)[];
  }

  private isUntouchedExtra(form: Form, index: number): boolean {
    return index >= this.initialFormCount() && !form.hasChanged();
  }

  /** The forms that are marked for deletion. */
  get deletedForms(): I[] {
    if (!this.canDelete || !this.isClean) return [];
    return this.markedForms();
  }

  private markedForms(): I[] {
    if (!this.canDelete) return [];
    return this.forms.filter((each, i) => {
      const form = each as unknown as Form;
      return !this.isUntouchedExtra(form, i) && this.shouldDeleteForm(form);
    });
  }

  /** The forms in the order that was typed; those without a number last. @throws AttributeError without `canOrder` */
  get orderedForms(): I[] {
    if (!this.canOrder || !this.isClean) {
      throw new AttributeError(`'${this.constructor.name}' object has no attribute 'ordered_forms'`);
    }
    const order = (form: Form): number => {
      const place = (form.cleanedData as Record<string, unknown>)[ORDERING_FIELD_NAME] ?? null;
      return place === null ? Number.POSITIVE_INFINITY : Number(place);
    };
    return this.plain
      .filter(
        (form, i) => !this.isUntouchedExtra(form, i) && !(this.canDelete && this.shouldDeleteForm(form)),
      )
      .map((form) => ({ form, place: order(form) }))
      .sort((a, b) => (a.place === b.place ? 0 : a.place - b.place))
      .map(({ form }) => form as unknown as I);
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

  /** The errors that belong to no form. */
  nonFormErrors(): ErrorList {
    if (this.ownNonFormErrors === null) void this.fullClean();
    return this.ownNonFormErrors as unknown as ErrorList;
  }

  /** The errors of each form that is not marked for deletion. */
  get errors(): readonly ErrorDict[] {
    if (this.ownErrors === null) void this.fullClean();
    return this.ownErrors as unknown as ErrorDict[];
  }

  totalErrorCount(): number {
    return this.errors.reduce((count, errors) => count + errors.size, this.nonFormErrors().length);
  }

  private shouldDeleteForm(form: Form): boolean {
    return Boolean((form.cleanedData as Record<string, unknown>)[DELETION_FIELD_NAME]);
  }

  /** Validates every form, the first time that it is called. */
  async isValid(): Promise<boolean> {
    if (!this.isBound) return false;
    if (this.ownErrors === null) void this.fullClean();
    await this.cleaning;
    return this.isClean;
  }

  /** Validates again. What has to be waited for is promised. */
  fullClean(): MaybePromise<void> {
    const errors: ErrorDict[] = [];
    this.ownErrors = errors;
    this.ownNonFormErrors = this.nonForm([]);
    if (!this.isBound) return;
    const { managementForm } = this;
    if (managementForm.errors.size > 0) {
      const names = [...managementForm.errors.keys()].map((name) => managementForm.addPrefix(name));
      this.ownNonFormErrors.push(
        new ValidationError(this.errorMessages['missing_management_form'] as Text, {
          code: 'missing_management_form',
          params: { field_names: names.join(', ') },
        }),
      );
    }
    let empty = 0;
    const done = forEach(this.plain, (form) => {
      const index = this.plain.indexOf(form);
      if (this.isUntouchedExtra(form, index)) empty += 1;
      return then(form.fullClean(), () => {
        if (!(this.canDelete && this.shouldDeleteForm(form))) errors.push(form.errors);
      });
    });
    const cleaned = then(done, () =>
      attempt<void>(
        () => {
          this.checkCounts(empty, errors);
          return this.clean();
        },
        (error) => {
          if (!(error instanceof ValidationError)) throw error;
          this.ownNonFormErrors = this.nonForm(error.errorList);
        },
      ),
    );
    this.cleaning = cleaned;
    if (isPromise(cleaned)) cleaned.catch(() => undefined);
    return cleaned;
  }

  private nonForm(errors: readonly ValidationError[]): ErrorList {
    return new this.errorClass(errors, { errorClass: 'nonform', renderer: this.renderer });
  }

  private checkCounts(empty: number, errors: readonly ErrorDict[]): void {
    const isClean = errors.every((each) => each.size === 0) && this.nonFormErrors().length === 0;
    const count = this.totalFormCount() - (isClean ? this.markedForms().length : 0);
    const refuse = (code: string, num: number): never => {
      const { message } = new ValidationError(this.errorMessages[code] as Text, { params: { num } });
      throw new ValidationError(message, { code });
    };
    if ((this.validateMax && count > this.maxNum) || this.managementForm.total > this.absoluteMax) {
      refuse('too_many_forms', this.maxNum);
    }
    if (this.validateMin && count - empty < this.minNum) refuse('too_few_forms', this.minNum);
  }

  /** What concerns several forms: throw a ValidationError. */
  clean(): MaybePromise<void> {
    // A formset of your own has something to check.
  }

  hasChanged(): boolean {
    return this.plain.map((form) => form.hasChanged()).includes(true);
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

  private get sample(): Form {
    return (this.forms[0] ?? this.emptyForm) as unknown as Form;
  }

  isMultipart(): boolean {
    return this.sample.isMultipart();
  }

  get media(): Media {
    return this.sample.media;
  }

  get templateName(): string {
    return this.renderer.formsetTemplateName;
  }

  override getContext(): Record<string, unknown> {
    return { formset: this };
  }

  asDiv(): SafeString {
    return this.render(this.templateNameDiv);
  }

  asP(): SafeString {
    return this.render(this.templateNameP);
  }

  asTable(): SafeString {
    return this.render(this.templateNameTable);
  }

  asUl(): SafeString {
    return this.render(this.templateNameUl);
  }
}
Object.assign(BaseFormSet.prototype, {
  defaultRenderer: null,
  deletionWidget: CheckboxInput,
  orderingWidget: NumberInput,
  templateNameDiv: 'django/forms/formsets/div.html',
  templateNameP: 'django/forms/formsets/p.html',
  templateNameTable: 'django/forms/formsets/table.html',
  templateNameUl: 'django/forms/formsets/ul.html',
});

/** A class of formsets. */
export type FormSetClass<I extends object, S = BaseFormSet<I>> = new (options?: FormSetOptions) => S;

/** How many forms a formset has, and what may be done with them. */
export interface FormSetFactoryOptions<S = unknown> {
  /** The base class. */
  formset?: new (
    options?: FormSetOptions,
  ) => S;
  /** Empty forms behind the initial ones. Default: 1. */
  extra?: number;
  canOrder?: boolean;
  canDelete?: boolean;
  canDeleteExtra?: boolean;
  /** Default: 1000. */
  maxNum?: number | null;
  validateMax?: boolean;
  minNum?: number | null;
  validateMin?: boolean;
  /** As many forms are made at most, whatever is sent. Default: `maxNum` and 1000. */
  absoluteMax?: number | null;
  renderer?: FormRenderer | null;
}

const DEFAULT_MAX_NUM = 1000;

/**
 * A class of formsets of a form.
 *
 * @example
 * ```ts
 * const ArticleFormSet = forms.formsetFactory(ArticleForm, { extra: 2, canDelete: true });
 * const formset = new ArticleFormSet({ data: request.POST });
 * if (await formset.isValid()) for (const { title } of formset.cleanedData) console.log(title);
 * ```
 */
export function formsetFactory<I extends object>(
  form: FormType<I>,
  options: FormSetFactoryOptions = {},
): FormSetClass<I> {
  const maxNum = options.maxNum ?? DEFAULT_MAX_NUM;
  const absoluteMax = options.absoluteMax ?? maxNum + DEFAULT_MAX_NUM;
  if (maxNum > absoluteMax) {
    throw new ValueError("'absolute_max' must be greater or equal to 'max_num'.");
  }
  const Base = (options.formset ?? BaseFormSet) as FormSetClass<I>;
  class Made extends (Base as typeof BaseFormSet<I>) {}
  const name = form.name.endsWith('Form') ? `${form.name}Set` : `${form.name}FormSet`;
  Object.defineProperty(Made, 'name', { value: name });
  Object.assign(Made.prototype, {
    form,
    extra: options.extra ?? 1,
    canOrder: options.canOrder ?? false,
    canDelete: options.canDelete ?? false,
    canDeleteExtra: options.canDeleteExtra ?? true,
    minNum: options.minNum ?? 0,
    maxNum,
    absoluteMax,
    validateMin: options.validateMin ?? false,
    validateMax: options.validateMax ?? false,
    defaultRenderer: options.renderer ?? null,
  });
  return Made;
}

/** Whether all of several formsets are valid; each is validated. */
export async function allValid(formsets: Iterable<{ isValid(): Promise<boolean> }>): Promise<boolean> {
  let valid = true;
  for (const formset of formsets) valid = (await formset.isValid()) && valid;
  return valid;
}
