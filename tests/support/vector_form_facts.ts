/** What the vectors ask of whole forms and formsets. */
import * as forms from 'tsango/forms';
import { canonical, fieldOf, type Json, read, write } from './vector_forms';

export const camel = (name: string): string =>
  name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
export const named = (json: Json): Record<string, unknown> =>
  Object.fromEntries(Object.entries(json).map(([name, value]) => [camel(name), read(value)]));

export type AnyForm = forms.Form;
export type AnyFormClass = new (options?: forms.FormOptions) => AnyForm;

export function formClass(cls: Json, fields: readonly [string, Json][]): AnyFormClass {
  class Recorded extends forms.form(
    Object.fromEntries(fields.map(([name, field]) => [name, fieldOf(field)])) as forms.Fields,
  ) {}
  Object.assign(Recorded.prototype, named(cls));
  Object.defineProperty(Recorded, 'name', { value: 'RecordedForm' });
  return Recorded as unknown as AnyFormClass;
}

export function errorData(errors: forms.ErrorList): unknown {
  return errors.asData().map(({ message, code, params }) => ({
    message,
    ...(code === null ? {} : { code }),
    ...(params === null ? {} : { params: write(params) }),
  }));
}

export function attempted(body: () => unknown): unknown {
  try {
    return body();
  } catch {
    return { raises: true };
  }
}

export function boundFacts(bound: forms.BoundField, isFirst: boolean): Json {
  return {
    html_name: bound.htmlName,
    html_initial_name: bound.htmlInitialName,
    auto_id: bound.autoId,
    id_for_label: bound.idForLabel,
    label: write(bound.label),
    help_text: write(bound.helpText),
    is_hidden: bound.isHidden,
    widget_type: bound.widgetType,
    use_fieldset: bound.useFieldset,
    aria_describedby: bound.ariaDescribedby,
    value: write(bound.value()),
    initial: write(bound.initial),
    data: write(bound.data),
    css_classes: bound.cssClasses(),
    errors: String(bound.errors),
    label_tag: bound.labelTag().value,
    legend_tag: bound.legendTag().value,
    ...(isFirst
      ? {
          html_initial_id: bound.htmlInitialId,
          label_tag_args: bound.labelTag('Other <label>', { class: 'pretty' }, '&').value,
        }
      : {}),
    as_widget: attempted(() => bound.asWidget().value),
    as_hidden: attempted(() => bound.asHidden().value),
    as_text: attempted(() => bound.asText().value),
    as_textarea: attempted(() => bound.asTextarea().value),
    as_field_group: attempted(() => bound.asFieldGroup().value),
    str: attempted(() => String(bound)),
    subwidgets: attempted(() =>
      bound.subwidgets.map((each) => ({
        str: String(each),
        tag: each.tag().value,
        choice_label: attempted(() => write(each.choiceLabel)),
        id_for_label: each.idForLabel,
      })),
    ),
  };
}

/** What differs from the row; keys that are not asked for are left out. */
export function differences(said: unknown, wanted: unknown, path: string): string[] {
  if (wanted !== null && typeof wanted === 'object' && !Array.isArray(wanted)) {
    const keys = Object.keys(wanted);
    if (keys.includes('$skip')) return [];
    if (keys.includes('raises')) {
      return JSON.stringify(said) === '{"raises":true}' ? [] : [`${path}: ${JSON.stringify(said)}`];
    }
    if (said === null || typeof said !== 'object') return [`${path}: ${JSON.stringify(said)}`];
    return keys.flatMap((key) => {
      if (key === 'params' && !('params' in said)) return [];
      return differences((said as Json)[key], (wanted as Json)[key], `${path}.${key}`);
    });
  }
  const same = JSON.stringify(canonical(said)) === JSON.stringify(canonical(wanted));
  const classes = (value: unknown): string => String(value).split(' ').sort().join(' ');
  if (same || (path.endsWith('.css_classes') && classes(said) === classes(wanted))) return [];
  return [`${path}:\n    here:   ${JSON.stringify(said)}\n    django: ${JSON.stringify(wanted)}`];
}

export async function formFacts(row: Json): Promise<unknown> {
  const Form = formClass(row['class'] as Json, row['fields'] as [string, Json][]);
  const wanted = row['outcome'] as Json;
  let form: AnyForm;
  try {
    form = new Form(named(row['kwargs'] as Json) as forms.FormOptions);
  } catch (error) {
    if (wanted['raises'] !== undefined) return { raises: true };
    throw error;
  }
  return factsOfForm(form);
}

/** What is asked of any form. */
export async function factsOfForm(form: AnyForm): Promise<Json> {
  const isValid = await form.isValid();
  const { errors } = form;
  return {
    is_bound: form.isBound,
    is_valid: isValid,
    errors: {
      data: Object.fromEntries([...errors].map(([name, list]) => [name, errorData(list)])),
      json: errors.getJsonData(),
      as_json: errors.asJson(),
      json_escaped: errors.getJsonData(true),
      as_ul: errors.asUl().value,
      as_text: errors.asText().value,
      lists: Object.fromEntries([...errors].map(([name, list]) => [name, String(list)])),
    },
    non_field_errors: String(form.nonFieldErrors()),
    cleaned_data: write(form.cleanedData),
    has_errors: Object.fromEntries(Object.keys(form.fields).map((name) => [name, form.hasError(name)])),
    changed_data: attempted(() => form.changedData),
    is_multipart: form.isMultipart(),
    media: form.media.render().value,
    hidden_fields: form.hiddenFields().map(({ name }) => name),
    visible_fields: form.visibleFields().map(({ name }) => name),
    bound_fields: Object.fromEntries([...form].map((bound, i) => [bound.name, boundFacts(bound, i === 0)])),
    as_div: attempted(() => form.asDiv().value),
    as_p: attempted(() => form.asP().value),
    as_table: attempted(() => form.asTable().value),
    as_ul: attempted(() => form.asUl().value),
    str: attempted(() => String(form)),
  };
}

export async function formsetFacts(row: Json): Promise<unknown> {
  const { class: cls, fields } = row['form'] as { class: Json; fields: [string, Json][] };
  const FormSet = forms.formsetFactory(
    formClass(cls, fields),
    named(row['factory'] as Json) as forms.FormSetFactoryOptions,
  );
  Object.assign(FormSet.prototype, named((row['class'] ?? {}) as Json));
  const formset = new FormSet(named(row['kwargs'] as Json) as forms.FormSetOptions);
  const isValid = await formset.isValid();
  const nonForm = formset.nonFormErrors();
  const all = formset.forms;
  const indexes = (list: readonly AnyForm[]): number[] => list.map((form) => all.indexOf(form));
  const prefixed = (form: AnyForm): Json => form.errors.getJsonData() as unknown as Json;
  return {
    is_bound: formset.isBound,
    total_form_count: formset.totalFormCount(),
    initial_form_count: formset.initialFormCount(),
    is_valid: isValid,
    prefix: formset.prefix,
    len: all.length,
    errors: formset.errors.map((errors) => errors.getJsonData()),
    non_form_errors: {
      data: errorData(nonForm),
      json: nonForm.getJsonData(),
      as_ul: nonForm.asUl().value,
      as_text: nonForm.asText().value,
    },
    total_error_count: formset.totalErrorCount(),
    has_changed: formset.hasChanged(),
    cleaned_data: attempted(() => formset.cleanedData.map(write)),
    ordered_forms: attempted(() => indexes(formset.orderedForms)),
    deleted_forms: indexes(formset.deletedForms),
    is_multipart: formset.isMultipart(),
    management_form: String(formset.managementForm),
    // The recording stops at 20 forms.
    changed_data: all.slice(0, 20).map((form) => form.changedData),
    field_names: all.slice(0, 20).map((form) => Object.keys(form.fields)),
    empty_form: String(formset.emptyForm),
    media: formset.media.render().value,
    as_div: formset.asDiv().value,
    as_p: formset.asP().value,
    as_table: formset.asTable().value,
    as_ul: formset.asUl().value,
    ...(all.length === 0 ? {} : { first: prefixed(all[0] as AnyForm) }),
  };
}
