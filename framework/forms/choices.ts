/** Choices in all the forms that they may be given. Django: `django.utils.choices`. */
import { isPlainObject } from '../python/dict';

/** One choice, its value and label; or a group, its name and choices. */
export type Choice = readonly [value: unknown, label: unknown];

/**
 * Pairs of values and labels (of names and pairs, for groups); an object or a Map of them; or what gives such, each
 * time that the choices are needed.
 */
export type Choices =
  | Iterable<readonly [unknown, unknown]>
  | Readonly<Record<string, unknown>>
  | ChoicesType
  | (() => Choices);

/** A class of choices, which lists them. */
export interface ChoicesType {
  readonly choices: Iterable<Choice>;
}

/** Choices that are asked for each time. Django: `CallableChoiceIterator`. */
export class CallableChoiceIterator implements Iterable<Choice> {
  constructor(private readonly source: () => Choices) {}

  [Symbol.iterator](): Iterator<Choice> {
    return normalizeChoices(this.source())[Symbol.iterator]();
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || (value !== null && typeof value === 'object' && 'value' in value);
}

function pairsOf(value: unknown): Iterable<Choice> | null {
  if (value === null || typeof value !== 'object') return null;
  if (isPlainObject(value)) return Object.entries(value);
  if (isText(value)) return null;
  if (typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function') return null;
  return value as Iterable<Choice>;
}

function nested(label: unknown): unknown {
  const value = typeof label === 'function' ? (label as () => unknown)() : label;
  const pairs = pairsOf(value);
  return pairs === null ? value : [...pairs].map(([key, text]): Choice => [key, text]);
}

/** Choices as pairs, to be gone through as often as needed. */
export function normalizeChoices(value: Choices): Iterable<Choice> {
  if (value instanceof CallableChoiceIterator) return value;
  if (typeof value === 'function') {
    const { choices } = value as Partial<ChoicesType>;
    return choices === undefined ? new CallableChoiceIterator(value as () => Choices) : choices;
  }
  if (!isPlainObject(value) && Symbol.asyncIterator in (value as object)) return value as Iterable<Choice>;
  const pairs = pairsOf(value) ?? (value as ChoicesType).choices;
  if (!Array.isArray(pairs) && typeof (pairs as { next?: unknown }).next !== 'function' && isLazy(pairs)) {
    return pairs;
  }
  return [...pairs].map(([key, label]): Choice => [key, nested(label)]);
}

/** Whether something makes its choices anew each time: an object of a class of its own. */
function isLazy(value: unknown): boolean {
  return !(value instanceof Map) && !(value instanceof Set) && !Array.isArray(value);
}

/** Whether the second of a pair is a group's choices. */
export function isGroup(label: unknown): label is readonly Choice[] {
  return Array.isArray(label);
}
