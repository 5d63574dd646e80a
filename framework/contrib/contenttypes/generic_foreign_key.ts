/** A row of any model, by its content type and its key. Django: `GenericForeignKey`. */
import type { CheckMessage, DatabaseCheckOptions } from '../../core/checks/messages';
import { ValueError } from '../../core/exceptions';
import type { DatabaseWrapper } from '../../db/backends/base/base';
import { Model, type ModelClass } from '../../db/models/base';
import { classOf } from '../../db/models/classes';
import type { Fetcher } from '../../db/models/fetch_modes';
import { fetchFor, whileUnderway } from '../../db/models/fetching';
import type { Field } from '../../db/models/fields/base';
import { FieldCache } from '../../db/models/fields/mixins';
import { PrivateField } from '../../db/models/fields/private';
import { peekState } from '../../db/models/model_state';
import type { Options } from '../../db/models/options';
import type { QuerySet } from '../../db/models/query';
import { fieldValue, modelOf, shown } from '../../db/models/related_managers/instances';
import { mapKey } from '../../db/models/related_managers/map_key';
import type { Prefetcher, PrefetchPlan } from '../../db/models/related_managers/prefetchers';
import { snakeCase } from '../../db/models/sql/names';
import { LazyPromise } from '../../utils/lazy_promise';
import { isPromise, type MaybePromise, run, type Steps, then, wait } from '../../utils/maybe_promise';
import { camelCase } from '../../utils/module_loading';
import { contentTypeOf, relatedType } from './content_type_of';
import { ContentType } from './models';

/** What a GenericForeignKey takes. */
export interface GenericForeignKeyOptions {
  /** The foreign key to ContentType. Default: `contentType`. */
  ctField?: string;
  /** The field with the key. Default: `objectId`. */
  fkField?: string;
  /** False: rows of a proxy are of the proxy's content type, not of that of the model whose rows it shows. */
  forConcreteModel?: boolean;
}

type Values = Record<string, unknown>;

/** What instances keep: valid for the content type and the key that it was kept with. */
class GenericCache extends FieldCache {
  constructor(private readonly field: GenericForeignKey) {
    super(field.property);
  }

  protected override keyIn(instance: object): unknown {
    const { typeField, keyField } = this.field;
    return `${String(fieldValue(instance, typeField))} ${String(mapKey(fieldValue(instance, keyField)))}`;
  }
}

/**
 * A row of any model. Two fields say which: a foreign key to ContentType, and one for the key.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/contenttypes/#generic-relations
 */
export class GenericForeignKey extends PrivateField implements Fetcher, Prefetcher {
  readonly single = true;
  private ownCache: GenericCache | undefined;
  /** The content types that are still being read for instances that have got a row. */
  private readonly pending = new WeakMap<object, Promise<void>>();

  private readonly generic: GenericForeignKeyOptions;

  constructor(
    ctField: string | GenericForeignKeyOptions = {},
    fkField?: string,
    options: GenericForeignKeyOptions = {},
  ) {
    super({ editable: false });
    this.generic =
      typeof ctField === 'string'
        ? { ...options, ctField, ...(fkField !== undefined && { fkField }) }
        : { ...ctField };
  }

  /** The name of the foreign key to ContentType. */
  get ctField(): string {
    return this.generic.ctField ?? 'contentType';
  }

  /** The name of the field with the key. */
  get fkField(): string {
    return this.generic.fkField ?? 'objectId';
  }

  /** The foreign key to ContentType. */
  get typeField(): Field {
    return this.model.getField(snakeCase(this.ctField));
  }

  /** The field with the key. */
  get keyField(): Field {
    return this.model.getField(snakeCase(this.fkField));
  }

  override check(options?: DatabaseCheckOptions): CheckMessage[] {
    const { checkGenericForeignKey } = require('./field_checks') as typeof import('./field_checks');
    return [...super.check(options), ...checkGenericForeignKey(this)];
  }

  private get cache(): GenericCache {
    this.ownCache ??= new GenericCache(this);
    return this.ownCache;
  }

  override contributeTo(model: Options, name: string): void {
    super.contributeTo(model, name);
    this.ownCache = undefined;
  }

  override defineProperty(prototype: object): void {
    const field = this;
    Object.defineProperty(prototype, this.property, {
      configurable: true,
      get(this: Model): unknown {
        return field.get(this);
      },
      set(this: Model, value: unknown) {
        field.set(this, value);
      },
    });
  }

  /** The row where it is known, null where there is none, a promise where it has to be read. */
  get(instance: Model): Model | null | Promise<Model | null> {
    const known = this.cache.get(instance);
    if (known !== undefined) return known;
    if (this.isNull(instance)) return null;
    return new LazyPromise(() => this.load(instance));
  }

  private load(instance: Model): MaybePromise<Model | null> {
    const known = this.cache.get(instance);
    if (known !== undefined) return known;
    return then(fetchFor(this, instance), () => this.cache.get(instance) ?? null);
  }

  /** @throws ValueError for what is no row. */
  set(instance: Model, value: unknown): void {
    const values = instance as unknown as Values;
    if (value === null || value === undefined) {
      values[camelCase(this.typeField.name)] = null;
      values[this.keyField.property] = null;
      this.cache.set(instance, null);
      return;
    }
    if (!(value instanceof Model)) {
      throw new ValueError(`Cannot assign "${shown(value)}": "${this.toString()}" must be a row of a model.`);
    }
    values[this.keyField.property] = value.pk;
    const type = relatedType(this.typeField, this.optionsOf(value), peekState(value).db);
    const keep = (found: Model): void => {
      values[camelCase(this.typeField.name)] = found;
      this.cache.set(instance, value);
    };
    if (!isPromise(type)) keep(type);
    else {
      this.cache.set(instance, value);
      const reading = type.then(keep);
      // Saving waits for it, and meets its failure.
      reading.catch(() => undefined);
      this.pending.set(instance, reading);
    }
  }

  override relatedRow(instance: object): Model | null | undefined {
    return this.cache.get(instance);
  }

  override get groupFields(): readonly Field[] {
    return [this.typeField, this.keyField];
  }

  override beforeSave(instance: Model, _connection: DatabaseWrapper): MaybePromise<void> {
    return this.pending.get(instance);
  }

  private optionsOf(row: Model): Options {
    const { _meta: meta } = modelOf(row);
    return (this.generic.forConcreteModel ?? true) ? meta.concreteModel : meta;
  }

  private isNull(instance: object): boolean {
    return fieldValue(instance, this.typeField) === null || fieldValue(instance, this.keyField) === null;
  }

  // Fetcher -------------------------------------------------------------------------------------------------

  isMissing(instance: object): boolean {
    return !this.isNull(instance) && !this.cache.has(instance);
  }

  fetchOne(instance: object): MaybePromise<void> {
    return this.fetchMany([instance]);
  }

  fetchMany(instances: readonly object[]): MaybePromise<void> {
    const all = instances as readonly Model[];
    return whileUnderway(this.name, instances, run(this.fetching(all)));
  }

  private *fetching(instances: readonly Model[]): Steps<void> {
    const plan = yield* this.planning(instances, undefined);
    const byKey = new Map((yield* wait(plan.rows())).map((row) => [plan.rowKey(row), row]));
    for (const instance of instances) {
      this.cache.set(instance, byKey.get(plan.instanceKey(instance)) ?? null);
    }
  }

  // Prefetcher ----------------------------------------------------------------------------------------------

  override prefetcher(): Prefetcher {
    return this;
  }

  isFetched(instance: Model): boolean {
    return this.cache.has(instance);
  }

  fetched(instance: Model): Model | null {
    return this.cache.get(instance) ?? null;
  }

  keep(instance: Model, [row]: readonly Model[]): void {
    this.cache.set(instance, row ?? null);
  }

  plan(
    instances: readonly Model[],
    querysets: readonly QuerySet<Model>[] | undefined,
  ): MaybePromise<PrefetchPlan> {
    return run(this.planning(instances, querysets));
  }

  private *planning(
    instances: readonly Model[],
    querysets: readonly QuerySet<Model>[] | undefined,
  ): Steps<PrefetchPlan> {
    const given = new Map<number, QuerySet<Model>>();
    for (const queryset of querysets ?? []) {
      const { id } = yield* wait(contentTypeOf(queryset.query.model, queryset.db));
      if (given.has(id)) throw new ValueError('Only one queryset is allowed for each content type.');
      given.set(id, queryset);
    }
    /** The keys by content type. */
    const wanted = new Map<number, Map<unknown, unknown>>();
    for (const instance of instances) {
      if (this.isNull(instance)) continue;
      const id = fieldValue(instance, this.typeField) as number;
      const key = fieldValue(instance, this.keyField);
      wanted.set(id, (wanted.get(id) ?? new Map<unknown, unknown>()).set(mapKey(key), key));
    }
    const using = peekState(instances[0] as Model).db;
    const models = new Map<number, ModelClass>();
    const found: { id: number; row: Model }[] = [];
    for (const [id, keys] of wanted) {
      const type = yield* wait(ContentType.objects.dbManager(using).forId(id));
      // Of the same registry: in the code of migrations the row is one of the past, too.
      const model = this.model.registry.find(`${type.appLabel}.${type.model}`);
      if (model === undefined) continue;
      const cls = classOf(model);
      models.set(id, cls);
      const rows = (given.get(id) ?? cls._baseManager.using(using)).filter({
        pk__in: [...keys.values()],
      } as never);
      for (const row of yield* wait(rows._fetchAll())) found.push({ id, row });
    }
    const ids = new Map(found.map(({ id, row }) => [row, id]));
    const keyOf = (id: unknown, key: unknown): string => `${String(id)} ${String(mapKey(key))}`;
    return {
      lookups: [],
      rows: () => found.map(({ row }) => row),
      rowKey: (row) => keyOf(ids.get(row), row.pk),
      instanceKey: (instance) => {
        const id = fieldValue(instance, this.typeField);
        const cls = models.get(id as number);
        if (cls === undefined || this.isNull(instance)) return null;
        // The key is often kept as text.
        return keyOf(id, cls._meta.pk.toPython(fieldValue(instance, this.keyField)));
      },
    };
  }
}
