/** Choices with names. Django: `django.db.models.enums`; https://docs.djangoproject.com/en/5.2/ref/models/fields/#enumeration-types */
import { title } from '../../python';
import type { Text } from '../../utils/functional';

/** A value with its label, or a value whose label is made of its name. */
export type Member<V> = V | readonly [value: V, label: Text];

type ValueOf<M> = M extends readonly [infer V, Text] ? V : M;
type Members<V> = Readonly<Record<string, Member<V>>>;

/** What choices know besides their members. */
export interface ChoicesInfo<V> {
  /** Value and label of each, in order; that of no value comes first, where there is one. */
  readonly choices: readonly (readonly [V | null, Text])[];
  readonly values: readonly (V | null)[];
  readonly labels: readonly Text[];
  /** The names: `DRAFT`. */
  readonly names: readonly string[];
  /** The label of a value; undefined for a value that is none of them. */
  labelOf(value: unknown): string | undefined;
  /** Whether a value is one of them. */
  has(value: unknown): value is V;
}

/** Choices: each member under its name, and what is known of them. */
export type Choices<V, M extends Members<V>> = { readonly [K in keyof M]: ValueOf<M[K]> } & ChoicesInfo<
  ValueOf<M[keyof M]>
>;

/** The values of choices, as a type. */
export type Choice<C> = C extends ChoicesInfo<infer V> ? V : never;

/** What choices can be told. */
export interface ChoicesOptions {
  /** The label of no value; without it, no value is none of the choices. Django: `__empty__`. */
  empty?: Text;
}

const INFO = new Set(['choices', 'values', 'labels', 'names', 'labelOf', 'has']);

function choicesOf<V, M extends Members<V>>(
  members: M,
  type: 'string' | 'number',
  { empty }: ChoicesOptions,
): Choices<V, M> {
  const byValue = new Map<unknown, Text>();
  const target: Record<string, unknown> = {};
  const names = Object.keys(members);
  for (const name of names) {
    const member = members[name] as Member<V>;
    const [value, label] = Array.isArray(member)
      ? (member as readonly [V, Text])
      : [member as V, title(name.replaceAll('_', ' '))];
    if (INFO.has(name))
      throw new TypeError(`Choices cannot have a member '${name}': that is what they know.`);
    if (typeof value !== type) throw new TypeError(`The choice '${name}' has to be a ${type}.`);
    if (byValue.has(value))
      throw new TypeError(`The choice '${name}' has the value of another, ${String(value)}.`);
    target[name] = value;
    byValue.set(value, label);
  }
  const choices = [...(empty === undefined ? [] : [[null, empty] as const]), ...byValue];
  return Object.freeze(
    Object.assign(target, {
      choices: Object.freeze(choices),
      values: Object.freeze(choices.map(([value]) => value)),
      labels: Object.freeze(choices.map(([, label]) => label)),
      names: Object.freeze(names),
      labelOf: (value: unknown) => (byValue.has(value) ? String(byValue.get(value)) : undefined),
      has: (value: unknown) => byValue.has(value),
    }),
  ) as unknown as Choices<V, M>;
}

/**
 * Choices whose values are text. A member is its value, and of its value's type.
 *
 * @example
 * ```ts
 * export const Status = models.TextChoices({ DRAFT: ['d', 'Draft'], PUBLISHED: ['p', 'Published'] });
 * export type Status = models.Choice<typeof Status>; // 'd' | 'p'
 * Status.DRAFT; // 'd'
 * Status.labelOf('d'); // 'Draft'
 * ```
 *
 * @throws TypeError for two members of one value.
 */
export function TextChoices<const M extends Members<string>>(
  members: M,
  options: ChoicesOptions = {},
): Choices<string, M> {
  return choicesOf<string, M>(members, 'string', options);
}

/** Choices whose values are whole numbers: see `TextChoices`. @throws TypeError for two members of one value. */
export function IntegerChoices<const M extends Members<number>>(
  members: M,
  options: ChoicesOptions = {},
): Choices<number, M> {
  return choicesOf<number, M>(members, 'number', options);
}
