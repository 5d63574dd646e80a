/** What a form changed, as the log has it. Django: `construct_change_message`. */

import type { Model, ModelClass } from '../../../db/models/base';
import type { ModelForm } from '../../../forms/models';
import { htmlName } from '../../../forms/names';
import { type ChangeMessage, inEnglish } from '../models';
import type { AdminFormSet } from '../types';

function nameOf(row: Model): string {
  return String((row.constructor as unknown as ModelClass)._meta.verboseName);
}

/** The labels of fields in English: the model's name of a field where the form has no label. */
function labelsOf(form: ModelForm, changed: readonly string[]): string[] {
  return changed.map((name) => {
    const { label, modelField } =
      (form.fields as Readonly<Record<string, { label?: unknown; modelField?: { verboseName: unknown } }>>)[
        name
      ] ?? {};
    const verbose = modelField?.verboseName;
    return String((label ?? '') === '' ? (verbose ?? htmlName(name)) : label);
  });
}

/** What was made or changed, in parts. Names are stored in English: they are translated when they are read. */
export async function constructChangeMessage(
  form: ModelForm,
  formsets: readonly AdminFormSet[],
  add: boolean,
): Promise<ChangeMessage> {
  const parts: ChangeMessage[number][] = [];
  const changed = await form.changedData;
  inEnglish(() => {
    if (add) parts.push({ added: {} });
    else if (changed.length > 0) parts.push({ changed: { fields: labelsOf(form, changed) } });
  });
  for (const formset of formsets) {
    inEnglish(() => {
      for (const object of formset.newObjects) {
        parts.push({ added: { name: nameOf(object), object: String(object) } });
      }
    });
    for (const [object, fields] of formset.changedObjects) {
      const inline = formset.forms.find(({ instance }) => instance.isSame(object)) as ModelForm;
      inEnglish(() =>
        parts.push({
          changed: { name: nameOf(object), object: String(object), fields: labelsOf(inline, fields) },
        }),
      );
    }
    inEnglish(() => {
      for (const object of formset.deletedObjects) {
        parts.push({ deleted: { name: nameOf(object), object: String(object) } });
      }
    });
  }
  return parts;
}
