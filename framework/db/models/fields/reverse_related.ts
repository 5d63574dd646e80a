/** Relations from their other side: what refers to a model. Django: `django.db.models.fields.reverse_related`. */
import { camelCase } from '../../../utils/module_loading';
import type { Model } from '../base';
import { classOf } from '../classes';
import type { Expression } from '../expressions/base';
import type { NamedRelation } from '../filtered_relation';
import { fieldNames } from '../named_meta';
import type { Options } from '../options';
import type { QuerySet } from '../query';
import { privateFieldsOf, referrersOf } from '../referrers';
import type { Field } from './base';
import { FieldCache } from './mixins';
import { ForeignObject, ManyToManyField, OneToOneField } from './related';

/** One step of a path from model to model. Django: `PathInfo`. */
export interface PathInfo {
  readonly fromOpts: Options;
  readonly toOpts: Options;
  /** The field of the other model whose value the join compares. */
  readonly target: Field;
  /** The relation that the join follows. */
  readonly field: ForeignObject;
  /** Whether there can be several rows at its end. */
  readonly m2m: boolean;
  /** Whether the relation is followed from its own side. */
  readonly direct: boolean;
  /** What else holds of the rows at its end. */
  readonly filtered?: NamedRelation;
  /** What has to hold of the rows that it joins: those of a generic relation are of one content type. */
  readonly restriction?: (alias: string, parentAlias: string) => Expression;
}

/** A relation as the model sees it that is referred to. */
export class Relation {
  private ownCache: FieldCache | undefined;

  constructor(readonly field: ForeignObject | ManyToManyField) {}

  /** The model that is referred to: of a proxy, the one whose rows it shows. */
  get model(): Options {
    return this.field.remoteModel.concreteModel;
  }

  /** The name in paths, as fields have one. */
  get name(): string {
    return this.queryName;
  }

  /** The model that refers. */
  get relatedModel(): Options {
    return this.field.model;
  }

  /** Whether nobody can see it: `relatedName: '+'`, or the other side of a relation that holds in both directions. */
  get isHidden(): boolean {
    return (this.relatedName?.endsWith('+') ?? false) || this.isOwnReverse;
  }

  /** Whether messages name it among what a path can begin with. */
  get isChoice(): boolean {
    return !this.isHidden;
  }

  /** Whether the rows that refer have an order with respect to it. */
  get saysOrder(): boolean {
    const { model } = this.field;
    return model.meta.orderWithRespectTo !== undefined && model.orderWithRespectTo === this.field;
  }

  /** The rows that refer to an instance, in their order. */
  rowsInOrder(instance: Model): QuerySet<Model> {
    const manager = classOf(this.field.model)._defaultManager;
    return manager.filter({ [this.field.name]: instance.pk }) as QuerySet<Model>;
  }

  private get isOwnReverse(): boolean {
    const { field } = this;
    return field instanceof ManyToManyField && field.toKey === field.model.key && field.symmetrical;
  }

  /** The field's `relatedName`, or that of all the relations of its model. */
  private get relatedName(): string | undefined {
    return this.field.options.relatedName ?? this.field.model.meta.defaultRelatedName;
  }

  /** The name in paths. */
  get queryName(): string {
    // Managers lead along it all the same.
    if (this.isHidden && this.field instanceof ManyToManyField) {
      return `_${this.field.model.key.replace('.', '_')}_${this.field.name}_+`;
    }
    return this.givenQueryName;
  }

  /** The name in paths, if nothing hides it. */
  get givenQueryName(): string {
    const { relatedQueryName } = this.field.options;
    return named(relatedQueryName ?? this.relatedName, this.field.model) ?? this.field.model.modelName;
  }

  /** The name of the property, in snake_case: `article_set`. */
  get accessorName(): string {
    const own = named(this.relatedName, this.field.model);
    if (own !== undefined) return own;
    return this.isMultiple ? `${this.field.model.modelName}_set` : this.field.model.modelName;
  }

  /** The property of an instance. */
  get property(): string {
    return camelCase(this.accessorName);
  }

  /** What instances keep of the one row that refers to them. */
  get cache(): FieldCache {
    this.ownCache ??= new FieldCache(this.property);
    return this.ownCache;
  }

  /** Whether there can be several rows. A unique foreign key has one at most, and a manager all the same. */
  get isMultiple(): boolean {
    return !(this.field instanceof OneToOneField);
  }

  /** What messages call it. */
  get kind(): string {
    if (this.field instanceof ManyToManyField) return 'ManyToManyRel';
    return this.isMultiple ? 'ManyToOneRel' : 'OneToOneRel';
  }

  get paths(): readonly PathInfo[] {
    return reversePaths(this.field);
  }
}

function named(name: string | undefined, model: Options): string | undefined {
  return name
    ?.replaceAll('%(class)s', model.modelName)
    .replaceAll('%(app_label)s', model.appLabel)
    .replaceAll('%(model_name)s', model.modelName);
}

/** The step along a foreign key. */
export function forwardPath(field: ForeignObject): PathInfo {
  return {
    fromOpts: field.model,
    toOpts: field.remoteModel,
    target: field.targetField,
    field,
    m2m: false,
    direct: true,
  };
}

/** The step against a foreign key. */
export function backwardPath(field: ForeignObject): PathInfo {
  return {
    fromOpts: field.remoteModel,
    toOpts: field.model,
    target: field.model.pk,
    field,
    m2m: !field.unique,
    direct: false,
  };
}

/** The path that a field itself leads along. */
export function forwardPaths(field: ForeignObject | ManyToManyField): readonly PathInfo[] {
  if (field instanceof ForeignObject) return [forwardPath(field)];
  const [source, target] = throughFields(field);
  return throughTable(backwardPath(source), forwardPath(target));
}

function reversePaths(field: ForeignObject | ManyToManyField): readonly PathInfo[] {
  if (field instanceof ForeignObject) return [backwardPath(field)];
  const [source, target] = throughFields(field);
  return throughTable(backwardPath(target), forwardPath(source));
}

/** The steps to a table in between and away from it: one of its two keys may be its parent's. */
function throughTable(to: PathInfo, from: PathInfo): readonly PathInfo[] {
  const [end, start] = [to.toOpts, from.fromOpts];
  if (end === start) return [to, from];
  const between = end.isKindOf(start) ? end.getPathToParent(start) : start.getPathFromParent(end);
  return [to, ...between, from];
}

/** The two foreign keys of the model in between: to the field's own model, and to the other. */
export function throughFields(
  field: ManyToManyField,
): readonly [source: ForeignObject, target: ForeignObject] {
  const { through } = field;
  const keys = through.fields.filter((each): each is ForeignObject => each instanceof ForeignObject);
  const given = field.options.throughFields;
  if (given !== undefined) {
    const [source, target] = fieldNames(through, given) as [string, string];
    return [through.getField(source) as ForeignObject, through.getField(target) as ForeignObject];
  }
  const source = keys.find((key) => key.toKey === field.model.key) as ForeignObject;
  const target = keys.find((key) => key !== source && key.toKey === field.toKey) as ForeignObject;
  return [source, target];
}

interface Known {
  version: number | undefined;
  byName: ReadonlyMap<string, Relation>;
  all: readonly Relation[];
}

const known = new WeakMap<Options, Known>();

function relationsOf(model: Options): Known {
  const { registry } = model;
  const kept = known.get(model);
  if (kept !== undefined && kept.version === registry.version) return kept;
  // A proxy has the relations of the model whose rows it shows.
  const all = model.proxy ? [] : referrersOf(model).fields.map((field) => new Relation(field));
  if (!model.proxy) for (const field of privateFieldsOf(registry)) all.push(...field.relationsFrom(model));
  for (const field of model.privateFields) all.push(...field.relations());
  // A child has the relations of its parents, but for that which leads to itself.
  for (const parent of model.parents.keys()) {
    all.unshift(...relationsOf(parent).all.filter(({ field }) => !isLinkOf(field, model)));
  }
  const byName = new Map(all.map((each) => [each.queryName, each]));
  // The version is of afterwards: looking for the models may have loaded some.
  const found = { version: registry.version, byName, all };
  known.set(model, found);
  return found;
}

/** Whether a relation is the other side of a child's link to its parent; it is of use to the parent and its proxies. */
function isLinkOf(field: ForeignObject | ManyToManyField, model: Options): boolean {
  return (
    field instanceof ForeignObject &&
    field.parentLink &&
    field.remoteModel.concreteModel !== model.concreteModel
  );
}

/** What refers to a model under that name of a path. */
export function relationNamed(model: Options, name: string): Relation | undefined {
  return relationsOf(model).byName.get(name);
}

/** Everything that refers to a model. */
export function relationsTo(model: Options): readonly Relation[] {
  return relationsOf(model).all;
}
