/** Choices. Django: `ChoiceField` and its subclasses of `django.forms.fields`. */
import { ValidationError } from '../../core/exceptions';
import { ValueError } from '../../python/errors';
import { isTruthy, pyEquals } from '../../python/ops';
import { toStr } from '../../python/str';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { gettextLazy as _ } from '../../utils/translation';
import { type Choice, type Choices, isGroup, normalizeChoices } from '../choices';
import { type ChoiceWidget, MultipleHiddenInput, Select, SelectMultiple, type WidgetClass } from '../widgets';
import { Field, type FieldOptions, isEmpty, type Opt } from './base';

/** What fields for choices take. */
export interface ChoiceFieldOptions extends FieldOptions {
  readonly choices?: Choices;
}

type KeyOf<Pair> = Pair extends readonly [infer K, infer L]
  ? L extends readonly (infer Inner)[]
    ? KeyOf<Inner>
    : K extends string | number
      ? `${K}`
      : string
  : string;

/** The values that can be chosen, as text, where the compiler knows them. */
export type ChoiceValue<O> = O extends { readonly choices: infer C }
  ? C extends readonly (infer Pair)[]
    ? KeyOf<Pair>
    : C extends (...args: never[]) => unknown
      ? string
      : C extends Iterable<unknown>
        ? string
        : C extends Readonly<Record<infer K extends string, string>>
          ? K
          : string
  : string;

/** @internal What all fields for choices have in common. */
export class BaseChoiceField<out V> extends Field<V> {
  static override widget: WidgetClass = Select;
  static override defaultErrorMessages = {
    invalid_choice: _('Select a valid choice. %(value)s is not one of the available choices.'),
  };
  private ownChoices: Iterable<Choice> = [];

  constructor({ choices = [], ...options }: ChoiceFieldOptions = {}) {
    super(options);
    this.choices = choices;
  }

  get choices(): Iterable<Choice> {
    return this.ownChoices;
  }

  /** The widget gets them, too. */
  set choices(choices: Choices) {
    this.ownChoices = normalizeChoices(choices);
    (this.widget as ChoiceWidget).choices = this.ownChoices;
  }

  override toPython(value: unknown): MaybePromise<V> {
    return (isEmpty(value) ? '' : toStr(value)) as V;
  }

  override validate(value: unknown): MaybePromise<void> {
    return then(super.validate(value), () => {
      if (isTruthy(value) && !this.validValue(value)) throw this.error('invalid_choice', { value });
    });
  }

  /** Whether a value is one of the choices. */
  validValue(value: unknown): boolean {
    const text = toStr(value);
    const isIt = (key: unknown): boolean => pyEquals(value, key) || text === toStr(key);
    for (const [key, label] of this.choices) {
      if (isGroup(label) ? label.some(([inner]) => isIt(inner)) : isIt(key)) return true;
    }
    return false;
  }
}

/** One of several choices. */
export class ChoiceField<const O extends ChoiceFieldOptions = ChoiceFieldOptions> extends BaseChoiceField<
  Opt<ChoiceValue<O>, O, ''>
> {
  constructor(options?: O) {
    super(options);
  }
}

/** What a TypedChoiceField takes. */
export interface TypedChoiceFieldOptions extends ChoiceFieldOptions {
  /** The value of a choice's text. */
  readonly coerce?: (value: string) => unknown;
  /** What stands for nothing. Default: '', and for several `[]`. */
  readonly emptyValue?: unknown;
}

type Coerced<O> = O extends { readonly coerce: (value: string) => infer T } ? T : string;
type EmptyOf<O, D> = O extends { readonly emptyValue: infer E } ? E : D;

/** `coerce` refused it. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof ValueError ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof SyntaxError ||
    error instanceof ValidationError
  );
}

function coerceWith(field: { coerce: (value: string) => unknown }, value: unknown, refused: Error): unknown {
  try {
    return field.coerce(value as string);
  } catch (error) {
    throw isRefusal(error) ? refused : error;
  }
}

/** One of several choices, as a value of another type: `coerce: Number`. */
export class TypedChoiceField<
  const O extends TypedChoiceFieldOptions = TypedChoiceFieldOptions,
> extends BaseChoiceField<Opt<Coerced<O>, O, EmptyOf<O, ''>>> {
  coerce: (value: string) => unknown;
  emptyValue: unknown;

  constructor(options?: O) {
    const { coerce, emptyValue, ...rest }: TypedChoiceFieldOptions = options ?? {};
    super(rest);
    this.coerce = coerce ?? ((value) => value);
    this.emptyValue = emptyValue === undefined ? '' : emptyValue;
  }

  private coerced(value: unknown): unknown {
    if (pyEquals(value, this.emptyValue) || isEmpty(value)) return this.emptyValue;
    return coerceWith(this, value, this.error('invalid_choice', { value }));
  }

  override clean(value: unknown): MaybePromise<Opt<Coerced<O>, O, EmptyOf<O, ''>>> {
    return then(
      super.clean(value) as MaybePromise<unknown>,
      (cleaned) => this.coerced(cleaned) as Opt<Coerced<O>, O, EmptyOf<O, ''>>,
    );
  }

  override hasChanged(initial: unknown, data: unknown): boolean {
    if (this.disabled) return false;
    try {
      return !pyEquals(this.coerced(this.toPython(data)), this.coerced(initial));
    } catch (error) {
      if (error instanceof ValidationError) return true;
      throw error;
    }
  }
}

/** @internal What fields for several choices have in common. */
export class BaseMultipleChoiceField<out V> extends BaseChoiceField<V> {
  static override widget: WidgetClass = SelectMultiple;
  static override defaultErrorMessages = {
    invalid_choice: _('Select a valid choice. %(value)s is not one of the available choices.'),
    invalid_list: _('Enter a list of values.'),
  };

  override toPython(value: unknown): MaybePromise<V> {
    if (!isTruthy(value)) return [] as V;
    if (!Array.isArray(value)) throw this.error('invalid_list');
    return value.map(toStr) as V;
  }

  override validate(value: unknown): MaybePromise<void> {
    const values = value as readonly unknown[];
    if (this.required && values.length === 0) throw this.error('required');
    const wrong = values.find((each) => !this.validValue(each));
    if (wrong !== undefined) throw this.error('invalid_choice', { value: wrong });
  }

  override hasChanged(initial: unknown, data: unknown): boolean {
    if (this.disabled) return false;
    const [before, after] = [initial, data]
      .map((value) => (value ?? []) as Iterable<unknown>)
      .map((all) => [...all]);
    const texts = new Set(before?.map(toStr));
    const others = new Set(after?.map(toStr));
    if (before?.length !== after?.length || texts.size !== others.size) return true;
    return [...others].some((text) => !texts.has(text));
  }
}
BaseMultipleChoiceField.prototype.hiddenWidget = MultipleHiddenInput;

/** Several of several choices. */
export class MultipleChoiceField<
  const O extends ChoiceFieldOptions = ChoiceFieldOptions,
> extends BaseMultipleChoiceField<ChoiceValue<O>[]> {
  constructor(options?: O) {
    super(options);
  }
}

/** Several of several choices, as values of another type. */
export class TypedMultipleChoiceField<
  const O extends TypedChoiceFieldOptions = TypedChoiceFieldOptions,
> extends BaseMultipleChoiceField<Coerced<O>[] | EmptyOf<O, never>> {
  coerce: (value: string) => unknown;
  emptyValue: unknown;

  constructor(options?: O) {
    const { coerce, emptyValue, ...rest }: TypedChoiceFieldOptions = options ?? {};
    super(rest);
    this.coerce = coerce ?? ((value) => value);
    this.emptyValue = emptyValue === undefined ? [] : emptyValue;
  }

  private coerced(value: unknown): unknown {
    if (pyEquals(value, this.emptyValue) || isEmpty(value)) return this.emptyValue;
    return [...(value as Iterable<unknown>)].map((each) =>
      coerceWith(this, each, this.error('invalid_choice', { value: each })),
    );
  }

  override clean(value: unknown): MaybePromise<Coerced<O>[] | EmptyOf<O, never>> {
    return then(
      super.clean(value) as MaybePromise<unknown>,
      (cleaned) => this.coerced(cleaned) as Coerced<O>[] | EmptyOf<O, never>,
    );
  }

  override validate(value: unknown): MaybePromise<void> {
    if (!pyEquals(value, this.emptyValue)) return super.validate(value);
    if (this.required) throw this.error('required');
  }
}
