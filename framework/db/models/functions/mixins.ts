/** What functions of numbers have in common. Django: `django.db.models.functions.mixins`. */
import type { Expression } from '../expressions/base';
import type { Field } from '../fields/base';
import { DecimalField, FloatField, IntegerField } from '../fields/numbers';
import { Cast } from './cast';

/** The type of a calculation: a decimal with decimals, else a float. Django: `NumericOutputFieldMixin`. */
export function numericField(sources: readonly Expression[]): Field | undefined {
  const fields = sources.map((source) => source.outputFieldOrNone);
  if (fields.some((field) => field instanceof DecimalField)) return new DecimalField({} as never);
  if (fields.length === 0 || fields.some((field) => field instanceof IntegerField)) return new FloatField();
  return fields.find((field) => field !== undefined);
}

/** PostgreSQL has LOG, MOD and ROUND with two arguments for decimals alone. Django: `FixDecimalInputMixin`. */
export function decimalSources(sources: readonly Expression[]): readonly Expression[] {
  return sources.map((source) =>
    source.outputFieldOrNone instanceof FloatField
      ? Cast(source, new DecimalField({ maxDigits: 1000, decimalPlaces: 15 }))
      : source,
  );
}
