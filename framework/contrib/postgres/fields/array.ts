/** Lists in a column. Django: `django.contrib.postgres.fields.array`. */
import {
  Error as CheckError,
  type CheckMessage,
  type DatabaseCheckOptions,
  Warning,
} from '../../../core/checks/messages';
import { ValidationError } from '../../../core/exceptions';
import type { Validator } from '../../../core/validators';
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import type { Expression } from '../../../db/models/expressions/base';
import { type DbParameters, Field, type FieldOptions } from '../../../db/models/fields/base';
import type { Deconstructed } from '../../../db/models/fields/deconstruct';
import type { ErrorMessages } from '../../../db/models/fields/messages';
import type { TransformMaker } from '../../../db/models/lookups/registry';
import type { Options } from '../../../db/models/options';
import type { Field as FormField } from '../../../forms/fields';
import type { FormFieldOptions } from '../../../forms/models/formfields';
import { gettextLazy as _ } from '../../../utils/translation';
import { itemOf, textOf } from '../adapt';
import { type ArrayText, readArray, writeArray } from '../literals';
import { ContainedBy, DataContains, Overlap } from '../lookups';
import { prefixValidationError } from '../utils';
import { ArrayMaxLengthValidator } from '../validators';
import { ArrayLenTransform, IndexTransform, SliceTransform } from './array_transforms';

/** What an ArrayField takes. */
export interface ArrayFieldOptions extends FieldOptions {
  /** What each item is; an ArrayField for lists of lists. */
  baseField: Field;
  /** How many items there may be; PostgreSQL itself does not look at it. */
  size?: number | null;
}

/**
 * A list of values of one field, as PostgreSQL alone has it.
 *
 * Lookups: `contains`, `contained_by`, `overlap`, `len`, a position (`tags__0`), and a part (`tags__0_2`).
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/fields/#arrayfield
 * @example
 * ```ts
 * class Post extends models.Model {
 *   @ArrayField({ baseField: new models.CharField({ maxLength: 200 }), blank: true, default: () => [] })
 *   declare tags: string[];
 * }
 * Post.objects.filter({ tags__contains: ['thoughts'] });
 * ```
 */
export class ArrayField extends Field {
  readonly internalType = 'ArrayField';
  override readonly defaultHint = ['[]', '() => []'] as const;
  override readonly emptyStringsAllowed = false;
  declare readonly options: Readonly<ArrayFieldOptions>;
  private base: Field;

  constructor(options: ArrayFieldOptions) {
    super(options);
    this.base = options.baseField;
  }

  /** What each item is. */
  get baseField(): Field {
    return this.base;
  }

  get size(): number | null {
    return this.options.size ?? null;
  }

  protected override get defaultErrorMessages(): ErrorMessages {
    return {
      ...super.defaultErrorMessages,
      item_invalid: _('Item %(nth)s in the array did not validate:'),
      nested_array_mismatch: _('Nested arrays must have the same length.'),
    };
  }

  protected override limitValidators(): readonly Validator[] {
    return this.size === null ? [] : [new ArrayMaxLengthValidator(this.size)];
  }

  override contributeTo(model: Options, name: string): void {
    super.contributeTo(model, name);
    this.base = this.base.clone();
    this.base.contributeTo(model, name);
  }

  override deconstruct(): Deconstructed {
    const [name, path, args, kwargs] = super.deconstruct();
    // Without its model, as a migration has it.
    return [name, path, args, { ...kwargs, baseField: this.options.baseField }];
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, size: null };
  }

  override schemaOptions(): Record<string, unknown> {
    const { base } = this;
    return { ...super.schemaOptions(), baseField: [base.internalType, base.schemaOptions()] };
  }

  override dbParameters(connection: DatabaseWrapper): DbParameters {
    const { collation } = this.base.dbParameters(connection);
    return { ...super.dbParameters(connection), collation: collation ?? null };
  }

  override dbType(connection: DatabaseWrapper): string {
    return `${this.base.dbType(connection)}[${this.size ?? ''}]`;
  }

  override castDbType(connection: DatabaseWrapper): string {
    return `${this.base.castDbType(connection)}[${this.size ?? ''}]`;
  }

  private literal(value: unknown, connection: DatabaseWrapper): ArrayText {
    return [...(value as Iterable<unknown>)].map((item) => {
      if (this.base instanceof ArrayField && isList(item)) return this.base.literal(item, connection);
      return textOf(this.base, item, connection);
    });
  }

  /** The literal of the array. */
  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    return isList(value) ? writeArray(this.literal(value, connection)) : (value ?? null);
  }

  override fromDb(value: unknown, connection: DatabaseWrapper): unknown {
    if (value === null || value === undefined) return null;
    const isText = typeof value === 'string';
    return this.read(isText ? readArray(value) : (value as unknown[]), connection, isText);
  }

  private read(items: readonly unknown[], connection: DatabaseWrapper, isText: boolean): unknown[] {
    const { base } = this;
    return items.map((item) => {
      if (base instanceof ArrayField && Array.isArray(item)) return base.read(item, connection, isText);
      if (item === null) return null;
      return isText ? itemOf(base, item as string, connection) : base.fromDb(item, connection);
    });
  }

  /** A list, or the JSON of one, as fixtures have it. @throws ValidationError of an item. */
  override toPython(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'string')
      return isList(value) ? [...value].map((item) => this.base.toPython(item)) : value;
    let items: unknown;
    try {
      items = JSON.parse(value);
    } catch {
      throw new ValidationError(`“${value}” is not the JSON of a list.`, { code: 'invalid' });
    }
    return Array.isArray(items) ? items.map((item) => this.base.toPython(item)) : items;
  }

  /** JSON, whose items are what a fixture has of the base field. */
  override valueToString(instance: object): unknown {
    const values = this.valueFromObject(instance);
    if (!isList(values)) return 'null';
    const { base } = this;
    const items = [...values].map((item) =>
      item === null ? null : base.valueToString({ [base.property]: item }),
    );
    return `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
  }

  override validate(value: unknown, instance?: object): void {
    super.validate(value, instance);
    if (!isList(value)) return;
    const items = [...value];
    for (const [at, item] of items.entries()) this.ofItem(at, () => this.base.validate(item, instance));
    if (!(this.base instanceof ArrayField)) return;
    const lengths = new Set(items.map((item) => (isList(item) ? [...item].length : 0)));
    if (lengths.size > 1) throw this.fault('nested_array_mismatch');
  }

  override runValidators(value: unknown): void {
    super.runValidators(value);
    if (!isList(value)) return;
    for (const [at, item] of [...value].entries()) this.ofItem(at, () => this.base.runValidators(item));
  }

  /** Says of an error in which item it is. */
  private ofItem(at: number, look: () => void): void {
    try {
      look();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      throw prefixValidationError(error, this.errorMessages['item_invalid'], 'item_invalid', { nth: at + 1 });
    }
  }

  override formfield(options: FormFieldOptions = {}): FormField | null {
    const { SimpleArrayField: formClass } = require('../forms') as typeof import('../forms');
    return super.formfield({
      formClass,
      baseField: this.base.formfield(),
      maxLength: this.size,
      ...options,
    });
  }

  override getTransform(name: string): TransformMaker | undefined {
    const found = super.getTransform(name);
    if (found !== undefined) return found;
    const match = /^(\d{1,9})(?:_(\d{1,9}))?$/.exec(name);
    if (!match) return undefined;
    const [, start, end] = match;
    const first = Number(start) + 1;
    return (lhs: Expression) =>
      end === undefined
        ? new IndexTransform(first, this.base, lhs)
        : new SliceTransform(first, Number(end), this, lhs);
  }

  override check(options: DatabaseCheckOptions = {}): CheckMessage[] {
    const found = super.check(options);
    if (this.base.isRelation()) {
      found.push(
        new CheckError('Base field for array cannot be a related field.', { obj: this, id: 'postgres.E002' }),
      );
      return found;
    }
    for (const [id, kind] of [
      ['postgres.E001', 'errors'],
      ['postgres.W004', 'warnings'],
    ] as const) {
      const isError = kind === 'errors';
      const ours = this.base.check(options).filter(({ level }) => level >= 40 === isError);
      if (ours.length === 0) continue;
      const text = ours.map((each) => `${each.msg} (${each.id})`).join('\n    ');
      const Message = isError ? CheckError : Warning;
      found.push(new Message(`Base field for array has ${kind}:\n    ${text}`, { obj: this, id }));
    }
    return found;
  }
}

for (const Class of [DataContains, ContainedBy, Overlap, ArrayLenTransform]) ArrayField.registerLookup(Class);

/** An iterable that is no text. */
function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
