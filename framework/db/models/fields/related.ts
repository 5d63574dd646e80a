/**
 * Fields that refer to other models. Django: `django.db.models.fields.related`.
 */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Model } from '../base';
import type { OnDelete, OnDeleteName } from '../on_delete';
import type { Options } from '../options';
import type { ManyToManyManager } from '../related_managers/types';
import type { DbParameters, Field } from './base';
import type { Deconstructed } from './deconstruct';
import { ForeignObject, type ForeignObjectOptions } from './foreign_object';
import { FieldCache } from './mixins';
import { type ModelReference, RelatedField, type RelatedFieldOptions } from './related_field';

export { ForeignObject, type ForeignObjectOptions } from './foreign_object';
export {
  type LimitChoicesTo,
  type ModelReference,
  RelatedField,
  type RelatedFieldOptions,
  referenceKey,
  relationKey,
} from './related_field';

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
    return [
      name,
      path,
      args,
      { ...kwargs, ...(toField !== undefined && !this.isKey(toField as string) && { toField }) },
    ];
  }

  /** Whether a field is the key of the model that it refers to, which may not be there yet. */
  private isKey(name: string): boolean {
    const model = this.modelOrNone?.registry.find(this.toKey);
    return model?.getField(name).primaryKey ?? false;
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
    const { collation = null } = this.targetField.dbParameters(connection);
    return { type: this.dbType(connection), check: null, collation };
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
