/** What `sortableField` of an inline can have wrong. */
import type { CheckMessage } from '../../../core/checks/messages';
import type { Field } from '../../../db/models/fields/base';
import { Relation } from '../../../db/models/fields/reverse_related';
import { uniqueChecksOf, uniqueConstraintsOf } from '../../../db/models/unique';
import type { InlineModelAdmin } from '../options/inlines';
import type { Fieldsets } from '../types';
import { flatten, flattenFieldsets } from '../utils/names';
import { anyField, missingField, mustBe, optionOf, spelling, wrong } from './messages';

const OPTION = 'sortableField';

/** A number that is in the form, and that two rows may have for a moment. */
export function* checkSortable(inline: InlineModelAdmin): Generator<CheckMessage> {
  const name = optionOf(inline, OPTION);
  if (name === null) return;
  const field = anyField(inline.opts, name);
  if (field === undefined) yield missingField(inline, 'admin.E901', OPTION, name);
  else if (field instanceof Relation || !field.editable || !field.internalType.endsWith('IntegerField')) {
    yield mustBe(inline, 'admin.E902', OPTION, 'an integer field that can be edited');
  } else if (isUnique(inline, field)) {
    yield wrong(
      inline,
      'admin.E903',
      `The value of '${OPTION}' refers to '${String(name)}', which is to be unique.`,
      'Rows are written one after the other, so that two of them could not change places: leave it out of what is unique.',
    );
  } else if (!isInForm(inline, field)) {
    yield wrong(
      inline,
      'admin.E904',
      `The value of '${OPTION}' refers to '${String(name)}', which is no field of the form.`,
      "Name it in 'fields' or 'fieldsets', and neither in 'exclude' nor in 'readonlyFields'.",
    );
  }
}

function isUnique({ opts }: InlineModelAdmin, { name }: Field): boolean {
  const none = new Set<string>();
  return [...uniqueChecksOf(opts, none).unique, ...uniqueConstraintsOf(opts, none)].some((names) =>
    names.includes(name),
  );
}

function isInForm(inline: InlineModelAdmin, field: Field): boolean {
  const has = (names: readonly unknown[]): boolean => names.map(spelling).includes(spelling(field.name));
  const listed = (option: string): readonly unknown[] => {
    const given = optionOf(inline, option);
    return Array.isArray(given) ? (given as readonly unknown[]) : [];
  };
  if (has(listed('exclude')) || has(listed('readonlyFields'))) return false;
  if (inline.fieldsets !== null) return has(flattenFieldsets(inline.fieldsets as Fieldsets));
  return inline.fields === null || has(flatten(listed('fields') as readonly (readonly unknown[])[]));
}
