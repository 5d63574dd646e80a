/** JSON. Django: `JSONField` of `django.forms.fields`. */
import { Decimal } from '../../python/decimal';
import { floatRepr } from '../../python/float';
import { toStr } from '../../python/str';
import type { MaybePromise } from '../../utils/maybe_promise';
import { gettextLazy as _ } from '../../utils/translation';
import { Textarea, type WidgetClass } from '../widgets';
import { isEmpty } from './base';
import { type CharFieldOptions, TextField } from './char';
import { parseJson } from './json_text';

/** What was typed and is no JSON: it is shown again as it is. */
export class InvalidJSONInput {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** A text that came of JSON: it is not read again. */
export class JSONString {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What a JSONField takes. */
export interface JSONFieldOptions extends CharFieldOptions {
  /** What becomes of a value that JSON has no form of; without it, such values are a TypeError. */
  readonly encoder?: ((value: object) => unknown) | null;
  /** Reads the text in place of JSON's own rules. @throws SyntaxError */
  readonly decoder?: ((text: string) => unknown) | null;
}

/** JSON, read. */
export class JSONField extends TextField<unknown> {
  static override widget: WidgetClass = Textarea;
  static override defaultErrorMessages = { invalid: _('Enter a valid JSON.') };
  encoder: ((value: object) => unknown) | null;
  decoder: ((text: string) => unknown) | null;

  constructor({ encoder, decoder, ...options }: JSONFieldOptions = {}) {
    super(options);
    this.encoder = encoder ?? null;
    this.decoder = decoder ?? null;
  }

  private load(value: unknown): unknown {
    return (this.decoder ?? parseJson)(String(value));
  }

  private dump(value: unknown, sorted = false): string {
    return writeJson(value, sorted, this.encoder);
  }

  private read(value: unknown): unknown {
    if (this.disabled) return value;
    if (isEmpty(value)) return null;
    if (typeof value !== 'string') return value;
    try {
      return this.load(value);
    } catch (error) {
      if (error instanceof SyntaxError) throw this.error('invalid', { value });
      throw error;
    }
  }

  override toPython(value: unknown): MaybePromise<unknown> {
    const found = this.read(value);
    return found instanceof JSONString ? found.text : found;
  }

  override boundData(data: unknown, initial: unknown): unknown {
    if (this.disabled) return initial;
    if (data === null || data === undefined) return null;
    try {
      return this.load(data);
    } catch (error) {
      if (error instanceof SyntaxError) return new InvalidJSONInput(String(data));
      throw error;
    }
  }

  override prepareValue(value: unknown): unknown {
    return value instanceof InvalidJSONInput ? value.text : this.dump(value);
  }

  override hasChanged(initial: unknown, data: unknown): boolean {
    if (super.hasChanged(initial, data)) return true;
    return this.dump(initial, true) !== this.dump(this.read(data), true);
  }
}

/** Python's `json.dumps(value, ensure_ascii=False)`. */
function writeJson(value: unknown, sorted: boolean, encoder: ((value: object) => unknown) | null): string {
  const write = (each: unknown): string => {
    if (each === null || each === undefined) return 'null';
    if (typeof each === 'string') return JSON.stringify(each);
    if (typeof each === 'boolean' || typeof each === 'bigint') return String(each);
    if (typeof each === 'number') return Number.isFinite(each) ? toStr(each) : special(each);
    if (each instanceof JSONString) return JSON.stringify(each.text);
    if (each instanceof Number) {
      return Number.isFinite(each.valueOf()) ? floatRepr(each.valueOf()) : special(each.valueOf());
    }
    if (Array.isArray(each)) return `[${each.map(write).join(', ')}]`;
    if (isPlain(each)) {
      const entries = each instanceof Map ? [...each] : Object.entries(each);
      if (sorted) entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
      return `{${entries.map(([key, item]) => `${JSON.stringify(String(key))}: ${write(item)}`).join(', ')}}`;
    }
    if (encoder !== null) return write(encoder(each as object));
    const { toJSON } = each as { toJSON?: unknown };
    if (typeof toJSON === 'function' && !(each instanceof Decimal)) return write(toJSON.call(each));
    throw new TypeError(`Object of type ${each.constructor.name} is not JSON serializable`);
  };
  return write(value);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return value instanceof Map || prototype === null || prototype === Object.prototype;
}

function special(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}
