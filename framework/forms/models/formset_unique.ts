/** Values that no two forms of a formset may have. Django: `BaseModelFormSet.validate_unique`. */
import { NON_FIELD_ERRORS, ValidationError } from '../../core/exceptions';
import type { ModelClass } from '../../db/models/base';
import { dayOf, type LookupType, uniqueChecksOf, uniqueConstraintsOf } from '../../db/models/unique';
import { excludedNames } from '../../db/models/validation';
import { toStr } from '../../python/str';
import { getTextList } from '../../utils/text';
import { gettext } from '../../utils/translation';
import { isRow } from './choice_field';
import type { BaseModelFormSet } from './formset';
import type { ModelForm } from './model_form';
import { formName } from './options';

/** A value that is to be there once a day, month or year of a date; fields by the names that the model has. */
export interface DateCheck {
  readonly lookup: LookupType;
  readonly field: string;
  readonly dateField: string;
}

interface Checks {
  readonly unique: readonly (readonly string[])[];
  readonly dates: readonly DateCheck[];
}

type Values = Record<string, unknown>;

/** What is to be looked at of all forms, each once. */
function checksOf(forms: readonly ModelForm[]): Checks {
  const unique = new Map<string, readonly string[]>();
  const dates = new Map<string, DateCheck>();
  for (const form of forms) {
    const { _meta: meta } = form.instance.constructor as unknown as ModelClass;
    const exclude = excludedNames(form.getValidationExclusions());
    const own = uniqueChecksOf(meta, exclude);
    for (const names of [...own.unique, ...uniqueConstraintsOf(meta, exclude)])
      unique.set(names.join(), names);
    for (const check of own.dates) dates.set(Object.values(check).join(), check);
  }
  return { unique: [...unique.values()], dates: [...dates.values()] };
}

/** What tells one value from another. */
function identity(value: unknown): string {
  return isRow(value) ? toStr(value.pk) : `${typeof value} ${toStr(value)}`;
}

/** @throws ValidationError of all that several of the forms have. */
export function validateUniqueTogether(formset: BaseModelFormSet, all: readonly ModelForm[]): void {
  const forms = all.filter((form) => form.errors.size === 0);
  const { unique, dates } = checksOf(forms);
  const errors: ValidationError[] = [];
  const refuse = (form: ModelForm, message: string, names: readonly string[]): void => {
    errors.push(new ValidationError(message));
    form.errors.set(
      NON_FIELD_ERRORS,
      new formset.errorClass([formset.getFormError()], { renderer: formset.renderer }),
    );
    for (const name of names) delete (form.cleanedData as Values)[name];
  };
  const compare = (keyOf: (cleaned: Values) => string | null, failed: (form: ModelForm) => void): void => {
    const seen = new Set<string>();
    for (const form of forms) {
      const key = keyOf(form.cleanedData as Values);
      if (key === null) continue;
      if (seen.has(key)) failed(form);
      seen.add(key);
    }
  };
  for (const fields of unique) {
    const names = fields.map((name) => formName({ name }));
    compare(
      (cleaned) => together(names, cleaned, formset.uniqueFields),
      (form) => refuse(form, formset.getUniqueErrorMessage(fields), names),
    );
  }
  for (const check of dates) {
    const [name, dateName] = [check.field, check.dateField].map((each) => formName({ name: each })) as [
      string,
      string,
    ];
    compare(
      (cleaned) => onceA(check.lookup, cleaned[name] ?? null, cleaned[dateName] ?? null),
      (form) => refuse(form, formset.getDateErrorMessage(check), [name]),
    );
  }
  if (errors.length > 0) throw new ValidationError(errors);
}

/** The values of some fields as one; null where one of them is missing. */
function together(names: readonly string[], cleaned: Values, same: ReadonlySet<string>): string | null {
  const there = names.filter((name) => Object.hasOwn(cleaned, name));
  const values = there.map((name) => (same.has(name) ? name : cleaned[name]));
  if (values.length === 0 || values.some((value) => value === null || value === undefined)) return null;
  return JSON.stringify(values.map(identity));
}

const PARTS = { date: [0, 10], month: [5, 7], year: [0, 4] } as const;

/** A value with the day, month or year of a date. */
function onceA(lookup: LookupType, value: unknown, date: unknown): string | null {
  const day = value === null ? null : dayOf(date);
  return day === null ? null : JSON.stringify([identity(value), day.slice(...PARTS[lookup])]);
}

const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/%\((\w+)\)s/g, (_, name: string) => values[name] ?? '');

/** What is said of values that several forms have. */
export function uniqueMessage(fields: readonly string[]): string {
  const [only, ...others] = fields;
  if (only !== undefined && others.length === 0) {
    return filled(gettext('Please correct the duplicate data for %(field)s.'), { field: only });
  }
  return filled(gettext('Please correct the duplicate data for %(field)s, which must be unique.'), {
    field: getTextList(fields, gettext('and')),
  });
}

/** What is said of values that are to be there once a day, month or year. */
export function dateMessage({ lookup, field, dateField }: DateCheck): string {
  return filled(
    gettext(
      'Please correct the duplicate data for %(field_name)s which must be unique for the %(lookup)s in %(date_field)s.',
    ),
    { field_name: field, lookup, date_field: dateField },
  );
}
