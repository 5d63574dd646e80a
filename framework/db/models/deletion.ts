/**
 * Deleting rows, and what refers to them. Django: `django.db.models.deletion`. As in Django, the tables know nothing of
 * it, but for what DB_CASCADE and its like say: `delete()` finds what refers to a row and carries out its `onDelete`.
 */
import { forEach, type MaybePromise, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import type { Model } from './base';
import { inBatches } from './batches';
import { classOf } from './classes';
import { bulkRelated, referencedNames, referring } from './deletion_relations';
import {
  InstanceSet,
  isRowSource,
  optionsOf,
  parentInstance,
  RelatedRows,
  type RowSource,
  type Rows,
} from './deletion_rows';
import { type Deleted, runDeletion } from './deletion_run';
import { FETCH_PEERS } from './fetch_modes';
import type { ForeignObject } from './fields/related';
import { fetchRows } from './iterables';
import { modelReader } from './model_rows';
import { CASCADE, type OnDelete, ProtectedError, RestrictedError } from './on_delete';
import type { Options } from './options';
import { Q } from './q';
import { postDelete, preDelete } from './signals';

export type { RowSource, Rows } from './deletion_rows';
export type { Deleted } from './deletion_run';
export * from './on_delete';

/** What led to rows, and what follows from them. */
export interface CollectOptions {
  /** The model whose rows brought these along. */
  source?: Options;
  /** The field that led here takes NULL: the order of deletion does not matter. */
  nullable?: boolean;
  /** False: nothing that refers to the rows is looked for. */
  collectRelated?: boolean;
  /** The source goes before the rows, not after. */
  reverseDependency?: boolean;
  /** The rows of parent models stay. */
  keepParents?: boolean;
  /** False: whether RESTRICT allows it is asked by whoever began. */
  failOnRestricted?: boolean;
  /** The field through which the rows refer to those of the source. */
  field?: ForeignObject;
}

/** A value that a field of rows gets. */
export interface FieldUpdate {
  readonly field: ForeignObject;
  readonly value: unknown;
  readonly rows: Rows[];
}

const READING = { mode: FETCH_PEERS, known: [] };

/** Finds everything that goes with rows, and deletes it. */
export class Collector {
  /** The instances to delete, by model. */
  readonly data = new Map<Options, InstanceSet>();
  /** What is deleted by its query, without being read. */
  readonly fastDeletes: RowSource[] = [];
  readonly fieldUpdates: FieldUpdate[] = [];
  /** What has to be deleted before a model: by concrete model. */
  readonly dependencies = new Map<Options, Set<Options>>();
  private readonly restricted = new Map<Options, Map<ForeignObject, InstanceSet>>();

  constructor(
    readonly connection: DatabaseWrapper,
    /** The instance or QuerySet whose `delete()` it is; signals tell it. */
    readonly origin?: unknown,
    /** Everything is read, also what could be deleted unseen: to show it. */
    readonly forceCollection = false,
  ) {}

  /**
   * Adds rows, and what refers to them.
   *
   * @throws ProtectedError, RestrictedError.
   */
  collect(rows: Rows, options: CollectOptions = {}): MaybePromise<void> {
    if (!isRowSource(rows)) return this.collectInstances(rows, options);
    if (this.canFastDelete(rows.model._meta)) {
      this.fastDeletes.push(rows);
      return undefined;
    }
    return then(this.read(rows), (found) => this.collectInstances(found, options));
  }

  /** Deletes what is collected. */
  delete(): MaybePromise<Deleted> {
    return runDeletion(this);
  }

  // For the handlers of onDelete ------------------------------------------------------------------------------

  /** A field of these rows gets a value before anything is deleted. */
  addFieldUpdate(field: ForeignObject, value: unknown, rows: Rows): void {
    let update = this.fieldUpdates.find((each) => each.field === field && Object.is(each.value, value));
    if (update === undefined) {
      update = { field, value, rows: [] };
      this.fieldUpdates.push(update);
    }
    update.rows.push(rows);
  }

  /** These rows refer to deleted ones, and may only be there at the end if they are deleted, too. */
  addRestrictedObjects(field: ForeignObject, rows: readonly Model[]): void {
    const [first] = rows;
    if (first === undefined) return;
    const byField = entry(this.restricted, optionsOf(first), () => new Map<ForeignObject, InstanceSet>());
    const known = entry(byField, field, () => new InstanceSet());
    for (const row of rows) known.add(row);
  }

  /** Rows of `dependency` are deleted before those of `model`. */
  addDependency(model: Options, dependency: Options, reverse = false): void {
    const [later, earlier] = reverse ? [dependency, model] : [model, dependency];
    entry(this.dependencies, later.concreteModel, () => new Set<Options>()).add(earlier.concreteModel);
    entry(this.data, earlier, () => new InstanceSet());
  }

  // Collecting ------------------------------------------------------------------------------------------------

  /** For whoever shows what goes: rows that were found, and how. */
  protected noteFound(_rows: readonly Model[], _options: CollectOptions): void {}

  private collectInstances(rows: readonly Model[], options: CollectOptions): MaybePromise<void> {
    this.noteFound(rows, options);
    const fresh = this.add(rows, options);
    const [first] = fresh;
    if (first === undefined) return undefined;
    const model = optionsOf(first);
    return then(this.collectParents(model, fresh, options), () => {
      if (options.collectRelated === false) return undefined;
      return then(this.collectRelated(model, fresh, options.keepParents ?? false), () =>
        options.failOnRestricted === false ? undefined : this.checkRestricted(model),
      );
    });
  }

  /** Adds the rows of parent models; what refers to them is found with the child's. */
  private collectParents(
    model: Options,
    rows: readonly Model[],
    { keepParents }: CollectOptions,
  ): MaybePromise<void> {
    if (keepParents) return undefined;
    const links = [...model.concreteModel.parents].filter(([, link]) => link !== undefined);
    return forEach(links, ([parent]) =>
      this.collectInstances(
        rows.map((row) => parentInstance(row, parent)),
        { source: model, collectRelated: false, reverseDependency: true, failOnRestricted: false },
      ),
    );
  }

  /** Adds instances; those that were not there are returned. */
  private add(rows: readonly Model[], { source, nullable, reverseDependency }: CollectOptions): Model[] {
    const [first] = rows;
    if (first === undefined) return [];
    const model = optionsOf(first);
    const known = entry(this.data, model, () => new InstanceSet());
    const fresh = rows.filter((row) => known.add(row));
    // Who refers through a field that takes NULL is nulled first: the order does not matter.
    if (source !== undefined && !nullable) this.addDependency(source, model, reverseDependency);
    return fresh;
  }

  private collectRelated(model: Options, rows: readonly Model[], keepParents: boolean): MaybePromise<void> {
    const fast = new Map<Options, [ForeignObject, ...ForeignObject[]]>();
    const refused = new Map<string, readonly Model[]>();
    const fields = referring(model, keepParents);
    return then(
      forEach(fields, (field) => {
        const handler = this.handlerOf(field);
        if (handler === undefined) return undefined;
        if (!this.canFastDelete(field.model, field)) return this.handle(field, handler, rows, refused);
        const known = fast.get(field.model);
        if (known === undefined) fast.set(field.model, [field]);
        else known.push(field);
        return undefined;
      }),
      () => {
        if (refused.size > 0) throw new ProtectedError(...refusal(model, 'protected', refused));
        for (const keys of fast.values()) {
          for (const batch of this.batches(rows, keys)) this.fastDeletes.push(new RelatedRows(keys, batch));
        }
        return this.collectPrivate(model, rows);
      },
    );
  }

  /** What happens to rows that refer through a field; undefined: nothing that concerns us. */
  private handlerOf(field: ForeignObject): OnDelete | undefined {
    const { onDelete } = field;
    if (!onDelete.skipsCollection) return onDelete;
    return this.forceCollection ? onDelete.forcedCollector : undefined;
  }

  private handle(
    field: ForeignObject,
    handler: OnDelete,
    rows: readonly Model[],
    refused: Map<string, readonly Model[]>,
  ): MaybePromise<void> {
    const { alias } = this.connection;
    if (handler.lazy) return handler(this, field, new RelatedRows([field], rows), alias);
    return forEach(this.batches(rows, [field]), (batch) => {
      const related = new RelatedRows([field], batch);
      // Nobody sees these instances unless there are signals: what refers to them needs no more of them.
      if (!this.forceCollection && !this.hasListeners(field.model)) {
        related.only(referencedNames(field.model));
      }
      return then(this.read(related), (found) => {
        if (found.length === 0) return undefined;
        try {
          return handler(this, field, found, alias);
        } catch (error) {
          if (!(error instanceof ProtectedError)) throw error;
          const name = `'${field.model.objectName}.${field.name}'`;
          refused.set(name, [...(refused.get(name) ?? []), ...error.protectedObjects]);
          return undefined;
        }
      });
    });
  }

  private collectPrivate(model: Options, rows: readonly Model[]): MaybePromise<void> {
    return forEach(bulkRelated(model), (field) =>
      this.collect(field.bulkRelatedObjects(rows, this.connection.alias), {
        source: model,
        nullable: true,
        failOnRestricted: false,
      }),
    );
  }

  /** Whether rows can be deleted unseen: nothing cascades from them, and nobody listens. */
  canFastDelete(model: Options, from?: ForeignObject): boolean {
    if (this.forceCollection || (from !== undefined && from.onDelete !== CASCADE)) return false;
    return (
      !this.hasListeners(model) &&
      [...model.concreteModel.parents.values()].every((link) => link === from) &&
      referring(model).every((field) => field.onDelete.skipsCollection) &&
      bulkRelated(model).length === 0
    );
  }

  private hasListeners(model: Options): boolean {
    if (!preDelete.hasReceivers && !postDelete.hasReceivers) return false;
    const sender = classOf(model);
    return preDelete.hasListeners(sender) || postDelete.hasListeners(sender);
  }

  private read(rows: RowSource): MaybePromise<Model[]> {
    return fetchRows(rows.query, this.connection, modelReader(rows.model, classOf, READING));
  }

  private batches(rows: readonly Model[], fields: readonly ForeignObject[]): (readonly Model[])[] {
    return inBatches(rows, Math.max(this.connection.ops.bulkBatchSize(fields, rows.length), 1));
  }

  /** @throws RestrictedError if rows stay that refer through RESTRICT. */
  private checkRestricted(model: Options): MaybePromise<void> {
    if (this.restricted.size === 0) return undefined;
    for (const [related, gone] of this.data) this.forget(related, gone);
    return then(
      forEach(this.fastDeletes, (rows) => this.forgetFastDeleted(rows)),
      () => {
        const refused = new Map<string, Model[]>();
        for (const [related, byField] of this.restricted) {
          for (const [field, rows] of byField) {
            if (rows.size > 0) refused.set(`'${related.objectName}.${field.name}'`, rows.values());
          }
        }
        if (refused.size > 0) throw new RestrictedError(...refusal(model, 'restricted', refused));
      },
    );
  }

  private forget(model: Options, gone: InstanceSet): void {
    const byField = this.restricted.get(model);
    if (byField === undefined) return;
    for (const [field, rows] of byField) byField.set(field, rows.without(gone));
  }

  /** Rows that a fast delete finds are no hindrance. */
  private forgetFastDeleted(rows: RowSource): MaybePromise<void> {
    const model = rows.model._meta;
    const keys = [...(this.restricted.get(model)?.values() ?? [])].flatMap((known) =>
      known.values().map((row) => row.pk),
    );
    if (keys.length === 0) return undefined;
    const query = rows.query.chain();
    query.addQ(Q.create([['pk__in', keys]]));
    return then(this.read({ model: rows.model, query }), (found) => {
      const gone = new InstanceSet();
      for (const row of found) gone.add(row);
      this.forget(model, gone);
    });
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** What an error says of the rows that refuse a deletion: by the fields through which they refer. */
function refusal(
  model: Options,
  how: 'protected' | 'restricted',
  refused: ReadonlyMap<string, readonly Model[]>,
): [message: string, rows: ReadonlySet<Model>] {
  const message =
    `Cannot delete some instances of model '${model.objectName}' because they are referenced through ${how} ` +
    `foreign keys: ${[...refused.keys()].join(', ')}.`;
  return [message, new Set([...refused.values()].flat())];
}
