/** From names to fields and paths. Django: `Query.names_to_path`. */
import { FieldDoesNotExist, FieldError } from '../../../core/exceptions';
import type { Expression } from '../expressions/base';
import type { Field } from '../fields/base';
import { ForeignObject, ManyToManyField } from '../fields/related';
import { forwardPaths, type PathInfo, Relation, relationNamed, relationsTo } from '../fields/reverse_related';
import type { NamedRelation } from '../filtered_relation';
import type { Options } from '../options';
import { LOOKUP_SEP } from './constants';

/** What a name of a path can be. */
export type Named = Field | Relation;

/** A path goes along a relation of many rows, where that is not allowed. */
export class MultiJoin extends Error {
  constructor(readonly namesWithPath: readonly NameWithPath[]) {
    super('A relation of many rows.');
  }
}

export type NameWithPath = readonly [name: string, paths: readonly PathInfo[]];

/** Where names lead. */
export interface ResolvedPath {
  readonly path: readonly PathInfo[];
  readonly finalField: Named;
  readonly target: Field;
  /** The names that are no fields: transforms and a lookup. */
  readonly rest: readonly string[];
}

/** Django's name of a property: `pubDate` is `pub_date`. */
export function snakeCase(property: string): string {
  return property.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** The field or relation of that name, in either spelling. */
export function findNamed(model: Options, name: string): Named | undefined {
  const exact = find(model, name);
  if (exact !== undefined || !/[A-Z]/.test(name)) return exact;
  return model.fieldsByProperty.get(name) ?? find(model, snakeCase(name));
}

function find(model: Options, name: string): Named | undefined {
  if (name === 'pk') return model.pk;
  return model.findField(name) ?? relationNamed(model, name);
}

/** The names that a path can begin with. */
export function choicesOf(model: Options): string[] {
  const fields = [...model.fields, ...model.manyToMany].flatMap((field) =>
    field instanceof ForeignObject ? [field.name, field.attname] : [field.name],
  );
  const relations = relationsTo(model)
    .filter((relation) => relation.isChoice)
    .map((relation) => relation.queryName);
  return [...new Set([...fields, ...model.privateFields.map(({ name }) => name), ...relations])];
}

/** How names are followed. */
export interface NameOptions {
  allowMany?: boolean;
  failOnMissing?: boolean;
  filtered?: ReadonlyMap<string, NamedRelation>;
}

/** Where a list of names leads from a model. @throws FieldError listing the choices; MultiJoin. */
export function namesToPath(
  names: readonly string[],
  model: Options,
  annotations: ReadonlyMap<string, Expression>,
  options: NameOptions = {},
): ResolvedPath {
  const { allowMany = true, failOnMissing = false, filtered } = options;
  const path: PathInfo[] = [];
  const namesWithPath: NameWithPath[] = [];
  let opts = model;
  let finalField: Named | undefined;
  let target: Field | undefined;
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string;
    let field = findNamed(opts, name) ?? annotations.get(name)?.outputFieldOrNone;
    const relation = field === undefined && at === 0 ? filtered?.get(name) : undefined;
    if (relation !== undefined) {
      const parts = relation.relationName.split(LOOKUP_SEP);
      const way = namesToPath(parts, opts, annotations, options);
      field = way.finalField;
      if (parts.length > 1) path.push(...way.path.slice(0, -pathsOf(field as ForeignObject).length));
    }
    if (field === undefined) {
      if (at === 0 || failOnMissing) throw unknownName(name, opts, annotations, filtered);
      return { path, finalField: finalField as Named, target: target as Field, rest: names.slice(at) };
    }
    // The field may be a parent's, whose table has it.
    const owner = (field instanceof Relation ? field.model : field.modelOrNone)?.concreteModel;
    const up = owner === undefined || owner === opts ? [] : opts.getPathToParent(owner);
    path.push(...up);
    if (!isRelational(field)) {
      if (failOnMissing && at + 1 !== names.length) {
        throw new FieldError(
          `Cannot resolve keyword '${names[at + 1]}' into field. Join on '${name}' not permitted.`,
        );
      }
      return { path, finalField: field, target: field, rest: names.slice(at + 1) };
    }
    const steps = relation === undefined ? pathsOf(field) : withCondition(pathsOf(field), relation);
    if (!allowMany) {
      const many = steps.findIndex((step) => step.m2m);
      if (many >= 0) throw new MultiJoin([...namesWithPath, [name, [...up, ...steps.slice(0, many + 1)]]]);
    }
    const last = steps[steps.length - 1] as PathInfo;
    path.push(...steps);
    namesWithPath.push([name, [...up, ...steps]]);
    finalField = field;
    target = last.target;
    opts = last.toOpts;
  }
  return { path, finalField: finalField as Named, target: target as Field, rest: [] };
}

export function isRelational(field: Named): field is ForeignObject | ManyToManyField | Relation {
  return field instanceof ForeignObject || field instanceof ManyToManyField || field instanceof Relation;
}

export function pathsOf(field: ForeignObject | ManyToManyField | Relation): readonly PathInfo[] {
  return field instanceof Relation ? field.paths : forwardPaths(field);
}

/** The last step of a path joins only the rows of the relation. */
function withCondition(steps: readonly PathInfo[], filtered: NamedRelation): readonly PathInfo[] {
  return steps.map((step, at) => (at === steps.length - 1 ? { ...step, filtered } : step));
}

function unknownName(
  name: string,
  model: Options,
  annotations: ReadonlyMap<string, Expression>,
  filtered: ReadonlyMap<string, NamedRelation> = new Map(),
): FieldError {
  if (model.privateFields.some((field) => field.name === snakeCase(name))) {
    return new FieldError(
      `Field '${name}' does not generate an automatic reverse relation and therefore cannot be used for reverse ` +
        'querying. If it is a GenericForeignKey, consider adding a GenericRelation.',
    );
  }
  const choices = [...choicesOf(model), ...annotations.keys(), ...filtered.keys()].sort();
  return new FieldError(`Cannot resolve keyword '${name}' into field. Choices are: ${choices.join(', ')}`, {
    cause: new FieldDoesNotExist(`${model.objectName} has no field named '${name}'`),
  });
}
