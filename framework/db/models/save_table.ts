/** How a row of one table is written. Django: `Model._save_table`, `_do_update`, `_do_insert`. */
import { ValueError } from '../../core/exceptions';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { once } from '../../utils/module_loading';
import type { DatabaseWrapper, Row } from '../backends/base/base';
import { DatabaseError } from '../errors';
import type { Model } from './base';
import type { Field } from './fields/base';
import type { ForeignKey } from './fields/related';
import { Exact } from './lookups/builtin';
import type { Options } from './options';
import { isExpression } from './q';
import { forgetFields } from './query_utils';
import { insertRows } from './sql/compiler/insert';
import { updateRows } from './sql/compiler/update';
import { updateRow } from './sql/compiler/update_row';
import { Query } from './sql/query';

const selectModule = once(() => require('./sql/compiler/select') as typeof import('./sql/compiler/select'));

const NONE: readonly Field[] = [];

/** How rows are written. */
export interface Saving {
  readonly connection: DatabaseWrapper;
  readonly raw: boolean;
  readonly updateFields: ReadonlySet<Field> | undefined;
  readonly forceInsert: boolean;
  readonly forceUpdate: boolean;
}

export function read(instance: Model, field: Field): unknown {
  return (instance as unknown as Record<string, unknown>)[field.property];
}

export function write(instance: Model, field: Field, value: unknown): void {
  (instance as unknown as Record<string, unknown>)[field.property] = value;
}

/** A key of several values is one where none is missing. */
export function hasValue(value: unknown): boolean {
  return Array.isArray(value) ? value.every(hasValue) : value !== undefined && value !== null;
}

/** A value of an instance on its way into a row; what the instance does not have gets the field's default. */
export function savedValue(instance: Model, field: Field, adding: boolean, raw = false): unknown {
  let value = read(instance, field);
  if (value === undefined) value = field.getDefault();
  if (!raw) value = field.preSave(value, adding);
  write(instance, field, value);
  return 'keyOf' in field ? (field as ForeignKey).keyOf(value) : value;
}

/** What the tables of a model are written by. */
interface Columns {
  /** Those that an UPDATE can change. */
  readonly updated: readonly Field[];
  readonly inserted: readonly Field[];
  /** Those of an INSERT where the database makes the key. */
  readonly withoutKey: readonly Field[];
  /** What the database makes of other columns. */
  readonly generated: readonly Field[];
}

const columns = new WeakMap<Options, Columns>();

function columnsOf(model: Options): Columns {
  let known = columns.get(model);
  if (known === undefined) {
    const isGenerated = (field: Field): boolean => field.generated;
    const concrete = model.localFields.filter((field) => field.concrete);
    const inserted = concrete.filter((field) => !isGenerated(field));
    known = {
      inserted,
      updated: inserted.filter((field) => !model.pkFields.includes(field)),
      withoutKey: inserted.filter((field) => !(field.primaryKey && field.isAuto)),
      generated: concrete.filter(isGenerated),
    };
    columns.set(model, known);
  }
  return known;
}

/** What the database makes of a model's other columns. */
export function generatedFields(model: Options): readonly Field[] {
  return columnsOf(model).generated;
}

/** The columns of an INSERT into a model's own table. */
export function insertedFields(model: Options, withKey: boolean): readonly Field[] {
  const { inserted, withoutKey } = columnsOf(model);
  return withKey ? inserted : withoutKey;
}

/**
 * Saves what of an instance is in one table; says whether there was a row.
 *
 * @throws ValueError where a row without a key is to be updated; DatabaseError where none is there to be.
 */
export function saveTable(model: Options, instance: Model, saving: Saving): MaybePromise<boolean> {
  const { pk } = model;
  const { raw, updateFields, forceUpdate } = saving;
  if (!hasValue(read(instance, pk)) && pk.hasDefault) write(instance, pk, pk.getDefault());
  const isSet = hasValue(read(instance, pk));
  if (!isSet && (forceUpdate || updateFields !== undefined)) {
    throw new ValueError('Cannot force an update in save() with no primary key.');
  }
  // A new row with a key that was made for it is not there yet.
  const isNew = !raw && !forceUpdate && pk.hasDefault && instance._state.adding;
  if (!isSet || saving.forceInsert || isNew) return then(insert(model, instance, saving), () => false);
  return then(update(model, instance, saving), (updated) => {
    if (updated) return true;
    if (forceUpdate) throw new DatabaseError('Forced update did not affect any rows.');
    if (updateFields !== undefined) {
      throw new DatabaseError('Save with updateFields did not affect any rows.');
    }
    return then(insert(model, instance, saving), () => false);
  });
}

function update(model: Options, instance: Model, saving: Saving): MaybePromise<boolean> {
  const { connection, raw, updateFields, forceUpdate } = saving;
  const { updated, generated } = columnsOf(model);
  const fields = updateFields === undefined ? updated : updated.filter((field) => updateFields.has(field));
  const key = read(instance, model.pk);
  const query = (): Query => rowQuery(model, key);
  if (fields.length === 0) return updateFields !== undefined || exists(query(), connection);
  const values = fields.map((field) => savedValue(instance, field, false, raw));
  const calculated = values.some(isExpression) ? fields.filter((_, at) => isExpression(values[at])) : NONE;
  const told = [...generated, ...calculated];
  const returning =
    told.length === 0
      ? undefined
      : { fields: told, read: (row: Row | undefined) => assign(instance, told, row, connection) };
  const run = (): MaybePromise<boolean> => {
    const isWhole = fields === updated && returning === undefined;
    const written = isWhole ? updateRow(query, fields, values, key, connection) : undefined;
    if (written !== undefined) return then(written, ({ rowCount }) => rowCount > 0);
    const pairs = fields.map((field, at) => [field, values[at]] as const);
    return then(updateRows(query(), pairs, connection, returning), (count) => count > 0);
  };
  if (!(model.meta.selectOnSave ?? false) || forceUpdate || updateFields !== undefined) return run();
  // Some databases say that they updated nothing although there is a row: a trigger may have done it.
  return then(exists(query(), connection), (isThere) =>
    isThere ? then(run(), (done) => done || exists(query(), connection)) : false,
  );
}

function insert(model: Options, instance: Model, saving: Saving): MaybePromise<void> {
  const { connection, raw } = saving;
  const { pk } = model;
  return then(setOrder(model, instance, connection), () => {
    const { generated } = columnsOf(model);
    const makesKey = pk.isAuto && !hasValue(read(instance, pk));
    const fields = insertedFields(model, !makesKey);
    const row = fields.map((field) => savedValue(instance, field, true, raw));
    const calculated = row.some(isExpression) ? fields.filter((_, at) => isExpression(row[at])) : NONE;
    const returning =
      calculated.length + generated.length === 0
        ? makesKey
          ? [pk]
          : NONE
        : [...(makesKey ? [pk] : []), ...generated, ...calculated];
    // A key that was given as a text is a number from now on.
    if (pk.isAuto && typeof read(instance, pk) === 'string')
      write(instance, pk, pk.toPython(read(instance, pk)));
    return then(insertRows(model, fields, [row], connection, { returning }), ({ rows, insertId }) => {
      if (returning.length === 0) return;
      if (makesKey && insertId !== undefined && rows.length === 0) {
        write(instance, pk, pk.fromDb(insertId, connection));
        if (returning.length > 1) assign(instance, returning.slice(1), undefined, connection);
      } else assign(instance, returning, rows[0], connection);
    });
  });
}

/** Takes over what the database made; what it does not tell is loaded when it is asked for. */
export function assign(
  instance: Model,
  fields: readonly Field[],
  row: Row | undefined,
  connection: DatabaseWrapper,
): void {
  if (row === undefined) forgetFields(instance, fields);
  else for (const field of fields) write(instance, field, field.fromDb(row[field.column], connection));
}

/** A new row of `orderWithRespectTo` is the last of those that refer to the same row. */
function setOrder(model: Options, instance: Model, connection: DatabaseWrapper): MaybePromise<void> {
  if (model.orderWithRespectTo === undefined) return undefined;
  const { placeLast } = require('./order_with_respect_to') as typeof import('./order_with_respect_to');
  write(instance, model.getField('_order'), undefined);
  return placeLast(model, [instance], connection);
}

/** The query of one row. */
function rowQuery(meta: Options, key: unknown): Query {
  const query = new Query(meta);
  const alias = query.getInitialAlias();
  const Equal = meta.pk.getLookup('exact') ?? Exact;
  query.where.add(new Equal(query.column(meta.pk, alias), key), 'AND');
  return query;
}

function exists(query: Query, connection: DatabaseWrapper): MaybePromise<boolean> {
  const [sql, params] = new (selectModule().SelectCompiler)(query.exists(), connection).asSql();
  return then(connection.execute(sql, params), ({ rows }) => rows.length > 0);
}
