/** What refers to the rows of a model, as a deletion sees it. Django: `get_candidate_relations_to_delete`. */

import type { Model } from './base';
import type { Rows } from './deletion_rows';
import { membersOf } from './fields/group';
import type { ForeignObject } from './fields/related';
import { isParentLink } from './inheritance';
import type { Options } from './options';

/** A field that knows what refers to rows in a way of its own: a generic relation. */
interface BulkRelated {
  bulkRelatedObjects(objs: readonly Model[], using: string): Rows;
}

/** The fields of a model that know what refers to its rows. */
export function bulkRelated(model: Options): readonly BulkRelated[] {
  const { privateFields = [] } = model as { privateFields?: readonly object[] };
  return privateFields.filter((field): field is BulkRelated => 'bulkRelatedObjects' in field);
}

/** The foreign keys that refer to a model's rows: to those of its parents, too, but for its own links to these. */
export function referring(model: Options, keepParents = false): readonly ForeignObject[] {
  const own = model.proxy ? model.concreteModel.relatedObjects : model.relatedObjects;
  const { allParents } = model.concreteModel;
  if (allParents.length === 0 || keepParents) return own;
  const inherited = allParents.flatMap((parent) =>
    parent.relatedObjects.filter((field) => !isParentLink(field)),
  );
  return [...new Set([...inherited, ...own])];
}

/** The values of a model that others refer to, and the keys of its parents. */
export function referencedNames(model: Options): string[] {
  return [
    ...referring(model).flatMap(({ targetField }) => membersOf(targetField).map(({ attname }) => attname)),
    ...model.concreteModel.allParents.flatMap(({ pkFields }) => pkFields.map(({ attname }) => attname)),
  ];
}
