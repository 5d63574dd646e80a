/** A list in an element each. Django: `SplitArrayField`, `SplitArrayWidget` of `django.contrib.postgres.forms.array`. */
import { ValidationError } from '../../../core/exceptions';
import type { DataSource } from '../../../forms/data';
import { Field, type FieldOptions, isEmpty } from '../../../forms/fields/base';
import type { Media } from '../../../forms/media';
import {
  type Attrs,
  Widget,
  type WidgetClass,
  type WidgetContext,
  type WidgetOptions,
} from '../../../forms/widgets';
import { isTruthy, pyIter } from '../../../python/ops';
import { isPromise, type MaybePromise, then } from '../../../utils/maybe_promise';
import { gettextLazy as _ } from '../../../utils/translation';
import { eachItem } from './items';

/** What a SplitArrayWidget is made with. */
export interface SplitArrayWidgetOptions extends WidgetOptions {
  /** What each item is typed into. */
  readonly widget: Widget | WidgetClass;
  /** How many there are; a longer value has more. */
  readonly size: number;
}

/** An element for each item of a list. Its template is the app's: INSTALLED_APPS has `tsango.contrib.postgres`. */
export class SplitArrayWidget extends Widget {
  widget: Widget;
  size: number;

  constructor({ widget, size, ...options }: SplitArrayWidgetOptions) {
    super(options);
    this.widget = typeof widget === 'function' ? new widget() : widget;
    this.size = size;
  }

  override copy(): this {
    const made = super.copy();
    made.widget = this.widget.copy();
    return made;
  }

  override get isHidden(): boolean {
    return this.widget.isHidden;
  }

  override get needsMultipartForm(): boolean {
    return this.widget.needsMultipartForm;
  }

  override get media(): Media {
    return this.widget.media;
  }

  private names(name: string): string[] {
    return Array.from({ length: this.size }, (_item, at) => `${name}_${at}`);
  }

  override valueFromDatadict(data: DataSource, files: DataSource, name: string): unknown {
    return this.names(name).map((each) => this.widget.valueFromDatadict(data, files, each));
  }

  override valueOmittedFromData(data: DataSource, files: DataSource, name: string): boolean {
    return this.names(name).every((each) => this.widget.valueOmittedFromData(data, files, each));
  }

  override idForLabel(id: string): string {
    return id === '' ? id : `${id}_0`;
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs);
    if (this.isLocalized) this.widget.isLocalized = true;
    const values = isTruthy(value) ? [...pyIter(value)] : [];
    const final = this.buildAttrs(attrs ?? {});
    const { id } = final;
    context.widget.subwidgets = Array.from({ length: Math.max(values.length, this.size) }, (_item, at) => {
      const own = isTruthy(id) ? { ...final, id: `${id}_${at}` } : final;
      return this.widget.getContext(`${name}_${at}`, values[at] ?? null, own).widget;
    });
    return context;
  }
}
SplitArrayWidget.prototype.templateName = 'postgres/widgets/split_array.html';

/** What a SplitArrayField takes. */
export interface SplitArrayFieldOptions<V = unknown> extends FieldOptions {
  /** Reads, checks and shows each item. */
  readonly baseField: Field<V>;
  /** How many elements there are. */
  readonly size: number;
  /** Whether elements at the end that are left empty are no items. Default: false. */
  readonly removeTrailingNulls?: boolean;
}

/**
 * A list of so many items, each in an element of its own.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/forms/#splitarrayfield
 * @example `new SplitArrayField({ baseField: new forms.IntegerField({ required: false }), size: 5, removeTrailingNulls: true })`
 */
export class SplitArrayField<V = unknown> extends Field<V[]> {
  static override defaultErrorMessages = {
    item_invalid: _('Item %(nth)s in the array did not validate:'),
  };
  baseField: Field<V>;
  size: number;
  removeTrailingNulls: boolean;

  constructor({ baseField, size, removeTrailingNulls = false, ...options }: SplitArrayFieldOptions<V>) {
    super({ ...options, widget: options.widget ?? new SplitArrayWidget({ widget: baseField.widget, size }) });
    this.baseField = baseField;
    this.size = size;
    this.removeTrailingNulls = removeTrailingNulls;
  }

  override copy(): this {
    const made = super.copy();
    made.baseField = this.baseField.copy();
    return made;
  }

  /** How many items are left without those at the end that are none. */
  private lengthOf(items: readonly unknown[]): number {
    let length = items.length;
    if (this.removeTrailingNulls) while (length > 0 && isEmpty(items[length - 1])) length -= 1;
    return length;
  }

  override toPython(value: unknown): MaybePromise<V[]> {
    const items = [...pyIter(value)];
    const found = items.map((item) => this.baseField.toPython(item));
    return found.some(isPromise) ? Promise.all(found) : (found as V[]);
  }

  override clean(value: unknown): MaybePromise<V[]> {
    const given = isTruthy(value) ? [...pyIter(value)] : [];
    if (this.required && !given.some(isTruthy)) {
      throw new ValidationError(this.errorMessages['required'] ?? 'required');
    }
    const items = Array.from({ length: Math.max(this.size, given.length) }, (_item, at) => given[at] ?? null);
    const cleaning = eachItem(items, this.errorMessages['item_invalid'], (item) =>
      this.baseField.clean(item),
    );
    return then(cleaning, ({ values, errors }) => {
      const cleaned = values.map((item, at) => (errors[at] === null ? item : items[at]));
      const length = this.lengthOf(cleaned);
      const found = errors.slice(0, length).flatMap((error) => error?.messages ?? []);
      if (found.length > 0) throw new ValidationError(found);
      return cleaned.slice(0, length) as V[];
    });
  }

  override hasChanged(initial: unknown, data: unknown): boolean {
    if (this.disabled) return false;
    let items: unknown = data;
    try {
      const read = this.toPython(data);
      if (isPromise(read)) {
        void read.catch(() => undefined);
        return true;
      }
      items = read.slice(0, this.lengthOf(read));
      if (isEmpty(initial) && isEmpty(items)) return false;
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
    }
    return super.hasChanged(initial, items);
  }
}
