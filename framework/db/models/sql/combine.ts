/** Two queries on one model as one. Django: `Query.combine`. */
import { AND, type Connector, INNER } from './constants';
import { Join } from './datastructures';
import { bumpPrefix, join, unrefAlias } from './joins';
import { JoinPromoter } from './promoter';
import type { Query } from './query';

/** Adds the conditions of another query to this one, which it changes. @throws TypeError for what cannot be joined. */
export function combine(query: Query, other: Query, connector: Connector): void {
  if (query.model !== other.model)
    throw new TypeError('Cannot combine queries on two different base models.');
  if (query.isSliced) throw new TypeError('Cannot combine queries once a slice has been taken.');
  if (query.distinct !== other.distinct) {
    throw new TypeError('Cannot combine a unique query with a non-unique query.');
  }
  if (query.distinctFields.join('\0') !== other.distinctFields.join('\0')) {
    throw new TypeError('Cannot combine queries with different distinct fields.');
  }
  const initial = query.getInitialAlias();
  const rhs = other.clone();
  rhs.getInitialAlias();
  bumpPrefix(rhs, query, initial);
  const changes = addJoins(query, rhs, connector);
  query.subqAliases = new Set([...query.subqAliases, ...rhs.subqAliases]);
  const where = rhs.where.clone();
  where.relabelAliases(changes);
  query.where.add(where, connector);
  query.select = rhs.select.map((column) => column.relabeledClone(changes));
  if (rhs.orderBy.length > 0) query.orderBy = rhs.orderBy;
}

/**
 * Joins the tables of another query. Rows of many have to be other ones for each side of AND, and may be the same for
 * OR: only then joins are used again.
 */
function addJoins(query: Query, rhs: Query, connector: Connector): ReadonlyMap<string, string> {
  const reuse = new Set(connector === AND ? [] : query.aliasMap.keys());
  const promoter = new JoinPromoter(connector, 2, false);
  promoter.addVotes(
    [...query.aliasMap].filter(([, { joinType }]) => joinType === INNER).map(([alias]) => alias),
  );
  const changes = new Map<string, string>();
  const votes = new Set<string>();
  for (const [alias, table] of rhs.aliasMap) {
    if (!(table instanceof Join)) continue;
    const added = join(query, table.path, changes.get(table.parentAlias) ?? table.parentAlias, reuse);
    if (table.joinType === INNER) votes.add(added);
    reuse.delete(added);
    if (alias !== added) changes.set(alias, added);
    if (!rhs.aliasRefcount.get(alias)) unrefAlias(query, added);
  }
  promoter.addVotes(votes);
  promoter.updateJoinTypes(query);
  return changes;
}
