/** The form in which an action is chosen. */
import * as forms from '../../../forms';
import { gettextLazy as _ } from '../../../utils/translation';

/** The name of the boxes by which objects are chosen. */
export const ACTION_CHECKBOX_NAME = '_selected_action';

export class ActionForm extends forms.form({
  action: new forms.ChoiceField({ label: _('Action:') }),
  selectAcross: new forms.BooleanField({
    label: '',
    required: false,
    initial: 0 as never,
    widget: new forms.HiddenInput({ attrs: { class: 'select-across' } }),
  }),
}) {}
