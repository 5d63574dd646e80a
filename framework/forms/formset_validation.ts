/** How a formset validates. https://docs.djangoproject.com/en/5.2/topics/forms/formsets/#formset-validation */
import { AttributeError, SynchronousOnlyOperation, ValidationError } from '../core/exceptions';
import type { Text } from '../utils/functional';
import { attempt, forEach, isPromise, type MaybePromise, then } from '../utils/maybe_promise';
import { gettextLazy as _, ngettextLazy } from '../utils/translation';
import type { ErrorDict } from './error_dict';
import type { Form } from './forms';
import { DELETION_FIELD_NAME, FormSetBase, type FormSetOptions, ORDERING_FIELD_NAME } from './formset_base';
import type { ErrorList } from './utils';

/** What validation leaves of each form. */
export type CleanedForms<I> = (I extends { cleanedData: infer C } ? C : never)[];

/** The part of BaseFormSet that validates. */
export abstract class FormSetValidation<I extends object> extends FormSetBase<I> {
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

  declare validateMin: boolean;
  declare validateMax: boolean;
  errorMessages: Record<string, Text>;
  private ownErrors: ErrorDict[] | null = null;
  private ownNonFormErrors: ErrorList | null = null;
  private cleaning: MaybePromise<void> = undefined;

  constructor(options: FormSetOptions = {}) {
    super(options);
    this.errorMessages = {
      ...(this.constructor as typeof FormSetValidation).defaultErrorMessages,
      ...options.errorMessages,
    };
  }

  private get isClean(): boolean {
    if (!this.isBound) return false;
    const { errors } = this;
    return errors.every((each) => each.size === 0) && this.nonFormErrors().length === 0;
  }

  /** What validation left of each form. @throws AttributeError while it is not valid */
  get cleanedData(): CleanedForms<I> {
    if (!this.isClean) {
      throw new AttributeError(`'${this.constructor.name}' object has no attribute 'cleaned_data'`);
    }
    return this.plain.map((form) => form.cleanedData) as CleanedForms<I>;
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

  /** The errors that belong to no form. */
  nonFormErrors(): ErrorList {
    this.validateNow();
    return this.ownNonFormErrors as unknown as ErrorList;
  }

  /** The errors of each form that is not marked for deletion. */
  get errors(): readonly ErrorDict[] {
    this.validateNow();
    return this.ownErrors as unknown as ErrorDict[];
  }

  private validateNow(): void {
    const waitsFor = this.ownErrors === null ? this.fullClean() : undefined;
    if (!isPromise(waitsFor)) return;
    throw new SynchronousOnlyOperation(
      `The validation of ${this.constructor.name} waits for something: \`await formset.isValid()\` before its errors are read or it is rendered.`,
      { waitsFor },
    );
  }

  totalErrorCount(): number {
    return this.errors.reduce((count, errors) => count + errors.size, this.nonFormErrors().length);
  }

  /** @internal */
  protected shouldDeleteForm(form: Form): boolean {
    return Boolean((form.cleanedData as Record<string, unknown>)[DELETION_FIELD_NAME]);
  }

  /** Validates every form, the first time that it is called. */
  async isValid(): Promise<boolean> {
    if (!this.isBound) return false;
    if (this.ownErrors === null) void this.fullClean();
    await this.cleaning;
    return this.isClean;
  }

  /**
   * Makes everything ready to be looked at without waiting, as `ready()` of a form does. Templates do so by themselves.
   *
   * @returns the formset.
   */
  async ready(): Promise<this> {
    await this.beforeForms();
    if (this.isBound) await this.isValid();
    for (const form of this.plain) await form.ready();
    return this;
  }

  /** @internal What a formset of rows has to have read before it has forms. */
  protected beforeForms(): MaybePromise<void> {
    // Only rows have to be read.
  }

  /** Validates again. What has to be waited for is promised. */
  fullClean(): MaybePromise<void> {
    this.ownErrors = [];
    this.ownNonFormErrors = this.nonForm([]);
    this.cleaning = undefined;
    if (!this.isBound) return;
    const cleaned = then(this.beforeForms(), () => this.cleanForms());
    this.cleaning = cleaned;
    if (isPromise(cleaned)) cleaned.catch(() => undefined);
    return cleaned;
  }

  private cleanForms(): MaybePromise<void> {
    const errors: ErrorDict[] = [];
    this.ownErrors = errors;
    this.checkManagementForm();
    let empty = 0;
    const done = forEach(
      this.plain.map((form, index) => [form, index] as const),
      ([form, index]) =>
        then(form.fullClean(), () => {
          if (this.isUntouchedExtra(form, index)) empty += 1;
          if (!(this.canDelete && this.shouldDeleteForm(form))) errors.push(form.errors);
        }),
    );
    return then(done, () =>
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
  }

  private checkManagementForm(): void {
    const { managementForm } = this;
    if (managementForm.errors.size === 0) return;
    const names = [...managementForm.errors.keys()].map((name) => managementForm.addPrefix(name));
    this.ownNonFormErrors?.push(
      new ValidationError(this.errorMessages['missing_management_form'] as Text, {
        code: 'missing_management_form',
        params: { field_names: names.join(', ') },
      }),
    );
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
}
