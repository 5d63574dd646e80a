/**
 * What a model is made of: its table, fields and indexes. Django: `django.db.models.options`.
 */

import { FieldDoesNotExist } from '../../core/exceptions';
import { camelCase } from '../../utils/module_loading';
import type { Constraint } from './constraints';
import { defaultAutoField } from './default_auto_field';
import type { Field } from './fields/base';
import { CompositePrimaryKey } from './fields/composite';
import { OrderWrt } from './fields/order_wrt';
import { PrivateField } from './fields/private';
import { type ForeignObject, ManyToManyField, type OneToOneField } from './fields/related';
import { type PathInfo, type Relation, relationsTo } from './fields/reverse_related';
import type { Index } from './indexes';
import * as inheritance from './inheritance';
import { namedThrough, tableName, throughDescription } from './many_to_many_table';
import type { MetaOptions } from './meta';
import { namedConstraints, namedIndexes, namedTogether } from './named_meta';
import { OptionsMeta } from './options_meta';
import { referrersOf } from './referrers';

export type { MetaOptions } from './meta';

/** Where models find each other. */
export interface ModelRegistry {
  /** The model `app.model` (lower case), or undefined. */
  find(key: string): Options | undefined;
  /** Every model, for those who look for what refers to one. Without it there are none that do. */
  all?(): readonly Options[];
  /** Grows whenever `find` and `all` may give other models. */
  readonly version?: number;
}

/** What Options is made from. */
export interface ModelDescription {
  appLabel: string;
  objectName: string;
  fields: readonly (readonly [name: string, field: Field])[];
  options: MetaOptions;
  registry: ModelRegistry;
  /** The models that it extends. */
  bases?: readonly Options[];
}

const isConcrete = (field: Field): boolean => field.concrete;

/** A model's description: `Article._meta`. */
export class Options extends OptionsMeta {
  readonly dbTable: string;
  readonly registry: ModelRegistry;
  /** The fields of the model's own table, in order. */
  readonly localFields: readonly Field[];
  readonly localManyToMany: readonly ManyToManyField[];
  /** The fields, those of its parents first. */
  readonly fields: readonly Field[];
  /** Those of them that have a column. */
  readonly concreteFields: readonly Field[];
  /** The many-to-many fields, those of its parents first. */
  readonly manyToMany: readonly ManyToManyField[];
  /** What its instances have besides columns, that of its parents first: generic relations. */
  readonly privateFields: readonly PrivateField[];
  /** The primary key. */
  readonly pk: Field;
  /** Those that make the key: itself, unless it has several. */
  readonly pkFields: readonly Field[];
  /** The fields whose value is set when an instance is made. */
  readonly fieldsWithDefault: readonly Field[];
  /** The models that it extends, with its links to them: none where it is a proxy. */
  readonly parents: inheritance.Parents;
  /** The model whose rows a proxy shows; it may be a proxy, too. */
  readonly proxyForModel: Options | undefined;
  /** The model whose table this one's rows are in: itself, or of a proxy the other one. */
  readonly concreteModel: Options;
  /** The field whose table in between this is. */
  readonly autoCreated: ManyToManyField | undefined;
  private readonly throughs = new Map<string, Options>();
  private byName: ReadonlyMap<string, Field> | undefined;
  /** The version of the registry as of which the class has the properties of what refers to it. */
  linkedVersion: number | undefined;
  private ownIndexes: readonly Index[] | undefined;
  private ownConstraints: readonly Constraint[] | undefined;
  private ownTogether: readonly (readonly string[])[] | undefined;
  private before: readonly Field[] | undefined;
  private properties: ReadonlyMap<string, Field> | undefined;

  /**
   * @throws FieldError where a field has the name of a parent's, FieldDoesNotExist where `orderWithRespectTo` names none,
   * TypeError for a proxy of no model, or of several.
   */
  constructor(description: ModelDescription, autoCreated?: ManyToManyField) {
    const { appLabel, objectName, options, registry, bases = [] } = description;
    super(appLabel, objectName, options);
    this.registry = registry;
    this.autoCreated = autoCreated;
    this.proxyForModel = this.proxy ? inheritance.proxiedModel(objectName, bases) : undefined;
    this.concreteModel = this.proxyForModel?.concreteModel ?? this;
    this.dbTable =
      this.proxyForModel?.dbTable ?? options.dbTable ?? tableName(`${appLabel}_${this.modelName}`);
    const bound = description.fields.map(([name, field]) => this.bind(name, field.clone()));
    const declared = bound.filter((field) => !(field instanceof PrivateField));
    const own = bound.filter((field): field is PrivateField => field instanceof PrivateField);
    inheritance.refuseClashes(objectName, declared, bases);
    const bind = (name: string, field: Field): Field => this.bind(name, field);
    const { fields, parents } = inheritance.linkParents(this, declared, bases, bind);
    this.parents = parents;
    this.localFields = this.withOrder(
      this.proxy || fields.some((field) => field.primaryKey)
        ? fields.filter((field) => !(field instanceof ManyToManyField))
        : [
            bind('id', defaultAutoField(appLabel)),
            ...fields.filter((field) => !(field instanceof ManyToManyField)),
          ],
    );
    this.localManyToMany = fields.filter((field) => field instanceof ManyToManyField);
    this.fields = inheritance.withInherited(parents, (parent) => parent.fields, this.localFields);
    this.concreteFields = this.fields.every(isConcrete) ? this.fields : this.fields.filter(isConcrete);
    this.manyToMany = inheritance.withInherited(parents, (parent) => parent.manyToMany, this.localManyToMany);
    // Each model has its own: rows of a child are of another content type than those of its parent.
    const named = new Set(own.map(({ name }) => name));
    const inherited = inheritance
      .withInherited(parents, (parent) => parent.privateFields, [])
      .filter(({ name }) => !named.has(name))
      .map(
        (field) => this.bind(field.name, Object.assign(field.clone(), { isInherited: true })) as PrivateField,
      );
    this.privateFields = [...inherited, ...own];
    this.pk = this.localFields.find((field) => field.primaryKey) ?? (this.proxyForModel as Options).pk;
    this.pkFields = this.pk instanceof CompositePrimaryKey ? this.pk.fields : [this.pk];
    this.fieldsWithDefault = this.fields.filter((field) => field.hasDefault);
  }

  /** The fields with the column of the order in which the rows of `orderWithRespectTo` are. */
  private withOrder(fields: readonly Field[]): readonly Field[] {
    const { orderWithRespectTo: name } = this.meta;
    if (name == null || fields.some((field) => field instanceof OrderWrt)) return fields;
    return [...fields, this.bind('_order', new OrderWrt())];
  }

  /** The foreign key of `orderWithRespectTo`. @throws FieldDoesNotExist. */
  get orderWithRespectTo(): Field | undefined {
    const { orderWithRespectTo: name } = this.meta;
    return name == null ? undefined : this.getField(name);
  }

  get indexes(): readonly Index[] {
    this.ownIndexes ??= namedIndexes(this);
    return this.ownIndexes;
  }

  get uniqueTogether(): readonly (readonly string[])[] {
    this.ownTogether ??= namedTogether(this);
    return this.ownTogether;
  }

  get constraints(): readonly Constraint[] {
    this.ownConstraints ??= namedConstraints(this);
    return this.ownConstraints;
  }

  /** The field of that name (`author`) or value name (`author_id`), if there is one. */
  findField(name: string): Field | undefined {
    this.byName ??= new Map(
      [...this.fields, ...this.manyToMany].flatMap((field): [string, Field][] => [
        [field.attname, field],
        [field.name, field],
      ]),
    );
    return this.byName.get(name);
  }

  /** The field of that name (`author`), value name (`author_id`) or property (`authorId`). @throws FieldDoesNotExist. */
  getField(name: string): Field {
    const field =
      this.findField(name) ??
      (name === 'pk' ? this.pk : this.privateFields.find((each) => each.name === name)) ??
      this.fieldsByProperty.get(name);
    if (field === undefined) throw new FieldDoesNotExist(`${this.objectName} has no field named '${name}'`);
    return field;
  }

  /** The fields by what they are called in values: `postId`, and `post` for the row itself. */
  get fieldsByProperty(): ReadonlyMap<string, Field> {
    this.properties ??= new Map(
      this.fields.flatMap((field): [string, Field][] => [
        [camelCase(field.name), field],
        [field.property, field],
      ]),
    );
    return this.properties;
  }

  /** The foreign keys that refer to this model, those of tables in between included. */
  get relatedObjects(): readonly ForeignObject[] {
    return referrersOf(this).keys;
  }

  /** The foreign keys that refer to a field of this model. */
  relatedObjectsOf(target: Field): ForeignObject[] {
    return this.relatedObjects.filter((field) => field.targetField.name === target.name);
  }

  /** The fields that have something to do before a row is written. */
  get fieldsBeforeSave(): readonly Field[] {
    this.before ??= [...this.fields, ...this.privateFields].filter((field) => field.beforeSave !== undefined);
    return this.before;
  }

  /** Whether there is a field of that name. */
  hasField(name: string): boolean {
    return this.findField(name)?.name === name;
  }

  /** The fields and the relations from their other side; hidden ones only where they are asked for. */
  getFields(options: { includeParents?: boolean; includeHidden?: boolean } = {}): (Field | Relation)[] {
    const { includeParents = true, includeHidden = false } = options;
    const forward =
      includeParents || this.proxy
        ? [...this.fields, ...this.manyToMany]
        : [...this.localFields, ...this.localManyToMany];
    const backward = relationsTo(this).filter(
      (relation) =>
        (includeHidden || !relation.isHidden) && (includeParents || relation.model === this.concreteModel),
    );
    return [...backward, ...forward];
  }

  // Inheritance ---------------------------------------------------------------------------------------------

  /** Every model that this one extends, the nearest first. */
  get allParents(): readonly Options[] {
    return inheritance.allParents(this);
  }

  /** The same, by Django's older name. */
  getParentList(): readonly Options[] {
    return this.allParents;
  }

  /** The models between this one and one that it extends, which is the last. */
  getBaseChain(ancestor: Options): readonly Options[] {
    return inheritance.baseChain(this, ancestor);
  }

  /** The first link of the way to a model that this one extends. */
  getAncestorLink(ancestor: Options): OneToOneField | undefined {
    return inheritance.ancestorLink(this, ancestor);
  }

  /** The joins to the table of a model that this one extends. */
  getPathToParent(ancestor: Options): readonly PathInfo[] {
    return inheritance.pathToParent(this, ancestor);
  }

  /** The joins from the table of a model that this one extends. */
  getPathFromParent(ancestor: Options): readonly PathInfo[] {
    return inheritance.pathFromParent(this, ancestor);
  }

  /** Whether an instance of this model is one of another: it is the same, a proxy of it, or extends it. */
  isKindOf(other: Options): boolean {
    return inheritance.isKindOf(this, other);
  }

  /** The model in between of a many-to-many field. */
  throughOf(field: ManyToManyField): Options {
    const { through } = field.options;
    if (through !== undefined) return namedThrough(this, field, through);
    const made = this.throughs.get(field.name) ?? new Options(throughDescription(this, field), field);
    this.throughs.set(field.name, made);
    return made;
  }

  private bind(name: string, field: Field): Field {
    field.contributeTo(this, name);
    return field;
  }
}
