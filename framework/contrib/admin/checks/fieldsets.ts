/** What `fields` and `fieldsets` can have wrong. */
import type { CheckMessage } from '../../../core/checks/messages';
import { ManyToManyField } from '../../../db/models/fields/related';
import type { BaseModelAdmin } from '../options/base';
import { flatten } from '../utils/names';
import {
  anyField,
  hasDuplicates,
  isDictionary,
  itemsOf,
  mustBe,
  optionOf,
  spelling,
  wrong,
} from './messages';

type Found = Generator<CheckMessage>;

/** `fields`, and `fieldsets`: one of them. */
export function* checkFieldSpecs(admin: BaseModelAdmin): Found {
  yield* checkFields(admin, optionOf(admin, 'fields'));
  const fieldsets = optionOf(admin, 'fieldsets');
  if (fieldsets === null || fieldsets === undefined) return;
  if (!Array.isArray(fieldsets)) {
    yield mustBe(admin, 'admin.E007', 'fieldsets', 'a list or tuple');
    return;
  }
  const seen: unknown[] = [];
  for (const [item, label] of itemsOf(fieldsets, 'fieldsets')) yield* checkFieldset(admin, item, label, seen);
}

function* checkFields(admin: BaseModelAdmin, fields: unknown): Found {
  if (fields === null || fields === undefined) return;
  if (!Array.isArray(fields)) yield mustBe(admin, 'admin.E004', 'fields', 'a list or tuple');
  else if (admin.fieldsets !== null) {
    yield wrong(admin, 'admin.E005', "Both 'fieldsets' and 'fields' are specified.");
  } else if (hasDuplicates(flatten(fields))) {
    yield wrong(admin, 'admin.E006', "The value of 'fields' contains duplicate field(s).");
  } else for (const row of fields) yield* checkRow(admin, row, 'fields');
}

/** An item of `fieldsets`: a pair of a title and an object with `fields`. */
function* checkFieldset(admin: BaseModelAdmin, item: unknown, label: string, seen: unknown[]): Found {
  if (!Array.isArray(item)) {
    yield mustBe(admin, 'admin.E008', label, 'a list or tuple');
    return;
  }
  if (item.length !== 2) {
    yield mustBe(admin, 'admin.E009', label, 'of length 2');
    return;
  }
  const options: unknown = item[1];
  if (!isDictionary(options)) {
    yield mustBe(admin, 'admin.E010', `${label}[1]`, 'a dictionary');
    return;
  }
  if (!('fields' in options)) {
    yield wrong(admin, 'admin.E011', `The value of '${label}[1]' must contain the key 'fields'.`);
    return;
  }
  const { fields } = options;
  if (!Array.isArray(fields)) {
    yield mustBe(admin, 'admin.E008', `${label}[1]['fields']`, 'a list or tuple');
    return;
  }
  seen.push(...flatten(fields));
  if (hasDuplicates(seen)) {
    yield wrong(admin, 'admin.E012', `There are duplicate field(s) in '${label}[1]'.`);
    return;
  }
  for (const row of fields) yield* checkRow(admin, row, `${label}[1]["fields"]`);
}

/** A line of a form: a field, or several. */
function* checkRow(admin: BaseModelAdmin, row: unknown, label: string): Found {
  if (!Array.isArray(row)) yield* checkName(admin, row, label);
  else for (const [name, at] of itemsOf(row, label)) yield* checkName(admin, name, at);
}

function* checkName(admin: BaseModelAdmin, name: unknown, label: string): Found {
  const readonly = optionOf(admin, 'readonlyFields');
  // What is only shown need be no field; it has a check of its own.
  if (Array.isArray(readonly) && readonly.map(spelling).includes(spelling(name))) return;
  const field = anyField(admin.opts, name);
  // What is no field of the model may be one of the form.
  if (!(field instanceof ManyToManyField) || field.hasOwnTable) return;
  yield wrong(
    admin,
    'admin.E013',
    `The value of '${label}' cannot include the ManyToManyField '${String(name)}', because that field manually ` +
      'specifies a relationship model.',
  );
}
