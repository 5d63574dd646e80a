/** Many rows in few statements. Django: `QuerySet.bulk_create`, `bulk_update`. */
import { ValueError } from '../../core/exceptions';
import { forEach, type MaybePromise, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { NotSupportedError } from '../errors';
import type { Model } from './base';
import { inBatches } from './batches';
import { ValueByKey } from './expressions/value_by_key';
import { Field } from './fields/base';
import { ManyToManyField } from './fields/related';
import type { Options } from './options';
import { placeLast } from './order_with_respect_to';
import { Q } from './q';
import type { QuerySet } from './query';
import { prepareRelatedFieldsForSave } from './related_fields';
import { assign, generatedFields, hasValue, insertedFields, read, savedValue, write } from './save_table';
import { insertRows, type OnConflict } from './sql/compiler/insert';
import { updateInTables } from './sql/compiler/update_parents';
import { findNamed, type Named } from './sql/names';

/** What a QuerySet has that is needed here. */
type Queries<T extends Model> = Pick<QuerySet<T, unknown, never>, 'model' | 'connection' | 'query'>;

/** How `bulkCreate` writes. */
export interface BulkCreateOptions {
  /** How many rows a statement has. Default: as many as the database takes. */
  batchSize?: number | null;
  /** Rows that would break a unique constraint are left out; no instance gets its key then. */
  ignoreConflicts?: boolean;
  /** Rows that would break one are updated: their `updateFields`. */
  updateConflicts?: boolean;
  /** The fields that a row gets from the instance where it is there already. */
  updateFields?: readonly string[] | null;
  /** The fields of the unique constraint. Not on MySQL, which looks at all of them. */
  uniqueFields?: readonly string[] | null;
}

/** How `bulkUpdate` writes. */
export interface BulkUpdateOptions {
  batchSize?: number | null;
}

/** Inserts instances. No `save` is called and no signal is sent. @throws as `QuerySet.bulkCreate` says. */
export function bulkCreate<T extends Model>(
  queries: Queries<T>,
  objs: Iterable<T>,
  options: BulkCreateOptions,
): MaybePromise<T[]> {
  checkBatchSize(options.batchSize);
  const model = queries.model._meta.concreteModel;
  if (model.allParents.length > 0) {
    throw new ValueError("Can't bulk create a multi-table inherited model");
  }
  const all = [...objs];
  if (all.length === 0) return all;
  const connection = queries.connection();
  return then(connection.learnFeatures(), () => {
    const conflict = conflictOf(model, options, connection);
    const { pk } = model;
    for (const each of all) {
      if (!hasValue(read(each, pk)) && pk.hasDefault) write(each, pk, pk.getDefault());
      prepareRelatedFieldsForSave(each, 'bulkCreate');
    }
    const keyed = all.filter((each) => hasValue(read(each, pk)));
    const keyless = keyed.length === all.length ? [] : all.filter((each) => !hasValue(read(each, pk)));
    const inserting = { connection, conflict, batchSize: options.batchSize ?? undefined };
    const groups = [keyed, keyless].filter((group) => group.length > 0);
    const run = (): MaybePromise<void> =>
      then(placeLast(model, all, connection), () =>
        forEach(groups, (group) => insertInBatches(model, group, inserting)),
      );
    return then(groups.length > 1 ? connection.atomic(run, { savepoint: false }) : run(), () => all);
  });
}

interface Inserting {
  readonly connection: DatabaseWrapper;
  readonly conflict: OnConflict | undefined;
  readonly batchSize: number | undefined;
}

/** Inserts instances that all have a key, or all have none. */
function insertInBatches(
  model: Options,
  objs: readonly Model[],
  { connection, conflict, batchSize }: Inserting,
): MaybePromise<void> {
  const { pk } = model;
  const hasKey = hasValue(read(objs[0] as Model, pk));
  const fields = insertedFields(model, hasKey || !pk.isAuto);
  const returning = conflict?.ignore ? [] : [...(hasKey ? [] : [pk]), ...generatedFields(model)];
  const size = Math.min(
    batchSize ?? Number.POSITIVE_INFINITY,
    connection.ops.bulkBatchSize(fields, objs.length),
  );
  const batches = inBatches(objs, size);
  const insert = (batch: readonly Model[]): MaybePromise<void> => {
    const rows = batch.map((each) => fields.map((field) => savedValue(each, field, true)));
    return then(insertRows(model, fields, rows, connection, { ...conflict, returning }), (result) => {
      if (returning.length > 0) take(batch, returning, result, connection);
      for (const { _state: state } of batch) {
        state.adding = false;
        state.db = connection.alias;
      }
    });
  };
  const run = (): MaybePromise<void> =>
    then(
      forEach(model.fieldsBeforeSave, (field) =>
        forEach(objs, (each) => field.beforeSave?.(each, connection)),
      ),
      () => forEach(batches, insert),
    );
  return batches.length > 1 ? connection.atomic(run, { savepoint: false }) : run();
}

/** The instances learn what the database made; where it tells nothing of several rows, they do not. */
function take(
  batch: readonly Model[],
  returning: readonly Field[],
  { rows, insertId }: { rows: readonly Record<string, unknown>[]; insertId?: number | bigint },
  connection: DatabaseWrapper,
): void {
  const [only] = returning;
  if (rows.length === batch.length) {
    for (let at = 0; at < batch.length; at++) assign(batch[at] as Model, returning, rows[at], connection);
  } else if (batch.length === 1 && returning.length === 1 && only?.isAuto && insertId !== undefined) {
    write(batch[0] as Model, only, only.fromDb(insertId, connection));
  }
}

function checkBatchSize(size: number | null | undefined): void {
  if (size !== null && size !== undefined && !(size > 0)) {
    throw new ValueError('Batch size must be a positive integer.');
  }
}

/** What happens to rows that are there. @throws ValueError, NotSupportedError for what cannot be. */
function conflictOf(
  model: Options,
  options: BulkCreateOptions,
  connection: DatabaseWrapper,
): OnConflict | undefined {
  const { ignoreConflicts = false, updateConflicts = false } = options;
  if (ignoreConflicts && updateConflicts) {
    throw new ValueError('ignoreConflicts and updateConflicts are mutually exclusive.');
  }
  if (ignoreConflicts) return { ignore: true };
  if (!updateConflicts) return undefined;
  const hasTarget = connection.vendor !== 'mysql';
  const update = (options.updateFields ?? []).map((name) => fieldNamed(model, name));
  const unique = (options.uniqueFields ?? []).map((name) => fieldNamed(model, name));
  if (update.length === 0) {
    throw new ValueError(
      'Fields that will be updated when a row insertion fails on conflicts must be provided.',
    );
  }
  if (unique.length > 0 && !hasTarget) {
    throw new NotSupportedError(
      'This database backend does not support updating conflicts with specifying unique fields that can trigger ' +
        'the upsert.',
    );
  }
  if (unique.length === 0 && hasTarget) {
    throw new ValueError('Unique fields that can trigger the upsert must be provided.');
  }
  if (!update.every(isConcrete)) {
    throw new ValueError('bulkCreate() can only be used with concrete fields in updateFields.');
  }
  if (update.some((field) => field.primaryKey)) {
    throw new ValueError('bulkCreate() cannot be used with primary keys in updateFields.');
  }
  if (!unique.every(isConcrete)) {
    throw new ValueError('bulkCreate() can only be used with concrete fields in uniqueFields.');
  }
  return { update, unique };
}

/** A field by its name in either spelling. @throws FieldDoesNotExist. */
function fieldNamed(model: Options, name: string): Named {
  return findNamed(model, name) ?? model.getField(name);
}

function isConcrete(named: Named): named is Field {
  return named instanceof Field && named.concrete && !(named instanceof ManyToManyField);
}

/** Writes fields of instances. No `save` is called and no signal is sent. @throws as `QuerySet.bulkUpdate` says. */
export function bulkUpdate<T extends Model>(
  queries: Queries<T>,
  objs: Iterable<T>,
  names: Iterable<string>,
  { batchSize }: BulkUpdateOptions,
): MaybePromise<number> {
  checkBatchSize(batchSize);
  const model = queries.model._meta;
  const fields = [...names].map((name) => fieldNamed(model, name));
  if (fields.length === 0) throw new ValueError('Field names must be given to bulkUpdate().');
  const all = [...objs];
  if (!all.every(({ pk }) => hasValue(pk))) {
    throw new ValueError('All bulkUpdate() objects must have a primary key set.');
  }
  if (!fields.every(isConcrete)) {
    throw new ValueError('bulkUpdate() can only be used with concrete fields.');
  }
  if (fields.some((field) => field.primaryKey)) {
    throw new ValueError('bulkUpdate() cannot be used with primary key fields.');
  }
  if (all.length === 0) return 0;
  for (const each of all) prepareRelatedFieldsForSave(each, 'bulkUpdate', fields);
  const connection = queries.connection();
  const { ops } = connection;
  // The key stands twice in the statement: in the condition, and beside each value.
  const largest = ops.bulkBatchSize([model.pk, model.pk, ...fields], all.length);
  const batches = inBatches(all, Math.min(batchSize ?? largest, largest));
  let updated = 0;
  const run = (): MaybePromise<void> =>
    forEach(batches, (batch) =>
      then(updateBatch(queries, batch, fields, connection), (count) => {
        updated += count;
      }),
    );
  const isAtomic = batches.length > 1 || connection.inAtomicBlock;
  return then(isAtomic ? connection.atomic(run, { savepoint: false }) : run(), () => updated);
}

function updateBatch(
  { query }: Queries<Model>,
  batch: readonly Model[],
  fields: readonly Field[],
  connection: DatabaseWrapper,
): MaybePromise<number> {
  const keys = batch.map(({ pk }) => pk);
  const values = fields.map(
    (field) =>
      [
        field,
        new ValueByKey(
          field,
          keys,
          batch.map((each) => read(each, field)),
        ),
      ] as const,
  );
  const rows = query.chain();
  rows.addQ(Q.create([['pk__in', keys]]));
  return updateInTables(rows, values, connection);
}
