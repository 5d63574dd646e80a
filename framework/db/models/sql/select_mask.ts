/** Which fields are loaded with a row: what `defer` and `only` have left. Django: `Query.get_select_mask`. */
import { FieldDoesNotExist, FieldError } from '../../../core/exceptions';
import type { Field } from '../fields/base';
import { ForeignObject, ManyToManyField } from '../fields/related';
import { Relation, relationsTo } from '../fields/reverse_related';
import type { Options } from '../options';
import { LOOKUP_SEP } from './constants';
import { findNamed, isRelational, type Named } from './names';
import type { Query } from './query';

/** The fields that are loaded, and those of the rows that they lead to: an empty one restricts nothing. */
export type SelectMask = ReadonlyMap<Named | string, SelectMask>;
type Mask = Map<Named | string, SelectMask>;
/** Paths as a tree. */
type Names = Map<string, Names>;

const EVERYTHING: SelectMask = new Map();

/** The name that a path has in `deferred`, whichever way it was written. */
export function plainPath(model: Options, path: string): string {
  let opts: Options | undefined = model;
  const names = path.split(LOOKUP_SEP).map((name) => {
    const found: Named | undefined = opts && name !== 'pk' ? findNamed(opts, name) : undefined;
    opts = found !== undefined && isRelational(found) ? targetOf(found) : undefined;
    return found?.name ?? name;
  });
  return names.join(LOOKUP_SEP);
}

/** Leaves more fields out. */
export function addDeferredLoading(query: Query, paths: readonly string[]): void {
  const [existing, defer] = query.deferred;
  const names = paths.map((path) => plainPath(query.model, path));
  if (defer) {
    query.deferred = [new Set([...existing, ...names]), true];
    return;
  }
  const left = [...existing].filter((name) => !names.includes(name));
  if (left.length > 0) query.deferred = [new Set(left), false];
  else query.deferred = [new Set(names.filter((name) => !existing.has(name))), true];
}

/** Loads these fields alone, without those that are deferred already. */
export function addImmediateLoading(query: Query, paths: readonly string[]): void {
  const [existing, defer] = query.deferred;
  const names = paths.map((path) => (path === 'pk' ? query.model.pk.name : plainPath(query.model, path)));
  query.deferred = [new Set(defer ? names.filter((name) => !existing.has(name)) : names), false];
}

/** The fields that are loaded; undefined where all are. @throws FieldDoesNotExist, FieldError. */
export function getSelectMask(query: Query): SelectMask | undefined {
  const [paths, defer] = query.deferred;
  if (paths.size === 0) return undefined;
  const names: Names = new Map();
  for (const path of paths) {
    let at = names;
    for (const name of path.split(LOOKUP_SEP)) {
      const next: Names = at.get(name) ?? new Map();
      at.set(name, next);
      at = next;
    }
  }
  return defer ? deferMask(query, query.model, names) : onlyMask(query.model, names);
}

/** The mask of what a field leads to. */
export function maskBehind(mask: SelectMask | undefined, field: Named | string): SelectMask | undefined {
  const found = mask?.get(field);
  return found === undefined || found.size === 0 ? undefined : found;
}

function deferMask(query: Query, model: Options, names: Names): SelectMask {
  const mask: Mask = new Map(keysOf(model));
  const rest = new Map(names);
  for (const field of [...model.concreteFields, ...relationsTo(model)]) {
    const attname = 'attname' in field ? field.attname : field.name;
    const given = rest.get(field.name) ?? rest.get(attname);
    rest.delete(field.name);
    rest.delete(attname);
    if (given === undefined) mask.set(field, mask.get(field) ?? EVERYTHING);
    else if (given.size > 0) {
      const target = relatedModel(field, given);
      if (target !== undefined) mask.set(field, deferMask(query, target, given));
    }
  }
  for (const [name, given] of rest) {
    const filtered = query.filteredRelations.get(name);
    if (filtered === undefined) {
      known(model, name);
      continue;
    }
    const relation = findNamed(model, filtered.relationName);
    const target = relation && relatedModel(relation, given);
    if (target !== undefined) mask.set(name, deferMask(query, target, given));
  }
  return mask;
}

function onlyMask(model: Options, names: Names): SelectMask {
  const mask: Mask = new Map(keysOf(model));
  for (const [name, given] of names) {
    const field = known(model, name);
    if (given.size === 0) {
      mask.set(field, mask.get(field) ?? EVERYTHING);
      continue;
    }
    const target = relatedModel(field, given);
    if (target !== undefined) mask.set(field, onlyMask(target, given));
  }
  return mask;
}

function keysOf(model: Options): [Named, SelectMask][] {
  return model.concreteFields
    .filter(
      (field) =>
        model.pkFields.includes(field) ||
        (field.primaryKey && field.model.concreteModel === model.concreteModel),
    )
    .map((field) => [field, EVERYTHING]);
}

function known(model: Options, name: string): Named {
  const field = findNamed(model, name);
  if (field !== undefined && name !== 'pk') return field;
  throw new FieldDoesNotExist(`${model.objectName} has no field named '${name}'`);
}

function targetOf(field: ForeignObject | ManyToManyField | Relation): Options {
  return (field instanceof Relation ? field.relatedModel : field.remoteModel).concreteModel;
}

/** The model that a field leads to; undefined where it leads to many. @throws FieldError for one that leads nowhere. */
function relatedModel(field: Named, behind: Names): Options | undefined {
  if (!isRelational(field)) throw new FieldError(behind.keys().next().value as string);
  const many =
    field instanceof ManyToManyField || (field instanceof Relation && field.field instanceof ManyToManyField);
  return many ? undefined : targetOf(field);
}

/** @throws FieldError for a relation that is to be joined and not to be loaded. */
export function checkTraversed(mask: SelectMask | undefined, field: Field | Relation): void {
  if (mask === undefined || mask.has(field) || !(field instanceof ForeignObject)) return;
  throw new FieldError(
    `Field ${field.model.objectName}.${field.name} cannot be both deferred and traversed using select_related at the ` +
      'same time.',
  );
}
