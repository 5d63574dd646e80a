/** A form's fields, and what it was made with. */
import { KeyError, ValueError } from '../core/exceptions';
import { GET_ITEM, HAS_ITEM } from '../utils/subscriptable';
import { gettext } from '../utils/translation';
import { baseFieldsOf, type Declared, present } from './base_fields';
import type { BoundField, Label } from './boundfield';
import { type DataSource, dataSource } from './data';
import type { Field } from './fields/base';
import {
  type ErrorListClass,
  type Fields,
  type FormOptions,
  type OwnFields,
  withoutMicroseconds,
} from './form_options';
import type { Form } from './forms';
import type { MediaDefinition } from './media';
import { htmlName } from './names';
import { type FormRenderer, getDefaultRenderer } from './renderers';
import { ErrorList, Renderable } from './utils';
import type { Widget } from './widgets/base';

/** The part of Form that knows the fields. */
export abstract class FormBase<F extends Fields> extends Renderable {
  /** What the class declares itself; `null` for a field that it removes. */
  static readonly declaredFields?: Declared;
  static Media?: MediaDefinition;

  /** The fields of the class; a form has copies of them in `fields`. */
  static get baseFields(): Fields {
    return baseFieldsOf(this);
  }

  /** @internal Makes the fields of what is declared. */
  static makeBaseFields(declared: Declared): Fields {
    return present(declared);
  }

  /** Only for types: what the form declares. */
  declare readonly FIELDS: F;
  declare defaultRenderer: FormRenderer | (new () => FormRenderer) | null;
  declare fieldOrder: readonly string[] | null;
  declare prefix: string | null;
  declare useRequiredAttribute: boolean;
  /** The CSS class of fields with errors. */
  declare errorCssClass?: string;
  declare requiredCssClass?: string;
  declare boundFieldClass: typeof BoundField | null;

  readonly isBound: boolean;
  readonly data: DataSource;
  readonly files: DataSource;
  readonly autoId: string | boolean;
  readonly initial: Readonly<Record<string, unknown>>;
  readonly errorClass: ErrorListClass;
  readonly labelSuffix: Label;
  readonly emptyPermitted: boolean;
  fields: OwnFields<F>;
  readonly #bound = new Map<string, BoundField>();

  constructor(options: FormOptions = {}) {
    super();
    const { data, files, prefix, renderer } = options;
    this.isBound = (data ?? null) !== null || (files ?? null) !== null;
    this.data = dataSource(data);
    this.files = dataSource(files);
    this.autoId = options.autoId ?? 'id_%s';
    if (prefix !== null && prefix !== undefined) this.prefix = prefix;
    this.initial = options.initial ?? {};
    this.errorClass = options.errorClass ?? ErrorList;
    this.labelSuffix = options.labelSuffix ?? gettext(':');
    this.emptyPermitted = options.emptyPermitted ?? false;
    const { baseFields } = this.constructor as typeof FormBase;
    const fields = Object.create(null) as Record<string, Field>;
    for (const name of Object.keys(baseFields)) fields[name] = (baseFields[name] as Field).copy();
    this.fields = fields as OwnFields<F>;
    this.orderFields(options.fieldOrder ?? this.fieldOrder);
    if (typeof options.useRequiredAttribute === 'boolean') {
      this.useRequiredAttribute = options.useRequiredAttribute;
    }
    if (this.emptyPermitted && this.useRequiredAttribute) {
      throw new ValueError('The empty_permitted and use_required_attribute arguments may not both be True.');
    }
    const own = this.defaultRenderer;
    this.renderer = renderer ?? (typeof own === 'function' ? new own() : own) ?? getDefaultRenderer();
    this.boundFieldClass = options.boundFieldClass ?? this.boundFieldClass ?? this.renderer.boundFieldClass;
  }

  /** Puts fields first; the others follow in their order. */
  orderFields(order: readonly string[] | null | undefined): void {
    if (order === null || order === undefined) return;
    const old: Record<string, Field> = this.fields;
    const fields = Object.create(null) as Record<string, Field>;
    for (const name of [...order, ...Object.keys(old)]) {
      if (Object.hasOwn(old, name)) fields[name] = old[name] as Field;
    }
    this.fields = fields as OwnFields<F>;
  }

  /** The field with its data. @throws KeyError */
  get(name: (keyof F & string) | (string & {})): BoundField {
    const found = this.#bound.get(name);
    const field = (this.fields as Record<string, Field>)[name];
    if (field === undefined) {
      throw new KeyError(
        `Key '${name}' not found in '${this.constructor.name}'. Choices are: ${Object.keys(this.fields).sort().join(', ')}.`,
      );
    }
    if (found !== undefined && found.field === field) return found;
    const made = field.getBoundField(this as unknown as Form, name);
    this.#bound.set(name, made);
    return made;
  }

  [HAS_ITEM](key: string): boolean {
    return this.nameOf(key) !== undefined;
  }

  [GET_ITEM](key: string): unknown {
    return this.get(this.nameOf(key) as string);
  }

  /** The declared name for one that a template may have in HTML's form. */
  protected nameOf(key: string): string | undefined {
    if (Object.hasOwn(this.fields, key)) return key;
    return Object.keys(this.fields).find((name) => htmlName(name) === key);
  }

  *[Symbol.iterator](): IterableIterator<BoundField> {
    for (const name of Object.keys(this.fields)) yield this.get(name);
  }

  addPrefix(name: string): string {
    return this.prefix ? `${this.prefix}-${name}` : name;
  }

  addInitialPrefix(name: string): string {
    return `initial-${this.addPrefix(name)}`;
  }

  /** @internal */
  widgetDataValue(widget: Widget, name: string): unknown {
    return widget.valueFromDatadict(this.data, this.files, name);
  }

  hiddenFields(): BoundField[] {
    return [...this].filter((bound) => bound.isHidden);
  }

  visibleFields(): BoundField[] {
    return [...this].filter((bound) => !bound.isHidden);
  }

  /** The initial value, the form's before the field's; functions are called. */
  getInitialForField(field: Field, name: string): unknown {
    const { initial } = this;
    let value: unknown = field.initial;
    if (Object.hasOwn(initial, name)) value = initial[name];
    else if (Object.hasOwn(initial, htmlName(name))) value = initial[htmlName(name)];
    if (typeof value === 'function') value = (value as () => unknown)();
    return field.widget.supportsMicroseconds ? value : withoutMicroseconds(value);
  }
}
Object.assign(FormBase.prototype, {
  defaultRenderer: null,
  fieldOrder: null,
  prefix: null,
  useRequiredAttribute: true,
  boundFieldClass: null,
});
