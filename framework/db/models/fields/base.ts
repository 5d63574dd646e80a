/**
 * A field: one column of a model. Migrations describe tables with fields, and a model's class declares them as
 * decorators of its properties.
 *
 * Django: `django.db.models.fields`; https://docs.djangoproject.com/en/5.2/ref/models/fields/
 */
import { settings } from '../../../conf';
import type { CheckMessage, DatabaseCheckOptions } from '../../../core/checks/messages';
import { ValidationError, ValueError } from '../../../core/exceptions';
import { isEmptyValue, type Validator } from '../../../core/validators';
import type { Field as FormField } from '../../../forms/fields/base';
import type { FormFieldOptions } from '../../../forms/models/formfields';
import { pyEquals, toStr } from '../../../python';
import type { Text } from '../../../utils/functional';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { camelCase } from '../../../utils/module_loading';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Model } from '../base';
import type { Expression } from '../expressions/base';
import type { LookupConstructor } from '../lookups/base';
import { find, isLookupClass, type Registrable, register, type TransformMaker } from '../lookups/registry';
import type { Options } from '../options';
import { isExpression } from '../q';
import { type ChoiceGroup, type ChoicePair, flatChoices, normalizeChoices } from './choices';
import { type Deconstructed, OPTION_DEFAULTS, pathOf, withoutDefaults } from './deconstruct';
import { columnOptions, type DbParameters, type FieldOptions } from './field_options';
import { type ErrorMessages, FIELD } from './messages';
import type { RelatedField } from './related';
import type { CheckDetails } from './removed';

/** Loaded with the first check, and kept: `require` in every field's would look for the file each time. */
let checks: typeof import('../checks') | undefined;

export type { DbParameters, FieldOptions } from './field_options';

/** The base of all fields. */
export abstract class Field {
  private static created = 0;

  /** Django's `get_internal_type`: which of a database's column types it has. */
  abstract readonly internalType: string;
  /** In which order fields were made: the order that forms have, whatever kind a field is of. */
  readonly creationCounter = Field.created++;
  readonly options: Readonly<FieldOptions>;
  /** What `check` says of a class of fields that is no more; migrations may still name it. */
  declare readonly systemCheckRemovedDetails?: CheckDetails;
  /** What `check` says of a class of fields that will be no more. */
  declare readonly systemCheckDeprecatedDetails?: CheckDetails;
  /** Of a field whose values are objects: one as it is written, and a function to give as default instead. */
  declare readonly defaultHint?: readonly [literal: string, instead: string];
  /** An empty string is a value of this field. */
  readonly emptyStringsAllowed: boolean = true;

  // Set when the field becomes part of a model.
  private boundName: string | undefined;
  private boundModel: Options | undefined;
  private boundProperty: string | undefined;

  private allValidators: readonly Validator[] | undefined;

  constructor(verboseName?: string | FieldOptions, options?: FieldOptions) {
    this.options =
      typeof verboseName === 'string' ? { ...options, verboseName } : { ...verboseName, ...options };
  }

  /** The field's name in its model, in snake_case. */
  get name(): string {
    if (this.boundName === undefined) {
      throw new ValueError(`This ${this.constructor.name} is not part of a model yet, so it has no name.`);
    }
    return this.boundName;
  }

  /** The model that the field is part of. */
  get model(): Options {
    if (this.boundModel === undefined) {
      throw new ValueError(`This ${this.constructor.name} is not part of a model yet.`);
    }
    return this.boundModel;
  }

  /** The model that the field is part of; undefined where it is part of none, as one that only says a type. */
  get modelOrNone(): Options | undefined {
    return this.boundModel;
  }

  /** The name of its value: `author_id` for the foreign key `author`. */
  get attname(): string {
    return this.name;
  }

  /** The property of an instance that holds its value: `pub_date` is `pubDate`, `author` is `authorId`. */
  get property(): string {
    this.boundProperty ??= camelCase(this.attname);
    return this.boundProperty;
  }

  /** Whether there is a column for it. */
  get concrete(): boolean {
    return true;
  }

  get column(): string {
    return this.options.dbColumn ?? this.attname;
  }

  get primaryKey(): boolean {
    return this.options.primaryKey ?? false;
  }

  get unique(): boolean {
    return (this.options.unique ?? false) || this.primaryKey;
  }

  get null(): boolean {
    return this.options.null ?? false;
  }

  get blank(): boolean {
    return this.options.blank ?? false;
  }

  /** What the field is called: `pub date`. */
  get verboseName(): Text {
    return this.options.verboseName ?? this.name.replaceAll('_', ' ');
  }

  /** Whether forms and `fullClean` look at it. */
  get editable(): boolean {
    return this.options.editable ?? true;
  }

  get helpText(): Text {
    return this.options.helpText ?? '';
  }

  /** What the value is chosen from; undefined where it is not. */
  get choices(): readonly (ChoicePair | ChoiceGroup)[] | undefined {
    return this.options.choices === undefined ? undefined : normalizeChoices(this.options.choices);
  }

  /** The choices without their groups. */
  get flatchoices(): readonly ChoicePair[] {
    return flatChoices(this.choices ?? []);
  }

  get dbIndex(): boolean {
    return this.options.dbIndex ?? false;
  }

  get maxLength(): number | null {
    return this.options.maxLength ?? null;
  }

  /** Whether the column's value is made by the database. */
  get isAuto(): boolean {
    return false;
  }

  /** A foreign key or a many-to-many field. */
  isRelation(): this is RelatedField {
    return false;
  }

  get hasDefault(): boolean {
    return Object.hasOwn(this.options, 'default');
  }

  /** Whether the database has a default for the column. */
  get hasDbDefault(): boolean {
    return Object.hasOwn(this.options, 'dbDefault');
  }

  /** The database's default as an expression. */
  get dbDefaultExpression(): Expression {
    const { dbDefault } = this.options;
    if (isExpression(dbDefault)) return dbDefault;
    const { Value } = require('../expressions/value') as typeof import('../expressions/value');
    return new Value(dbDefault, { outputField: this });
  }

  get dbComment(): string | null {
    return this.options.dbComment ?? null;
  }

  /** Where the column's index lies; null: where the table's indexes lie. */
  get dbTablespace(): string | null {
    return this.options.dbTablespace || settings.DEFAULT_INDEX_TABLESPACE || null;
  }

  /** Whether the database calculates the column. */
  get generated(): boolean {
    return false;
  }

  /** The field that says what its value is. */
  get valueField(): Field {
    return this;
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

  /** A field of the same kind and options that belongs to no model. */
  clone(changes: FieldOptions = {}): this {
    const copy = Object.create(Object.getPrototypeOf(this) as object) as this;
    return Object.assign(copy, this, {
      options: { ...this.options, ...changes },
      boundName: undefined,
      boundModel: undefined,
      boundProperty: undefined,
      allValidators: undefined,
    });
  }

  /** Makes the field part of a model. */
  contributeTo(model: Options, name: string): void {
    this.boundModel = model;
    this.boundName = name;
    this.boundProperty = undefined;
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

  /** What its options are where nobody says otherwise. */
  protected get optionDefaults(): Readonly<Record<string, unknown>> {
    return OPTION_DEFAULTS;
  }

  /**
   * What makes the same field again: its name, its class, and options. Migrations are written from it. A class of one's
   * own whose constructor changes options overrides it.
   */
  deconstruct(): Deconstructed {
    const kwargs = withoutDefaults(this.options as Readonly<Record<string, unknown>>, this.optionDefaults);
    if (this.options.choices !== undefined) kwargs['choices'] = this.choices;
    return [this.boundName ?? null, pathOf(this.constructor), [], kwargs];
  }

  /** What is wrong with the field. A class of one's own asks `super.check(options)` and adds what it knows. */
  check({ databases }: DatabaseCheckOptions = {}): CheckMessage[] {
    checks ??= require('../checks') as typeof import('../checks');
    return [...checks.checkField(this, databases)];
  }

  /** What of the field matters to the table: two fields that agree in this have the same column. */
  schemaOptions(): Record<string, unknown> {
    return columnOptions(this.options);
  }

  /** The column's type in a database, and its check. */
  dbParameters(connection: DatabaseWrapper): DbParameters {
    const check = connection.dataTypeCheckConstraints[this.internalType];
    return {
      type: this.dbType(connection),
      check: check === undefined ? null : this.interpolate(check, connection),
      collation: this.options.dbCollation ?? null,
    };
  }

  /** The column's type in a database. */
  dbType(connection: DatabaseWrapper): string | null {
    const template = connection.dataTypes[this.internalType];
    return template === undefined ? null : this.interpolate(template, connection);
  }

  /** The type that CAST makes a value this field's with. */
  castDbType(connection: DatabaseWrapper): string | null {
    const { castTypes, castTextType } = connection.ops;
    if (this.internalType === 'CharField' && this.maxLength === null) return castTextType;
    const template = castTypes[this.internalType];
    return template === undefined ? this.dbType(connection) : this.interpolate(template, connection);
  }

  /** The type of a foreign key's column that refers to this field. */
  relDbType(connection: DatabaseWrapper): string | null {
    return this.dbType(connection);
  }

  /** What follows the type and its constraints: AUTOINCREMENT. */
  dbTypeSuffix(connection: DatabaseWrapper): string | null {
    return connection.dataTypesSuffix[this.internalType] ?? null;
  }

  /**
   * A value as the field has it, whatever it was given as: what a form or a program hands over never reaches a database
   * as it is. Django: `get_prep_value`.
   *
   * @throws ValueError, TypeError, ValidationError as Django's field does.
   */
  getPrepValue(value: unknown): unknown {
    return value === undefined ? null : value;
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
        validator(value);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        const { code, params } = error;
        const own = code !== null && Object.hasOwn(errorMessages, code) ? errorMessages[code] : undefined;
        errors.push(...(own === undefined ? error.errorList : [new ValidationError(own, { code, params })]));
      }
    }
    if (errors.length > 0) throw new ValidationError(errors);
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

  /** A value as it is stored. @throws what `getPrepValue` throws. */
  toDb(value: unknown, _connection: DatabaseWrapper): unknown {
    return this.getPrepValue(value);
  }

  /** A value that is compared with stored ones. @throws what `getPrepValue` throws. */
  lookupToDb(value: unknown, connection: DatabaseWrapper): unknown {
    return this.toDb(value, connection);
  }

  /** A stored value as JavaScript has it. */
  fromDb(value: unknown, _connection: DatabaseWrapper): unknown {
    return value;
  }

  /** The value that an instance has, null where it has none. */
  valueIn(instance: object): unknown {
    return (instance as Readonly<Record<string, unknown>>)[this.property] ?? null;
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

  /** The value to store at a save; a field can set it itself (`autoNow`). */
  preSave(value: unknown, _adding: boolean): unknown {
    return value;
  }

  protected interpolate(template: string, _connection: DatabaseWrapper): string {
    const values = this.typeParameters();
    return template.replace(/%\((\w+)\)s/g, (_, name: string) => String(values[name] ?? ''));
  }

  protected typeParameters(): Record<string, unknown> {
    return { max_length: this.maxLength, column: this.boundName === undefined ? '' : this.column };
  }

  toString(): string {
    return this.boundName === undefined
      ? `<${this.constructor.name}>`
      : `${this.model.appLabel}.${this.model.objectName}.${this.name}`;
  }
}
