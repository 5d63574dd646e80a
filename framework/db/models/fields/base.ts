/**
 * A field: one column of a model. Migrations describe tables with fields, and a model's class declares them as
 * decorators of its properties.
 *
 * Django: `django.db.models.fields`; https://docs.djangoproject.com/en/5.2/ref/models/fields/
 */
import type { CheckMessage, DatabaseCheckOptions } from '../../../core/checks/messages';
import { ValidationError } from '../../../core/exceptions';
import { BaseValidator, isEmptyValue, type Validator } from '../../../core/validators';
import type { Field as FormField } from '../../../forms/fields/base';
import type { FormFieldOptions } from '../../../forms/models/formfields';
import { pyEquals, toStr } from '../../../python';
import type { MaybePromise } from '../../../utils/maybe_promise';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Model } from '../base';
import type { Expression } from '../expressions/base';
import { pythonValueOf } from '../in_templates';
import type { LookupConstructor } from '../lookups/base';
import { find, isLookupClass, type Registrable, register, type TransformMaker } from '../lookups/registry';
import { isExpression } from '../q';
import { FieldColumn } from './field_column';
import type { FieldOptions } from './field_options';
import { type ErrorMessages, FIELD } from './messages';
import type { RelatedField } from './related';

/** Loaded with the first check, and kept: `require` in every field's would look for the file each time. */
let checks: typeof import('../checks') | undefined;

export type { DbParameters, FieldOptions } from './field_options';

/** The base of all fields. */
export abstract class Field extends FieldColumn {
  private allValidators: readonly Validator[] | undefined;

  /** A foreign key or a many-to-many field. */
  isRelation(): this is RelatedField {
    return false;
  }

  /** The field that says what its value is. */
  get valueField(): Field {
    return this;
  }

  /** The database's default as an expression. */
  get dbDefaultExpression(): Expression {
    const { dbDefault } = this.options;
    if (isExpression(dbDefault)) return dbDefault;
    const { Value } = require('../expressions/value') as typeof import('../expressions/value');
    return new Value(dbDefault, { outputField: this });
  }

  /**
   * The default: what the function makes, where it is one; the word for the database's; null where there is none.
   */
  getDefault(): unknown {
    const value = this.options.default;
    if (!this.hasDefault && this.hasDbDefault) {
      const { DatabaseDefault } =
        require('../expressions/database_default') as typeof import('../expressions/database_default');
      return new DatabaseDefault(this.dbDefaultExpression, this);
    }
    if (!this.hasDefault) return this.emptyStringsAllowed && !this.null ? '' : null;
    return typeof value === 'function' ? (value as () => unknown)() : value;
  }

  /** The value that existing rows get when the column is added. Django: `_effective_default`. */
  effectiveDefault(): unknown {
    if (this.hasDefault) return this.getDefault();
    if (!this.null && this.blank && this.emptyStringsAllowed) return '';
    return null;
  }

  override clone(changes: FieldOptions = {}): this {
    return Object.assign(super.clone(changes), { allValidators: undefined });
  }

  /**
   * Registers a lookup or a transform for all fields of this class.
   *
   * @param name default: the class's `lookupName`.
   * @returns what takes it back.
   * @example `models.CharField.registerLookup(Lower)`, then `{ name__lower: 'ada' }`
   */
  static registerLookup(Class: Registrable, name?: string): () => void {
    return register(this.prototype as object, Class, name);
  }

  /** Registers a lookup or a transform for this field alone. @returns what takes it back. */
  registerLookup(Class: Registrable, name?: string): () => void {
    return register(this, Class, name);
  }

  /** The lookup of that name; a field of one's own may override it. */
  getLookup(name: string): LookupConstructor | undefined {
    const found = find(this, name);
    return isLookupClass(found) ? found : undefined;
  }

  /** The transform of that name; a field of one's own may override it. */
  getTransform(name: string): TransformMaker | undefined {
    const found = find(this, name);
    return found === undefined || isLookupClass(found) ? undefined : found;
  }

  /** What is wrong with the field. A class of one's own asks `super.check(options)` and adds what it knows. */
  check({ databases }: DatabaseCheckOptions = {}): CheckMessage[] {
    checks ??= require('../checks') as typeof import('../checks');
    return [...checks.checkField(this, databases)];
  }

  /** The messages of the class, by code; the option `errorMessages` goes before them. */
  protected get defaultErrorMessages(): ErrorMessages {
    return FIELD;
  }

  get errorMessages(): ErrorMessages {
    return { ...this.defaultErrorMessages, ...this.options.errorMessages };
  }

  /** The validators of the class. */
  protected defaultValidators(): readonly Validator[] {
    return [];
  }

  /** The validators that follow from options: a length, a range. */
  protected limitValidators(): readonly Validator[] {
    return [];
  }

  /** What looks at a value: the validators of the class and those of the options. */
  get validators(): readonly Validator[] {
    this.allValidators ??= [
      ...this.defaultValidators(),
      ...(this.options.validators ?? []),
      ...this.limitValidators(),
    ];
    return this.allValidators;
  }

  /** Whether a value is no value. */
  isEmpty(value: unknown): boolean {
    return isEmptyValue(value);
  }

  /** The error of a code, with the field's message. */
  protected fault(code: string, params: Readonly<Record<string, unknown>> = {}): ValidationError {
    return new ValidationError(this.errorMessages[code] ?? code, { code, params });
  }

  /**
   * A value as an instance has it, whatever it was given as.
   *
   * @throws ValidationError for what cannot be one.
   */
  toPython(value: unknown): unknown {
    return value === undefined ? null : value;
  }

  /** Whether a value, as `toPython` gives it, will do: choices, null, blank. @throws ValidationError. */
  validate(value: unknown, _instance?: object): void {
    if (!this.editable) return;
    if (this.options.choices !== undefined && !this.isEmpty(value)) {
      if (this.flatchoices.some(([key]) => pyEquals(key, value))) return;
      throw this.fault('invalid_choice', { value });
    }
    if ((value === null || value === undefined) && !this.null) throw this.fault('null');
    if (!this.blank && this.isEmpty(value)) throw this.fault('blank');
  }

  /** Asks every validator. @throws ValidationError of all that they say. */
  runValidators(value: unknown): void {
    if (this.isEmpty(value)) return;
    const { errorMessages } = this;
    const errors: ValidationError[] = [];
    for (const validator of this.validators) {
      try {
        validator(this.comparable(value, validator));
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        const { code, params } = error;
        const own = code !== null && Object.hasOwn(errorMessages, code) ? errorMessages[code] : undefined;
        errors.push(...(own === undefined ? error.errorList : [new ValidationError(own, { code, params })]));
      }
    }
    if (errors.length > 0) throw new ValidationError(errors);
  }

  /** What a validator sees: one with a limit compares what a text stands for, and not the text. */
  private comparable(value: unknown, validator: Validator): unknown {
    const isLimited = typeof value === 'string' && validator instanceof BaseValidator;
    return isLimited ? pythonValueOf(this.internalType, value) : value;
  }

  /**
   * The value of an instance that is made of one that was given.
   *
   * @throws ValidationError for what cannot be one, or will not do.
   */
  clean(value: unknown, instance?: object): unknown {
    const known = this.toPython(value);
    this.validate(known, instance);
    this.runValidators(known);
    return known;
  }

  /**
   * The form field that reads this one's values: options go before those that follow from the field; `null` for none. A
   * class of one's own overrides it.
   *
   * @example
   * ```ts
   * override formfield(options: FormFieldOptions = {}) {
   *   return super.formfield({ formClass: HexField, ...options });
   * }
   * ```
   */
  formfield(options: FormFieldOptions = {}): FormField | null {
    const { formfieldOf } =
      require('../../../forms/models/formfields') as typeof import('../../../forms/models/formfields');
    return formfieldOf(this, options);
  }

  /** Gives an instance the value that a form has read. Django: `save_form_data`. */
  saveFormData(instance: Model, data: unknown): MaybePromise<void> {
    (instance as unknown as Record<string, unknown>)[this.property] = data;
  }

  /** What has to be done before an instance's row is written: a file field stores the file. */
  beforeSave?(instance: Model, connection: DatabaseWrapper): MaybePromise<void>;

  /** Gives a model's prototype a property of the field's own kind; undefined: the value is a property like others. */
  defineProperty?(prototype: object): void;

  /** The value of an instance. Django: `value_from_object`. */
  valueFromObject(instance: object): unknown {
    return (instance as Readonly<Record<string, unknown>>)[this.property];
  }

  /**
   * The value of an instance as a fixture has it: text, which `toPython` reads back. A field of one's own whose values
   * are not themselves as text overrides it. Django: `value_to_string`.
   */
  valueToString(instance: object): unknown {
    return toStr(this.valueFromObject(instance));
  }
}
