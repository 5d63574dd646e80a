/** Relations with conditions. Django: `Query.add_filtered_relation`. */
import { ValueError } from '../../../core/exceptions';
import { repr } from '../../../python';
import type { FilteredRelation } from '../filtered_relation';
import { checkAlias } from './annotations';
import { LOOKUP_SEP } from './constants';
import { namesToPath } from './names';
import type { Query } from './query';

/** Gives a relation with a condition a name. @throws ValueError for a condition on anything but the related rows. */
export function addFilteredRelation(query: Query, relation: FilteredRelation, alias: string): void {
  if (alias.includes('.')) {
    throw new ValueError(`FilteredRelation doesn't support aliases with periods (got ${repr(alias)}).`);
  }
  checkAlias(alias);
  const { relationName } = relation;
  const own = partsOf(query, relationName);
  if (own.lookups.length > 0) {
    throw new ValueError(
      `FilteredRelation's relation_name cannot contain lookups (got ${repr(relationName)}).`,
    );
  }
  for (const path of relation.paths()) {
    const { lookups, fields } = partsOf(query, path);
    const before = fields.slice(0, lookups.length > 0 ? -1 : -2);
    if (before.some((name, at) => at < own.fields.length && own.fields[at] !== name)) {
      throw new ValueError(
        `FilteredRelation's condition doesn't support relations outside the ${repr(relationName)} ` +
          `(got ${repr(path)}).`,
      );
    }
    if (fields.length > own.fields.length + 1) {
      throw new ValueError(
        "FilteredRelation's condition doesn't support nested relations deeper than the relation_name " +
          `(got ${repr(path)} for ${repr(relationName)}).`,
      );
    }
  }
  const named = { alias, relationName, condition: relation.renamed(alias) };
  query.filteredRelations = new Map([...query.filteredRelations, [alias, named]]);
}

/** The names of fields that a path begins with, and what is behind them. Django: `solve_lookup_type`. */
function partsOf(query: Query, path: string): { lookups: readonly string[]; fields: readonly string[] } {
  const names = path.split(LOOKUP_SEP);
  for (let length = names.length; length > 0; length--) {
    if (query.annotations.has(names.slice(0, length).join(LOOKUP_SEP))) {
      return { lookups: names.slice(length), fields: [] };
    }
  }
  const { rest } = namesToPath(names, query.model, query.annotationSelect, {
    filtered: query.filteredRelations,
  });
  return { lookups: rest, fields: names.slice(0, names.length - rest.length) };
}
