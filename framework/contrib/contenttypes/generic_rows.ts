/** The rows of a GenericRelation, for its manager. Django: `create_generic_related_manager`. */
import { ValueError } from '../../core/exceptions';
import type { Model } from '../../db/models/base';
import type { Field } from '../../db/models/fields/base';
import { peekState } from '../../db/models/model_state';
import type { Options } from '../../db/models/options';
import { Q } from '../../db/models/q';
import type { QuerySet } from '../../db/models/query';
import type { ManagerAccessor } from '../../db/models/related_managers/accessors';
import { fieldValue, modelOf, requireInstance, shown } from '../../db/models/related_managers/instances';
import { mapKey } from '../../db/models/related_managers/map_key';
import { ManagerPrefetcher, type PrefetchPlan, rowsOf } from '../../db/models/related_managers/prefetchers';
import {
  onDatabase,
  RelatedRows,
  type RowsManager,
  together,
  type Values,
} from '../../db/models/related_managers/rows';
import { isAdding } from '../../db/models/unique';
import { type MaybePromise, run, type Steps, then, wait } from '../../utils/maybe_promise';
import { camelCase } from '../../utils/module_loading';
import { contentTypeOf, relatedType, typeFilter } from './content_type_of';

/** What the rows have to know of their relation. */
interface Generic {
  readonly property: string;
  readonly keyField: Field;
  readonly typeField: Field;
  typeModelOf(model: Options): Options;
}

export class GenericRows extends RelatedRows {
  constructor(
    instance: Model,
    private readonly generic: Generic,
  ) {
    super(instance, generic.property);
  }

  /** A row without a key has no rows. */
  requireRead(): void {}

  private get typeModel(): Options {
    return this.generic.typeModelOf(modelOf(this.instance)._meta);
  }

  private get using(): string | undefined {
    return peekState(this.instance).db;
  }

  narrow(queryset: QuerySet<Model>): QuerySet<Model> {
    const { pk } = this.instance;
    if (pk === null || pk === undefined) return queryset.none();
    const { keyField, typeField } = this.generic;
    return queryset.filter({
      ...typeFilter(typeField.name, this.typeModel, this.using),
      [keyField.name]: pk,
    } as never);
  }

  override newValues(): MaybePromise<Values> {
    const { keyField, typeField } = this.generic;
    return then(relatedType(typeField, this.typeModel, this.using), (type) => ({
      [camelCase(typeField.name)]: type,
      [keyField.property]: this.instance.pk,
    }));
  }

  *add(manager: RowsManager, objs: readonly unknown[], { bulk = true }: Values): Steps<void> {
    this.forget();
    const values = yield* wait(this.newValues());
    for (const obj of objs) {
      requireInstance(obj, manager.model);
      if (bulk && isAdding(obj)) {
        throw new ValueError(`${shown(obj)} instance isn't saved. Use bulk=False or save the object first.`);
      }
      Object.assign(obj, values);
    }
    const rows = objs as readonly Model[];
    if (bulk) {
      const changed = manager.model._baseManager
        .using(manager.db)
        .filter({ pk__in: rows.map(({ pk }) => pk) } as never);
      yield* wait(changed.update(values as never));
      return;
    }
    yield* together(manager.db, function* () {
      for (const row of rows) yield* wait(row.save(onDatabase(manager.db)));
    });
  }

  /** Deletes the rows: they cannot refer to nothing. */
  *remove(manager: RowsManager, objs: readonly unknown[], options: Values): Steps<void> {
    if (objs.length === 0) return;
    const keys = (objs as readonly Model[]).map(({ pk }) => pk);
    yield* this.deleting(manager, manager.getQueryset().filter({ pk__in: keys } as never), options);
  }

  *clear(manager: RowsManager, options: Values): Steps<void> {
    yield* this.deleting(manager, manager.getQueryset(), options);
  }

  *replace(manager: RowsManager, objs: readonly unknown[], options: Values): Steps<void> {
    yield* together(manager.db, () => this.replacing(manager, objs as readonly Model[], options));
  }

  private *replacing(manager: RowsManager, objs: readonly Model[], options: Values): Steps<void> {
    if (options['clear']) {
      yield* this.clear(manager, {});
      yield* this.add(manager, objs, options);
      return;
    }
    const before = yield* wait(manager.getQueryset().using(manager.db).fetch());
    const old = new Map(before.map((row) => [mapKey(row.pk), row]));
    const added = objs.filter((obj) => !old.delete(mapKey(obj.pk)));
    yield* this.remove(manager, [...old.values()], {});
    yield* this.add(manager, added, options);
  }

  private *deleting(manager: RowsManager, queryset: QuerySet<Model>, { bulk = true }: Values): Steps<void> {
    this.forget();
    const rows = queryset.using(manager.db);
    if (bulk) {
      yield* wait(rows.delete());
      return;
    }
    yield* together(manager.db, function* () {
      for (const row of yield* wait(rows.fetch())) yield* wait(row.delete(onDatabase(manager.db)));
    });
  }
}

/** Reads the rows of many instances. */
export class GenericPrefetcher extends ManagerPrefetcher {
  constructor(
    accessor: ManagerAccessor,
    private readonly generic: Generic,
  ) {
    super(accessor);
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
    const { keyField, typeField } = this.generic;
    const first = instances[0] as Model;
    /** The keys by content type: those of a proxy may have another. */
    const keys = new Map<number, unknown[]>();
    const types = new Map<Model, number>();
    for (const instance of instances) {
      const model = this.generic.typeModelOf(modelOf(instance)._meta);
      const { id } = yield* wait(contentTypeOf(model, peekState(first).db));
      types.set(instance, id);
      keys.set(id, [...(keys.get(id) ?? []), instance.pk]);
    }
    const condition = [...keys]
      .map(([id, all]) => new Q({ [typeField.name]: id, [`${keyField.name}__in`]: all }))
      .reduce((either, next) => either.or(next));
    const all = querysets?.[0] ?? this.accessor.get(first).unrelatedQueryset();
    const { pk } = modelOf(first)._meta;
    const keyOf = (id: unknown, key: unknown): string => `${String(id)} ${String(mapKey(key))}`;
    return {
      ...rowsOf(all.filter(condition)),
      rowKey: (row) => keyOf(fieldValue(row, typeField), pk.toPython(fieldValue(row, keyField))),
      instanceKey: (instance) => keyOf(types.get(instance), instance.pk),
    };
  }
}
