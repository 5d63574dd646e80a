/** A field of one form, with its data. Django: `django.forms.boundfield`. */
import { ValidationError } from '../core/exceptions';
import { isTruthy } from '../python/ops';
import { toStr } from '../python/str';
import { splitWords } from '../python/text';
import { LazyText } from '../utils/functional';
import { formatHtml } from '../utils/html';
import { isPromise } from '../utils/maybe_promise';
import type { SafeString } from '../utils/safestring';
import { GET_ITEM, HAS_ITEM } from '../utils/subscriptable';
import { gettext } from '../utils/translation';
import { BoundWidget } from './boundwidget';
import type { Field, FieldText } from './fields/base';
import type { Form } from './forms';
import { htmlName, prettyName } from './names';
import { type ErrorList, Renderable } from './utils';
import { type Attrs, MultiWidget, Textarea, TextInput, type Widget } from './widgets';

/** What a label may be made of. */
export type Label = string | SafeString;

/** A lazy text in the language that is active. */
function shown(text: FieldText): Label {
  return text instanceof LazyText ? text.toString() : text;
}

/** A field of a MultiValueField's kind. */
interface Compound {
  readonly requireAllFields: boolean;
  readonly fields: readonly Field[];
}

function isCompound(field: object): field is Compound {
  return 'requireAllFields' in field;
}

/** A field in a form: `form.get('subject')`, or `{{ form.subject }}` in a template, which is its widget. */
export class BoundField extends Renderable {
  readonly htmlName: string;
  readonly htmlInitialName: string;
  readonly label: Label;
  readonly helpText: Label;
  private cachedSubwidgets: BoundWidget[] | undefined;
  private cachedInitial: { readonly value: unknown } | undefined;

  constructor(
    readonly form: Form,
    readonly field: Field,
    /** The name as it is declared; `htmlName` is what HTML has. */
    readonly name: string,
  ) {
    super();
    this.htmlName = form.addPrefix(htmlName(name));
    this.htmlInitialName = form.addInitialPrefix(htmlName(name));
    this.label = shown(field.label ?? prettyName(name));
    this.helpText = shown(field.helpText);
    this.renderer = form.renderer;
  }

  get htmlInitialId(): string {
    return this.form.addInitialPrefix(this.autoId);
  }

  /** Each element of the widget: one, or one for each choice. */
  get subwidgets(): readonly BoundWidget[] {
    if (this.cachedSubwidgets === undefined) {
      const { widget } = this.field;
      const id = widget.attrs['id'] || this.autoId;
      const attrs = this.buildWidgetAttrs(id ? { id } : {});
      this.cachedSubwidgets = widget
        .subwidgets(this.htmlName, this.value(), attrs)
        .map((data) => new BoundWidget(widget, data, this.form.renderer));
    }
    return this.cachedSubwidgets;
  }

  [Symbol.iterator](): Iterator<BoundWidget> {
    return this.subwidgets[Symbol.iterator]();
  }

  [HAS_ITEM](key: string): boolean {
    return /^\d+$/.test(key) && Number(key) < this.subwidgets.length;
  }

  [GET_ITEM](key: string): unknown {
    return this.subwidgets[Number(key)];
  }

  get errors(): ErrorList {
    return this.form.errors.get(this.name) ?? new this.form.errorClass([], { renderer: this.form.renderer });
  }

  get templateName(): string {
    return this.field.templateName ?? this.form.renderer.fieldTemplateName;
  }

  override getContext(): Record<string, unknown> {
    return { field: this };
  }

  /** Label, help text, errors and widget. */
  asFieldGroup(): SafeString {
    return this.render();
  }

  /** The widget's HTML. */
  asWidget(widget: Widget | null = null, attrs: Attrs | null = null, onlyInitial = false): SafeString {
    const used = widget ?? this.field.widget;
    if (this.field.localize) used.isLocalized = true;
    const own = this.buildWidgetAttrs(attrs ?? {}, used);
    if (this.autoId && !Object.hasOwn(used.attrs, 'id') && own['id'] === undefined) {
      own['id'] = onlyInitial ? this.htmlInitialId : this.autoId;
    }
    const value =
      onlyInitial && this.form.data.has(this.htmlInitialName)
        ? this.form.widgetDataValue(new this.field.hiddenWidget(), this.htmlInitialName)
        : this.value();
    return used.render(onlyInitial ? this.htmlInitialName : this.htmlName, value, own, this.form.renderer);
  }

  asText(attrs: Attrs | null = null, onlyInitial = false): SafeString {
    return this.asWidget(new TextInput(), attrs, onlyInitial);
  }

  asTextarea(attrs: Attrs | null = null, onlyInitial = false): SafeString {
    return this.asWidget(new Textarea(), attrs, onlyInitial);
  }

  asHidden(attrs: Attrs | null = null, onlyInitial = false): SafeString {
    return this.asWidget(new this.field.hiddenWidget(), attrs, onlyInitial);
  }

  override toString(): string {
    const html = this.asWidget().value;
    return this.field.showHiddenInitial ? html + this.asHidden(null, true).value : html;
  }

  /** What was sent, `null` for nothing. */
  get data(): unknown {
    return this.form.widgetDataValue(this.field.widget, this.htmlName);
  }

  /** What the widget shows: the data of a bound form, else the initial value. */
  value(): unknown {
    const { initial } = this;
    return this.field.prepareValue(this.form.isBound ? this.field.boundData(this.data, initial) : initial);
  }

  /** @internal */
  hasChanged(): boolean {
    const { field } = this;
    if (!field.showHiddenInitial) return field.hasChanged(this.initial, this.data);
    try {
      const sent = this.form.widgetDataValue(new field.hiddenWidget(), this.htmlInitialName);
      const initial = field.toPython(sent);
      if (!isPromise(initial)) return field.hasChanged(initial, this.data);
      void initial.catch(() => undefined);
      return true;
    } catch (error) {
      if (error instanceof ValidationError) return true;
      throw error;
    }
  }

  /** The label in its element, where the field has an id. */
  labelTag(
    contents: Label | null = null,
    attrs: Attrs | null = null,
    labelSuffix: Label | null = null,
    tag: string | null = null,
  ): SafeString {
    let text = contents || this.label;
    const suffix = labelSuffix ?? this.field.labelSuffix ?? this.form.labelSuffix;
    const last = String(text).at(-1);
    if (isTruthy(suffix) && last !== undefined && !gettext(':?.!').includes(last)) {
      text = formatHtml('{}{}', text, suffix);
    }
    const { widget } = this.field;
    const id = (widget.attrs['id'] || this.autoId) as string;
    let own = attrs;
    if (id) {
      const target = widget.idForLabel(id);
      if (target) own = { ...own, for: target };
      const required = this.form.requiredCssClass;
      if (this.field.required && required !== undefined) {
        own = { ...own, class: own?.['class'] === undefined ? required : `${own['class']} ${required}` };
      }
    }
    return this.form.render(this.form.templateNameLabel, {
      field: this,
      label: text,
      attrs: own,
      use_tag: Boolean(id),
      tag: tag ?? 'label',
    });
  }

  /** As `labelTag()`, a `<legend>`. */
  legendTag(
    contents: Label | null = null,
    attrs: Attrs | null = null,
    labelSuffix: Label | null = null,
  ): SafeString {
    return this.labelTag(contents, attrs, labelSuffix, 'legend');
  }

  /** The form's classes for errors and required fields, behind others. */
  cssClasses(extra: string | readonly string[] = []): string {
    const classes = new Set(typeof extra === 'string' ? splitWords(extra) : extra);
    const { errorCssClass, requiredCssClass } = this.form;
    if (errorCssClass !== undefined && this.errors.length > 0) classes.add(errorCssClass);
    if (requiredCssClass !== undefined && this.field.required) classes.add(requiredCssClass);
    return [...classes].join(' ');
  }

  get isHidden(): boolean {
    return this.field.widget.isHidden;
  }

  /** The element's id, by the form's `autoId`; empty for none. */
  get autoId(): string {
    const { autoId } = this.form;
    if (!autoId) return '';
    const pattern = toStr(autoId);
    return pattern.includes('%s') ? pattern.replace('%s', () => this.htmlName) : this.htmlName;
  }

  get idForLabel(): string {
    const { widget } = this.field;
    return widget.idForLabel((widget.attrs['id'] || this.autoId) as string);
  }

  /** The form's initial value for the field, else the field's own. */
  get initial(): unknown {
    this.cachedInitial ??= { value: this.form.getInitialForField(this.field, this.name) };
    return this.cachedInitial.value;
  }

  buildWidgetAttrs(attrs: Attrs, widget: Widget = this.field.widget): Attrs {
    const made = { ...attrs };
    const { field } = this;
    if (field.required && this.form.useRequiredAttribute && widget.useRequiredAttribute(this.initial)) {
      if (isCompound(field) && !field.requireAllFields && this.field.widget instanceof MultiWidget) {
        const subwidgets = widget instanceof MultiWidget ? widget.widgets : [];
        field.fields.slice(0, subwidgets.length).forEach((subfield, i) => {
          const subwidget = subwidgets[i] as Widget;
          subwidget.attrs['required'] = subwidget.useRequiredAttribute(this.initial) && subfield.required;
        });
      } else {
        made['required'] = true;
      }
    }
    if (this.field.disabled) made['disabled'] = true;
    if (!widget.isHidden && this.errors.length > 0) made['aria-invalid'] = 'true';
    if (!made['aria-describedby'] && !this.useFieldset) {
      const described = this.ariaDescribedby;
      if (described) made['aria-describedby'] = described;
    }
    return made;
  }

  /** The ids of help text and errors; `null` where the widget has its own. */
  get ariaDescribedby(): string | null {
    if (this.field.widget.attrs['aria-describedby']) return null;
    if (!this.autoId || this.isHidden) return '';
    const ids: string[] = [];
    if (isTruthy(this.helpText)) ids.push(`${this.autoId}_helptext`);
    if (this.errors.length > 0) ids.push(`${this.autoId}_error`);
    return ids.join(' ');
  }

  /** The widget's class in small letters: `text`, `checkbox`. */
  get widgetType(): string {
    return this.field.widget.constructor.name.toLowerCase().replace(/widget$|input$/, '');
  }

  get useFieldset(): boolean {
    return this.field.widget.useFieldset;
  }
}
