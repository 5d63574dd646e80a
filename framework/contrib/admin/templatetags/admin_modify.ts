/** `{% load admin_modify %}`: the parts of a form. Django: `django.contrib.admin.templatetags.admin_modify`. */

import { jsonDumps } from '../../../python/json_encoder';
import { isTruthy } from '../../../python/ops';
import type { Context } from '../../../template/context';
import { Library } from '../../../template/library';
import type { AdminForm, InlineAdminForm, InlineAdminFormSet } from '../helpers';
import { adminInclusionTag } from './base';

export const register = new Library();

/** The fields that are filled from others, as JSON for the script. */
adminInclusionTag(register, 'prepopulated_fields_js', 'prepopulated_fields_js.html', (context) => {
  const fields = [...(context.get('adminform') as AdminForm).prepopulatedFields];
  for (const formset of (context.get('inline_admin_formsets') as InlineAdminFormSet[] | null) ?? []) {
    for (const form of formset as Iterable<InlineAdminForm>) {
      if (form.original === null) fields.push(...form.prepopulatedFields);
    }
  }
  const described = fields.map(({ field, dependencies }) => ({
    id: `#${field.autoId}`,
    name: field.htmlName,
    dependency_ids: dependencies.map(({ autoId }) => `#${autoId}`),
    dependency_list: dependencies.map(({ htmlName }) => htmlName),
    maxLength: (field.field as { maxLength?: number | null }).maxLength ?? 50,
    allowUnicode: (field.field as { allowUnicode?: boolean }).allowUnicode ?? false,
  }));
  return {
    ...context.flatten(),
    prepopulated_fields: fields,
    prepopulated_fields_json: jsonDumps(described),
  };
});

/** The buttons below a form. */
adminInclusionTag(register, 'submit_row', 'submit_line.html', (context: Context) => {
  const is = (name: string, otherwise = false): boolean => isTruthy(context.get(name, otherwise));
  const [add, change, isPopup, saveAs] = [is('add'), is('change'), is('is_popup'), is('save_as')];
  const hasEditableInlines = is('has_editable_inline_admin_formsets');
  const canSave =
    (is('has_change_permission') && change) || (is('has_add_permission') && add) || hasEditableInlines;
  const canChange = is('has_change_permission') || hasEditableInlines;
  const showSave = is('show_save', true) && canSave;
  return {
    ...context.flatten(),
    can_change: canChange,
    show_delete_link: !isPopup && is('has_delete_permission') && change && is('show_delete', true),
    show_save_as_new: !isPopup && is('has_add_permission') && is('has_change_permission') && change && saveAs,
    show_save_and_add_another:
      is('show_save_and_add_another', true) &&
      is('has_add_permission') &&
      !isPopup &&
      (!saveAs || add) &&
      canSave,
    show_save_and_continue:
      is('show_save_and_continue', true) && !isPopup && canSave && is('has_view_permission'),
    show_save: showSave,
    show_close: !showSave,
  };
});

adminInclusionTag(register, 'change_form_object_tools', 'change_form_object_tools.html', (context) =>
  context.flatten(),
);

/** How many columns a row of a table of inlines has. */
register.filter('cell_count', (form: InlineAdminForm) => {
  // The hidden cell with the keys.
  let count = 1;
  for (const fieldset of form) for (const line of fieldset) count += [...line].length;
  return form.formset.formset.canDelete ? count + 1 : count;
});
