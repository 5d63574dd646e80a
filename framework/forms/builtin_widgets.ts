/** Django's templates of widgets (`django/forms/widgets/*.html`), written out: the same bytes without a template engine. */
import { isTruthy } from '../python/ops';
import { strip } from '../python/text';
import { stripSpacesBetweenTags } from '../utils/html';
import { show, showAttrs, showString } from './text';
import type { OptGroup, WidgetContext } from './widgets/base';

/** Renders another template inside of this one. */
export type Include = (templateName: string, widget: WidgetContext) => string;
type Builtin = (widget: WidgetContext, include: Include) => string;

function input(widget: WidgetContext): string {
  const { value } = widget;
  const shown = value === null || value === undefined ? '' : ` value="${showString(value)}"`;
  return `<input type="${show(widget.type ?? null)}" name="${show(widget.name)}"${shown}${showAttrs(widget.attrs)}>\n`;
}

const wrapped: Builtin = (widget) => `${input(widget)}\n`;

function inputOption(widget: WidgetContext): string {
  if (!widget.wrapLabel) return `${input(widget)}\n`;
  const { id } = widget.attrs;
  const target = isTruthy(id) ? ` for="${show(id)}"` : '';
  return `<label${target}>${input(widget)} ${show(widget.label)}</label>\n`;
}

function selectOption(widget: WidgetContext): string {
  return `<option value="${showString(widget.value)}"${showAttrs(widget.attrs)}>${show(widget.label)}</option>\n`;
}

function select(widget: WidgetContext, include: Include): string {
  let html = `<select name="${show(widget.name)}"${showAttrs(widget.attrs)}>`;
  for (const [group, options] of widget.optgroups as readonly OptGroup[]) {
    const named = isTruthy(group);
    if (named) html += `\n  <optgroup label="${show(group)}">`;
    for (const option of options) {
      html += `\n  ${include(option.templateName, option)}`;
    }
    if (named) html += '\n  </optgroup>';
  }
  return `${html}\n</select>\n`;
}

function multipleInput(widget: WidgetContext, include: Include): string {
  const { id, class: css } = widget.attrs;
  let html = `<div${isTruthy(id) ? ` id="${show(id)}"` : ''}${isTruthy(css) ? ` class="${show(css)}"` : ''}>`;
  for (const [group, options] of widget.optgroups as readonly OptGroup[]) {
    const named = isTruthy(group);
    if (named) html += `\n  <div><label>${show(group)}</label>`;
    for (const option of options) html += `<div>\n    ${include(option.templateName, option)}</div>`;
    if (named) html += '\n  </div>';
  }
  return `${html}\n</div>\n`;
}

function multiwidget(widget: WidgetContext, include: Include): string {
  const parts = (widget.subwidgets ?? []).map((each) => include(each.templateName, each));
  return `${stripSpacesBetweenTags(strip(parts.join('')))}\n`;
}

function textarea(widget: WidgetContext): string {
  const value = isTruthy(widget.value) ? show(widget.value) : '';
  return `<textarea name="${show(widget.name)}"${showAttrs(widget.attrs)}>\n${value}</textarea>\n`;
}

function clearableFileInput(widget: WidgetContext): string {
  let html = '';
  if (isTruthy(widget.isInitial)) {
    const { url } = widget.value as { url?: unknown };
    html += `${show(widget.initialText)}: <a href="${show(url)}">${show(widget.value)}</a>`;
    if (!widget.required) {
      const { disabled, checked } = widget.attrs;
      html += `\n<input type="checkbox" name="${show(widget.checkboxName)}" id="${show(widget.checkboxId)}"`;
      html += `${isTruthy(disabled) ? ' disabled' : ''}${isTruthy(checked) ? ' checked' : ''}>\n`;
      html += `<label for="${show(widget.checkboxId)}">${show(widget.clearCheckboxLabel)}</label>`;
    }
    html += `<br>\n${show(widget.inputText)}:`;
  }
  return `${html}\n<input type="${show(widget.type ?? null)}" name="${show(widget.name)}"${showAttrs(widget.attrs)}>\n`;
}

const twice =
  (builtin: Builtin): Builtin =>
  (widget, include) =>
    `${builtin(widget, include)}\n`;

/** The templates by their names. */
export const WIDGETS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>(
  (
    [
      ['input', input],
      ...['text', 'number', 'email', 'url', 'color', 'search', 'tel', 'password', 'hidden', 'file'].map(
        (name): [string, Builtin] => [name, wrapped],
      ),
      ...['date', 'datetime', 'time', 'checkbox'].map((name): [string, Builtin] => [name, wrapped]),
      ['attrs', (widget) => showAttrs(widget.attrs)],
      ['input_option', inputOption],
      ['radio_option', twice(inputOption)],
      ['checkbox_option', twice(inputOption)],
      ['select_option', selectOption],
      ['select', select],
      ['multiple_input', multipleInput],
      ['radio', twice(multipleInput)],
      ['checkbox_select', twice(multipleInput)],
      ['multiwidget', multiwidget],
      ['multiple_hidden', twice(multiwidget)],
      ['splitdatetime', twice(multiwidget)],
      ['splithiddendatetime', twice(multiwidget)],
      ['select_date', twice(multiwidget)],
      ['textarea', textarea],
      ['clearable_file_input', clearableFileInput],
    ] as [string, Builtin][]
  ).map(([name, builtin]) => [`django/forms/widgets/${name}.html`, builtin]),
);
