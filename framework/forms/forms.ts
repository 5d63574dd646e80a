/** Forms. https://docs.djangoproject.com/en/5.2/ref/forms/api/ */
import {
  KeyError,
  NON_FIELD_ERRORS,
  SynchronousOnlyOperation,
  ValidationError,
  type ValidationMessage,
  ValueError,
} from '../core/exceptions';
import { withoutStacks } from '../core/validation_error';
import { attempt, forEach, isPromise, type MaybePromise, then } from '../utils/maybe_promise';
import type { SafeString } from '../utils/safestring';
import { GET_ITEM, HAS_ITEM } from '../utils/subscriptable';
import { gettext } from '../utils/translation';
import type { BoundField, Label } from './boundfield';
import { type DataSource, dataSource } from './data';
import { ErrorDict } from './error_dict';
import type { Field } from './fields/base';
import {
  type Cleaned,
  type ErrorListClass,
  type Fields,
  type FormOptions,
  type OwnFields,
  withoutMicroseconds,
} from './form_options';

export type { Cleaned, ErrorListClass, Fields, FormOptions, OwnFields } from './form_options';

import type { MediaDefinition } from './media';
import { type Media, mediaOf } from './media';
import { cleanMethodName, htmlName } from './names';
import { type FormRenderer, getDefaultRenderer } from './renderers';
import { ErrorList, Renderable } from './utils';
import type { Widget } from './widgets/base';

/**
 * The base of forms: `forms.form({ … })` makes one that has the fields given.
 *
 * @example
 * ```ts
 * class ContactForm extends forms.form({ sender: new forms.EmailField() }) {}
 * const form = new ContactForm({ data: request.POST });
 * if (await form.isValid()) form.cleanedData.sender;
 * ```
 */
export class Form<F extends Fields = Fields> extends Renderable {
  /** The fields of the class; a form has copies of them in `fields`. */
  static baseFields: Fields = Object.freeze(Object.create(null) as Fields);
  static Media?: MediaDefinition;

  /** Only for types: what the form declares. */
  declare readonly FIELDS: F;
  declare templateNameDiv: string;
  declare templateNameP: string;
  declare templateNameTable: string;
  declare templateNameUl: string;
  declare templateNameLabel: string;
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
  /** What validation left. Of fields with errors there is nothing in it. */
  cleanedData = Object.create(null) as Cleaned<F>;
  private ownErrors: ErrorDict | null = null;
  private cleaning: MaybePromise<void> = undefined;
  private readonly bound = new Map<string, BoundField>();
  private changed: readonly string[] | undefined;

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
    const { baseFields } = this.constructor as typeof Form;
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
    const found = this.bound.get(name);
    const field = (this.fields as Record<string, Field>)[name];
    if (field === undefined) {
      throw new KeyError(
        `Key '${name}' not found in '${this.constructor.name}'. Choices are: ${Object.keys(this.fields).sort().join(', ')}.`,
      );
    }
    if (found !== undefined && found.field === field) return found;
    const made = field.getBoundField(this as unknown as Form, name);
    this.bound.set(name, made);
    return made;
  }

  [HAS_ITEM](key: string): boolean {
    return this.nameOf(key) !== undefined;
  }

  [GET_ITEM](key: string): unknown {
    return this.get(this.nameOf(key) as string);
  }

  /** The declared name for one that a template may have in HTML's form. */
  private nameOf(key: string): string | undefined {
    if (Object.hasOwn(this.fields, key)) return key;
    return Object.keys(this.fields).find((name) => htmlName(name) === key);
  }

  *[Symbol.iterator](): IterableIterator<BoundField> {
    for (const name of Object.keys(this.fields)) yield this.get(name);
  }

  /** The errors by field. Of an unbound form there are none. */
  get errors(): ErrorDict {
    if (this.ownErrors === null && isPromise(this.fullClean())) {
      throw new SynchronousOnlyOperation(
        `The validation of ${this.constructor.name} waits for something: \`await form.isValid()\` before its errors are read or it is rendered.`,
      );
    }
    return this.ownErrors as unknown as ErrorDict;
  }

  /** Validates, the first time that it is called. */
  async isValid(): Promise<boolean> {
    if (!this.isBound) return false;
    if (this.ownErrors === null) void this.fullClean();
    await this.cleaning;
    return this.errors.size === 0;
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

  get templateName(): string {
    return this.renderer.formTemplateName;
  }

  override getContext(): Record<string, unknown> {
    const fields: [BoundField, ErrorList][] = [];
    const hidden: BoundField[] = [];
    const top = this.nonFieldErrors().copy();
    for (const bound of this) {
      if (!bound.isHidden) {
        fields.push([bound, bound.errors]);
        continue;
      }
      for (const error of bound.errors) {
        top.push(
          gettext('(Hidden field %(name)s) %(error)s')
            .replace('%(name)s', () => htmlName(bound.name))
            .replace('%(error)s', () => error),
        );
      }
      hidden.push(bound);
    }
    return { form: this, fields, hidden_fields: hidden, errors: top };
  }

  asDiv(): SafeString {
    return this.render(this.templateNameDiv);
  }

  asP(): SafeString {
    return this.render(this.templateNameP);
  }

  asTable(): SafeString {
    return this.render(this.templateNameTable);
  }

  asUl(): SafeString {
    return this.render(this.templateNameUl);
  }

  /** The errors that belong to no field. */
  nonFieldErrors(): ErrorList {
    return (
      this.errors.get(NON_FIELD_ERRORS) ??
      new this.errorClass([], { errorClass: 'nonfield', renderer: this.renderer })
    );
  }

  /**
   * Adds an error to a field, or to the form (`null`); of a ValidationError with a dictionary, to each field of it.
   *
   * @throws ValueError for a field that the form has not.
   */
  addError(field: (keyof F & string) | null, error: ValidationMessage): void {
    const given = error instanceof ValidationError ? error : new ValidationError(error);
    if (given.errorDict && field !== null) {
      throw new TypeError(
        'The argument `field` must be `None` when the `error` argument contains errors for multiple fields.',
      );
    }
    const all: Iterable<[string, readonly ValidationError[]]> =
      given.errorDict ?? new Map([[field ?? NON_FIELD_ERRORS, given.errorList]]);
    const { errors } = this;
    const cleaned = this.cleanedData as Record<string, unknown>;
    for (const [key, list] of all) {
      const name = key === NON_FIELD_ERRORS ? key : (this.nameOf(key) ?? key);
      let own = errors.get(name);
      if (own === undefined) {
        if (name === NON_FIELD_ERRORS) {
          own = new this.errorClass([], { errorClass: 'nonfield', renderer: this.renderer });
        } else {
          if (!Object.hasOwn(this.fields, name)) {
            throw new ValueError(`'${this.constructor.name}' has no field named '${name}'.`);
          }
          own = new this.errorClass([], { renderer: this.renderer, fieldId: this.get(name).autoId });
        }
        errors.set(name, own);
      }
      own.extend(list);
      delete cleaned[name];
    }
  }

  /** Whether a field (`null`: the form) has an error, or one of a code. */
  hasError(field: (keyof F & string) | null, code: string | null = null): boolean {
    const errors = this.errors.get(field ?? NON_FIELD_ERRORS);
    if (errors === undefined) return false;
    return code === null || errors.asData().some((error) => error.code === code);
  }

  /** Validates again. What has to be waited for is promised. */
  fullClean(): MaybePromise<void> {
    this.ownErrors = new ErrorDict(this.renderer);
    this.cleaning = undefined;
    if (!this.isBound) return;
    this.cleanedData = Object.create(null) as Cleaned<F>;
    if (this.emptyPermitted && !this.hasChanged()) return;
    const done = then(
      then(this.cleanFields(), () => this.cleanForm()),
      () => this.postClean(),
    );
    this.cleaning = done;
    // Who awaits it hears of the failure.
    if (isPromise(done)) done.catch(() => undefined);
    return done;
  }

  private rescue(name: (keyof F & string) | null): (error: unknown) => void {
    return (error) => {
      if (!(error instanceof ValidationError)) throw error;
      this.addError(name, error);
    };
  }

  private cleanFields(): MaybePromise<void> {
    const cleaned = this.cleanedData as Record<string, unknown>;
    const methods = this as unknown as Record<string, ((value: unknown) => unknown) | undefined>;
    return forEach(Object.keys(this.fields), (name) =>
      attempt<void>(() => {
        const bound = this.get(name);
        const given = withoutStacks(() => bound.field.cleanBoundField(bound));
        return then(given, (value) => {
          cleaned[name] = value;
          const method = methods[cleanMethodName(name)];
          if (typeof method !== 'function') return;
          return then(method.call(this, value) as MaybePromise<unknown>, (own) => {
            cleaned[name] = own;
          });
        });
      }, this.rescue(name)),
    );
  }

  private cleanForm(): MaybePromise<void> {
    return attempt<void>(
      () =>
        then(this.clean() as MaybePromise<Cleaned<F> | undefined>, (cleaned) => {
          if (cleaned !== null && cleaned !== undefined) this.cleanedData = cleaned;
        }),
      this.rescue(null),
    );
  }

  /** @internal What a model form does after everything else. */
  protected postClean(): MaybePromise<void> {
    // Only model forms have something to do.
  }

  /** What concerns several fields. Throw a ValidationError, or call `addError()`; what is returned becomes `cleanedData`. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most forms return nothing
  clean(): MaybePromise<Cleaned<F> | void> {
    return this.cleanedData;
  }

  /** Whether something was typed. */
  hasChanged(): boolean {
    return this.changedData.length > 0;
  }

  /** The names of the fields whose data is not the initial. */
  get changedData(): readonly string[] {
    this.changed ??= [...this].filter((bound) => bound.hasChanged()).map(({ name }) => name);
    return this.changed;
  }

  /** Scripts and style sheets of the form and its widgets. */
  get media(): Media {
    const own = mediaOf(this.constructor);
    return Object.values(this.fields).reduce((media, field) => media.add(field.widget.media), own);
  }

  /** Whether `<form>` has to say `enctype="multipart/form-data"`. */
  isMultipart(): boolean {
    return Object.values(this.fields).some((field) => field.widget.needsMultipartForm);
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
Object.assign(Form.prototype, {
  templateNameDiv: 'django/forms/div.html',
  templateNameP: 'django/forms/p.html',
  templateNameTable: 'django/forms/table.html',
  templateNameUl: 'django/forms/ul.html',
  templateNameLabel: 'django/forms/label.html',
  defaultRenderer: null,
  fieldOrder: null,
  prefix: null,
  useRequiredAttribute: true,
  boundFieldClass: null,
});
