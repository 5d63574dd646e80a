/** How instances become rows. Django: `Model.save`, `save_base`, `_save_parents`, `_save_table`. */
import { forEach, type MaybePromise, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import type { Model, ModelClass } from './base';
import type { Field } from './fields/base';
import type { ForeignKey } from './fields/related';
import { Exact } from './lookups/builtin';
import type { Options } from './options';
import { prepareRelatedFieldsForSave } from './related_fields';
import { insertRows, updateRows } from './sql/compiler/write';
import { findNamed } from './sql/names';
import { Query } from './sql/query';

function modelOf(instance: Model): ModelClass {
  return instance.constructor as unknown as ModelClass;
}

function read(instance: Model, field: Field): unknown {
  return (instance as unknown as Record<string, unknown>)[field.property];
}

function write(instance: Model, field: Field, value: unknown): void {
  (instance as unknown as Record<string, unknown>)[field.property] = value;
}

function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A value of an instance on its way into a row; what the instance does not have gets the field's default. */
export function savedValue(instance: Model, field: Field, adding: boolean): unknown {
  let value = read(instance, field);
  if (value === undefined) value = field.getDefault();
  value = field.preSave(value, adding);
  write(instance, field, value);
  return 'keyOf' in field ? (field as ForeignKey).keyOf(value) : value;
}

const withoutKey = new WeakMap<Options, readonly Field[]>();

/** The fields of an INSERT into a model's own table: all, without the key that the database makes. */
export function insertedFields(model: Options, withKey: boolean): readonly Field[] {
  if (withKey) return model.localFields;
  let fields = withoutKey.get(model);
  if (fields === undefined) {
    fields = model.localFields.filter((field) => !field.primaryKey);
    withoutKey.set(model, fields);
  }
  return fields;
}

/** Writes a new row, in the tables of its parents, too; the instance learns its key. */
export function insertInstance(instance: Model, connection: DatabaseWrapper): MaybePromise<void> {
  const model = modelOf(instance)._meta.concreteModel;
  prepareRelatedFieldsForSave(instance, 'save');
  return beforeSave(instance, undefined, () => {
    if (model.parents.size > 0) return withParents(instance, { connection, forceInsert: true });
    return then(insertInto(model, instance, connection), () => saved(instance, connection));
  });
}

/** Writes a new row into the table of a model that the instance is one of. */
function insertInto(model: Options, instance: Model, connection: DatabaseWrapper): MaybePromise<void> {
  const { pk } = model;
  const makesKey = pk.isAuto && !hasValue(read(instance, pk));
  const fields = insertedFields(model, !makesKey);
  const row = fields.map((field) => savedValue(instance, field, true));
  const done = insertRows(model, fields, [row], connection, { returning: makesKey });
  return then(done, ({ insertId, rows }) => {
    if (makesKey) write(instance, pk, pk.fromDb(rows[0]?.[pk.column] ?? insertId, connection));
  });
}

/** How rows are written. */
interface Saving {
  readonly connection: DatabaseWrapper;
  readonly updateFields?: ReadonlySet<Field> | undefined;
  readonly forceInsert?: boolean;
}

/** Updates the row with the instance's key; if there is none, makes it. */
export function saveInstance(
  instance: Model,
  options: { using?: string; updateFields?: readonly string[]; forceInsert?: boolean },
): MaybePromise<void> {
  const cls = modelOf(instance);
  const model = cls._meta.concreteModel;
  const connection = connections.get(options.using);
  const updateFields =
    options.updateFields && new Set(options.updateFields.map((name) => namedField(cls, name)));
  const saving = { connection, updateFields, forceInsert: options.forceInsert ?? false };
  prepareRelatedFieldsForSave(instance, 'save');
  return beforeSave(instance, updateFields, () => {
    if (model.parents.size > 0) return withParents(instance, saving);
    return then(saveTable(model, instance, saving), () => saved(instance, connection));
  });
}

/** Lets fields do what they have to before the row is written. */
function beforeSave(
  instance: Model,
  updateFields: ReadonlySet<Field> | undefined,
  save: () => MaybePromise<void>,
): MaybePromise<void> {
  const { fieldsBeforeSave } = modelOf(instance)._meta;
  if (fieldsBeforeSave.length === 0) return save();
  const fields = fieldsBeforeSave.filter((field) => updateFields === undefined || updateFields.has(field));
  return then(
    forEach(fields, (field) => field.beforeSave?.(instance)),
    save,
  );
}

/** Saves the rows of the parents and the instance's own, all or none. */
function withParents(instance: Model, saving: Saving): MaybePromise<void> {
  const model = modelOf(instance)._meta.concreteModel;
  return saving.connection.atomic(() =>
    then(saveParents(model, instance, { ...saving, forceInsert: false }), (isNew) =>
      then(
        saveTable(model, instance, { ...saving, forceInsert: isNew || (saving.forceInsert ?? false) }),
        () => saved(instance, saving.connection),
      ),
    ),
  );
}

/** Saves the rows of a model's parents, the farthest first; says whether one of them is new. */
function saveParents(model: Options, instance: Model, saving: Saving): MaybePromise<boolean> {
  let anyNew: MaybePromise<boolean> = false;
  for (const [parent, link] of model.parents) {
    anyNew = then(anyNew, (before) => {
      // The key of a parent may be known by the link alone.
      if (link !== undefined && !hasValue(read(instance, parent.pk)) && hasValue(read(instance, link))) {
        write(instance, parent.pk, read(instance, link));
      }
      return then(saveParents(parent, instance, saving), (isNew) =>
        then(saveTable(parent, instance, { ...saving, forceInsert: isNew }), (updated) => {
          if (link !== undefined) write(instance, link, read(instance, parent.pk));
          return before || !updated;
        }),
      );
    });
  }
  return anyNew;
}

/** Saves what of the instance is in one table; says whether there was a row. @throws the model's DoesNotExist. */
function saveTable(model: Options, instance: Model, saving: Saving): MaybePromise<boolean> {
  const { connection, updateFields } = saving;
  const key = read(instance, model.pk);
  const insert = (): MaybePromise<boolean> => then(insertInto(model, instance, connection), () => false);
  if (saving.forceInsert || !hasValue(key)) return insert();
  const fields = model.localFields.filter(
    (field) => !field.primaryKey && (updateFields === undefined || updateFields.has(field)),
  );
  if (updateFields !== undefined && fields.length === 0) return true;
  const query = rowQuery(model, key);
  const values = fields.map((field) => [field, savedValue(instance, field, false)] as const);
  const matched = values.length > 0 ? updateRows(query, values, connection) : countOf(query, connection);
  return then(matched, (count) => {
    if (count > 0) return true;
    if (updateFields === undefined) return insert();
    throw new (modelOf(instance).DoesNotExist)('Save with updateFields did not affect any rows.');
  });
}

/** What the instance knows then. */
function saved(instance: Model, connection: DatabaseWrapper): void {
  const { _state: state } = instance;
  state.adding = false;
  state.db = connection.alias;
}

/** The query of one row. */
function rowQuery(meta: Options, key: unknown): Query {
  const query = new Query(meta);
  const alias = query.getInitialAlias();
  query.where.add(new Exact(query.column(meta.pk, alias), key), 'AND');
  return query;
}

function countOf(query: Query, connection: DatabaseWrapper): MaybePromise<number> {
  const { SelectCompiler } = require('./sql/compiler/select') as typeof import('./sql/compiler/select');
  const [sql, params] = new SelectCompiler(query.exists(), connection).asSql();
  return then(connection.execute(sql, params), ({ rows }) => rows.length);
}

function namedField(cls: ModelClass, name: string): Field {
  const field = findNamed(cls._meta, name);
  if (field === undefined || !('column' in field)) return cls._meta.getField(name);
  return field;
}
