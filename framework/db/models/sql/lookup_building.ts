/** From names behind a field to lookups. Django: `Query.build_lookup`, `try_transform`. */
import { FieldError, ValueError } from '../../../core/exceptions';
import { getCloseMatches } from '../../../python/difflib';
import { className, type Expression } from '../expressions/base';
import { Field } from '../fields/base';
import type { Lookup, LookupConstructor } from '../lookups/base';
import { lookupClass, lookupNames, makeTransform, transformMaker } from '../lookups/registry';
import { LOOKUP_SEP } from './constants';

/** A transform of an expression. @throws FieldError. */
export function tryTransform(
  lhs: Expression,
  name: string,
  lookups?: readonly string[],
  kind?: string,
): Expression {
  const maker = transformMaker(lhs, name);
  if (maker !== undefined) return makeTransform(maker, lhs);
  const field = lhs.outputField;
  const close = getCloseMatches(name, lookupNames(field));
  const suggestion = close.length > 0 ? `, perhaps you meant ${close.join(' or ')}?` : '.';
  const unsupported = lookups === undefined ? name : lookups.slice(lookups.indexOf(name)).join(LOOKUP_SEP);
  throw new FieldError(
    `Unsupported lookup '${unsupported}' for ${kind ?? className(field)} or join on the field not permitted${suggestion}`,
  );
}

/** A column with the transforms of a path. @throws FieldError: of a relation, what its model has no name of. */
export function transformed(
  column: Expression,
  {
    transforms,
    failure,
    finalField,
  }: { transforms: readonly string[]; failure: unknown; finalField: object },
): Expression {
  try {
    return transforms.reduce((inner, each) => tryTransform(inner, each), column);
  } catch (error) {
    if (error instanceof FieldError && finalField instanceof Field && failure instanceof FieldError)
      throw failure;
    throw error;
  }
}

/**
 * The lookup that names and a value mean.
 *
 * @param kind what the expression stands for, where it is the column of a relation.
 * @throws FieldError, ValueError.
 */
export function buildLookup(
  names: readonly string[],
  expression: Expression,
  value: unknown,
  kind?: string,
): Lookup {
  const all = names.length > 0 ? names : ['exact'];
  let name = all[all.length - 1] as string;
  let lhs = expression;
  for (const each of all.slice(0, -1)) lhs = tryTransform(lhs, each, all, kind);
  let Class = lookupClass(lhs, name);
  if (Class === undefined) {
    lhs = tryTransform(lhs, name, undefined, kind);
    name = 'exact';
    Class = lookupClass(lhs, name) as LookupConstructor;
  }
  if ((value === null || value === undefined) && !Class.canUseNoneAsRhs) {
    if (name !== 'exact' && name !== 'iexact') throw new ValueError('Cannot use None as a query value');
    return new (lookupClass(lhs, 'isnull') as LookupConstructor)(lhs, true);
  }
  return new Class(lhs, value);
}
