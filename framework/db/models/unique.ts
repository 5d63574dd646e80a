/** Values that are to be unique. Django: `Model._get_unique_checks`, `_perform_unique_checks`. */
import { settings } from '../../conf';
import { NON_FIELD_ERRORS, ValidationError } from '../../core/exceptions';
import { tuple } from '../../python/types';
import { camelCase } from '../../utils/module_loading';
import { capfirst, getTextList } from '../../utils/text';
import { getCurrentTimezone } from '../../utils/timezone';
import { gettext, gettextLazy } from '../../utils/translation';
import { formatIsoDatetime } from '../backends/datetimes';
import type { Model, ModelClass } from './base';
import { snakeCase } from './base';
import { classIn } from './classes';
import { UniqueConstraint } from './constraints';
import type { Field } from './fields/base';
import type { Options } from './options';
import type { QuerySet } from './query';

export type LookupType = 'date' | 'month' | 'year';

/** What has to be unique of a model. */
export interface UniqueChecks {
  /** Fields by name, alone or together. */
  readonly unique: readonly (readonly string[])[];
  readonly dates: readonly { lookup: LookupType; field: string; dateField: string }[];
}

/** What is to be looked at: what has none of the fields that are left out. */
export function uniqueChecksOf(meta: Options, exclude: ReadonlySet<string>): UniqueChecks {
  const family = [meta, ...meta.allParents];
  const fields = family.flatMap((model) => model.localFields).filter(({ name }) => !exclude.has(name));
  const together = family
    .flatMap((model) => model.uniqueTogether)
    .filter((names) => !names.some((name) => exclude.has(name)));
  const single = fields
    .filter((field) => field.unique)
    .map((field) => (field.concrete ? [field] : field.model.pkFields).map(({ name }) => name));
  const dates = fields.flatMap(({ name, options }) =>
    (
      [
        ['date', options.uniqueForDate],
        ['year', options.uniqueForYear],
        ['month', options.uniqueForMonth],
      ] as const
    ).flatMap(([lookup, given]) => {
      const dateField = given === undefined ? undefined : snakeCase(given);
      return dateField === undefined || exclude.has(dateField) ? [] : [{ lookup, field: name, dateField }];
    }),
  );
  return { unique: [...together, ...single], dates };
}

/** The fields that constraints of a model say are unique together, whatever else holds; none that is left out. */
export function uniqueConstraintsOf(
  meta: Options,
  exclude: ReadonlySet<string>,
): readonly (readonly string[])[] {
  return [meta, ...meta.allParents]
    .flatMap(({ constraints }) => constraints)
    .filter((each) => each instanceof UniqueConstraint && each.condition === undefined)
    .map((each) => (each as UniqueConstraint).fields)
    .filter((names) => names.length > 0 && !names.some((name) => exclude.has(name)));
}

/** Whether an instance is a row to be, as far as it is known. */
export function isAdding(instance: Model): boolean {
  const { _state: state } = instance as unknown as { _state?: { adding?: boolean } };
  return state?.adding ?? (instance.pk === null || instance.pk === undefined);
}

function classOf(instance: Model): ModelClass {
  return instance.constructor as unknown as ModelClass;
}

function read(instance: Model, field: Field): unknown {
  return (instance as unknown as Record<string, unknown>)[field.property] ?? null;
}

/**
 * The other rows with these values; undefined where a value is missing, so that there is nothing to look for: unless two
 * rows without a value are alike.
 */
export function othersWith(
  instance: Model,
  fields: readonly Field[],
  using: string | undefined,
  nullsAlike = false,
): QuerySet<Model> | undefined {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const value = read(instance, field);
    if ((value === null && !nullsAlike) || (field.primaryKey && !isAdding(instance))) return undefined;
    values[field.property] = value;
  }
  const cls = ownerOf(instance, fields);
  const key = read(instance, cls._meta.pk);
  const rows = cls._defaultManager.using(using).filter(values);
  return isAdding(instance) || key === null ? rows : rows.exclude({ pk: key });
}

/** The model whose rows are looked at: the instance's own, or a parent where the fields are its. */
function ownerOf(instance: Model, [field]: readonly Field[]): ModelClass {
  const cls = classOf(instance);
  const owner = field?.model.concreteModel;
  return owner === undefined || owner === cls._meta.concreteModel ? cls : classIn(cls._meta, owner);
}

/** The errors of the checks that fail, by property. */
export async function violatedChecks(
  instance: Model,
  { unique, dates }: UniqueChecks,
  using: string | undefined,
): Promise<Map<string, ValidationError[]>> {
  const { _meta: meta } = classOf(instance);
  const errors = new Map<string, ValidationError[]>();
  const add = (key: string, error: ValidationError): void => {
    errors.set(key, [...(errors.get(key) ?? []), error]);
  };
  for (const names of unique) {
    const fields = names.map((name) => meta.getField(name));
    if (!(await othersWith(instance, fields, using)?.exists())) continue;
    const [only] = fields.length === 1 ? fields : [];
    add(
      only === undefined ? NON_FIELD_ERRORS : camelCase(only.name),
      uniqueErrorMessage(instance, names, fields[0]?.model),
    );
  }
  for (const { lookup, field: name, dateField: dateName } of dates) {
    const [field, dateField] = [meta.getField(name), meta.getField(dateName)];
    const day = dayOf(read(instance, dateField));
    if (day === null) continue;
    const rows = othersWith(instance, [field], using);
    if (rows === undefined || !(await anyOn(rows, dateField, lookup, day))) continue;
    add(camelCase(field.name), dateErrorMessage(instance, lookup, field, dateField));
  }
  return errors;
}

/** `2027-01-31` of a value, in the current time zone. */
export function dayOf(value: unknown): string | null {
  if (value === null) return null;
  if (!(value instanceof Date)) return String(value).slice(0, 10);
  return formatIsoDatetime(value, settings.USE_TZ ? getCurrentTimezone() : settings.TIME_ZONE).slice(0, 10);
}

/** Whether one of the rows has a date of the same day, month (of any year) or year. */
async function anyOn(
  rows: QuerySet<Model>,
  dateField: Field,
  lookup: LookupType,
  day: string,
): Promise<boolean> {
  const part = { date: [0, 10], month: [5, 7], year: [0, 4] } as const;
  const [from, to] = part[lookup];
  for (const row of await rows) {
    if (dayOf(read(row, dateField))?.slice(from, to) === day.slice(from, to)) return true;
  }
  return false;
}

/**
 * What is said of a row whose values are another's. Django: `Model.unique_error_message`.
 *
 * @param meta the model that has the fields: the row's own, or one that it extends.
 */
export function uniqueErrorMessage(
  instance: Model,
  names: readonly string[],
  meta: Options = classOf(instance)._meta,
): ValidationError {
  const fields = names.map((name) => meta.getField(name));
  const labels = fields.map((field) => capfirst(String(field.verboseName)));
  const params = {
    model: instance,
    model_class: classIn(classOf(instance)._meta, meta),
    model_name: capfirst(meta.verboseName),
    unique_check: tuple([...names]),
  };
  const [only, ...others] = fields;
  if (only !== undefined && others.length === 0) {
    return new ValidationError(only.errorMessages['unique'] ?? '', {
      code: 'unique',
      params: { ...params, field_label: labels[0] },
    });
  }
  return new ValidationError(gettextLazy('%(model_name)s with this %(field_labels)s already exists.'), {
    code: 'unique_together',
    params: { ...params, field_labels: getTextList(labels, gettext('and')) },
  });
}

/** What is said of a value that is there once a day, month or year. Django: `Model.date_error_message`. */
export function dateErrorMessage(
  instance: Model,
  lookup: LookupType,
  field: Field,
  dateField: Field,
): ValidationError {
  return new ValidationError(field.errorMessages['unique_for_date'] ?? '', {
    code: 'unique_for_date',
    params: {
      model: instance,
      model_name: capfirst(classOf(instance)._meta.verboseName),
      lookup_type: lookup,
      field: field.name,
      field_label: capfirst(String(field.verboseName)),
      date_field: dateField.name,
      date_field_label: capfirst(String(dateField.verboseName)),
    },
  });
}
