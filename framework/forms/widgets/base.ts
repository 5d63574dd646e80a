/** What widgets have in common. Django: `Widget` of `django.forms.widgets`. */
import { toStr } from '../../python/str';
import { localizeInput } from '../../utils/formats';
import { SafeString } from '../../utils/safestring';
import type { DataSource } from '../data';
import { type Media, type MediaDefinition, mediaOf } from '../media';
import { type FormRenderer, getDefaultRenderer } from '../renderers';

/** Attributes of an element; `true` stands without a value, `false` is left out. */
export type Attrs = Record<string, unknown>;

/** What a widget's template sees as `widget`; a widget of your own may add to it. */
export interface WidgetContext {
  name: unknown;
  isHidden?: boolean;
  required?: boolean;
  value: unknown;
  attrs: Attrs;
  templateName: string;
  type?: string | null;
  subwidgets?: WidgetContext[];
  optgroups?: readonly OptGroup[];
  wrapLabel?: boolean;
  label?: unknown;
  [name: string]: unknown;
}

/** A group of options: its name (`null` for none), the options, its index. */
export type OptGroup = readonly [name: unknown, options: readonly WidgetContext[], index: number];

/** What every widget is made with. */
export interface WidgetOptions {
  attrs?: Readonly<Attrs> | null;
}

/**
 * One HTML element (or several) that shows a value and reads it back.
 *
 * What is the same for all widgets of a class stands on its prototype; a subclass overrides it by a field.
 */
export abstract class Widget {
  /** Scripts and style sheets: Django's inner class `Media`. */
  static Media?: MediaDefinition;

  attrs: Attrs;
  declare templateName: string;
  declare inputType: string | null;
  /** @internal */
  declare needsMultipart: boolean;
  declare isLocalized: boolean;
  declare isRequired: boolean;
  declare supportsMicroseconds: boolean;
  declare useFieldset: boolean;

  constructor({ attrs }: WidgetOptions = {}) {
    this.attrs = attrs ? { ...attrs } : {};
  }

  /** A widget with attributes of its own: each form has its copies. */
  copy(): this {
    const made = Object.assign(Object.create(Object.getPrototypeOf(this) as object) as this, this);
    made.attrs = { ...this.attrs };
    return made;
  }

  get isHidden(): boolean {
    return this.inputType === 'hidden';
  }

  get needsMultipartForm(): boolean {
    return this.needsMultipart;
  }

  get media(): Media {
    return mediaOf(this.constructor);
  }

  /** What a BoundField goes through: one element, or each option. */
  subwidgets(name: string, value: unknown, attrs: Attrs | null = null): WidgetContext[] {
    return [this.getContext(name, value, attrs).widget];
  }

  /** The value as the template shows it; `null` for none. */
  formatValue(value: unknown): unknown {
    if (value === '' || value === null || value === undefined) return null;
    if (value instanceof SafeString && value.value === '') return null;
    return this.isLocalized ? localizeInput(value) : toPrinted(value);
  }

  getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    return {
      widget: {
        name,
        isHidden: this.isHidden,
        required: this.isRequired,
        value: this.formatValue(value),
        attrs: this.buildAttrs(this.attrs, attrs),
        templateName: this.templateName,
      },
    };
  }

  /** The HTML. */
  render(
    name: string,
    value: unknown,
    attrs: Attrs | null = null,
    renderer: FormRenderer | null = null,
  ): SafeString {
    return this.renderTemplate(this.templateName, this.getContext(name, value, attrs), renderer);
  }

  /** @internal */
  renderTemplate(
    templateName: string,
    context: Record<string, unknown>,
    renderer: FormRenderer | null = null,
  ): SafeString {
    return new SafeString((renderer ?? getDefaultRenderer()).render(templateName, context));
  }

  buildAttrs(base: Attrs, extra: Attrs | null = null): Attrs {
    return { ...base, ...extra };
  }

  /** The value that was sent, `null` for none. */
  valueFromDatadict(data: DataSource, _files: DataSource, name: string): unknown {
    return data.get(name) ?? null;
  }

  valueOmittedFromData(data: DataSource, _files: DataSource, name: string): boolean {
    return !data.has(name);
  }

  /** The id that a label points to; empty for none. */
  idForLabel(id: string): string {
    return id;
  }

  useRequiredAttribute(_initial: unknown): boolean {
    return !this.isHidden;
  }
}

/** `str(value)`, which of a SafeString is a SafeString. */
export function toPrinted(value: unknown): string | SafeString {
  return value instanceof SafeString ? value : toStr(value);
}

Object.assign(Widget.prototype, {
  inputType: null,
  needsMultipart: false,
  isLocalized: false,
  isRequired: false,
  supportsMicroseconds: true,
  useFieldset: false,
});

/** A class of widgets that needs nothing to be made. */
export type WidgetClass = new () => Widget;
