/** Relations from their other side: what refers to a model. Django: `django.db.models.fields.reverse_related`. */
import { camelCase } from '../../../utils/module_loading';
import type { NamedRelation } from '../filtered_relation';
import type { Options } from '../options';
import type { Field } from './base';
import { ForeignKey, ManyToManyField } from './related';

/** One step of a path from model to model. Django: `PathInfo`. */
export interface PathInfo {
  readonly fromOpts: Options;
  readonly toOpts: Options;
  /** The field of the other model whose value the join compares. */
  readonly target: Field;
  /** The foreign key that the join follows. */
  readonly field: ForeignKey;
  /** Whether there can be several rows at its end. */
  readonly m2m: boolean;
  /** Whether the foreign key is followed from its own side. */
  readonly direct: boolean;
  /** What else holds of the rows at its end. */
  readonly filtered?: NamedRelation;
}

/** A relation as the model sees it that is referred to. */
export class Relation {
  constructor(readonly field: ForeignKey | ManyToManyField) {}

  /** The model that refers. */
  get relatedModel(): Options {
    return this.field.model;
  }

  /** Whether nobody can see it: `relatedName: '+'`. */
  get isHidden(): boolean {
    return this.field.options.relatedName?.endsWith('+') ?? false;
  }

  /** The name in paths. */
  get queryName(): string {
    const { relatedQueryName, relatedName } = this.field.options;
    return named(relatedQueryName ?? relatedName, this.field.model) ?? this.field.model.modelName;
  }

  /** The name of the property, in snake_case: `article_set`. */
  get accessorName(): string {
    const { relatedName } = this.field.options;
    const own = named(relatedName, this.field.model);
    if (own !== undefined) return own;
    return this.isMultiple ? `${this.field.model.modelName}_set` : this.field.model.modelName;
  }

  /** The property of an instance. */
  get property(): string {
    return camelCase(this.accessorName);
  }

  get isMultiple(): boolean {
    return this.field instanceof ManyToManyField || !this.field.unique;
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

function forward(field: ForeignKey): PathInfo {
  return {
    fromOpts: field.model,
    toOpts: field.remoteModel,
    target: field.targetField,
    field,
    m2m: false,
    direct: true,
  };
}

function backward(field: ForeignKey): PathInfo {
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
export function forwardPaths(field: ForeignKey | ManyToManyField): readonly PathInfo[] {
  if (field instanceof ForeignKey) return [forward(field)];
  const [source, target] = throughFields(field);
  return [backward(source), forward(target)];
}

function reversePaths(field: ForeignKey | ManyToManyField): readonly PathInfo[] {
  if (field instanceof ForeignKey) return [backward(field)];
  const [source, target] = throughFields(field);
  return [backward(target), forward(source)];
}

/** The two foreign keys of the model in between: to the field's own model, and to the other. */
export function throughFields(field: ManyToManyField): readonly [source: ForeignKey, target: ForeignKey] {
  const { through } = field;
  const keys = through.localFields.filter((each): each is ForeignKey => each instanceof ForeignKey);
  const given = field.options.throughFields;
  if (given !== undefined) {
    return [through.getField(given[0]) as ForeignKey, through.getField(given[1]) as ForeignKey];
  }
  const source = keys.find((key) => key.toKey === field.model.key) as ForeignKey;
  const target = keys.find((key) => key !== source && key.toKey === field.toKey) as ForeignKey;
  return [source, target];
}

interface Known {
  version: number | undefined;
  byName: ReadonlyMap<string, Relation>;
  all: readonly Relation[];
}

const known = new WeakMap<Options, Known>();

function relationsOf(model: Options): Known {
  const { registry, key } = model;
  const kept = known.get(model);
  if (kept !== undefined && kept.version === registry.version) return kept;
  const all: Relation[] = [];
  for (const other of registry.all?.() ?? []) {
    for (const field of other.localFields) {
      if (field instanceof ForeignKey && field.toKey === key) all.push(new Relation(field));
    }
    for (const field of other.localManyToMany) {
      if (field.toKey === key && !isOwnReverse(field)) all.push(new Relation(field));
    }
  }
  const byName = new Map(all.filter((each) => !each.isHidden).map((each) => [each.queryName, each]));
  // The version is of afterwards: looking for the models may have loaded some.
  const found = { version: registry.version, byName, all };
  known.set(model, found);
  return found;
}

/** A symmetrical relation to the model itself has no other side. */
function isOwnReverse(field: ManyToManyField): boolean {
  return field.toKey === field.model.key && field.symmetrical && field.options.relatedName === undefined;
}

/** What refers to a model under that name of a path. */
export function relationNamed(model: Options, name: string): Relation | undefined {
  return relationsOf(model).byName.get(name);
}

/** Everything that refers to a model. */
export function relationsTo(model: Options): readonly Relation[] {
  return relationsOf(model).all;
}
