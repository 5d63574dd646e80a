/** `<input>` and `<textarea>`. Django: `django.forms.widgets`. */

import type { InputFormatName } from '../../conf/locale/input_formats';
import { isTruthy } from '../../python/ops';
import { getInputFormats, localizeInput } from '../../utils/formats';
import { SafeString } from '../../utils/safestring';
import type { DataSource } from '../data';
import { type Attrs, toPrinted, Widget, type WidgetContext, type WidgetOptions } from './base';

/** The base of all `<input>`s. */
export class Input extends Widget {
  constructor({ attrs, ...options }: WidgetOptions = {}) {
    if (attrs && Object.hasOwn(attrs, 'type')) {
      const { type, ...rest } = attrs;
      super({ ...options, attrs: rest });
      this.inputType = type as string | null;
    } else {
      super({ ...options, attrs: attrs ?? null });
    }
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs);
    context.widget.type = this.inputType;
    return context;
  }
}
Input.prototype.templateName = 'django/forms/widgets/input.html';

const defaults = (cls: { readonly prototype: Widget }, inputType: string, template: string): void => {
  Object.assign(cls.prototype, { inputType, templateName: `django/forms/widgets/${template}.html` });
};

export class TextInput extends Input {}
defaults(TextInput, 'text', 'text');

export class NumberInput extends Input {}
defaults(NumberInput, 'number', 'number');

export class EmailInput extends Input {}
defaults(EmailInput, 'email', 'email');

export class URLInput extends Input {}
defaults(URLInput, 'url', 'url');

export class ColorInput extends Input {}
defaults(ColorInput, 'color', 'color');

export class SearchInput extends Input {}
defaults(SearchInput, 'search', 'search');

export class TelInput extends Input {}
defaults(TelInput, 'tel', 'tel');

/** A password, which is not shown again unless `renderValue` says so. */
export class PasswordInput extends Input {
  renderValue: boolean;

  constructor({ renderValue = false, ...options }: WidgetOptions & { renderValue?: boolean } = {}) {
    super(options);
    this.renderValue = renderValue;
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    return super.getContext(name, this.renderValue ? value : null, attrs);
  }
}
defaults(PasswordInput, 'password', 'password');

export class HiddenInput extends Input {}
defaults(HiddenInput, 'hidden', 'hidden');

/** A hidden element for each value of a list. */
export class MultipleHiddenInput extends HiddenInput {
  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs);
    const { widget } = context;
    const { id } = widget.attrs;
    widget.subwidgets = [...(widget.value as Iterable<unknown>)].map((each, index) => {
      const own = { ...widget.attrs };
      if (isTruthy(id)) own['id'] = `${id}_${index}`;
      const input = new HiddenInput();
      input.isRequired = this.isRequired;
      return input.getContext(name, each, own).widget;
    });
    return context;
  }

  override valueFromDatadict(data: DataSource, _files: DataSource, name: string): unknown {
    return listFrom(data, name);
  }

  override formatValue(value: unknown): unknown {
    return value === null || value === undefined ? [] : value;
  }
}
defaults(MultipleHiddenInput, 'hidden', 'multiple_hidden');

/** Every value of a name, where the data has several; otherwise the one. */
export function listFrom(data: DataSource, name: string): unknown {
  return (typeof data.getlist === 'function' ? data.getlist(name) : data.get(name)) ?? null;
}

/** `<textarea>`, 40 by 10 where `attrs` does not say. */
export class Textarea extends Widget {
  constructor({ attrs, ...options }: WidgetOptions = {}) {
    super({ ...options, attrs: { cols: '40', rows: '10', ...attrs } });
  }
}
Textarea.prototype.templateName = 'django/forms/widgets/textarea.html';

/** What a field for dates or times is made with. */
export interface TemporalInputOptions extends WidgetOptions {
  /** Of C's strftime; the first of the language's formats where none is given. */
  format?: string | null;
}

/** Dates and times as text in the format of the active language. */
export class DateTimeBaseInput extends TextInput {
  declare formatKey: InputFormatName;
  format: string | null;

  constructor({ format, ...options }: TemporalInputOptions = {}) {
    super(options);
    this.format = format || null;
  }

  override formatValue(value: unknown): unknown {
    return localizeInput(value, this.format ?? getInputFormats(this.formatKey)[0] ?? null);
  }
}
DateTimeBaseInput.prototype.supportsMicroseconds = false;

export class DateInput extends DateTimeBaseInput {}
defaults(DateInput, 'text', 'date');
DateInput.prototype.formatKey = 'DATE_INPUT_FORMATS';

export class DateTimeInput extends DateTimeBaseInput {}
defaults(DateTimeInput, 'text', 'datetime');
DateTimeInput.prototype.formatKey = 'DATETIME_INPUT_FORMATS';

export class TimeInput extends DateTimeBaseInput {}
defaults(TimeInput, 'text', 'time');
TimeInput.prototype.formatKey = 'TIME_INPUT_FORMATS';

function booleanCheck(value: unknown): boolean {
  return !(value === false || value === null || value === undefined || String(value) === '');
}

/** What a checkbox is made with. */
export interface CheckboxInputOptions extends WidgetOptions {
  /** Whether the box is checked for a value. */
  checkTest?: ((value: unknown) => boolean) | null;
}

/** A checkbox: `true` where it was sent. */
export class CheckboxInput extends Input {
  checkTest: (value: unknown) => boolean;

  constructor({ checkTest, ...options }: CheckboxInputOptions = {}) {
    super(options);
    this.checkTest = checkTest ?? booleanCheck;
  }

  override formatValue(value: unknown): unknown {
    if (typeof value === 'boolean' || !booleanCheck(value)) return null;
    return toPrinted(value);
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    return super.getContext(name, value, this.checkTest(value) ? { ...attrs, checked: true } : attrs);
  }

  override valueFromDatadict(data: DataSource, _files: DataSource, name: string): boolean {
    if (!data.has(name)) return false;
    const value = data.get(name);
    if (typeof value === 'string' || value instanceof SafeString) {
      const word = String(value).toLowerCase();
      return word === 'true' || (word !== 'false' && word !== '');
    }
    return isTruthy(value);
  }

  override valueOmittedFromData(): boolean {
    return false;
  }
}
defaults(CheckboxInput, 'checkbox', 'checkbox');
