/**
 * Attributes that Python's values have and JavaScript's do not: `{{ name.upper }}`, `{{ row.items }}`,
 * `{{ published.year }}`. Only those that can be used without an argument.
 */

import { isPlainObject, repr, splitLines, splitWords, strip, title } from '../../python';
import { isDatetime, toDatetime } from '../../python/datetime';
import { Tuple } from '../../python/types';
import { SafeString } from '../../utils/safestring';

/** The value has no such attribute. */
export const NO_ATTRIBUTE = Symbol('no attribute');

/** What `dict.keys()`, `values()` and `items()` give: a list that prints as Python's view. */
export class DictView extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  kind!: string;

  static of_(kind: string, items: readonly unknown[]): DictView {
    const view = new DictView();
    for (const item of items) view.push(item);
    Object.defineProperty(view, 'kind', { value: kind, enumerable: false });
    return view;
  }

  repr(): string {
    return `${this.kind}(${repr([...this])})`;
  }
}

type Attributes<T> = Readonly<Record<string, (value: T) => unknown>>;

const isAll = (pattern: RegExp) => (text: string) => pattern.test(text);

const STRING: Attributes<string> = {
  __proto__: null as never,
  upper: (s) => s.toUpperCase(),
  lower: (s) => s.toLowerCase(),
  casefold: (s) => s.toLowerCase(),
  title,
  capitalize: (s) => {
    const [first = ''] = s;
    return first.toUpperCase() + s.slice(first.length).toLowerCase();
  },
  swapcase: (s) => [...s].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
  strip: (s) => strip(s),
  lstrip: (s) => s.slice(s.length - `${strip(`${s}.`)}`.length + 1),
  rstrip: (s) => strip(`.${s}`).slice(1),
  split: (s) => splitWords(s),
  splitlines: (s) => splitLines(s),
  isdigit: isAll(/^\p{Nd}+$/u),
  isdecimal: isAll(/^\p{Nd}+$/u),
  isnumeric: isAll(/^\p{N}+$/u),
  isalpha: isAll(/^\p{L}+$/u),
  isalnum: isAll(/^[\p{L}\p{N}]+$/u),
  isspace: isAll(/^\s+$/),
  isupper: (s) => s !== s.toLowerCase() && s === s.toUpperCase(),
  islower: (s) => s !== s.toUpperCase() && s === s.toLowerCase(),
};

const pair = (key: unknown, value: unknown): Tuple => Tuple.of(key, value);

const MAP: Attributes<ReadonlyMap<unknown, unknown>> = {
  __proto__: null as never,
  items: (m) =>
    DictView.of_(
      'dict_items',
      Array.from(m, ([key, value]) => pair(key, value)),
    ),
  keys: (m) => DictView.of_('dict_keys', [...m.keys()]),
  values: (m) => DictView.of_('dict_values', [...m.values()]),
  copy: (m) => new Map(m),
};

const OBJECT: Attributes<Record<string, unknown>> = {
  __proto__: null as never,
  items: (o) =>
    DictView.of_(
      'dict_items',
      Object.keys(o).map((key) => pair(key, o[key])),
    ),
  keys: (o) => DictView.of_('dict_keys', Object.keys(o)),
  values: (o) => DictView.of_('dict_values', Object.values(o)),
  copy: (o) => ({ ...o }),
};

function own(attributes: Attributes<never>, name: string): ((value: never) => unknown) | undefined {
  return attributes[name];
}

/** Python's attribute of a JavaScript value, called already; `NO_ATTRIBUTE` if Python has none either. */
export function pythonAttribute(value: unknown, name: string): unknown {
  let found: ((value: never) => unknown) | undefined;
  let subject = value;
  if (typeof value === 'string') {
    found = own(STRING, name);
  } else if (value instanceof SafeString) {
    subject = value.value;
    found = own(STRING, name);
  } else if (value instanceof Map) {
    found = own(MAP, name);
  } else if (value instanceof Date && isDatetime(value) && !Number.isNaN(value.getTime())) {
    const datetime = toDatetime(value) as unknown as Record<string, unknown>;
    const attribute =
      name in datetime && name !== 'constructor' && !(name in Object.prototype) ? datetime[name] : undefined;
    if (attribute === undefined) return NO_ATTRIBUTE;
    return typeof attribute === 'function' ? (attribute as () => unknown).call(datetime) : attribute;
  } else if (isPlainObject(value)) {
    found = own(OBJECT, name);
  }
  return found === undefined ? NO_ATTRIBUTE : found(subject as never);
}
