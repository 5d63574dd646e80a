/** Ranges in a column. Django: `django.contrib.postgres.fields.ranges`. */

import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import { Field, type FieldOptions } from '../../../db/models/fields/base';
import { DateField, DateTimeField } from '../../../db/models/fields/dates';
import { BigIntegerField, DecimalField, IntegerField } from '../../../db/models/fields/numbers';
import type { Options } from '../../../db/models/options';
import type { Field as FormField } from '../../../forms/fields';
import type { FormFieldOptions } from '../../../forms/models/formfields';
import { itemOf, textOf } from '../adapt';
import { readRange, writeRange } from '../literals';
import { Range, type RangeBounds } from '../range';

/** What fields of ranges take. */
export interface RangeFieldOptions extends FieldOptions {
  /** The bounds of ranges that are given as lists of two. Default: `[)`. Not of integers and dates. */
  defaultBounds?: RangeBounds;
}

const BOUNDS: ReadonlySet<unknown> = new Set(['[)', '(]', '()', '[]']);

/**
 * The base of fields of ranges. A value is a {@link Range}, or a list of two.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/fields/#range-fields
 */
export abstract class RangeField extends Field {
  override readonly emptyStringsAllowed = false;
  declare readonly options: Readonly<RangeFieldOptions>;
  /** What its ends are. */
  abstract readonly baseField: Field;
  /** The name of the type. */
  protected abstract readonly rangeType: string;
  /** The name of the class of its form field. */
  protected abstract readonly formClass:
    | 'DateRangeField'
    | 'DateTimeRangeField'
    | 'DecimalRangeField'
    | 'IntegerRangeField';

  constructor(verboseName?: string | RangeFieldOptions, options?: RangeFieldOptions) {
    super(verboseName, options);
  }

  override contributeTo(model: Options, name: string): void {
    super.contributeTo(model, name);
    this.baseField.contributeTo(model, name);
  }

  override dbType(_connection: DatabaseWrapper): string {
    return this.rangeType;
  }

  /** A range of what was given; undefined for what is none. */
  protected rangeOf(value: unknown): Range | undefined {
    if (value instanceof Range) return value;
    if (Array.isArray(value) && value.length === 2) {
      return new Range(value[0] ?? null, value[1] ?? null, this.options.defaultBounds ?? '[)');
    }
    return undefined;
  }

  override formfield(options: FormFieldOptions = {}): FormField | null {
    const formClasses = require('../forms') as typeof import('../forms');
    return super.formfield({ formClass: formClasses[this.formClass], ...options });
  }

  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    const range = this.rangeOf(value);
    if (range === undefined) return value ?? null;
    if (range.isEmpty) return 'empty';
    const [lower, upper] = [range.lower, range.upper].map((end) => textOf(this.baseField, end, connection));
    return writeRange(lower as string | null, upper as string | null, range.bounds);
  }

  override fromDb(value: unknown, connection: DatabaseWrapper): unknown {
    if (typeof value !== 'string') return value ?? null;
    const read = readRange(value);
    if (read === undefined) return Range.empty();
    const [lower, upper] = [read.lower, read.upper].map((end) => itemOf(this.baseField, end, connection));
    return new Range(lower, upper, read.bounds as RangeBounds);
  }

  /** A range, a list of two, or the JSON of one as fixtures have it. */
  override toPython(value: unknown): unknown {
    if (typeof value === 'string') {
      const parsed = JSON.parse(value) as {
        lower?: unknown;
        upper?: unknown;
        bounds?: RangeBounds;
        empty?: true;
      };
      if (parsed.empty) return Range.empty();
      const [lower = null, upper = null] = [parsed.lower, parsed.upper].map((end) =>
        this.baseField.toPython(end),
      );
      return new Range(lower, upper, parsed.bounds);
    }
    return this.rangeOf(value) ?? value ?? null;
  }

  /** JSON of the ends, as Django's fixtures have it. */
  override valueToString(instance: object): unknown {
    const range = this.rangeOf(this.valueFromObject(instance));
    if (range === undefined) return null;
    if (range.isEmpty) return '{"empty": true}';
    const { baseField } = this;
    const end = (value: unknown): string =>
      value === null ? 'null' : JSON.stringify(baseField.valueToString({ [baseField.property]: value }));
    return `{"lower": ${end(range.lower)}, "upper": ${end(range.upper)}, "bounds": "${range.bounds}"}`;
  }
}

/** A range whose bounds PostgreSQL keeps as they are. */
abstract class ContinuousRangeField extends RangeField {
  /** @throws ValueError for bounds that there are not. */
  constructor(verboseName?: string | RangeFieldOptions, options?: RangeFieldOptions) {
    super(verboseName, options);
    const { defaultBounds = '[)' } = this.options;
    if (!BOUNDS.has(defaultBounds)) {
      throw new ValueError("default_bounds must be one of '[)', '(]', '()', or '[]'.");
    }
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, defaultBounds: '[)' };
  }

  override formfield(options: FormFieldOptions = {}): FormField | null {
    return super.formfield({ defaultBounds: this.options.defaultBounds, ...options });
  }
}

/** A range of integers: `int4range`. */
export class IntegerRangeField extends RangeField {
  readonly internalType = 'IntegerRangeField';
  readonly baseField = new IntegerField();
  protected readonly rangeType = 'int4range';
  protected readonly formClass = 'IntegerRangeField';
}

/** A range of big integers: `int8range`. */
export class BigIntegerRangeField extends RangeField {
  readonly internalType = 'BigIntegerRangeField';
  readonly baseField = new BigIntegerField();
  protected readonly rangeType = 'int8range';
  protected readonly formClass = 'IntegerRangeField';
}

/** A range of decimals: `numrange`. */
export class DecimalRangeField extends ContinuousRangeField {
  readonly internalType = 'DecimalRangeField';
  readonly baseField = new DecimalField({} as never);
  protected readonly rangeType = 'numrange';
  protected readonly formClass = 'DecimalRangeField';
}

/** A range of instants: `tstzrange`. */
export class DateTimeRangeField extends ContinuousRangeField {
  readonly internalType = 'DateTimeRangeField';
  readonly baseField = new DateTimeField();
  protected readonly rangeType = 'tstzrange';
  protected readonly formClass = 'DateTimeRangeField';
}

/** A range of days: `daterange`. */
export class DateRangeField extends RangeField {
  readonly internalType = 'DateRangeField';
  readonly baseField = new DateField();
  protected readonly rangeType = 'daterange';
  protected readonly formClass = 'DateRangeField';
}
