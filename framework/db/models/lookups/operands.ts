/** What stands on the right side of a comparison. */
import { ValueError } from '../../../core/exceptions';
import type { Expression } from '../expressions/base';
import { Col } from '../expressions/col';
import type { Field } from '../fields/base';
import { membersOf } from '../fields/group';
import { isParentLink } from '../inheritance';
import type { Options } from '../options';
import type { Query } from '../sql/query';

/** Whether a value is a query. */
export function isQuery(value: unknown): value is Query {
  return typeof value === 'object' && value !== null && 'aliasMap' in value;
}

/** The description of a model's instance; undefined for anything else, as any JSON that has a `pk`. */
export function optionsOf(value: unknown): Options | undefined {
  if (typeof value !== 'object' || value === null || !('pk' in value)) return undefined;
  return (value.constructor as { _meta?: Options } | undefined)?._meta;
}

/** A model's instance stands for its key; what else has a `pk`, as any JSON may, does not. */
export function keyOf(lhs: Expression, value: unknown): unknown {
  const own = optionsOf(value);
  if (own === undefined) return value;
  let target = lhs instanceof Col ? lhs.relationTarget : undefined;
  // A parent's instance in the place of a child's: the link's value is the parent's key.
  while (isParentLink(target) && !own.isKindOf(target.model)) target = target.targetField;
  const instance = value as Record<string, unknown>;
  const key =
    target === undefined || !(target.property in instance) ? instance['pk'] : instance[target.property];
  return optionsOf(key) === undefined ? key : keyOf(lhs, key);
}

/** Whether a database has the integer at all: 64 bits. */
export function fits(value: unknown): boolean {
  return typeof value !== 'bigint' || BigInt.asIntN(64, value) === value;
}

/** The key of an instance, by the fields that a relation compares; anything else as it is. */
export function instanceKey(value: unknown, target: Field | undefined): unknown {
  if (optionsOf(value) === undefined) return value;
  return target === undefined ? (value as { readonly pk: unknown }).pk : target.valueIn(value as object);
}

/**
 * Selects the columns that a subquery is compared by.
 *
 * @throws ValueError for one that has more or fewer.
 */
export function selectKey(
  query: unknown,
  lhs: Expression,
  { lookup, parts = 1 }: { lookup: string; parts?: number },
): unknown {
  if (!isQuery(query)) return query;
  if (!query.hasSelectFields) {
    query.clearSelectClause();
    const target = lhs instanceof Col ? lhs.relationTarget : undefined;
    const isOwn = target !== undefined && query.model.isKindOf(target.model);
    query.addFields(isOwn ? membersOf(target).map(({ name }) => name) : ['pk']);
  }
  if (query.columnCount !== parts) {
    throw new ValueError(
      `The QuerySet value for ${lookup} lookup must have ${parts} selected fields (received ${query.columnCount})`,
    );
  }
  return query;
}
