/**
 * Several filters of a list at once: one form whose controls stand for Django's lookups, and what is applied in words. The state is the
 * address alone, `field__lookup=value`, so that `lookupAllowed` judges it as any other and a Django admin understands it. Django has a link
 * for each choice.
 */
import { Field } from '../../../db/models/fields/base';
import { htmlName } from '../../../forms/names';
import { capfirst } from '../../../utils/text';
import { FieldListFilter, RelatedFieldListFilter, SimpleListFilter } from '../filters';
import type { ModelAdmin } from '../options/model_admin';
import { fieldsFromPath, type Step } from '../utils/paths';
import { makeFilter } from '../views/filters';
import type { ChangeList } from '../views/main';
import { changedParameters } from '../views/parameters';
import { CONTROL_PREFIX, type Conditions, type Said } from './base';
import { DateConditions } from './dates';
import {
  BooleanConditions,
  ChoiceConditions,
  NullConditions,
  NumberConditions,
  TextConditions,
} from './kinds';
import { phrase } from './phrases';

/** What marks the address of the form: it leads on to that of the list. */
export const CONDITIONS_VAR = '_conditions';

type ConditionsClass = new (...args: ConstructorParameters<typeof TextConditions>) => Conditions;

const NUMBERS = /^(?:(?:Small|Big)?(?:Integer|Auto)|Positive(?:Small|Big)?Integer|Decimal|Float)Field$/;
const OPAQUE: ReadonlySet<string> = new Set(['JSONField', 'BinaryField', 'DurationField']);

function kindOf(spec: FieldListFilter): ConditionsClass {
  const { field } = spec;
  if (spec instanceof RelatedFieldListFilter) return ChoiceConditions;
  if (!(field instanceof Field) || field.isRelation() || OPAQUE.has(field.internalType))
    return NullConditions;
  const { internalType } = field;
  if (internalType === 'BooleanField') return BooleanConditions;
  if (field.choices !== undefined) return ChoiceConditions;
  if (internalType === 'DateField' || internalType === 'DateTimeField') return DateConditions;
  return NUMBERS.test(internalType) ? NumberConditions : TextConditions;
}

const nameOf = (step: Step): string =>
  String(step instanceof Field ? step.verboseName : step.relatedModel.verboseName);

/** The conditions of the fields that filters are of. */
function conditionsWith(list: ChangeList, specs: readonly unknown[]): Conditions[] {
  const found = new Map<string, Conditions>();
  for (const spec of specs) {
    if (!(spec instanceof FieldListFilter) || found.has(spec.fieldPath)) continue;
    const Kind = kindOf(spec);
    const steps = spec.fieldPath.includes('__') ? fieldsFromPath(list.opts, spec.fieldPath) : [];
    const label = steps.length > 1 ? steps.map(nameOf).join(' › ') : String(spec.title);
    found.set(spec.fieldPath, new Kind(spec, label, list.filterParams));
  }
  return [...found.values()];
}

/** What the form of several conditions shows. */
export function conditionForm(list: ChangeList): Readonly<Record<string, unknown>> {
  const all = conditionsWith(list, list.filterSpecs);
  const shown = new Set(all.flatMap((each) => each.shown));
  return {
    groups: all
      .map(({ label, controls }) => ({ label: capfirst(label), controls }))
      .filter(({ controls }) => controls.length > 0),
    hidden: [...list.filterParams].filter(([name]) => !shown.has(name)),
    conditions_var: CONDITIONS_VAR,
  };
}

/** The address of the list that a sent form asks for. */
export function conditionsAddress(admin: ModelAdmin, list: ChangeList): string {
  const { request } = list;
  const specs = admin.getListFilter(request).map((item) => makeFilter(list, item, request, new Map())[0]);
  const kept = [...list.filterParams].filter(
    ([name]) => name !== CONDITIONS_VAR && !name.startsWith(CONTROL_PREFIX),
  );
  const params = new Map(kept);
  for (const each of conditionsWith(list, specs))
    for (const [name, values] of each.read(request.GET)) params.set(name, values);
  return request.path + changedParameters(params, {}, []);
}

/** A condition that is applied, and the address without it. */
export interface AppliedCondition {
  readonly text: string;
  readonly link: string;
}

/** The conditions of the address in words, in its order. The date hierarchy shows its own. */
export function appliedConditions(list: ChangeList): AppliedCondition[] {
  const all = conditionsWith(list, list.filterSpecs);
  const said = all.flatMap((each) => each.said());
  const done = new Set<string>(hierarchyNames(list));
  const applied: AppliedCondition[] = [];
  for (const [name, values] of list.getFiltersParams()) {
    if (done.has(name)) continue;
    const { text, names }: Said = said.find((each) => each.names.includes(name)) ?? {
      text: textOf(list, all, name, values.map(String)),
      names: [name],
    };
    for (const each of names) done.add(each);
    if (text === '') continue;
    applied.push({ text, link: list.getQueryString(Object.fromEntries(names.map((each) => [each, null]))) });
  }
  return applied;
}

/** Which parameters say where one is in the date hierarchy. */
function hierarchyNames({ dateHierarchy }: ChangeList): string[] {
  if (dateHierarchy === null) return [];
  const path = dateHierarchy.split('__').map(htmlName).join('__');
  return ['year', 'month', 'day'].map((part) => `${path}__${part}`);
}

function textOf(list: ChangeList, all: readonly Conditions[], name: string, values: string[]): string {
  for (const spec of list.filterSpecs) {
    if (spec instanceof SimpleListFilter && spec.parameterName === name) {
      const title = spec.lookupChoices.find(([value]) => String(value) === values.at(-1))?.[1];
      return `${String(spec.title)}: ${String(title ?? values.at(-1) ?? '')}`;
    }
    // A box that was left empty is no bound.
    if (spec instanceof FieldListFilter && spec.expectedParameters().includes(name)) {
      if (spec.usedParameters[name] === undefined) return '';
    }
  }
  // Of `author` and `author__name` the longer one.
  const [own] = all.filter((each) => each.has(name)).sort((a, b) => b.path.length - a.path.length);
  if (own !== undefined) return own.textOf(name, values);
  const parts = name.split('__');
  for (let length = parts.length; length > 0; length -= 1) {
    try {
      const steps = fieldsFromPath(list.opts, parts.slice(0, length).join('__'));
      return phrase(steps.map(nameOf).join(' › '), parts.slice(length).join('__') || 'exact', values);
    } catch {
      // That many parts are no field: some of them are a lookup.
    }
  }
  return `${name}: ${values.join(', ')}`;
}
