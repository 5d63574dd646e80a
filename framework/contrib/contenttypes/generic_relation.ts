/** The rows that refer to a row by content type and key. Django: `GenericRelation`. */

import type { CheckMessage, DatabaseCheckOptions } from '../../core/checks/messages';
import { ValueError } from '../../core/exceptions';
import type { Model, ModelClass } from '../../db/models/base';
import { classOf } from '../../db/models/classes';
import type { Field } from '../../db/models/fields/base';
import { PrivateField } from '../../db/models/fields/private';
import { ForeignKey, type ModelReference, relationKey } from '../../db/models/fields/related';
import { type PathInfo, Relation } from '../../db/models/fields/reverse_related';
import { DO_NOTHING } from '../../db/models/on_delete';
import type { Options } from '../../db/models/options';
import type { QuerySet } from '../../db/models/query';
import { defineAccessor, ManagerAccessor } from '../../db/models/related_managers/accessors';
import type { Prefetcher } from '../../db/models/related_managers/prefetchers';
import type { RelatedRows } from '../../db/models/related_managers/rows';
import { snakeCase } from '../../db/models/sql/names';
import { isOfType, typeFilter } from './content_type_of';
import { GenericPrefetcher, GenericRows } from './generic_rows';

/** What a GenericRelation takes. */
export interface GenericRelationOptions {
  /** The fields of the other model's GenericForeignKey. Default: `objectId` and `contentType`. */
  objectIdField?: string;
  contentTypeField?: string;
  /** The name of the way back in paths from the other model; without it there is none. */
  relatedQueryName?: string;
  /** See GenericForeignKey. */
  forConcreteModel?: boolean;
}

/** The field with the key, as if it were a foreign key to the one model. */
class GenericKey extends ForeignKey {
  constructor(private readonly generic: GenericRelation) {
    super(() => classOf(generic.model), { onDelete: DO_NOTHING, null: true, dbConstraint: false });
    this.contributeTo(generic.target, generic.keyField.name);
  }

  override get attname(): string {
    return this.generic.keyField.attname;
  }

  override get column(): string {
    return this.generic.keyField.column;
  }

  override get toKey(): string {
    return this.generic.model.key;
  }

  override get remoteModel(): Options {
    return this.generic.model;
  }
}

/** The relation from its model. */
class GenericRel extends Relation {
  constructor(
    private readonly generic: GenericRelation,
    key: GenericKey,
  ) {
    super(key);
  }

  override get queryName(): string {
    return this.generic.name;
  }

  override get accessorName(): string {
    return this.generic.name;
  }

  override get saysOrder(): boolean {
    const { target, typeField, keyField } = this.generic;
    const wrt = target.meta.orderWithRespectTo === undefined ? undefined : target.orderWithRespectTo;
    return wrt instanceof PrivateField && wrt.groupFields.join() === [typeField, keyField].join();
  }

  override rowsInOrder(instance: Model): QuerySet<Model> {
    return new GenericRows(instance, this.generic).narrow(classOf(this.generic.target)._defaultManager.all());
  }

  override get paths(): readonly PathInfo[] {
    const { model, target, typeField, typeModel, keyField } = this.generic;
    // The key may be in the table of a parent.
    const owner = keyField.model.concreteModel;
    return [
      {
        fromOpts: model,
        toOpts: owner,
        target: owner.pk,
        field: this.field as ForeignKey,
        m2m: true,
        direct: false,
        restriction: (alias) => isOfType(typeField, alias, typeModel),
      },
      ...(owner === target.concreteModel ? [] : target.getPathFromParent(owner)),
    ];
  }
}

/** The way back, for paths alone. */
class GenericBack extends Relation {
  constructor(
    private readonly generic: GenericRelation,
    key: GenericKey,
    private readonly back: string,
  ) {
    super(key);
  }

  override get queryName(): string {
    return this.back;
  }

  override get isHidden(): boolean {
    return true;
  }

  override get isChoice(): boolean {
    return true;
  }

  override get model(): Options {
    return this.generic.target;
  }

  override get paths(): readonly PathInfo[] {
    const { model, target, typeField, typeModel } = this.generic;
    return [
      {
        fromOpts: target,
        toOpts: model,
        target: model.pk,
        field: this.field as ForeignKey,
        m2m: false,
        direct: true,
        restriction: (_alias, parentAlias) => isOfType(typeField, parentAlias, typeModel),
      },
    ];
  }
}

/** The property that is a manager of the rows. */
class GenericAccessor extends ManagerAccessor {
  readonly property: string;
  protected readonly label = 'reverse side of a related set';

  constructor(private readonly generic: GenericRelation) {
    super();
    this.property = generic.property;
  }

  get model(): Options {
    return this.generic.target;
  }

  rowsOf(instance: Model): RelatedRows {
    return new GenericRows(instance, this.generic);
  }
}

/**
 * The rows of another model that refer to a model's rows by a GenericForeignKey: a manager of them, a name in paths, and
 * they go with the row when it is deleted.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/contenttypes/#reverse-generic-relations
 */
export class GenericRelation extends PrivateField {
  private key: GenericKey | undefined;

  private readonly to: ModelReference;
  private readonly generic: GenericRelationOptions;

  constructor(
    to: ModelReference | (GenericRelationOptions & { to: ModelReference }),
    options: GenericRelationOptions = {},
  ) {
    super({ editable: false });
    this.generic = typeof to === 'object' ? to : options;
    this.to = typeof to === 'object' ? to.to : to;
  }

  override contributeTo(model: Options, name: string): void {
    super.contributeTo(model, name);
    this.key = undefined;
  }

  /** The other model, as `app.model` in lower case. */
  get toKey(): string {
    return relationKey(this.to, () => this.model);
  }

  /** The other model, if there is one. */
  get targetOrNone(): Options | undefined {
    return this.model.registry.find(this.toKey);
  }

  /** The other model. @throws ValueError if there is none. */
  get target(): Options {
    const found = this.targetOrNone;
    if (found === undefined)
      throw new ValueError(`Related model '${this.toKey}' of ${this.toString()} cannot be resolved`);
    return found;
  }

  /** The name of the other model's field with the key. */
  get objectIdField(): string {
    return this.generic.objectIdField ?? 'objectId';
  }

  /** The name of its foreign key to ContentType. */
  get contentTypeField(): string {
    return this.generic.contentTypeField ?? 'contentType';
  }

  override check(options?: DatabaseCheckOptions): CheckMessage[] {
    const { checkGenericRelation } = require('./field_checks') as typeof import('./field_checks');
    return [...super.check(options), ...checkGenericRelation(this)];
  }

  /** The fields of the other model's GenericForeignKey. */
  get keyField(): Field {
    return this.target.getField(snakeCase(this.objectIdField));
  }

  get typeField(): Field {
    return this.target.getField(snakeCase(this.contentTypeField));
  }

  /** The model whose content type the rows are of. */
  get typeModel(): Options {
    return this.typeModelOf(this.model);
  }

  typeModelOf(model: Options): Options {
    return (this.generic.forConcreteModel ?? true) ? model.concreteModel : model;
  }

  private get genericKey(): GenericKey {
    this.key ??= new GenericKey(this);
    return this.key;
  }

  /** Whether the other model has a key to follow. Where it has none there is no relation: the checks say so. */
  private get hasKey(): boolean {
    return this.targetOrNone?.findField(snakeCase(this.objectIdField)) !== undefined;
  }

  override relations(): readonly Relation[] {
    return this.hasKey ? [new GenericRel(this, this.genericKey)] : [];
  }

  override relationsFrom(model: Options): readonly Relation[] {
    const { relatedQueryName } = this.generic;
    // The way back leads to the model that declares it.
    if (relatedQueryName === undefined || this.isInherited || this.toKey !== model.key || !this.hasKey)
      return [];
    const name = relatedQueryName
      .replaceAll('%(class)s', this.model.modelName)
      .replaceAll('%(app_label)s', this.model.appLabel);
    return [new GenericBack(this, this.genericKey, name)];
  }

  override defineProperty(prototype: object): void {
    defineAccessor(prototype, new GenericAccessor(this));
  }

  override prefetcher(): Prefetcher {
    return new GenericPrefetcher(new GenericAccessor(this), this);
  }

  /** The rows that refer to these: they go with them. */
  bulkRelatedObjects(objs: readonly Model[], using: string): QuerySet<Model> {
    const target: ModelClass = classOf(this.target);
    return target._baseManager.using(using).filter({
      ...typeFilter(this.typeField.name, this.typeModel, using),
      [`${this.keyField.name}__in`]: objs.map(({ pk }) => pk),
    } as never);
  }
}
