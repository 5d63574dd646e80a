/** Values of fields as Python has them, so that a text shows the same whoever writes it. */

import type { Model } from '../../db/models/base';
import type { Field } from '../../db/models/fields/base';
import { CompositePrimaryKey } from '../../db/models/fields/composite';
import { ForeignKey } from '../../db/models/fields/related';
import { PlainDate, PlainDateTime, PlainTime } from '../../python/datetime';
import { Decimal } from '../../python/decimal';
import { pyFloat } from '../../python/types';
import { parseDate, parseDatetime, parseTime } from '../../utils/dateparse';

/** The field that says what a value is: of a reference that of the row which it refers to. */
export function valueFieldOf(field: Field): Field {
  let at = field;
  while (at instanceof ForeignKey) at = at.targetField;
  return at;
}

/** Whether a value is written as it is, and not as the text that its field makes of it. Django: `is_protected_type`. */
function isProtected(value: unknown): boolean {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'bigint':
      return true;
    case 'object':
      return (
        value === null ||
        value instanceof Date ||
        value instanceof PlainDateTime ||
        value instanceof PlainDate ||
        value instanceof PlainTime ||
        value instanceof Decimal ||
        value instanceof Number
      );
    default:
      return value === undefined;
  }
}

/** The value of a field as JavaScript has it: primitives and dates as they are, everything else as text. */
export function valueFromField(row: Model, field: Field): unknown {
  if (field instanceof CompositePrimaryKey) return field.fields.map((each) => valueFromField(row, each));
  const value = field.valueFromObject(row);
  return isProtected(value) ? (value ?? null) : field.valueToString(row);
}

/** The same as Python has it: a float is one where it is whole, too, and a date is no text. */
export function pythonValueFromField(row: Model, field: Field): unknown {
  if (field instanceof CompositePrimaryKey) {
    return field.fields.map((each) => pythonValueFromField(row, each));
  }
  const value = valueFromField(row, field);
  if (value === null) return null;
  const { internalType } = valueFieldOf(field);
  switch (internalType) {
    case 'FloatField':
      return typeof value === 'number' ? pyFloat(value) : value;
    case 'DateTimeField':
      return value instanceof PlainDateTime ? value : parsed(parseDatetime, field.valueToString(row));
    case 'DateField':
      return value instanceof PlainDate ? value : parsed(parseDate, field.valueToString(row));
    case 'TimeField':
      return value instanceof PlainTime ? value : parsed(parseTime, field.valueToString(row));
    case 'DecimalField':
      return typeof value === 'number' ? field.toPython(value) : value;
    default:
      return value;
  }
}

function parsed(parse: (text: string) => unknown, text: unknown): unknown {
  return parse(String(text)) ?? text;
}
