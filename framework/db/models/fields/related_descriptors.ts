/**
 * The one related row as a property: `book.author`, `place.restaurant`. Django:
 * `django.db.models.fields.related_descriptors`.
 */
import type { Model } from '../base';
import { classOf } from '../classes';
import { peekState } from '../model_state';
import type { Options } from '../options';
import type { Field } from './base';
import type { FieldCache } from './mixins';
import type { ForeignObject } from './related';
import type { Relation } from './reverse_related';
import { requireAllowed, SingleRowDescriptor } from './single_row_descriptor';

type Values = Record<string, unknown>;

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
