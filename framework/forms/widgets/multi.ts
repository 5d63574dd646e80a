/** Widgets made of widgets. Django: `MultiWidget`, `SplitDateTimeWidget` of `django.forms.widgets`. */
import { isDatetime, PlainDate, type PlainDateTime, PlainTime, toDatetime } from '../../python/datetime';
import { isTruthy } from '../../python/ops';
import type { DataSource } from '../data';
import { Media } from '../media';
import { toCurrentTimezone } from '../utils';
import { type Attrs, Widget, type WidgetClass, type WidgetContext, type WidgetOptions } from './base';
import { DateInput, TimeInput } from './input';

type WidgetOrClass = Widget | WidgetClass;

/** Several widgets for one value; a subclass says how `decompress()` takes it apart. */
export abstract class MultiWidget extends Widget {
  /** What comes behind the name of each. */
  readonly widgetsNames: readonly string[];
  widgets: Widget[];

  /** @param widgets in their order; or by name, which is then part of HTML's names. */
  constructor(
    widgets: readonly WidgetOrClass[] | Readonly<Record<string, WidgetOrClass>>,
    options: WidgetOptions = {},
  ) {
    super(options);
    const isList = (value: unknown): value is readonly WidgetOrClass[] => Array.isArray(value);
    const list = isList(widgets) ? widgets : Object.values(widgets);
    this.widgetsNames = isList(widgets)
      ? list.map((_, i) => `_${i}`)
      : Object.keys(widgets).map((name) => (name === '' ? '' : `_${name}`));
    this.widgets = list.map((each) => (typeof each === 'function' ? new each() : each));
  }

  /** The values of the widgets, for a value of the whole. */
  abstract decompress(value: unknown): readonly unknown[];

  override copy(): this {
    const made = super.copy();
    made.widgets = this.widgets.map((widget) => widget.copy());
    return made;
  }

  override get isHidden(): boolean {
    return this.widgets.every((widget) => widget.isHidden);
  }

  override get needsMultipartForm(): boolean {
    return this.widgets.some((widget) => widget.needsMultipartForm);
  }

  override get media(): Media {
    return this.widgets.reduce((media, widget) => media.add(widget.media), new Media());
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs);
    if (this.isLocalized) for (const widget of this.widgets) widget.isLocalized = true;
    const values: readonly unknown[] = Array.isArray(value) ? value : this.decompress(value);
    const { attrs: final } = context.widget;
    const inputType = (final['type'] ?? null) as string | null;
    delete final['type'];
    const { id } = final;
    context.widget.subwidgets = this.widgets.map((widget, i) => {
      if (inputType !== null) widget.inputType = inputType;
      const own = isTruthy(id) ? { ...final, id: `${id}_${i}` } : final;
      return widget.getContext(`${name}${this.widgetsNames[i]}`, values[i] ?? null, own).widget;
    });
    return context;
  }

  override idForLabel(_id: string): string {
    return '';
  }

  override valueFromDatadict(data: DataSource, files: DataSource, name: string): unknown {
    return this.widgets.map((widget, i) =>
      widget.valueFromDatadict(data, files, `${name}${this.widgetsNames[i]}`),
    );
  }

  override valueOmittedFromData(data: DataSource, files: DataSource, name: string): boolean {
    return this.widgets.every((widget, i) =>
      widget.valueOmittedFromData(data, files, `${name}${this.widgetsNames[i]}`),
    );
  }
}
Object.assign(MultiWidget.prototype, {
  templateName: 'django/forms/widgets/multiwidget.html',
  useFieldset: true,
});

/** What a date and a time in two elements are made with. */
export interface SplitDateTimeWidgetOptions extends WidgetOptions {
  dateFormat?: string | null;
  timeFormat?: string | null;
  dateAttrs?: Readonly<Attrs> | null;
  timeAttrs?: Readonly<Attrs> | null;
}

/** A date and a time in two elements. */
export class SplitDateTimeWidget extends MultiWidget {
  constructor({ attrs, dateFormat, timeFormat, dateAttrs, timeAttrs }: SplitDateTimeWidgetOptions = {}) {
    super([
      new DateInput({ attrs: dateAttrs ?? attrs ?? null, format: dateFormat ?? null }),
      new TimeInput({ attrs: timeAttrs ?? attrs ?? null, format: timeFormat ?? null }),
    ]);
  }

  override decompress(value: unknown): readonly unknown[] {
    if (!isTruthy(value) || !isDatetime(value)) return [null, null];
    const at: PlainDateTime = toDatetime(toCurrentTimezone(value));
    return [
      new PlainDate(at.year, at.month, at.day),
      new PlainTime(at.hour, at.minute, at.second, at.microsecond),
    ];
  }
}
Object.assign(SplitDateTimeWidget.prototype, {
  supportsMicroseconds: false,
  templateName: 'django/forms/widgets/splitdatetime.html',
});

/** As SplitDateTimeWidget, hidden. */
export class SplitHiddenDateTimeWidget extends SplitDateTimeWidget {
  constructor(options: SplitDateTimeWidgetOptions = {}) {
    super(options);
    for (const widget of this.widgets) widget.inputType = 'hidden';
  }
}
SplitHiddenDateTimeWidget.prototype.templateName = 'django/forms/widgets/splithiddendatetime.html';
