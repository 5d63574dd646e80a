/** How a form validates. https://docs.djangoproject.com/en/5.2/ref/forms/validation/ */
import {
  NON_FIELD_ERRORS,
  SynchronousOnlyOperation,
  ValidationError,
  type ValidationMessage,
  ValueError,
} from '../core/exceptions';
import { withoutStacks } from '../core/validation_error';
import { attempt, forEach, isPromise, type MaybePromise, then } from '../utils/maybe_promise';
import type { BoundField } from './boundfield';
import { ErrorDict } from './error_dict';
import { FormBase } from './form_base';
import type { Cleaned, Fields, FormOptions } from './form_options';
import { cleanMethodName } from './names';
import type { ErrorList } from './utils';

/** The part of Form that validates. */
export abstract class FormValidation<F extends Fields> extends FormBase<F> {
  /** What validation left. Of fields with errors there is nothing in it. */
  cleanedData: Cleaned<F>;
  #errors: ErrorDict | null = null;
  #cleaning: MaybePromise<void> = undefined;
  #changed: readonly string[] | undefined;

  constructor(options: FormOptions = {}) {
    super(options);
    this.cleanedData = Object.create(null) as Cleaned<F>;
  }

  /** The errors by field. Of an unbound form there are none. */
  get errors(): ErrorDict {
    if (this.#errors === null) {
      const waitsFor = this.fullClean();
      if (isPromise(waitsFor)) {
        throw new SynchronousOnlyOperation(
          `The validation of ${this.constructor.name} waits for something: \`await form.isValid()\` before its errors are read or it is rendered.`,
          { waitsFor },
        );
      }
    }
    return this.#errors as unknown as ErrorDict;
  }

  /** Validates, the first time that it is called. */
  async isValid(): Promise<boolean> {
    if (!this.isBound) return false;
    if (this.#errors === null) void this.fullClean();
    await this.#cleaning;
    return this.errors.size === 0;
  }

  /**
   * Makes everything ready to be looked at without waiting: validates a bound form, and reads rows that can be chosen from
   * a database that does not answer at once. Templates do so by themselves.
   *
   * @returns the form.
   */
  async ready(): Promise<this> {
    if (this.isBound) await this.isValid();
    for (const bound of this) await bound.field.ready(bound.initial);
    return this;
  }

  /** The errors that belong to no field. */
  nonFieldErrors(): ErrorList {
    return (
      this.errors.get(NON_FIELD_ERRORS) ??
      new this.errorClass([], { errorClass: 'nonfield', renderer: this.renderer })
    );
  }

  /**
   * Adds an error to a field, or to the form (`null`); of a ValidationError with a dictionary, to each field of it.
   *
   * @throws ValueError for a field that the form has not.
   */
  addError(field: (keyof F & string) | null, error: ValidationMessage): void {
    const given = error instanceof ValidationError ? error : new ValidationError(error);
    if (given.errorDict && field !== null) {
      throw new TypeError(
        'The argument `field` must be `None` when the `error` argument contains errors for multiple fields.',
      );
    }
    const all: Iterable<[string, readonly ValidationError[]]> =
      given.errorDict ?? new Map([[field ?? NON_FIELD_ERRORS, given.errorList]]);
    const { errors } = this;
    const cleaned = this.cleanedData as Record<string, unknown>;
    for (const [key, list] of all) {
      const name = key === NON_FIELD_ERRORS ? key : (this.nameOf(key) ?? key);
      let own = errors.get(name);
      if (own === undefined) {
        if (name === NON_FIELD_ERRORS) {
          own = new this.errorClass([], { errorClass: 'nonfield', renderer: this.renderer });
        } else {
          if (!Object.hasOwn(this.fields, name)) {
            throw new ValueError(`'${this.constructor.name}' has no field named '${name}'.`);
          }
          own = new this.errorClass([], { renderer: this.renderer, fieldId: this.get(name).autoId });
        }
        errors.set(name, own);
      }
      own.extend(list);
      delete cleaned[name];
    }
  }

  /** Whether a field (`null`: the form) has an error, or one of a code. */
  hasError(field: (keyof F & string) | null, code: string | null = null): boolean {
    const errors = this.errors.get(field ?? NON_FIELD_ERRORS);
    if (errors === undefined) return false;
    return code === null || errors.asData().some((error) => error.code === code);
  }

  /** Validates again. What has to be waited for is promised. */
  fullClean(): MaybePromise<void> {
    this.#errors = new ErrorDict(this.renderer);
    this.#cleaning = undefined;
    if (!this.isBound) return;
    this.cleanedData = Object.create(null) as Cleaned<F>;
    const done = then(this.beforeClean(), () => {
      if (this.emptyPermitted && !this.hasChanged()) return;
      return then(
        then(this.validateFields(), () => this.validateForm()),
        () => this.postClean(),
      );
    });
    this.#cleaning = done;
    // Who awaits it hears of the failure.
    if (isPromise(done)) done.catch(() => undefined);
    return done;
  }

  private rescue(name: (keyof F & string) | null): (error: unknown) => void {
    return (error) => {
      if (!(error instanceof ValidationError)) throw error;
      this.addError(name, error);
    };
  }

  private validateFields(): MaybePromise<void> {
    const cleaned = this.cleanedData as Record<string, unknown>;
    const methods = this as unknown as Record<string, ((value: unknown) => unknown) | undefined>;
    return forEach(Object.keys(this.fields), (name) =>
      attempt<void>(() => {
        return then(this.readField(this.get(name)), (value) => {
          cleaned[name] = value;
          const method = methods[cleanMethodName(name)];
          if (typeof method !== 'function') return;
          return then(method.call(this, value) as MaybePromise<unknown>, (own) => {
            cleaned[name] = own;
          });
        });
      }, this.rescue(name)),
    );
  }

  /** @internal The value of one field. Like all methods here, it has a name that no `clean…()` of a field can have. */
  protected readField(bound: BoundField): MaybePromise<unknown> {
    return withoutStacks(() => bound.field.cleanBoundField(bound));
  }

  private validateForm(): MaybePromise<void> {
    return attempt<void>(
      () =>
        then(this.clean() as MaybePromise<Cleaned<F> | undefined>, (cleaned) => {
          if (cleaned !== null && cleaned !== undefined) this.cleanedData = cleaned;
        }),
      this.rescue(null),
    );
  }

  /** @internal What a model form has to have read. */
  protected beforeClean(): MaybePromise<void> {
    // Only model forms have something to read.
  }

  /** @internal What a model form does after everything else. */
  protected postClean(): MaybePromise<void> {
    // Only model forms have something to do.
  }

  /** What concerns several fields. Throw a ValidationError, or call `addError()`; what is returned becomes `cleanedData`. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most forms return nothing
  clean(): MaybePromise<Cleaned<F> | void> {
    return this.cleanedData;
  }

  /** Whether something was typed. */
  hasChanged(): boolean {
    return this.changedData.length > 0;
  }

  /** The names of the fields whose data is not the initial. */
  get changedData(): readonly string[] {
    this.#changed ??= [...this].filter((bound) => bound.hasChanged()).map(({ name }) => name);
    return this.#changed;
  }
}
