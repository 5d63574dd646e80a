/** Forms of rows that several values tell from others. */
import type { Field as FormField } from '../../../forms/fields/base';
import type { ModelForm } from '../../../forms/models';
import { formName } from '../../../forms/models/options';
import { compositeKey } from '../utils/keys';
import type { BaseModelAdmin } from './base';

/**
 * The class of forms in which the parts of a key of several values can be typed for a new row alone: with another key a row that is there would be
 * saved as one more, or over another. Of a key of one value the class is as it was.
 */
export function withFixedKey(admin: BaseModelAdmin, Form: typeof ModelForm): typeof ModelForm {
  const parts = compositeKey(admin.opts)?.fields.map(formName);
  if (parts === undefined) return Form;
  abstract class FixedKeyForm extends (Form as abstract new (...args: never[]) => ModelForm) {
    constructor(...args: never[]) {
      super(...args);
      if (this.instance._state.adding) return;
      for (const name of parts ?? []) {
        const field = (this.fields as Record<string, FormField>)[name];
        if (field !== undefined) field.disabled = true;
      }
    }
  }
  return FixedKeyForm as unknown as typeof ModelForm;
}
