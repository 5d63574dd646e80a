/** Django's templates of forms, fields and errors (`django/forms/*.html`), written out: the same bytes without an engine. */
import { isTruthy } from '../python/ops';
import type { SafeString } from '../utils/safestring';
import type { BoundField } from './boundfield';
import { show, showAttrs } from './text';
import { ErrorList } from './utils';

type Context = Readonly<Record<string, unknown>>;
type Builtin = (context: Context) => string;

interface FormContext {
  readonly errors: ErrorList;
  readonly fields: readonly (readonly [BoundField, ErrorList])[];
  readonly hidden_fields: readonly BoundField[];
}

const hiddenOf = (context: FormContext): string =>
  context.hidden_fields.map((field) => field.toString()).join('');

function classOf(field: BoundField): string {
  const classes = field.cssClasses();
  return classes === '' ? '' : ` class="${show(classes)}"`;
}

const labelOf = (field: BoundField): string => (isTruthy(field.label) ? field.labelTag().value : '');
const idOf = (field: BoundField): string =>
  field.autoId === '' ? '' : ` id="${show(field.autoId)}_helptext"`;

/** `{{ field.help_text|safe }}`. */
function helpOf(field: BoundField): string {
  return typeof field.helpText === 'string' ? field.helpText : show(field.helpText);
}

/** What stands behind the fields of every form: the hidden fields where nothing else could take them. */
function rest(context: FormContext): string {
  return context.fields.length === 0 && context.errors.length === 0 ? `\n  ${hiddenOf(context)}\n` : '';
}

const div: Builtin = (given) => {
  const context = given as unknown as FormContext;
  const { errors, fields } = context;
  let html = `${show(errors)}\n`;
  if (errors.length > 0 && fields.length === 0) html += `\n  <div>${hiddenOf(context)}</div>\n`;
  html += '\n';
  fields.forEach(([field], i) => {
    html += `\n  <div${classOf(field)}>\n    ${field.asFieldGroup().value}\n    `;
    if (i === fields.length - 1) html += `\n      ${hiddenOf(context)}\n    `;
    html += '\n</div>\n';
  });
  return `${html}\n${rest(context)}\n`;
};

const p: Builtin = (given) => {
  const context = given as unknown as FormContext;
  const { errors, fields } = context;
  let html = `${show(errors)}\n`;
  if (errors.length > 0 && fields.length === 0) html += `\n  <p>${hiddenOf(context)}</p>\n`;
  html += '\n';
  fields.forEach(([field, own], i) => {
    html += `\n  ${show(own)}\n  <p${classOf(field)}>\n    ${labelOf(field)}\n    ${field.toString()}\n    `;
    if (isTruthy(field.helpText)) {
      html += `\n      <span class="helptext"${idOf(field)}>${helpOf(field)}</span>\n    `;
    }
    html += '\n    ';
    if (i === fields.length - 1) html += `\n      ${hiddenOf(context)}\n    `;
    html += '\n  </p>\n';
  });
  return `${html}\n${rest(context)}\n`;
};

const ul: Builtin = (given) => {
  const context = given as unknown as FormContext;
  const { errors, fields } = context;
  let html = '';
  if (errors.length > 0) {
    html += `\n  <li>\n    ${show(errors)}\n  `;
    if (fields.length === 0) html += `\n    ${hiddenOf(context)}\n  `;
    html += '\n  </li>\n';
  }
  html += '\n';
  fields.forEach(([field, own], i) => {
    html += `\n  <li${classOf(field)}>\n    ${show(own)}\n    ${labelOf(field)}\n    ${field.toString()}\n    `;
    if (isTruthy(field.helpText)) {
      html += `\n      <span class="helptext"${idOf(field)}>${helpOf(field)}</span>\n    `;
    }
    html += '\n    ';
    if (i === fields.length - 1) html += `\n      ${hiddenOf(context)}\n    `;
    html += '\n  </li>\n';
  });
  return `${html}\n${rest(context)}\n`;
};

const table: Builtin = (given) => {
  const context = given as unknown as FormContext;
  const { errors, fields } = context;
  let html = '';
  if (errors.length > 0) {
    html += `\n  <tr>\n    <td colspan="2">\n      ${show(errors)}\n      `;
    if (fields.length === 0) html += `\n        ${hiddenOf(context)}\n      `;
    html += '\n    </td>\n  </tr>\n';
  }
  html += '\n';
  fields.forEach(([field, own], i) => {
    html += `\n  <tr${classOf(field)}>\n    <th>${labelOf(field)}</th>\n    <td>\n      ${show(own)}\n      `;
    html += `${field.toString()}\n      `;
    if (isTruthy(field.helpText)) {
      html += `\n        <br>\n        <span class="helptext"${idOf(field)}>${helpOf(field)}</span>\n      `;
    }
    html += '\n      ';
    if (i === fields.length - 1) html += `\n        ${hiddenOf(context)}\n      `;
    html += '\n    </td>\n  </tr>\n';
  });
  return `${html}\n${rest(context)}\n`;
};

const field: Builtin = (context) => {
  const bound = context['field'] as BoundField;
  let html: string;
  if (bound.useFieldset) {
    const described = bound.ariaDescribedby;
    html = `\n  <fieldset${described ? ` aria-describedby="${show(described)}"` : ''}>\n  `;
    html += `${isTruthy(bound.label) ? bound.legendTag().value : ''}\n`;
  } else {
    html = `\n  ${labelOf(bound)}\n`;
  }
  html += '\n';
  if (isTruthy(bound.helpText)) html += `<div class="helptext"${idOf(bound)}>${helpOf(bound)}</div>`;
  return `${html}\n${show(bound.errors)}\n${bound.toString()}${bound.useFieldset ? '</fieldset>' : ''}\n`;
};

const label: Builtin = (context) => {
  const text = show(context['label']);
  if (!isTruthy(context['use_tag'])) return `${text}\n`;
  const tag = show(context['tag']);
  return `<${tag}${showAttrs(context['attrs'] as Record<string, unknown> | null)}>${text}</${tag}>\n`;
};

const errorList: Builtin = (context) => {
  const errors = context['errors'] as readonly unknown[];
  if (errors.length === 0) return '';
  const id = errors instanceof ErrorList && errors.fieldId ? ` id="${show(errors.fieldId)}_error"` : '';
  const items = errors.map((error) => `<li>${show(error)}</li>`).join('');
  return `<ul class="${show(context['error_class'])}"${id}>${items}</ul>`;
};

const errorListText: Builtin = (context) =>
  `${(context['errors'] as readonly unknown[]).map((error) => `* ${show(error)}\n`).join('')}\n`;

type Pairs = readonly (readonly [unknown, ErrorList])[];

const errorDict: Builtin = (context) => {
  const errors = context['errors'] as Pairs;
  if (errors.length === 0) return '\n';
  const items = errors.map(([name, list]) => `<li>${show(name)}${show(list)}</li>`).join('');
  return `<ul class="${show(context['error_class'])}">${items}</ul>\n`;
};

const errorDictText: Builtin = (context) => {
  const lines = (context['errors'] as Pairs).map(
    ([name, list]) => `* ${show(name)}\n${list.map((error) => `  * ${show(error)}\n`).join('')}`,
  );
  return `${lines.join('')}\n`;
};

type Layout = 'asDiv' | 'asP' | 'asTable' | 'asUl';
type Laid = Record<Layout, () => SafeString>;

const formset =
  (layout: Layout): Builtin =>
  (context) => {
    const { managementForm, forms } = context['formset'] as { managementForm: Laid; forms: readonly Laid[] };
    return `${show(managementForm)}${forms.map((form) => form[layout]().value).join('')}\n`;
  };

/** The templates by their names. */
export const FORMS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['django/forms/div.html', div],
  ['django/forms/p.html', p],
  ['django/forms/ul.html', ul],
  ['django/forms/table.html', table],
  ['django/forms/field.html', field],
  ['django/forms/label.html', label],
  ['django/forms/attrs.html', (context) => showAttrs(context['attrs'] as Record<string, unknown>)],
  ['django/forms/errors/list/default.html', errorList],
  ['django/forms/errors/list/ul.html', errorList],
  ['django/forms/errors/list/text.txt', errorListText],
  ['django/forms/errors/dict/default.html', errorDict],
  ['django/forms/errors/dict/ul.html', errorDict],
  ['django/forms/errors/dict/text.txt', errorDictText],
  ['django/forms/formsets/div.html', formset('asDiv')],
  ['django/forms/formsets/p.html', formset('asP')],
  ['django/forms/formsets/table.html', formset('asTable')],
  ['django/forms/formsets/ul.html', formset('asUl')],
]);
