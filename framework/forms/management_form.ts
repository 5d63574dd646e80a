/** How many forms a formset has. Django: `ManagementForm` of `django.forms.formsets`. */
import { form } from './declare';
import { IntegerField } from './fields/number';
import { HiddenInput } from './widgets';

/** The hidden fields of a formset that say how many forms it has. */
export class ManagementForm extends form({
  TOTAL_FORMS: new IntegerField({ widget: HiddenInput }),
  INITIAL_FORMS: new IntegerField({ widget: HiddenInput }),
  MIN_NUM_FORMS: new IntegerField({ required: false, widget: HiddenInput }),
  MAX_NUM_FORMS: new IntegerField({ required: false, widget: HiddenInput }),
}) {
  private count(name: 'TOTAL_FORMS' | 'INITIAL_FORMS'): number {
    return this.errors.has(name) ? 0 : Number(this.cleanedData[name] ?? 0);
  }

  /** Forms in all; 0 where that was not said. */
  get total(): number {
    return this.count('TOTAL_FORMS');
  }

  /** Forms that were there before. */
  get initialTotal(): number {
    return this.count('INITIAL_FORMS');
  }
}
