/**
 * The one related row as a property: `book.author`, `place.restaurant`. It is the row where it is loaded, and a promise
 * that asks for it when somebody waits where it is not. Django: `django.db.models.fields.related_descriptors`.
 */
import { ImproperlyConfigured, type ObjectDoesNotExist, ValueError } from '../../../core/exceptions';
import { LazyPromise } from '../../../utils/lazy_promise';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { once } from '../../../utils/module_loading';
import { router } from '../../router';
import type { Model, ModelClass } from '../base';
import { classOf } from '../classes';
import type { Fetcher } from '../fetch_modes';
import { fetchFor, whileUnderway } from '../fetching';
import { keepWith, peekState, stateOf } from '../model_state';
import type { Options } from '../options';
import type { QuerySet } from '../query';
import { defineManyToMany, defineReverseManager } from '../related_managers/accessors';
import { type AnyCondition, conditionAmong, conditionOn } from '../related_managers/conditions';
import { mapKey } from '../related_managers/map_key';
import type { Field } from './base';
import type { FieldCache } from './mixins';
import type { ForeignObject } from './related';
import { checkDeclaredReverses } from './reverse';
import { type Relation, relationsTo } from './reverse_related';

const baseModule = once(() => require('../base') as typeof import('../base'));

type Values = Record<string, unknown>;

/** So many keys are asked for in one statement. */
const MAX_KEYS = 10_000;

/** What both sides have in common. */
abstract class SingleRowDescriptor implements Fetcher {
  private error: typeof ObjectDoesNotExist | undefined;

  /** The name in messages. */
  abstract readonly name: string;
  /** What instances keep of it. */
  abstract readonly cache: FieldCache;
  /** What the related rows keep of the instance. */
  abstract readonly opposite: FieldCache | undefined;
  /** The model of the related row. */
  abstract readonly relatedModel: Options;
  /** The field of an instance that says which row is related. */
  abstract readonly localField: Field;
  /** The field of the related row that has the same value. */
  abstract readonly remoteField: Field;

  abstract get(instance: Model): Model | null | Promise<Model | null>;
  abstract set(instance: Model, value: unknown): void;
  /** What stands for a related row that is not there. @throws RelatedObjectDoesNotExist. */
  protected abstract none(instance: Model): null;
  /** Keeps what a query for one row gave. @throws DoesNotExist. */
  protected abstract keepOne(instance: Model, found: Model | undefined): void;

  /** What is thrown where there has to be a related row and is none. */
  get RelatedObjectDoesNotExist(): typeof ObjectDoesNotExist {
    if (this.error === undefined) {
      const base = classOf(this.relatedModel).DoesNotExist;
      this.error = Object.defineProperty(class extends base {}, 'name', {
        value: 'RelatedObjectDoesNotExist',
      });
    }
    return this.error;
  }

  /** The related row, now or promised. */
  load(instance: Model): MaybePromise<Model | null> {
    const known = this.cache.get(instance);
    if (known !== undefined) return known ?? this.none(instance);
    const key = this.keyOf(instance);
    const missing = missingPart(key);
    if (missing !== undefined) return then(missing.now(), () => this.load(instance));
    if (key === null) return this.none(instance);
    return then(fetchFor(this, instance), () => this.load(instance));
  }

  protected lazily(instance: Model): Promise<Model | null> {
    return new LazyPromise(() => this.load(instance));
  }

  /** What says which row is related; a promise of it where that was not loaded. */
  protected keyOf(instance: object): unknown {
    return this.localField.valueIn(instance);
  }

  isMissing(instance: object): boolean {
    const key = this.keyOf(instance);
    return key !== null && missingPart(key) === undefined && !this.cache.has(instance);
  }

  fetchOne(instance: object): MaybePromise<void> {
    const key = this.keyOf(instance);
    const rows = this.queryFor(instance, conditionOn(this.remoteField, key));
    const work = then(rows.fetch(), ([found]) => {
      if (mapKey(this.keyOf(instance)) === mapKey(key)) this.keepOne(instance as Model, found);
    });
    return whileUnderway(this.name, [instance], work);
  }

  fetchMany(instances: readonly object[], among: readonly object[]): MaybePromise<void> {
    const keys = new Map<unknown, unknown>();
    const asked = instances.map((instance) => {
      const key = this.keyOf(instance);
      keys.set(mapKey(key), key);
      return key;
    });
    const [one] = instances as readonly [object];
    const work = then(this.rowsWith(one, [...keys.values()]), (rows) => {
      keepWith(among, rows);
      const byKey = new Map(rows.map((row) => [mapKey(this.remoteField.valueIn(row)), row]));
      instances.forEach((instance, at) => {
        const key = mapKey(asked[at]);
        if (mapKey(this.keyOf(instance)) === key) this.keep(instance, byKey.get(key) ?? null);
      });
    });
    return whileUnderway(this.name, instances, work);
  }

  /** Makes both know each other. */
  protected keep(instance: object, found: Model | null): void {
    this.cache.set(instance, found);
    if (found !== null) this.opposite?.set(found, instance);
  }

  private rowsWith(instance: object, keys: readonly unknown[]): MaybePromise<readonly Model[]> {
    const some = conditionAmong(this.remoteField, keys.slice(0, MAX_KEYS));
    const rows = this.queryFor(instance, some).fetch();
    if (keys.length <= MAX_KEYS) return rows;
    return then(rows, (first) =>
      then(this.rowsWith(instance, keys.slice(MAX_KEYS)), (rest) => [...first, ...rest]),
    );
  }

  /** The related rows, on the database that the instance came from. */
  private queryFor(instance: object, condition: AnyCondition): QuerySet<Model> {
    const { fetchMode } = peekState(instance);
    const rows = classOf(this.relatedModel)._baseManager.fetchMode(fetchMode).complexFilter(condition);
    rows._hints = { instance };
    return rows._unordered();
  }

  /** @throws ValueError for what is no row of the model. */
  protected check(value: unknown, model: Options, label: string): asserts value is Model {
    if (isRow(value) && metaOf(value).isKindOf(model.concreteModel)) return;
    const given = value instanceof LazyPromise ? 'a promise: await it first' : reprOf(value);
    throw new ValueError(`Cannot assign "${given}": "${label}" must be a "${model.objectName}" instance.`);
  }
}

/** A new row joins the database of one that it is related to. @throws ValueError where rows may not be related. */
function requireAllowed(instance: Model, value: Model): void {
  const own = peekState(instance).db;
  const others = peekState(value).db;
  if (own === others && router.routers.length === 0) return;
  if (own === undefined) {
    stateOf(instance).db = router.dbForWrite(instance.constructor as unknown as ModelClass, {
      instance: value,
    });
  }
  if (others === undefined) {
    stateOf(value).db = router.dbForWrite(value.constructor as unknown as ModelClass, { instance });
  }
  if (router.allowRelation(value, instance)) return;
  throw new ValueError(
    `Cannot assign "${reprOf(value)}": the current database router prevents this relation.`,
  );
}

/** `book.author`, of a foreign key or one-to-one field. */
export class ForwardManyToOneDescriptor extends SingleRowDescriptor {
  constructor(readonly field: ForeignObject) {
    super();
  }

  get name(): string {
    return this.field.name;
  }

  get cache(): FieldCache {
    return this.field.cache;
  }

  get opposite(): FieldCache | undefined {
    return this.field.remoteCache;
  }

  get relatedModel(): Options {
    return this.field.remoteModel;
  }

  get localField(): Field {
    return this.field;
  }

  get remoteField(): Field {
    return this.field.targetField;
  }

  get(instance: Model): Model | null | Promise<Model | null> {
    const known = this.cache.get(instance);
    if (known) return known;
    if (known === null || this.keyOf(instance) === null) return this.none();
    return this.fromChild(instance) ?? this.lazily(instance);
  }

  set(instance: Model, value: unknown): void {
    const { field } = this;
    const values = instance as unknown as Values;
    if (value === null || value === undefined) {
      const before = this.cache.get(instance);
      if (before) this.opposite?.set(before, null);
      for (const [own] of field.relatedPairs) values[own.property] = null;
      this.cache.set(instance, null);
      return;
    }
    this.check(value, this.relatedModel, `${field.model.objectName}.${field.name}`);
    requireAllowed(instance, value);
    for (const [own, other] of field.relatedPairs) {
      values[own.property] = (value as unknown as Values)[other.property];
    }
    this.keep(instance, value);
  }

  /** The parent of a child that has all of its values. */
  private fromChild(instance: Model): Model | undefined {
    const { field } = this;
    if (!field.parentLink) return undefined;
    const model = field.remoteModel;
    const values: Values = {};
    for (const { property } of model.concreteFields) {
      if (!Object.hasOwn(instance, property)) return undefined;
      values[property] = (instance as unknown as Values)[property];
    }
    const parent = new (classOf(model))(values);
    const { adding, db, fetchMode } = peekState(instance);
    Object.assign(parent._state, { adding, db, fetchMode });
    this.keep(instance, parent);
    return parent;
  }

  protected none(): null {
    if (this.field.null) return null;
    throw new this.RelatedObjectDoesNotExist(`${this.field.model.objectName} has no ${this.name}.`);
  }

  protected keepOne(instance: Model, found: Model | undefined): void {
    if (found === undefined) {
      const { DoesNotExist, name } = classOf(this.relatedModel);
      throw new DoesNotExist(`${name} matching query does not exist.`);
    }
    this.keep(instance, found);
  }
}

/** `place.restaurant`, where `restaurant.place` is one-to-one. */
export class ReverseOneToOneDescriptor extends SingleRowDescriptor {
  constructor(readonly related: Relation) {
    super();
  }

  get name(): string {
    return this.related.accessorName;
  }

  private get field(): ForeignObject {
    return this.related.field as ForeignObject;
  }

  get cache(): FieldCache {
    return this.related.cache;
  }

  get opposite(): FieldCache {
    return this.field.cache;
  }

  get relatedModel(): Options {
    return this.related.relatedModel;
  }

  get localField(): Field {
    return this.field.targetField;
  }

  get remoteField(): Field {
    return this.field.sourceField;
  }

  get(instance: Model): Model | null | Promise<Model | null> {
    const known = this.cache.get(instance);
    if (known) return known;
    return known === null || this.keyOf(instance) === null ? this.none(instance) : this.lazily(instance);
  }

  set(instance: Model, value: unknown): void {
    if (value === null || value === undefined) {
      const before = this.cache.get(instance);
      this.cache.delete(instance);
      if (!before) return;
      for (const [own] of this.field.relatedPairs) (before as unknown as Values)[own.property] = null;
      this.opposite.set(before, null);
      return;
    }
    this.check(value, this.relatedModel, `${instance.constructor.name}.${this.name}`);
    requireAllowed(instance, value);
    for (const [own, other] of this.field.relatedPairs) {
      (value as unknown as Values)[own.property] = other.valueIn(instance);
    }
    this.keep(instance, value);
  }

  protected none(instance: Model): null {
    throw new this.RelatedObjectDoesNotExist(`${instance.constructor.name} has no ${this.name}.`);
  }

  protected keepOne(instance: Model, found: Model | undefined): void {
    this.keep(instance, found ?? null);
  }
}

/** What of a key is not loaded yet. */
function missingPart(key: unknown): LazyPromise<unknown> | undefined {
  if (key instanceof LazyPromise) return key as LazyPromise<unknown>;
  if (!Array.isArray(key)) return undefined;
  return key.find((part): part is LazyPromise<unknown> => part instanceof LazyPromise);
}

function isRow(value: unknown): value is Model {
  return value instanceof baseModule().Model;
}

function metaOf(instance: Model): Options {
  return (instance.constructor as unknown as ModelClass)._meta;
}

function reprOf(value: unknown): string {
  const { repr } = require('../../../python') as typeof import('../../../python');
  return isRow(value) ? `<${value.constructor.name}: ${value.toString()}>` : repr(value);
}

function define(prototype: object, name: string, descriptor: SingleRowDescriptor): void {
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: Model): unknown {
      return descriptor.get(this);
    },
    set(this: Model, value: unknown) {
      descriptor.set(this, value);
    },
  });
}

/** Gives a class the properties of the rows that its own fields refer to. */
export function defineForwardRelations(cls: ModelClass, options: Options): void {
  for (const field of options.fields) {
    if ('targetField' in field) {
      const key = field as ForeignObject;
      define(cls.prototype, key.cache.name, new ForwardManyToOneDescriptor(key));
    }
  }
  defineManyToMany(cls, options);
}

/**
 * Gives a class the properties of the rows that refer to it. Called before it has instances; looks again when
 * there may be more models.
 */
export function linkRelations(cls: ModelClass): void {
  const { _meta: meta } = cls;
  const { registry } = meta;
  if (meta.linkedVersion === (registry.version ?? 0)) return;
  checkDeclaredReverses(cls);
  for (const relation of knownRelations(meta)) {
    if (relation.saysOrder) defineOrderMethods(cls, relation);
    if (relation.isHidden || relation.property in cls.prototype) continue;
    if (relation.isMultiple) defineReverseManager(cls, relation);
    else define(cls.prototype, relation.property, new ReverseOneToOneDescriptor(relation));
  }
  // The version is of afterwards: looking for the models may have loaded some.
  meta.linkedVersion = registry.version ?? 0;
}

function defineOrderMethods(cls: ModelClass, relation: Relation): void {
  const ordering = require('../order_with_respect_to') as typeof import('../order_with_respect_to');
  ordering.defineOrderMethods(cls, relation);
}

/** What refers to a model. Another model that cannot be described says so itself when it is used, and to `check`. */
export function knownRelations(meta: Options): readonly Relation[] {
  try {
    return relationsTo(meta);
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return [];
    throw error;
  }
}
