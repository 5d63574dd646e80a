/**
 * Models that extend models: what a child has of its parents, and the ways from one to the other. Django: the second half
 * of `django.db.models.options`, and what `ModelBase` does about bases.
 */
import { FieldError } from '../../core/exceptions';
import type { Field } from './fields/base';
import { ForeignKey, OneToOneField } from './fields/related';
import { backwardPath, forwardPath, type PathInfo } from './fields/reverse_related';
import type { Options } from './options';

/** The parents of a model, with its links to them. Those of a proxy's rows are its own: there is no link. */
export type Parents = ReadonlyMap<Options, OneToOneField | undefined>;

/**
 * The model whose rows a proxy shows.
 *
 * @throws TypeError without one, with several, or where another model has taken its place.
 */
export function proxiedModel(name: string, bases: readonly Options[]): Options {
  const [base] = bases;
  if (base === undefined) throw new TypeError(`Proxy model '${name}' has no non-abstract model base class.`);
  if (bases.some((other) => other.concreteModel !== base.concreteModel)) {
    throw new TypeError(`Proxy model '${name}' has more than one non-abstract model base class.`);
  }
  if (base.swapped !== undefined) {
    throw new TypeError(`${name} cannot proxy the swapped model '${base.swapped}'.`);
  }
  return base;
}

/** @throws FieldError where a field has the name of one that a base has. */
export function refuseClashes(name: string, fields: readonly Field[], bases: readonly Options[]): void {
  const own = new Set(fields.map((field) => field.name));
  for (const base of bases) {
    const clash = [...base.localFields, ...base.localManyToMany].find((field) => own.has(field.name));
    if (clash === undefined) continue;
    throw new FieldError(
      `Local field '${clash.name}' in class '${name}' clashes with field of the same name from base class ` +
        `'${base.objectName}'.`,
    );
  }
}

/** The field among these that links a model to a parent: a OneToOneField with `parentLink`. */
function linkTo(parent: Options, fields: readonly Field[]): OneToOneField | undefined {
  return fields.find(
    (field): field is OneToOneField =>
      field instanceof OneToOneField && field.parentLink && field.toKey === parent.key,
  );
}

/** The link to a parent that a model gets where it declares none. @throws FieldError where its name is taken. */
function makeLink(
  name: string,
  parent: Options,
  fields: readonly Field[],
): readonly [name: string, link: OneToOneField] {
  const linkName = `${parent.modelName}_ptr`;
  if (fields.some((field) => field.name === linkName)) {
    throw new FieldError(
      `Auto-generated field '${linkName}' in class '${name}' for parent_link to base class '${parent.objectName}' ` +
        'clashes with declared field of the same name.',
    );
  }
  const link = new OneToOneField(parent.key, {
    autoCreated: true,
    onDelete: 'CASCADE',
    parentLink: true,
  });
  return [linkName, link];
}

/** The fields of a model with its links to the parents; the first of them is the key where there is no other. */
export function linkParents(
  model: Options,
  declared: readonly Field[],
  bases: readonly Options[],
  bind: (name: string, field: Field) => Field,
): { fields: readonly Field[]; parents: Parents } {
  const parents = new Map<Options, OneToOneField | undefined>();
  let fields = declared;
  let hasKey = model.proxy || declared.some((field) => field.primaryKey);
  for (const { concreteModel: parent } of bases) {
    const known = linkTo(parent, declared);
    if (model.proxy || (known !== undefined && hasKey)) {
      parents.set(parent, known);
      continue;
    }
    const [name, link] =
      known === undefined ? makeLink(model.objectName, parent, declared) : [known.name, known];
    const bound = bind(
      name,
      hasKey ? link : link.clone({ primaryKey: true, serialize: false }),
    ) as OneToOneField;
    hasKey = true;
    parents.set(parent, bound);
    fields =
      known === undefined ? [bound, ...fields] : fields.map((field) => (field === known ? bound : field));
  }
  return { fields, parents };
}

/** The fields of a model, those of its parents first; a parent that two ways lead to is counted once. */
export function withInherited<T>(
  parents: Parents,
  of: (model: Options) => readonly T[],
  own: readonly T[],
): readonly T[] {
  if (parents.size === 0) return own;
  return [...new Set([...[...parents.keys()].flatMap(of), ...own])];
}

/** The models between a model and one that it inherits from, which is the last; none where it does not. */
export function baseChain(model: Options, ancestor: Options): Options[] {
  if (model.parents.has(ancestor)) return [ancestor];
  for (const parent of model.parents.keys()) {
    const further = baseChain(parent, ancestor);
    if (further.length > 0) return [parent, ...further];
  }
  return [];
}

/** Every model that a model inherits from, the nearest first. */
export function allParents(model: Options): readonly Options[] {
  const near = [...model.parents.keys()];
  return [...new Set([...near, ...near.flatMap(allParents)])];
}

/** The first link of the way from a model to one that it inherits from. */
export function ancestorLink(model: Options, ancestor: Options): OneToOneField | undefined {
  if (model.parents.has(ancestor)) return model.parents.get(ancestor);
  for (const [parent, link] of model.parents) {
    const further = ancestorLink(parent, ancestor);
    if (further !== undefined) return link ?? further;
  }
  return undefined;
}

/** The joins from a model's table to that of one that it inherits from. */
export function pathToParent(model: Options, ancestor: Options): readonly PathInfo[] {
  if (model === ancestor) return [];
  const path: PathInfo[] = [];
  let at = model;
  for (const next of baseChain(model, ancestor)) {
    const link = at.parents.get(next);
    if (link !== undefined) path.push(forwardPath(link));
    at = next;
  }
  return path;
}

/** The joins from the table of a model that this one inherits from to its own. */
export function pathFromParent(model: Options, ancestor: Options): readonly PathInfo[] {
  if (model === ancestor) return [];
  const own = model.concreteModel;
  const chain = [own, ...baseChain(own, ancestor)].reverse();
  return chain.slice(1).flatMap((child, at) => {
    const link = ancestorLink(child, chain[at] as Options);
    return link === undefined ? [] : [backwardPath(link)];
  });
}

/** Whether rows of one model may stand where rows of the other are asked for. Django: `check_rel_lookup_compatibility`. */
export function isCompatible(model: Options, target: Options): boolean {
  return (
    model.concreteModel === target.concreteModel ||
    allParents(model).includes(target.concreteModel) ||
    allParents(target).includes(model)
  );
}

/** Whether an instance of a model is one of another: the same, a proxy of it, or a child. */
export function isKindOf(model: Options, other: Options): boolean {
  return model.concreteModel === other.concreteModel || allParents(model).includes(other.concreteModel);
}

/** Whether a field is a model's way to one of its parents. */
export function isParentLink(field: unknown): field is OneToOneField {
  return field instanceof ForeignKey && field.parentLink;
}
