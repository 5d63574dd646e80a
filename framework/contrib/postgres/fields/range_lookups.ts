/** Lookups of ranges. Django: `django.contrib.postgres.fields.ranges`. */
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import { Expression } from '../../../db/models/expressions/base';
import type { Field } from '../../../db/models/fields/base';
import { DateField, DateTimeField } from '../../../db/models/fields/dates';
import { BigIntegerField, DecimalField, IntegerField } from '../../../db/models/fields/numbers';
import { BooleanField } from '../../../db/models/fields/others';
import { Transform } from '../../../db/models/lookups/transform';
import { textOf } from '../adapt';
import { ContainedBy, Overlap, PostgresOperatorLookup } from '../lookups';
import { Range } from '../range';
import {
  BigIntegerRangeField,
  DateRangeField,
  DateTimeRangeField,
  DecimalRangeField,
  IntegerRangeField,
  RangeField,
} from './ranges';

const isRange = (value: unknown): boolean => value instanceof Range || Array.isArray(value);

/** A lookup whose right side is a range. */
abstract class RangeLookup extends PostgresOperatorLookup {
  /** An expression has a type of its own. */
  protected override castType(connection: DatabaseWrapper): string | undefined {
    return this.rhsIsDirect ? super.castType(connection) : undefined;
  }
}

/** Whether a range has a value, or all of another range. */
export class RangeContains extends RangeLookup {
  static override readonly lookupName = 'contains';
  protected readonly operator = '@>';

  private get base(): Field {
    return (this.lhs.outputField as RangeField).baseField;
  }

  protected override castType(connection: DatabaseWrapper): string | undefined {
    const { rhs, base } = this;
    const type = (): string | undefined => base.dbType(connection) ?? undefined;
    if (rhs instanceof Expression) {
      // A day within instants, and the other way round.
      const field = rhs.outputFieldOrNone;
      const differs =
        field !== undefined && !(field instanceof RangeField) && field.constructor !== base.constructor;
      return differs && (base instanceof DateField || base instanceof DateTimeField) ? type() : undefined;
    }
    if (isRange(rhs)) return super.castType(connection);
    return base instanceof DecimalField ? 'numeric' : type();
  }

  protected override databaseValue(value: unknown, connection: DatabaseWrapper): unknown {
    if (isRange(value)) return super.databaseValue(value, connection);
    return textOf(this.base, value, connection);
  }
}

/** `<<` */
export class FullyLessThan extends RangeLookup {
  static override readonly lookupName = 'fully_lt';
  protected readonly operator = '<<';
}

/** `>>` */
export class FullyGreaterThan extends RangeLookup {
  static override readonly lookupName = 'fully_gt';
  protected readonly operator = '>>';
}

/** `&>` */
export class NotLessThan extends RangeLookup {
  static override readonly lookupName = 'not_lt';
  protected readonly operator = '&>';
}

/** `&<` */
export class NotGreaterThan extends RangeLookup {
  static override readonly lookupName = 'not_gt';
  protected readonly operator = '&<';
}

/** `-|-` */
export class AdjacentToLookup extends RangeLookup {
  static override readonly lookupName = 'adjacent_to';
  protected readonly operator = '-|-';
}

abstract class EndTransform extends Transform {
  protected override resolveOutputField(): Field {
    return (this.lhs.outputField as RangeField).baseField;
  }
}

/** Where a range begins. */
export class RangeStartsWith extends EndTransform {
  static override readonly lookupName = 'startswith';
  protected override readonly functionName = 'lower';
}

/** Where a range ends. */
export class RangeEndsWith extends EndTransform {
  static override readonly lookupName = 'endswith';
  protected override readonly functionName = 'upper';
}

abstract class Question extends Transform<boolean | null> {
  protected override resolveOutputField(): Field {
    return new BooleanField();
  }
}

/** Whether nothing is in a range. */
export class IsEmpty extends Question {
  static override readonly lookupName = 'isempty';
  protected override readonly functionName = 'isempty';
}

/** Whether a range has its lower end. */
export class LowerInclusive extends Question {
  static override readonly lookupName = 'lower_inc';
  protected override readonly functionName = 'LOWER_INC';
}

/** Whether a range has no lower end. */
export class LowerInfinite extends Question {
  static override readonly lookupName = 'lower_inf';
  protected override readonly functionName = 'LOWER_INF';
}

/** Whether a range has its upper end. */
export class UpperInclusive extends Question {
  static override readonly lookupName = 'upper_inc';
  protected override readonly functionName = 'UPPER_INC';
}

/** Whether a range has no upper end. */
export class UpperInfinite extends Question {
  static override readonly lookupName = 'upper_inf';
  protected override readonly functionName = 'UPPER_INF';
}

/** Whether a value lies in a range: of the fields that a range can be of. */
abstract class ValueContainedBy extends PostgresOperatorLookup {
  static override readonly lookupName = 'contained_by';
  protected readonly operator = '<@';
  protected abstract readonly rangeField: RangeField;

  protected override castType(connection: DatabaseWrapper): string | undefined {
    return this.rhsIsDirect ? this.rangeField.dbType(connection) : undefined;
  }

  protected override get valueField(): Field {
    return this.rangeField;
  }
}

for (const [Owner, make] of [
  [IntegerField, () => new IntegerRangeField()],
  [BigIntegerField, () => new BigIntegerRangeField()],
  [DecimalField, () => new DecimalRangeField()],
  [DateField, () => new DateRangeField()],
  [DateTimeField, () => new DateTimeRangeField()],
] as const) {
  Owner.registerLookup(
    class extends ValueContainedBy {
      protected readonly rangeField = make();
    },
  );
}

for (const Class of [
  RangeContains,
  ContainedBy,
  Overlap,
  FullyLessThan,
  FullyGreaterThan,
  NotLessThan,
  NotGreaterThan,
  AdjacentToLookup,
  RangeStartsWith,
  RangeEndsWith,
  IsEmpty,
  LowerInclusive,
  LowerInfinite,
  UpperInclusive,
  UpperInfinite,
]) {
  RangeField.registerLookup(Class);
}
