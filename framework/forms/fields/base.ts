/** What fields have in common. Django: `Field` of `django.forms.fields`. */
import { ValidationError } from '../../core/exceptions';
import { isEmptyValue } from '../../core/validators';
import type { Field as ModelField } from '../../db/models/fields/base';
import { pyEquals } from '../../python/ops';
import type { LazyText, Text } from '../../utils/functional';
import { forEach, isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import { SafeString } from '../../utils/safestring';
import { gettextLazy as _ } from '../../utils/translation';
import { BoundField, type Label } from '../boundfield';
import type { Form } from '../forms';
import { type Attrs, HiddenInput, TextInput, type Widget, type WidgetClass } from '../widgets';

declare const VALUE: unique symbol;

/** A validator may have to wait for something: what it returns is awaited. */
export type FieldValidator = (value: unknown) => MaybePromise<void>;

/** Texts of errors by their codes. */
export type ErrorMessages = Readonly<Record<string, Text>>;

/** A text that a field shows; a lazy one is in the language of who looks at it. */
export type FieldText = Label | LazyText;

/** What every field takes. */
export interface FieldOptions {
  /** Whether something has to be typed. Default: true. */
  readonly required?: boolean;
  readonly widget?: Widget | WidgetClass | null;
  readonly label?: FieldText | null;
  /** What an unbound form shows; a function is called for each form. */
  readonly initial?: unknown;
  readonly helpText?: FieldText;
  /** Texts instead of Django's, by code: `required`, `invalid`, … */
  readonly errorMessages?: ErrorMessages | null;
  readonly showHiddenInitial?: boolean;
  readonly validators?: readonly FieldValidator[];
  /** Whether numbers and dates are shown and read in the format of the language. */
  readonly localize?: boolean;
  readonly disabled?: boolean;
  readonly labelSuffix?: Label | null;
  readonly templateName?: string | null;
  readonly boundFieldClass?: typeof BoundField | null;
}

const DEFAULTS = {
  required: true,
  label: null,
  initial: null,
  helpText: '',
  showHiddenInitial: false,
  localize: false,
  disabled: false,
  labelSuffix: null,
  templateName: null,
  boundFieldClass: null,
} as const satisfies Partial<FieldOptions>;

/** The value, and `null` where nothing need be typed. */
export type Opt<V, O, E = null> = O extends { readonly required: false } ? V | E : V;

/**
 * One value of a form: how it is read, checked and shown.
 *
 * @example
 * ```ts
 * class HexField extends forms.Field<number> {
 *   override toPython(value: unknown): number {
 *     return Number.parseInt(String(value), 16);
 *   }
 * }
 * ```
 */
export class Field<out V = unknown> {
  /** The widget of fields that are given none. */
  static widget: WidgetClass = TextInput;
  /** Texts of errors, besides those of the base classes. */
  static defaultErrorMessages: ErrorMessages = { required: _('This field is required.') };
  static defaultValidators: readonly FieldValidator[] = [];

  /** Only for types: what the field's `clean()` gives. */
  declare readonly [VALUE]: V;
  declare hiddenWidget: WidgetClass;
  /** The field of a model that this one was made of. */
  declare modelField?: ModelField;

  // What is as always stands on the prototype: each form copies its fields, so they own what they were given alone.
  declare required: boolean;
  widget: Widget;
  declare label: FieldText | null;
  declare initial: unknown;
  declare helpText: FieldText;
  declare showHiddenInitial: boolean;
  validators: FieldValidator[];
  declare localize: boolean;
  declare disabled: boolean;
  declare labelSuffix: Label | null;
  declare templateName: string | null;
  declare boundFieldClass: typeof BoundField | null;
  private readonly ownMessages: ErrorMessages | null;
  private gathered: Record<string, Text> | null = null;

  constructor(options: FieldOptions = {}) {
    this.setUp(options);
    for (const name of Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]) {
      const value = options[name];
      if (value !== undefined && value !== null && value !== DEFAULTS[name])
        Object.assign(this, { [name]: value });
    }
    const given = options.widget ?? this.defaultWidget();
    const widget = typeof given === 'function' ? new given() : given.copy();
    if (this.localize) widget.isLocalized = true;
    widget.isRequired = this.required;
    Object.assign(widget.attrs, this.widgetAttrs(widget));
    this.widget = widget;
    this.ownMessages = options.errorMessages ?? null;
    this.validators = [...this.classValidators(), ...(options.validators ?? [])];
  }

  /** Texts of errors by their codes, which may be changed; they are gathered when the first is looked at. */
  get errorMessages(): Record<string, Text> {
    this.gathered ??= { ...messagesOf(this.constructor), ...this.ownMessages };
    return this.gathered;
  }

  set errorMessages(messages: Record<string, Text>) {
    this.gathered = messages;
  }

  /** Takes options that the widget's attributes depend on: it is called before anything else is there. */
  protected setUp(_options: FieldOptions): void {
    // A field without options of its own has nothing to take.
  }

  protected defaultWidget(): Widget | WidgetClass {
    return (this.constructor as typeof Field).widget;
  }

  protected classValidators(): readonly FieldValidator[] {
    return (this.constructor as typeof Field).defaultValidators;
  }

  /** A field with a widget, messages and validators of its own: each form has its copies. */
  copy(): this {
    const made = Object.assign(Object.create(Object.getPrototypeOf(this) as object) as this, this);
    made.widget = this.widget.copy();
    if (this.gathered !== null) made.gathered = { ...this.gathered };
    made.validators = [...this.validators];
    return made;
  }

  /** The value as the widget takes it. */
  prepareValue(value: unknown): unknown {
    return value;
  }

  /** What was sent, as the value that it means. @throws ValidationError */
  toPython(value: unknown): MaybePromise<V> {
    return value as V;
  }

  /** Checks what the validators do not: that there is a value where there has to be one. */
  validate(value: unknown): MaybePromise<void> {
    if (this.required && isEmpty(value)) throw this.error('required');
  }

  runValidators(value: unknown): MaybePromise<void> {
    if (this.validators.length === 0 || isEmpty(value)) return;
    const errors: ValidationError[] = [];
    const collect = (error: unknown): void => {
      if (!(error instanceof ValidationError)) throw error;
      const { code } = error;
      if (code !== null && Object.hasOwn(this.errorMessages, code)) {
        const message = this.errorMessages[code] as Text;
        errors.push(new ValidationError(message, { code, params: error.params }));
      } else if (error.errorDict === null) {
        errors.push(...error.errorList);
      } else {
        errors.push(...[...error.errorDict.values()].flat());
      }
    };
    const done = forEach(this.validators, (validator) => {
      try {
        const result = validator(value);
        return isPromise(result) ? result.catch(collect) : undefined;
      } catch (error) {
        collect(error);
        return;
      }
    });
    return then(done, () => {
      if (errors.length > 0) throw errors.length === 1 ? errors[0] : new ValidationError(errors);
    });
  }

  /** The value of what was sent. @throws ValidationError */
  clean(value: unknown): MaybePromise<V> {
    return then(this.toPython(value), (cleaned) =>
      then(this.validate(cleaned), () => then(this.runValidators(cleaned), () => cleaned)),
    );
  }

  /** Reads what has to be there before the field is shown, where that does not answer at once: rows to choose from. */
  ready(_initial: unknown): MaybePromise<void> {
    // Most fields have everything.
  }

  /** What a bound form shows. */
  boundData(data: unknown, initial: unknown): unknown {
    return this.disabled ? initial : data;
  }

  /** Attributes that the field gives to its widget. */
  widgetAttrs(_widget: Widget): Attrs {
    return {};
  }

  /** Whether what was sent is something else than the initial value. */
  hasChanged(initial: unknown, data: unknown): boolean {
    if (this.disabled) return false;
    let value: unknown;
    try {
      value = this.toPython(data);
    } catch (error) {
      if (error instanceof ValidationError) return true;
      throw error;
    }
    if (isPromise(value)) {
      void value.catch(() => undefined);
      return true;
    }
    return !pyEquals(initial ?? '', value ?? '');
  }

  getBoundField(form: Form, name: string): BoundField {
    const Bound = this.boundFieldClass ?? form.boundFieldClass ?? BoundField;
    return new Bound(form, this, name);
  }

  /** @internal */
  cleanBoundField(bound: BoundField): MaybePromise<V> {
    return this.clean(this.disabled ? bound.initial : bound.data);
  }

  /** An error with the field's text for its code. */
  protected error(code: string, params: Readonly<Record<string, unknown>> | null = null): ValidationError {
    return new ValidationError(this.errorMessages[code] ?? code, { code, params });
  }
}
Object.assign(Field.prototype, DEFAULTS, { hiddenWidget: HiddenInput });

/** Whether a value is none: Django's `empty_values`. */
export function isEmpty(value: unknown): boolean {
  return isEmptyValue(value) || (value instanceof SafeString && value.value === '');
}

const messages = new WeakMap<object, ErrorMessages>();

function messagesOf(cls: object): ErrorMessages {
  let found = messages.get(cls);
  if (found === undefined) {
    const parent = Object.getPrototypeOf(cls) as object;
    const own = Object.hasOwn(cls, 'defaultErrorMessages')
      ? (cls as { defaultErrorMessages: ErrorMessages }).defaultErrorMessages
      : {};
    found = parent === Function.prototype ? own : { ...messagesOf(parent), ...own };
    messages.set(cls, found);
  }
  return found;
}
