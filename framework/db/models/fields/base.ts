/**
 * A field: one column of a model. Migrations describe tables with fields, and a model's class declares them as
 * decorators of its properties.
 *
 * Django: `django.db.models.fields`; https://docs.djangoproject.com/en/5.2/ref/models/fields/
 */
import { ValueError } from '../../../core/exceptions';
import { camelCase } from '../../../utils/module_loading';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Options } from '../options';
import type { RelatedField } from './related';

/** What every field takes. Django's names in camelCase. */
export interface FieldOptions {
  verboseName?: string;
  primaryKey?: boolean;
  unique?: boolean;
  /** The column takes NULL. */
  null?: boolean;
  /** A form takes nothing; also the effective default of a new text column. */
  blank?: boolean;
  dbIndex?: boolean;
  dbColumn?: string | null;
  /** A value, or a function that makes one. */
  default?: unknown;
  editable?: boolean;
  serialize?: boolean;
  helpText?: string;
  choices?: readonly (readonly [unknown, string])[];
  autoCreated?: boolean;
  maxLength?: number | null;
}

/** A column as the schema editor needs it. */
export interface DbParameters {
  /** The column's type; null: there is no column (many-to-many). */
  type: string | null;
  /** A CHECK condition. */
  check: string | null;
}

/** Options that leave the column as it is. */
const NON_DATABASE_OPTIONS = new Set([
  'blank',
  'choices',
  'dbColumn',
  'editable',
  'helpText',
  'limitChoicesTo',
  'onDelete',
  'relatedName',
  'relatedQueryName',
  'serialize',
  'autoCreated',
  'verboseName',
]);

/** The base of all fields. */
export abstract class Field {
  /** Django's `get_internal_type`: which of a database's column types it has. */
  abstract readonly internalType: string;
  readonly options: Readonly<FieldOptions>;
  /** An empty string is a value of this field. */
  readonly emptyStringsAllowed: boolean = true;

  // Set when the field becomes part of a model.
  private boundName: string | undefined;
  private boundModel: Options | undefined;
  private boundProperty: string | undefined;

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

  /** The name of its value: `author_id` for the foreign key `author`. */
  get attname(): string {
    return this.name;
  }

  /** The property of an instance that holds its value: `pub_date` is `pubDate`, `author` is `authorId`. */
  get property(): string {
    this.boundProperty ??= camelCase(this.attname);
    return this.boundProperty;
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

  /** The default: what the function makes, where it is one; null where there is none. */
  getDefault(): unknown {
    const value = this.options.default;
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
    });
  }

  /** Makes the field part of a model. */
  contributeTo(model: Options, name: string): void {
    this.boundModel = model;
    this.boundName = name;
    this.boundProperty = undefined;
  }

  /** What of the field matters to the table: two fields that agree in this have the same column. */
  schemaOptions(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.options).filter(
        ([name, value]) => !NON_DATABASE_OPTIONS.has(name) && value !== undefined,
      ),
    );
  }

  /** The column's type in a database, and its check. */
  dbParameters(connection: DatabaseWrapper): DbParameters {
    const check = connection.dataTypeCheckConstraints[this.internalType];
    return {
      type: this.dbType(connection),
      check: check === undefined ? null : this.interpolate(check, connection),
    };
  }

  /** The column's type in a database. */
  dbType(connection: DatabaseWrapper): string | null {
    const template = connection.dataTypes[this.internalType];
    return template === undefined ? null : this.interpolate(template, connection);
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

  /** A value as it is stored. @throws what `getPrepValue` throws. */
  toDb(value: unknown, _connection: DatabaseWrapper): unknown {
    return this.getPrepValue(value);
  }

  /** A stored value as JavaScript has it. */
  fromDb(value: unknown, _connection: DatabaseWrapper): unknown {
    return value;
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
