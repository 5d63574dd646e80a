/**
 * Values of models and values of forms. A model has dates, times, decimals and UUIDs as text, an instant as a `Date`; a form has
 * what was typed as the class that knows how it is shown and compared.
 */
import { settings } from '../../conf';
import type { Field as ModelField } from '../../db/models/fields/base';
import { FieldFile } from '../../db/models/fields/field_file';
import { toDatetime } from '../../python/datetime';
import { Decimal } from '../../python/decimal';
import { pyFloat, UUID } from '../../python/types';
import { parseDate, parseTime } from '../../utils/dateparse';
import { loadNow } from '../../utils/maybe_promise';
import { makeNaive } from '../../utils/timezone';
import { isRows } from './rows';

const text =
  (read: (value: string) => unknown) =>
  (value: unknown): unknown =>
    typeof value === 'string' && value !== '' ? (read(value) ?? value) : value;

const instant = (value: unknown): unknown => {
  if (!(value instanceof Date)) return value;
  return settings.USE_TZ ? toDatetime(value) : makeNaive(value, settings.TIME_ZONE);
};

const TO_FORM: Readonly<Record<string, (value: unknown) => unknown>> = {
  DateField: text(parseDate),
  DateTimeField: instant,
  DecimalField: text((value) => Decimal.from(value)),
  FileField: (value) => (value instanceof FieldFile && value.isEmpty ? null : value),
  FloatField: (value) => (typeof value === 'number' ? pyFloat(value) : value),
  TimeField: text(parseTime),
  UUIDField: text((value) => new UUID(value)),
};

/** Those whose values are others in a model. */
const CONVERTED: ReadonlySet<string> = new Set([
  'DateField',
  'DateTimeField',
  'DecimalField',
  'TimeField',
  'UUIDField',
]);

/** A model's value as a form begins with it. */
export function toFormValue(field: ModelField, value: unknown): unknown {
  if (isRows(value)) return value;
  const known = value !== null && typeof value === 'object' ? loadNow(value) : value;
  const kind = field.isRelation() && 'targetField' in field ? (field.targetField as ModelField) : field;
  const item = itemField(kind);
  if (item !== undefined) return each(known ?? null, (own) => toFormValue(item, own));
  const convert = TO_FORM[kind.internalType];
  return (convert === undefined ? known : convert(known)) ?? null;
}

/** A form's value as the model has it. @throws ValidationError for what cannot be one. */
export function toModelValue(field: ModelField | undefined, value: unknown): unknown {
  if (field === undefined || value === null || value === undefined) return value;
  const item = itemField(field);
  if (item !== undefined) return each(value, (own) => toModelValue(item, own));
  return CONVERTED.has(field.internalType) ? field.toPython(value) : value;
}

/** What the items of lists and the ends of ranges are. */
function itemField(field: ModelField): ModelField | undefined {
  return (field as { baseField?: ModelField }).baseField;
}

/** A list or a range of what a function makes of what is in it. */
function each(value: unknown, convert: (item: unknown) => unknown): unknown {
  const { map } = (value ?? {}) as { map?: (convert: (item: unknown) => unknown) => unknown };
  return typeof map === 'function' ? map.call(value, (item) => convert(item)) : value;
}
