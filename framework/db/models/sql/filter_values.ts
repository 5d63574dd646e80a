/** What a path is compared with, and whether it may be. Django: `Query.resolve_lookup_value`, `check_related_objects`. */
import { ValueError } from '../../../core/exceptions';
import { NotSupportedError } from '../../errors';
import type { Scope } from '../expressions/base';
import { isCompatible } from '../inheritance';
import { isQuery, optionsOf } from '../lookups/operands';
import type { Options } from '../options';
import { isExpression, Q } from '../q';
import type { JoinInfo } from './joins';
import type { Query } from './query';

/** A value with the names in its expressions looked up. */
export function resolveValue(query: Query, value: unknown, scope: Scope): unknown {
  const one = (each: unknown): unknown =>
    isExpression(each)
      ? each.resolveExpression(query, scope)
      : each instanceof Q
        ? query.resolveCondition(each, scope)
        : each;
  return Array.isArray(value) && value.some(isExpression) ? value.map(one) : one(value);
}

/** @throws NotSupportedError for what cannot stand in WHERE. */
export function checkFilterable(value: unknown): void {
  if (!isExpression(value) || !('getSourceExpressions' in value)) return;
  if (!value.filterable) {
    throw new NotSupportedError(`${value.constructor.name} is disallowed in the filter clause.`);
  }
  for (const source of value.getSourceExpressions()) checkFilterable(source);
}

/** Instances that a relation is compared with are of its model. @throws ValueError. */
export function checkRelated(
  value: unknown,
  { opts, finalField }: Pick<JoinInfo, 'opts' | 'finalField'>,
): unknown {
  // A key that is a relation may be compared with rows of its own model, too.
  const isKey = 'primaryKey' in finalField && finalField.primaryKey;
  const fits = (model: Options): boolean =>
    isCompatible(model, opts) || (isKey && isCompatible(model, finalField.model));
  if (isQuery(value)) {
    if (!value.hasSelectFields && !fits(value.model)) {
      throw new ValueError(
        `Cannot use QuerySet for "${value.model.objectName}": Use a QuerySet for "${opts.objectName}".`,
      );
    }
    return value;
  }
  const check = (each: unknown): void => {
    const own = optionsOf(each);
    if (own !== undefined && !fits(own)) {
      throw new ValueError(`Cannot query "${String(each)}": Must be "${opts.objectName}" instance.`);
    }
    if (own !== undefined && ((each as { pk: unknown }).pk ?? null) === null) {
      throw new ValueError('Model instances passed to related filters must be saved.');
    }
  };
  check(value);
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return value;
  const all = [...(value as Iterable<unknown>)];
  all.forEach(check);
  return all;
}
