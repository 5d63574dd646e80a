/** What the templates of forms go through. Django: `django.contrib.admin.helpers`. */
export { ACTION_CHECKBOX_NAME, ActionForm } from './action_form';
export { AdminErrorList, AdminForm, type AdminFormInit } from './admin_form';
export { AdminField, AdminReadonlyField, Fieldline, Fieldset } from './fieldset';
export { InlineAdminForm, InlineAdminFormSet, type InlineAdminFormSetInit } from './inline_formset';
export { prepareForm, prepareForms } from './prepare';
