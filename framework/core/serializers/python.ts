/**
 * Rows as plain objects, and back: what JSON and YAML are made of. Django: `django.core.serializers.python`;
 * https://docs.djangoproject.com/en/5.2/topics/serialization/
 */
import type { Model, ModelClass } from '../../db/models/base';
import { classOf } from '../../db/models/classes';
import type { Field } from '../../db/models/fields/base';
import { ForeignKey, ManyToManyField } from '../../db/models/fields/related';
import type { Options } from '../../db/models/options';
import { installedModels } from '../../db/models/registry';
import { prefetchedOf } from '../../db/models/related_managers/cache';
import { KeyError } from '../../python/errors';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import {
  Serializer as BaseSerializer,
  classOfRow,
  DeserializedObject,
  type DeserializeOptions,
  hasNaturalKey,
  naturalKeyOf,
} from './base';
import { DeserializationError, M2MDeserializationError, messageOf } from './errors';
import { buildInstance, DEFER_FIELD, deserializeFkValue, deserializeM2mValues } from './references';
import { valueFromField } from './values';

/** A row as a plain object. */
export interface SerializedObject {
  /** `app.model`. */
  model: string;
  /** Missing where a natural key stands for it. */
  pk?: unknown;
  /** The values by the names of their fields: `pub_date`. */
  fields: Record<string, unknown>;
}

/** Writes rows as plain objects. */
export class Serializer extends BaseSerializer {
  static override readonly internalUseOnly: boolean = true;
  protected current: Record<string, unknown> = {};
  private readonly objects: SerializedObject[] = [];

  protected override startSerialization(): void {}

  protected override startObject(): void {
    this.current = {};
  }

  protected override endObject(row: Model): void {
    this.emit(this.dumpObject(row));
  }

  /** Takes an object that is complete. */
  protected emit(object: SerializedObject): void {
    this.objects.push(object);
  }

  private dumpObject(row: Model): SerializedObject {
    const cls = classOfRow(row);
    const { key: model, pk } = cls._meta;
    const { current: fields } = this;
    if (this.options.useNaturalPrimaryKeys && hasNaturalKey(cls)) return { model, fields };
    return { model, pk: this.valueFromField(row, pk), fields };
  }

  /** The value of a field as the format has it. */
  protected valueFromField(row: Model, field: Field): unknown {
    return valueFromField(row, field);
  }

  protected override handleField(row: Model, field: Field): void {
    this.current[field.name] = this.valueFromField(row, field);
  }

  protected override handleFkField(row: Model, field: ForeignKey): MaybePromise<void> {
    const { current } = this;
    const isNatural = this.options.useNaturalForeignKeys && hasNaturalKey(classOf(field.remoteModel));
    if (!isNatural) {
      current[field.name] = this.valueFromField(row, field);
      return undefined;
    }
    // It has its place among the fields although it may come later.
    current[field.name] = null;
    return then(relatedRow(row, field), (related) =>
      then(related && naturalKeyOf(related), (key) => {
        current[field.name] = key ?? null;
      }),
    );
  }

  protected override async handleM2mField(row: Model, field: ManyToManyField): Promise<void> {
    if (!field.hasOwnTable) return;
    const { pk } = field.remoteModel;
    const isNatural = this.options.useNaturalForeignKeys && hasNaturalKey(classOf(field.remoteModel));
    const values: unknown[] = [];
    for (const related of await relatedRows(row, field, isNatural ? undefined : 'pk')) {
      values.push(isNatural ? await naturalKeyOf(related) : this.valueFromField(related, pk));
    }
    this.current[field.name] = values;
  }

  protected override getValue(): unknown {
    return this.objects;
  }
}

/** The row that a foreign key of another one refers to. */
export function relatedRow(row: Model, field: ForeignKey): MaybePromise<Model | null> {
  return (row as unknown as Record<string, MaybePromise<Model | null>>)[field.cache.name] ?? null;
}

interface RelatedManager {
  all(): { only(name: string): PromiseLike<Model[]> } & PromiseLike<Model[]>;
}

/** The rows of a many-to-many field: those that were prefetched, or those of a query, which may read their keys alone. */
export async function relatedRows(
  row: Model,
  field: ManyToManyField,
  only: 'pk' | undefined,
): Promise<Iterable<Model>> {
  const manager = (row as unknown as Record<string, RelatedManager>)[field.property] as RelatedManager;
  const isPrefetched = prefetchedOf(row, field.property) !== undefined;
  return only === undefined || isPrefetched ? manager.all() : manager.all().only(only);
}

/** The model `app.model`; undefined if there is none. */
export function findModel(identifier: unknown): ModelClass | undefined {
  if (typeof identifier !== 'string') return undefined;
  const [app = '', name = ''] = identifier.split('.');
  const found = installedModels.find(`${app}.${name.toLowerCase()}`);
  return found && classOf(found);
}

/** Makes instances of plain objects. */
export class Deserializer implements AsyncIterable<DeserializedObject> {
  private readonly models = new Map<unknown, ModelClass | undefined>();

  constructor(
    protected readonly objects: Iterable<unknown> | AsyncIterable<unknown>,
    protected readonly options: DeserializeOptions = {},
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<DeserializedObject, void, undefined> {
    for await (const object of this.objects) {
      const made = await this.handle(object);
      if (made !== undefined) yield made;
    }
  }

  private async handle(object: unknown): Promise<DeserializedObject | undefined> {
    try {
      return await this.instanceOf(asSerialized(object));
    } catch (error) {
      if (error instanceof DeserializationError) throw error;
      throw new DeserializationError(`Error deserializing object: ${messageOf(error)}`, { cause: error });
    }
  }

  private modelOf(identifier: unknown): ModelClass | undefined {
    if (!this.models.has(identifier)) this.models.set(identifier, findModel(identifier));
    return this.models.get(identifier);
  }

  private async instanceOf(object: SerializedObject): Promise<DeserializedObject | undefined> {
    const { using, ignorenonexistent = false } = this.options;
    const cls = this.modelOf(object.model);
    if (cls === undefined) {
      if (ignorenonexistent) return undefined;
      throw new DeserializationError(`Invalid model identifier: ${String(object.model)}`);
    }
    const { _meta: meta } = cls;
    const read = new ReadFields(object, this.options);
    if (object.pk !== undefined) read.key(meta);
    for (const [name, value] of Object.entries(object.fields)) {
      if (ignorenonexistent && !hasField(meta, name)) continue;
      await read.field(meta.getField(name), value);
    }
    const instance = await buildInstance(cls, read.values, using);
    return new DeserializedObject(instance, read.m2m, read.deferred);
  }
}

/** Whether a model has a field of that name, or a relation from the other side. */
export function hasField(meta: Options, name: string): boolean {
  return meta.hasField(name) || meta.getFields().some((field) => field.name === name);
}

/** Says what is missing of an object. */
function asSerialized(object: unknown): SerializedObject {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw new TypeError(`an object with "model" and "fields" is expected, not ${JSON.stringify(object)}`);
  }
  for (const name of ['model', 'fields']) if (!Object.hasOwn(object, name)) throw new KeyError(name);
  const { fields } = object as SerializedObject;
  if (typeof fields !== 'object' || fields === null) {
    throw new TypeError('"fields" has to be an object of values by their names');
  }
  return object as SerializedObject;
}

/** The values that were read of one object. */
export class ReadFields {
  readonly values: Record<string, unknown> = {};
  readonly m2m = new Map<string, readonly unknown[]>();
  readonly deferred = new Map<Field, unknown>();

  constructor(
    private readonly object: Pick<SerializedObject, 'model' | 'pk'>,
    private readonly options: DeserializeOptions,
  ) {}

  key({ pk }: Options): void {
    const { pk: value } = this.object;
    try {
      this.values[pk.property] = pk.toPython(value);
    } catch (error) {
      throw DeserializationError.withData(error, this.object.model, value, null);
    }
  }

  async field(field: Field, value: unknown): Promise<void> {
    const { using, handleForwardReferences = false } = this.options;
    try {
      if (field instanceof ManyToManyField) {
        const keys = await deserializeM2mValues(field, value, using, handleForwardReferences);
        if (keys === DEFER_FIELD) this.deferred.set(field, value);
        else this.m2m.set(field.property, keys);
      } else if (field instanceof ForeignKey) {
        const key = await deserializeFkValue(field, value, using, handleForwardReferences);
        if (key === DEFER_FIELD) this.deferred.set(field, value);
        else this.values[field.property] = key;
      } else this.values[field.property] = field.toPython(value);
    } catch (error) {
      const [cause, what] =
        error instanceof M2MDeserializationError ? [error.original, error.value] : [error, value];
      throw DeserializationError.withData(cause, this.object.model, this.object.pk, what);
    }
  }
}
