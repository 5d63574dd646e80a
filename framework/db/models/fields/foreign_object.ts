/** Relations by the values of other fields. Django: `ForeignObject`. */
import { ValueError } from '../../../core/exceptions';
import { camelCase } from '../../../utils/module_loading';
import type { DatabaseWrapper } from '../../backends/base/base';
import { type OnDelete, type OnDeleteName, onDeleteOf } from '../on_delete';
import type { Options } from '../options';
import type { Field } from './base';
import { FieldGroup, membersOf, together } from './group';
import { type FieldCache, TupleCache } from './mixins';
import { type ModelReference, RelatedField, type RelatedFieldOptions } from './related_field';

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
