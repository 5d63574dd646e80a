/** Widgets for choices. Django: `ChoiceWidget` and its subclasses of `django.forms.widgets`. */
import { toStr } from '../../python/str';
import { gettext } from '../../utils/translation';
import { type Choice, type Choices, isGroup, normalizeChoices } from '../choices';
import type { DataSource } from '../data';
import { type Attrs, type OptGroup, Widget, type WidgetContext, type WidgetOptions } from './base';
import { listFrom } from './input';

/** What a widget for choices is made with; a field gives its own choices to its widget. */
export interface ChoiceWidgetOptions extends WidgetOptions {
  choices?: Choices;
}

/** The base of widgets for choices. */
export abstract class ChoiceWidget extends Widget {
  declare allowMultipleSelected: boolean;
  declare optionTemplateName: string;
  declare addIdIndex: boolean;
  declare checkedAttribute: Readonly<Attrs>;
  declare optionInheritsAttrs: boolean;
  private ownChoices: Iterable<Choice> = [];

  constructor({ choices = [], ...options }: ChoiceWidgetOptions = {}) {
    super(options);
    this.choices = choices;
  }

  get choices(): Iterable<Choice> {
    return this.ownChoices;
  }

  set choices(choices: Choices) {
    this.ownChoices = normalizeChoices(choices);
  }

  override subwidgets(name: string, value: unknown, attrs: Attrs | null = null): WidgetContext[] {
    return this.options(name, this.formatValue(value) as readonly string[], attrs);
  }

  /** Every option, without the groups. */
  options(name: string, value: readonly string[], attrs: Attrs | null = null): WidgetContext[] {
    return this.optgroups(name, value, attrs).flatMap(([, options]) => options);
  }

  /** The options in their groups; what stands in none is a group of its own, without a name. */
  optgroups(name: string, value: readonly string[], attrs: Attrs | null = null): OptGroup[] {
    const groups: OptGroup[] = [];
    const chosen = Array.isArray(value) ? new Set<string>(value) : null;
    let hasSelected = false;
    let index = 0;
    for (const [given, label] of this.choices) {
      const key = given ?? '';
      const options: WidgetContext[] = [];
      const grouped = isGroup(label);
      groups.push([grouped ? key : null, options, index]);
      const inside: readonly Choice[] = grouped ? label : [[key, label]];
      inside.forEach(([subvalue, sublabel], i) => {
        const text = toStr(subvalue);
        const selected =
          (!hasSelected || this.allowMultipleSelected) &&
          (chosen === null ? String(value).includes(text) : chosen.has(text));
        hasSelected ||= selected;
        options.push(this.createOption(name, subvalue, sublabel, selected, index, grouped ? i : null, attrs));
      });
      index += 1;
    }
    return groups;
  }

  createOption(
    name: string,
    value: unknown,
    label: unknown,
    selected: boolean,
    index: number,
    subindex: number | null = null,
    attrs: Attrs | null = null,
  ): WidgetContext {
    const position = subindex === null ? String(index) : `${index}_${subindex}`;
    const own = this.optionInheritsAttrs ? this.buildAttrs(this.attrs, attrs) : {};
    if (selected) Object.assign(own, this.checkedAttribute);
    if (Object.hasOwn(own, 'id')) own['id'] = this.idForLabel(own['id'] as string, position);
    return {
      name,
      value,
      label,
      selected,
      index: position,
      attrs: own,
      type: this.inputType,
      templateName: this.optionTemplateName,
      wrapLabel: true,
    };
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs);
    context.widget.optgroups = this.optgroups(name, context.widget.value as readonly string[], attrs);
    return context;
  }

  override idForLabel(id: string, index: string | null = '0'): string {
    return id && this.addIdIndex ? `${id}_${index}` : id;
  }

  override valueFromDatadict(data: DataSource, _files: DataSource, name: string): unknown {
    return this.allowMultipleSelected ? listFrom(data, name) : (data.get(name) ?? null);
  }

  override formatValue(value: unknown): unknown {
    if ((value === null || value === undefined) && this.allowMultipleSelected) return [];
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.map((each) => (each === null || each === undefined ? '' : toStr(each)));
  }
}
Object.assign(ChoiceWidget.prototype, {
  allowMultipleSelected: false,
  addIdIndex: true,
  checkedAttribute: { checked: true },
  optionInheritsAttrs: true,
});

export class Select extends ChoiceWidget {
  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs);
    if (this.allowMultipleSelected) context.widget.attrs['multiple'] = true;
    return context;
  }

  /** HTML allows `required` only where the first option is empty. */
  override useRequiredAttribute(initial: unknown): boolean {
    const use = super.useRequiredAttribute(initial);
    if (!use || this.allowMultipleSelected) return use;
    for (const [value] of this.choices) return value === null || value === undefined || value === '';
    return false;
  }
}
Object.assign(Select.prototype, {
  inputType: 'select',
  templateName: 'django/forms/widgets/select.html',
  optionTemplateName: 'django/forms/widgets/select_option.html',
  addIdIndex: false,
  checkedAttribute: { selected: true },
  optionInheritsAttrs: false,
});

const NULL_BOOLEANS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [1, true],
  ['True', true],
  ['true', true],
  ['2', true],
  [false, false],
  [0, false],
  ['False', false],
  ['false', false],
  ['3', false],
]);

/** Unknown, yes or no. */
export class NullBooleanSelect extends Select {
  constructor(options: WidgetOptions = {}) {
    super({
      ...options,
      choices: () => [
        ['unknown', gettext('Unknown')],
        ['true', gettext('Yes')],
        ['false', gettext('No')],
      ],
    });
  }

  override formatValue(value: unknown): unknown {
    const known = value === 'True' || value === 'False' ? undefined : NULL_BOOLEANS.get(value);
    return known === undefined ? 'unknown' : String(known);
  }

  override valueFromDatadict(data: DataSource, _files: DataSource, name: string): unknown {
    return NULL_BOOLEANS.get(data.get(name)) ?? null;
  }
}

export class SelectMultiple extends Select {
  override valueOmittedFromData(): boolean {
    return false;
  }
}
SelectMultiple.prototype.allowMultipleSelected = true;

export class RadioSelect extends ChoiceWidget {
  /** A label of the whole points to no single button. */
  override idForLabel(id: string, index: string | null = null): string {
    return index === null ? '' : super.idForLabel(id, index);
  }
}
Object.assign(RadioSelect.prototype, {
  inputType: 'radio',
  templateName: 'django/forms/widgets/radio.html',
  optionTemplateName: 'django/forms/widgets/radio_option.html',
  useFieldset: true,
});

export class CheckboxSelectMultiple extends RadioSelect {
  override useRequiredAttribute(): boolean {
    return false;
  }

  override valueOmittedFromData(): boolean {
    return false;
  }
}
Object.assign(CheckboxSelectMultiple.prototype, {
  allowMultipleSelected: true,
  inputType: 'checkbox',
  templateName: 'django/forms/widgets/checkbox_select.html',
  optionTemplateName: 'django/forms/widgets/checkbox_option.html',
});
