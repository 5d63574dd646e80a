/** What a field's value is chosen from. Django: `choices`, `flatchoices`. */
import { pyEquals } from '../../../python';
import type { Text } from '../../../utils/functional';
import type { ChoicesInfo } from '../enums';

/** A value and what is shown of it. */
export type ChoicePair = readonly [value: unknown, label: Text];
/** A name and the choices below it. */
export type ChoiceGroup = readonly [name: Text, choices: readonly ChoicePair[]];
/** What stands in `choices`: pairs and groups, labels by value, `TextChoices` or `IntegerChoices`, or a function that gives these. */
export type ChoicesOption =
  | readonly (ChoicePair | ChoiceGroup)[]
  | Readonly<Record<string, Text | Readonly<Record<string, Text>>>>
  | ChoicesInfo<unknown>
  | (() => ChoicesOption);

function isInfo(value: object): value is ChoicesInfo<unknown> {
  return 'labelOf' in value && typeof value.labelOf === 'function';
}

/** Choices as a list of pairs and groups. */
export function normalizeChoices(option: ChoicesOption): readonly (ChoicePair | ChoiceGroup)[] {
  if (typeof option === 'function') return normalizeChoices(option());
  // What is none is left to the checks.
  if (Array.isArray(option) || typeof option !== 'object' || option === null)
    return option as readonly (ChoicePair | ChoiceGroup)[];
  if (isInfo(option)) return option.choices;
  return Object.entries(option as Readonly<Record<string, Text | Readonly<Record<string, Text>>>>).map(
    ([name, label]) =>
      typeof label === 'string' || 'resolve' in label
        ? ([name, label as Text] as const)
        : ([name, Object.entries(label)] as const),
  );
}

/** All pairs, those of groups too. */
export function flatChoices(choices: readonly (ChoicePair | ChoiceGroup)[]): ChoicePair[] {
  return choices.flatMap(([value, label]): ChoicePair[] =>
    Array.isArray(label) ? [...(label as readonly ChoicePair[])] : [[value, label as Text]],
  );
}

/** What is shown of a value: its label, or the value itself where it is none of the choices. */
export function displayOf(choices: readonly ChoicePair[], value: unknown): unknown {
  const found = choices.find(([key]) => pyEquals(key, value ?? null));
  return found === undefined ? value : String(found[1]);
}
