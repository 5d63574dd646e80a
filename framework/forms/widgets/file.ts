/** Fields for files. Django: `FileInput`, `ClearableFileInput` of `django.forms.widgets`. */
import { ValueError } from '../../core/exceptions';
import { isTruthy } from '../../python/ops';
import { gettext } from '../../utils/translation';
import type { DataSource } from '../data';
import type { Attrs, WidgetContext, WidgetOptions } from './base';
import { CheckboxInput, Input, listFrom } from './input';

/** The user sent a file, and checked the box that clears it. */
export const FILE_INPUT_CONTRADICTION: unique symbol = Symbol('FILE_INPUT_CONTRADICTION');

export class FileInput extends Input {
  /** A subclass for several files sets this on its prototype, or overrides the getter. */
  get allowMultipleSelected(): boolean {
    return false;
  }

  constructor({ attrs, ...options }: WidgetOptions = {}) {
    super({ ...options, attrs: attrs ?? null });
    if (this.allowMultipleSelected) {
      this.attrs['multiple'] ??= true;
    } else if (isTruthy(this.attrs['multiple'])) {
      throw new ValueError(`${this.constructor.name} doesn't support uploading multiple files.`);
    }
  }

  override formatValue(_value: unknown): unknown {
    return null;
  }

  override valueFromDatadict(_data: DataSource, files: DataSource, name: string): unknown {
    return this.allowMultipleSelected ? listFrom(files, name) : (files.get(name) ?? null);
  }

  override valueOmittedFromData(_data: DataSource, files: DataSource, name: string): boolean {
    return !files.has(name);
  }

  override useRequiredAttribute(initial: unknown): boolean {
    return super.useRequiredAttribute(initial) && !isTruthy(initial);
  }
}
Object.assign(FileInput.prototype, {
  inputType: 'file',
  needsMultipart: true,
  templateName: 'django/forms/widgets/file.html',
});

/** A field for a file that shows the stored one, and a box to clear it where the field is not required. */
export class ClearableFileInput extends FileInput {
  declare clearCheckboxLabel: string;
  declare initialText: string;
  declare inputText: string;
  declare checked: boolean;

  clearCheckboxName(name: string): string {
    return `${name}-clear`;
  }

  clearCheckboxId(name: string): string {
    return `${name}_id`;
  }

  /** Whether a value is a stored file: it has an address. */
  isInitial(value: unknown): boolean {
    return isTruthy(value) && isTruthy((value as { url?: unknown }).url ?? null);
  }

  override formatValue(value: unknown): unknown {
    return this.isInitial(value) ? value : null;
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs);
    const checkboxName = this.clearCheckboxName(name);
    Object.assign(context.widget, {
      checkboxName,
      checkboxId: this.clearCheckboxId(checkboxName),
      isInitial: this.isInitial(value),
      inputText: gettext(this.inputText),
      initialText: gettext(this.initialText),
      clearCheckboxLabel: gettext(this.clearCheckboxLabel),
    });
    context.widget.attrs['disabled'] ??= false;
    context.widget.attrs['checked'] = this.checked;
    return context;
  }

  override valueFromDatadict(data: DataSource, files: DataSource, name: string): unknown {
    const upload = super.valueFromDatadict(data, files, name);
    const checkbox = this.clearCheckboxName(name);
    this.checked = data.has(checkbox);
    if (!this.isRequired && new CheckboxInput().valueFromDatadict(data, files, checkbox)) {
      return isTruthy(upload) ? FILE_INPUT_CONTRADICTION : false;
    }
    return upload;
  }

  override valueOmittedFromData(data: DataSource, files: DataSource, name: string): boolean {
    return super.valueOmittedFromData(data, files, name) && !data.has(this.clearCheckboxName(name));
  }
}
Object.assign(ClearableFileInput.prototype, {
  clearCheckboxLabel: 'Clear',
  initialText: 'Currently',
  inputText: 'Change',
  checked: false,
  templateName: 'django/forms/widgets/clearable_file_input.html',
});
