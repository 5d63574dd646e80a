/**
 * Fields that refer to other models. Django: `django.db.models.fields.related`.
 */
import { ValueError } from '../../../core/exceptions';
import { camelCase } from '../../../utils/module_loading';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Model, ModelClass } from '../base';
import { type OnDelete, type OnDeleteName, onDeleteOf } from '../on_delete';
import type { Options } from '../options';
import type { Q } from '../q';
import type { ManyToManyManager } from '../related_managers/types';
import { type DbParameters, Field, type FieldOptions } from './base';
import type { Deconstructed } from './deconstruct';
import { FieldGroup, membersOf, together } from './group';
import { FieldCache, TupleCache } from './mixins';

/** A model: its class, a function that returns it, `'app.Model'`, `'Model'` of the same app, or `'self'`. */
export type ModelReference = string | ModelClass | (() => ModelClass);

/** A condition on rows that can be chosen. */
export type LimitChoicesTo = Q | Readonly<Record<string, unknown>>;

/** What a relation takes. */
export interface RelatedFieldOptions extends FieldOptions {
  to: ModelReference;
  relatedName?: string;
  relatedQueryName?: string;
  /** Which rows can be chosen in forms, and are accepted by `fullClean`; a function is asked each time. */
  limitChoicesTo?: LimitChoicesTo | (() => LimitChoicesTo);
  /** False: the column exists, the database does not enforce it. */
  dbConstraint?: boolean;
}

function isModelClass(value: unknown): value is ModelClass {
  return typeof value === 'function' && Object.hasOwn(value, 'prototype') && '_meta' in value;
}

/** A foreign key or a many-to-many field. */
export abstract class RelatedField extends Field {
  declare readonly options: Readonly<RelatedFieldOptions>;
  override readonly emptyStringsAllowed: boolean = false;
  private remote: { version: number | undefined; model: Options } | undefined;

  override isRelation(): this is RelatedField {
    return true;
  }

  override contributeTo(model: Options, name: string): void {
    super.contributeTo(model, name);
    this.remote = undefined;
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, dbConstraint: true };
  }

  /** The model is named as `app.model`. */
  override deconstruct(): Deconstructed {
    const [name, path, args, kwargs] = super.deconstruct();
    return [name, path, args, { ...kwargs, to: this.toName }];
  }

  /** The model that it refers to, also where the field is part of none yet. */
  private get toName(): string {
    const { to } = this.options;
    if (this.modelOrNone !== undefined || typeof to !== 'string') return this.toKey;
    return to === 'self' ? to : to.toLowerCase();
  }

  get dbConstraint(): boolean {
    return this.options.dbConstraint ?? true;
  }

  /** The model that it refers to, as `app.model` in lower case. */
  get toKey(): string {
    return relationKey(this.options.to, () => this.model);
  }

  /** The model that it refers to. @throws ValueError if there is none. */
  get remoteModel(): Options {
    const { registry } = this.model;
    if (this.remote === undefined || this.remote.version !== registry.version) {
      const model = registry.find(this.toKey);
      if (model === undefined) {
        throw new ValueError(`Related model '${this.toKey}' of ${this.toString()} cannot be resolved`);
      }
      // The version is of afterwards: looking for the model may have loaded some.
      this.remote = { version: registry.version, model };
    }
    return this.remote.model;
  }

  override schemaOptions(): Record<string, unknown> {
    return { ...super.schemaOptions(), to: this.toKey };
  }
}

/** `'app.Model'`, `'Model'` or `'self'`, as `app.model` in lower case. */
export function referenceKey(reference: string, model: { appLabel: string; modelName: string }): string {
  if (reference === 'self') return `${model.appLabel}.${model.modelName}`;
  return (reference.includes('.') ? reference : `${model.appLabel}.${reference}`).toLowerCase();
}

/** What a field of a model refers to, as `app.model` in lower case. */
export function relationKey(
  reference: ModelReference,
  model: () => { appLabel: string; modelName: string },
): string {
  if (typeof reference === 'string') return referenceKey(reference, model());
  const cls = isModelClass(reference) ? reference : (reference as () => ModelClass)();
  return cls._meta.key;
}

/** What a ForeignObject takes. */
export interface ForeignObjectOptions extends RelatedFieldOptions {
  /** What becomes of a row when the one that it refers to is deleted: `models.CASCADE`, or its name. */
  onDelete: OnDelete | OnDeleteName;
  /** The fields of this model that together say which row is meant. */
  fromFields: readonly string[];
  /** The fields of the other model that have their values; as many, in the same order. */
  toFields: readonly string[];
}

/** The same, of a foreign key, which names none. */
type PairOptions = Omit<ForeignObjectOptions, 'fromFields' | 'toFields'> &
  Partial<Pick<ForeignObjectOptions, 'fromFields' | 'toFields'>>;

/** A pair of fields that are equal of related rows. */
export type RelatedPair = readonly [own: Field, other: Field];

/**
 * Many rows refer to one by the values of other fields, which may be several: it has no column of its own. The way to
 * refer to a model with a CompositePrimaryKey.
 *
 * https://docs.djangoproject.com/en/5.2/topics/composite-primary-key/#composite-primary-keys-and-relations
 *
 * @example
 * ```ts
 * class Ticket extends models.Model {
 *   @models.IntegerField() declare hallId: number;
 *   @models.IntegerField() declare place: number;
 *   @models.ForeignObject(() => Seat, {
 *     onDelete: models.CASCADE,
 *     fromFields: ['hallId', 'place'],
 *     toFields: ['hallId', 'place'],
 *   })
 *   declare seat: models.Related<Seat>;
 * }
 * const tickets = await Ticket.objects.filter({ seat__guest: 'Ada' }).selectRelated('seat');
 * ```
 */
export class ForeignObject extends RelatedField {
  override readonly internalType: string = 'ForeignObject';
  declare readonly options: Readonly<PairOptions>;
  private ownCache: FieldCache | undefined;
  private ownRemoteCache: FieldCache | null | undefined;
  private sides: { readonly remote: Options; readonly own: Field; readonly other: Field } | undefined;

  /** @throws ValueError for lists that are empty or of different lengths. */
  constructor(to: ModelReference | ForeignObjectOptions, options?: Omit<ForeignObjectOptions, 'to'>) {
    super(
      options === undefined ? (to as ForeignObjectOptions) : ({ ...options, to } as ForeignObjectOptions),
    );
    onDeleteOf(this.options.onDelete);
    const { fromFields, toFields } = this.options;
    if (fromFields !== undefined && (fromFields.length === 0 || fromFields.length !== toFields?.length)) {
      throw new ValueError('Foreign Object from and to fields must be the same non-zero length');
    }
  }

  /** What becomes of a row when the one that it refers to is deleted. */
  get onDelete(): OnDelete {
    return onDeleteOf(this.options.onDelete);
  }

  override get concrete(): boolean {
    return false;
  }

  override contributeTo(model: Options, name: string): void {
    super.contributeTo(model, name);
    this.ownCache = undefined;
    this.ownRemoteCache = undefined;
    this.sides = undefined;
  }

  /** What instances keep of the row that they refer to. */
  get cache(): FieldCache {
    this.ownCache ??= this.newCache(camelCase(this.name));
    return this.ownCache;
  }

  protected newCache(name: string): FieldCache {
    return new TupleCache(name, this);
  }

  /** What the row that is referred to keeps of the one that refers; undefined where there may be many. */
  get remoteCache(): FieldCache | undefined {
    if (!this.unique) return undefined;
    if (this.ownRemoteCache === undefined) {
      const { Relation } = require('./reverse_related') as typeof import('./reverse_related');
      const relation = new Relation(this);
      this.ownRemoteCache = relation.isHidden ? null : relation.cache;
    }
    return this.ownRemoteCache ?? undefined;
  }

  /** Whether the field is its model's link to a parent. */
  get parentLink(): boolean {
    return false;
  }

  /** The database knows nothing of it. */
  override get dbConstraint(): boolean {
    return false;
  }

  /** The fields that are equal of related rows. @throws FieldDoesNotExist. */
  get relatedPairs(): readonly RelatedPair[] {
    const own = membersOf(this.sourceField);
    return membersOf(this.targetField).map((other, at): RelatedPair => [own[at] as Field, other]);
  }

  /** The fields of this model that say which row is meant; several are a tuple. */
  get sourceField(): Field {
    return this.resolved.own;
  }

  /** The fields that it refers to. */
  get targetField(): Field {
    return this.resolved.other;
  }

  private get resolved(): { readonly own: Field; readonly other: Field } {
    const { remoteModel: remote, model } = this;
    if (this.sides?.remote !== remote) {
      const { fromFields = [], toFields = [] } = this.options;
      const fieldsOf = (of: Options, names: readonly string[]): Field[] =>
        names.map((name) => of.fieldsByProperty.get(name) ?? of.getField(name));
      this.sides = {
        remote,
        own: together(this, fieldsOf(model, fromFields)),
        other: together(this, fieldsOf(remote, toFields)),
      };
    }
    return this.sides;
  }

  override valueIn(instance: object): unknown {
    return this.sourceField.valueIn(instance);
  }

  /** The field of this model that has the value of one that it refers to; undefined where none has. */
  ownFor(target: Field): Field | undefined {
    const { relatedPairs, sourceField } = this;
    const own = membersOf(target).map(
      ({ column }) => relatedPairs.find(([, other]) => other.column === column)?.[0],
    );
    if (!own.every((field) => field !== undefined)) return undefined;
    const all = membersOf(sourceField);
    const isAll = own.length === all.length && own.every((field, at) => field === all[at]);
    return isAll ? sourceField : together(this, own);
  }

  /** A key, which may have several parts, as values of properties. */
  valuesFor(key: unknown): Record<string, unknown> {
    const parts = this.sourceField instanceof FieldGroup ? (key as readonly unknown[]) : [key];
    return Object.fromEntries(this.relatedPairs.map(([own], at) => [own.property, parts[at]]));
  }

  /** The columns of rows that refer to a row, or to none, and their values. */
  columnsFor(row: unknown): (readonly [own: Field, value: unknown])[] {
    return this.relatedPairs.map(([own, other]) => [own, row === null ? null : other.valueIn(row as object)]);
  }

  override dbType(_connection: DatabaseWrapper): string | null {
    return null;
  }

  override validate(_value: unknown, _instance?: object): void {}
}

/** What a ForeignKey takes. */
export interface ForeignKeyOptions extends RelatedFieldOptions {
  /** What becomes of a row when the one that it refers to is deleted: `models.CASCADE`, or its name. */
  onDelete: OnDelete | OnDeleteName;
  /** The field is a model's link to the parent that it extends. */
  parentLink?: boolean;
  /** The field that it refers to; default: the primary key. */
  toField?: string;
}

/** Many rows refer to one. The column is `<name>_id`, and indexed. */
export class ForeignKey extends ForeignObject {
  override readonly internalType: string = 'ForeignKey';
  declare readonly options: Readonly<ForeignKeyOptions>;

  constructor(to: ModelReference | ForeignKeyOptions, options?: Omit<ForeignKeyOptions, 'to'>) {
    super(to as ModelReference, options as Omit<ForeignObjectOptions, 'to'>);
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, dbIndex: true, parentLink: false };
  }

  override deconstruct(): Deconstructed {
    const [name, path, args, { toField, ...kwargs }] = super.deconstruct();
    const isKey = this.modelOrNone !== undefined && this.targetField.primaryKey;
    return [name, path, args, { ...kwargs, ...(toField !== undefined && !isKey && { toField }) }];
  }

  /** What the database does itself on deletion is a part of the column's constraint. */
  override schemaOptions(): Record<string, unknown> {
    const { databaseAction } = this.onDelete;
    return { ...super.schemaOptions(), ...(databaseAction && { onDelete: databaseAction }) };
  }

  override get attname(): string {
    return `${this.name}_id`;
  }

  override get concrete(): boolean {
    return true;
  }

  override get sourceField(): Field {
    return this;
  }

  override ownFor(target: Field): Field | undefined {
    return target.column === this.targetField.column ? this : undefined;
  }

  override valueIn(instance: object): unknown {
    return (instance as Readonly<Record<string, unknown>>)[this.property] ?? null;
  }

  protected override newCache(name: string): FieldCache {
    return new FieldCache(name, this.property);
  }

  override get dbIndex(): boolean {
    return this.options.dbIndex ?? true;
  }

  override get dbConstraint(): boolean {
    return this.options.dbConstraint ?? true;
  }

  /** Whether the field is its model's link to a parent. */
  override get parentLink(): boolean {
    return this.options.parentLink ?? false;
  }

  /** The field that it refers to. */
  override get targetField(): Field {
    const { toField } = this.options;
    return toField === undefined ? this.remoteModel.pk : this.remoteModel.getField(toField);
  }

  /** A child's link is set when its parent's row is written. */
  override validate(value: unknown, instance?: object): void {
    if (!this.parentLink) super.validate(value, instance);
  }

  override dbParameters(connection: DatabaseWrapper): DbParameters {
    return { type: this.dbType(connection), check: null };
  }

  override dbType(connection: DatabaseWrapper): string | null {
    return this.targetField.relDbType(connection);
  }

  override relDbType(connection: DatabaseWrapper): string | null {
    return this.targetField.relDbType(connection);
  }

  override dbTypeSuffix(): string | null {
    return null;
  }

  override getPrepValue(value: unknown): unknown {
    return this.targetField.getPrepValue(this.keyOf(value));
  }

  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    return this.targetField.toDb(this.keyOf(value), connection);
  }

  override columnsFor(row: unknown): (readonly [own: Field, value: unknown])[] {
    return [[this, this.keyOf(row)]];
  }

  override lookupToDb(value: unknown, connection: DatabaseWrapper): unknown {
    return this.targetField.lookupToDb(this.keyOf(value), connection);
  }

  /**
   * What refers to a row: of an instance its key, anything else as it is.
   *
   * @throws ValueError for an instance of another model.
   */
  keyOf(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || !('pk' in value)) return value;
    const opts = (value.constructor as { _meta?: Options })._meta;
    if (opts === undefined) return value;
    if (opts.key !== this.toKey && !opts.isKindOf(this.remoteModel)) {
      throw new ValueError(
        `Cannot assign "${String(value)}": "${this.model.objectName}.${this.name}" must be a ` +
          `"${this.remoteModel.objectName}" instance.`,
      );
    }
    return (value as unknown as Record<string, unknown>)[this.targetField.property];
  }

  override fromDb(value: unknown, connection: DatabaseWrapper): unknown {
    return value === null || value === undefined ? null : this.targetField.fromDb(value, connection);
  }

  /** A row, or its key. */
  override saveFormData(instance: Model, data: unknown): void {
    const isKey = data !== null && typeof data !== 'object';
    (instance as unknown as Record<string, unknown>)[isKey ? this.property : this.cache.name] = data;
  }
}

/** A ForeignKey that no two rows share. */
export class OneToOneField extends ForeignKey {
  override readonly internalType = 'OneToOneField';

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, unique: true };
  }

  override get unique(): boolean {
    return true;
  }

  override schemaOptions(): Record<string, unknown> {
    return { ...super.schemaOptions(), unique: true };
  }
}

/** What a ManyToManyField takes. */
export interface ManyToManyOptions extends RelatedFieldOptions {
  /** The model of the table in between; default: one is made. */
  through?: ModelReference;
  /** The two foreign keys of that model to use: to this model, and to the other. */
  throughFields?: readonly [source: string, target: string];
  /** Of a relation to the model itself: whether it holds in both directions. Default: of `'self'` it does. */
  symmetrical?: boolean;
  dbTable?: string;
}

/** Many rows refer to many: a table of its own. */
export class ManyToManyField extends RelatedField {
  readonly internalType = 'ManyToManyField';
  declare readonly options: Readonly<ManyToManyOptions>;

  constructor(to: ModelReference | ManyToManyOptions, options?: Omit<ManyToManyOptions, 'to'>) {
    super(typeof to === 'object' ? to : ({ ...options, to } as ManyToManyOptions));
  }

  override dbType(): string | null {
    return null;
  }

  /** The model in between; made unless `through` names one. */
  get through(): Options {
    return this.model.throughOf(this);
  }

  /** Whether a relation to the model itself holds in both directions. */
  get symmetrical(): boolean {
    return this.options.symmetrical ?? this.options.to === 'self';
  }

  /** The rows, which are read when somebody waits for them; of an instance without a row there are none. */
  override valueFromObject(instance: Model): unknown {
    return instance.pk === null || instance.pk === undefined ? [] : this.managerOf(instance).all();
  }

  override saveFormData(instance: Model, data: unknown): Promise<void> {
    return this.managerOf(instance).set(data as Iterable<Model>);
  }

  private managerOf(instance: Model): ManyToManyManager<Model> {
    return (instance as unknown as Record<string, ManyToManyManager<Model>>)[
      this.property
    ] as ManyToManyManager<Model>;
  }

  /** Whether the table in between belongs to this field. */
  get hasOwnTable(): boolean {
    return this.options.through === undefined;
  }
}
