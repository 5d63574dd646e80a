/** `&`, `|` and `^` of two queries. Django: `QuerySet.__and__` and its kin. */
import type { Rows } from './query_base';
import { combine } from './sql/combine';
import type { Connector } from './sql/constants';
import type { Query } from './sql/query';

type AnyRows = Pick<Rows<never, unknown, never>, 'query' | '_fields' | '_knownRelated'>;

/** A query with the conditions of both. @throws TypeError for queries that cannot be put together. */
export function combineQueries<Q extends AnyRows & { _chain(change?: (query: Query) => void): Q }>(
  one: Q,
  other: Q,
  connector: Connector,
  sign: string,
): Q {
  if (one.query.combinator !== undefined || other.query.combinator !== undefined) {
    throw new TypeError(`Cannot use ${sign} operator with combined queryset.`);
  }
  checkValues(one, other);
  if (connector === 'AND') {
    if (other.query.isEmpty) return other;
    if (one.query.isEmpty) return one;
  } else {
    if (one.query.isEmpty) return other;
    if (other.query.isEmpty) return one;
  }
  const whole = connector === 'AND' ? one : byKeys(one);
  const added = connector === 'AND' ? other : byKeys(other);
  const both = whole._chain((query) => combine(query, added.query, connector));
  both._knownRelated = [...whole._knownRelated, ...added._knownRelated];
  return both;
}

/** A slice can be narrowed no more: its rows are named by their keys. */
function byKeys<Q extends AnyRows>(rows: Q): Q {
  if (!rows.query.isSliced) return rows;
  const { model, values } = rows as unknown as {
    model: { _baseManager: { filter(filter: object): unknown } };
    values(name: string): unknown;
  };
  return model._baseManager.filter({ pk__in: values.call(rows, 'pk') }) as Q;
}

function checkValues(one: AnyRows, other: AnyRows): void {
  if (one._fields === undefined) return;
  const names = ({ query }: AnyRows): string =>
    JSON.stringify([[...query.valuesSelect].sort(), [...query.annotationSelect.keys()].sort()]);
  if (names(one) !== names(other)) {
    throw new TypeError(
      `Merging '${one.constructor.name}' classes must involve the same values in each case.`,
    );
  }
}
