/** Numbers. Django: `IntegerField`, `FloatField`, `DecimalField` of `django.forms.fields`. */
import {
  DecimalValidator,
  MaxValueValidator,
  MinValueValidator,
  StepValueValidator,
} from '../../core/validators';
import { MAX_NUMBER_LENGTH } from '../../python/decimal';
import { ValueError } from '../../python/errors';
import { asciiDigits, toFloat, toInt } from '../../python/numbers';
import { toStr } from '../../python/str';
import { SPACE, strip } from '../../python/text';
import { Decimal } from '../../python/types';
import { sanitizeSeparators } from '../../utils/formats';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { gettextLazy as _ } from '../../utils/translation';
import { type Attrs, NumberInput, TextInput, type Widget, type WidgetClass } from '../widgets';
import { Field, type FieldOptions, isEmpty, type Opt } from './base';

/** A limit: a number, or a function that gives it each time. */
export type Limit<N> = N | (() => N);

/** What fields for numbers take. */
export interface NumberFieldOptions<N = number> extends FieldOptions {
  readonly maxValue?: Limit<N> | null;
  readonly minValue?: Limit<N> | null;
  /** The number has to be a multiple of it, counted from `minValue`. */
  readonly stepSize?: Limit<N> | null;
}

/** A longer text is no number that anybody means: Python's limit of digits, with a mark between each two. */
const MAX_LENGTH = 2 * MAX_NUMBER_LENGTH;

const TRAILING_ZEROS = new RegExp(`\\.0*[${SPACE}]*$`);

/** @internal What all fields for numbers have in common. */
export abstract class NumericField<out V> extends Field<V> {
  static override widget: WidgetClass = NumberInput;
  declare maxValue: unknown;
  declare minValue: unknown;
  declare stepSize: unknown;

  constructor(options: NumberFieldOptions<unknown> = {}) {
    super(options);
    if (this.maxValue !== null) this.validators.push(new MaxValueValidator(this.maxValue));
    if (this.minValue !== null) this.validators.push(new MinValueValidator(this.minValue));
    if (this.stepSize !== null) {
      this.validators.push(new StepValueValidator(this.stepSize, { offset: this.minValue }));
    }
  }

  protected override setUp(options: NumberFieldOptions<unknown>): void {
    this.maxValue = options.maxValue ?? null;
    this.minValue = options.minValue ?? null;
    this.stepSize = options.stepSize ?? null;
    this.localize = options.localize ?? false;
  }

  /** Browsers do not read numbers of other languages in `<input type="number">`. */
  protected override defaultWidget(): Widget | WidgetClass {
    const own = super.defaultWidget();
    return this.localize && own === NumberInput ? TextInput : own;
  }

  /** The number that the text says. @throws ValueError, TypeError */
  protected abstract parse(value: unknown): unknown;

  override toPython(value: unknown): MaybePromise<V> {
    if (isEmpty(value)) return null as V;
    if (typeof value === 'string' && value.length > MAX_LENGTH && strip(value).length > MAX_LENGTH) {
      throw this.error('invalid');
    }
    try {
      return this.parse(this.localize ? sanitizeSeparators(value) : value) as V;
    } catch (error) {
      if (error instanceof ValueError || error instanceof TypeError) throw this.error('invalid');
      throw error;
    }
  }

  override widgetAttrs(widget: Widget): Attrs {
    const attrs = super.widgetAttrs(widget);
    if (widget instanceof NumberInput) {
      if (this.minValue !== null) attrs['min'] = this.minValue;
      if (this.maxValue !== null) attrs['max'] = this.maxValue;
      if (this.stepSize !== null) attrs['step'] = this.stepSize;
    }
    return attrs;
  }

  /** Any number is as good as another where no step was given. */
  protected anyStep(widget: Widget, attrs: Attrs, step: string): Attrs {
    if (widget instanceof NumberInput && !Object.hasOwn(widget.attrs, 'step')) attrs['step'] ??= step;
    return attrs;
  }
}

/** An integer. One beyond 2^53 is a `bigint` when the form runs. */
export class IntegerField<const O extends NumberFieldOptions = NumberFieldOptions> extends NumericField<
  Opt<number, O>
> {
  static override defaultErrorMessages = { invalid: _('Enter a whole number.') };

  constructor(options?: O) {
    super(options);
  }

  protected override parse(value: unknown): unknown {
    return toInt(toStr(value).replace(TRAILING_ZEROS, ''));
  }
}

/** A floating-point number. */
export class FloatField<const O extends NumberFieldOptions = NumberFieldOptions> extends NumericField<
  Opt<number, O>
> {
  static override defaultErrorMessages = { invalid: _('Enter a number.') };

  constructor(options?: O) {
    super(options);
  }

  protected override parse(value: unknown): unknown {
    return toFloat(value);
  }

  override validate(value: unknown): MaybePromise<void> {
    return then(super.validate(value), () => {
      if (!isEmpty(value) && !Number.isFinite(Number(value))) throw this.error('invalid');
    });
  }

  override widgetAttrs(widget: Widget): Attrs {
    const attrs = super.widgetAttrs(widget);
    if (attrs['step'] !== undefined) attrs['step'] = toStr(attrs['step']);
    return this.anyStep(widget, attrs, 'any');
  }
}

/** What a DecimalField takes. */
export interface DecimalFieldOptions extends NumberFieldOptions<Decimal | number> {
  readonly maxDigits?: number | null;
  readonly decimalPlaces?: number | null;
}

/** A decimal number, to its last digit. */
export class DecimalField<const O extends DecimalFieldOptions = DecimalFieldOptions> extends NumericField<
  Opt<Decimal, O>
> {
  static override defaultErrorMessages = { invalid: _('Enter a number.') };
  declare maxDigits: number | null;
  declare decimalPlaces: number | null;

  constructor(options?: O) {
    super(options);
    this.validators.push(new DecimalValidator(this.maxDigits, this.decimalPlaces));
  }

  protected override setUp(options: DecimalFieldOptions): void {
    super.setUp(options);
    this.maxDigits = options.maxDigits ?? null;
    this.decimalPlaces = options.decimalPlaces ?? null;
  }

  protected override parse(value: unknown): unknown {
    return Decimal.from(asciiDigits(strip(toStr(value))));
  }

  override validate(value: unknown): MaybePromise<void> {
    return then(super.validate(value), () => {
      if (value instanceof Decimal && !value.isFinite) throw this.error('invalid', { value });
    });
  }

  override widgetAttrs(widget: Widget): Attrs {
    const places = this.decimalPlaces;
    const step = places === null ? 'any' : Decimal.of(false, 1n, -places).toString().toLowerCase();
    return this.anyStep(widget, super.widgetAttrs(widget), step);
  }
}
