/** What a QuerySet writes. Django: `QuerySet.create`, `get_or_create`, `update_or_create`, `update`. */
import { FieldError } from '../../core/exceptions';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { IntegrityError, NotSupportedError, OperationalError } from '../errors';
import { assignValues } from './assign_values';
import { Model } from './base';
import { EmptyResultSet } from './expressions/base';
import { describeExpression } from './expressions/describe';
import { Field } from './fields/base';
import { ForeignKey } from './fields/related';
import type { Options } from './options';
import { isExpression } from './q';
import type { QuerySet } from './query';
import { saveInstance } from './save';
import { counted } from './sql/compiler/update';
import { updateInTables } from './sql/compiler/update_parents';
import { findNamed, isRelational } from './sql/names';
import type { NewValues } from './sql/plan_updates';
import type { Planned } from './sql/plans';

/** Any query on a model. */
type Queries<T extends Model> = Pick<QuerySet<T, unknown, never>, 'model' | 'connection' | 'query'>;
/** One whose rows may be those of a chain that came before. */
type Chained = Queries<Model> & Pick<QuerySet<Model, unknown, never>, '_shape' | '_plannedUpdate'>;

type Values = Readonly<Record<string, unknown>>;

/** Makes a row. */
export function create<T extends Model>(queries: Queries<T>, values: Partial<T>): MaybePromise<T> {
  const instance = new queries.model({ ...values });
  const options = { forceInsert: true, using: queries.connection().alias };
  // What a model does in a save() of its own is done here, too.
  const saved =
    instance.save === Model.prototype.save ? saveInstance(instance, options) : instance.save(options);
  return then(saved, () => instance as T);
}

/** The row for which this holds, or a new one. Of callers at the same time one makes it, where it has to be unique. */
export async function getOrCreate<T extends Model>(
  queries: QuerySet<T>,
  filter: Values,
  defaults: Values,
): Promise<[T, created: boolean]> {
  const { model } = queries;
  queries._forWrite = true;
  const found = (): Promise<T> => queries.get(filter as never);
  try {
    return [await found(), false];
  } catch (error) {
    if (!(error instanceof model.DoesNotExist)) throw error;
  }
  const given = newValues(model, filter, defaults);
  try {
    return [await queries.connection().atomic(() => create(queries, called(given) as Partial<T>)), true];
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    // Somebody else made it in between, or the row cannot be made at all.
    const row = await found().catch((reason: unknown) => {
      throw reason instanceof model.DoesNotExist ? error : reason;
    });
    return [row, false];
  }
}

/** What a new row is made of: the conditions that are plain values, and the defaults. @throws FieldError. */
function newValues(model: QuerySet<Model>['model'], filter: Values, defaults: Values): Values {
  const given = {
    ...Object.fromEntries(Object.entries(filter).filter(([name]) => !name.includes('__'))),
    ...defaults,
  };
  const { _meta: meta } = model;
  const invalid = Object.keys(given).filter(
    (name) => name !== 'pk' && !meta.fieldsByProperty.has(name) && !hasSetter(model.prototype, name),
  );
  if (invalid.length === 0) return given;
  throw new FieldError(
    `Invalid field name(s) for model ${meta.objectName}: '${invalid.sort().join("', '")}'.`,
  );
}

function hasSetter(prototype: object, name: string): boolean {
  for (
    let at: object | null = prototype;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found !== undefined) return found.set !== undefined;
  }
  return false;
}

/** The values; what is a function is what it gives. */
function called(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'function' ? (value as () => unknown)() : value,
    ]),
  );
}

/** Changes the row for which this holds, which is locked meanwhile, or makes it. */
export async function updateOrCreate<T extends Model>(
  queries: QuerySet<T>,
  filter: Values,
  defaults: Values,
  createDefaults: Values = defaults,
): Promise<[T, created: boolean]> {
  queries._forWrite = true;
  const locked = queries._chain((query) => {
    query.lock = { nowait: false, skipLocked: false, noKey: false, of: [] };
  });
  const connection = queries.connection();
  return withoutDeadlock(connection, async (): Promise<[T, boolean]> => {
    const [row, created] = await getOrCreate(locked, filter, createDefaults);
    if (created) return [row, true];
    assignValues(row, called(defaults));
    const updateFields = writtenNames(queries.model._meta, Object.keys(defaults));
    await row.save({ using: connection.alias, ...(updateFields && { updateFields }) });
    return [row, false];
  });
}

/** How often a transaction begins again that was given up for another. */
const MOST_TRIES = 5;
/** A deadlock, as MySQL and PostgreSQL call it. */
const DEADLOCKS: ReadonlySet<string | undefined> = new Set(['ER_LOCK_DEADLOCK', '40P01']);

/** Runs a body in a transaction of its own, again where it met another's; within a block around it, once. */
async function withoutDeadlock<R>(connection: DatabaseWrapper, body: () => Promise<R>): Promise<R> {
  for (let tries = 1; ; tries++) {
    try {
      return await connection.atomic(body);
    } catch (error) {
      const isDeadlock = error instanceof OperationalError && DEADLOCKS.has(error.code);
      if (!isDeadlock || connection.inAtomicBlock || tries === MOST_TRIES) throw error;
    }
  }
}

/** What is written of a changed row: these columns, and those that set themselves; undefined: all. */
function writtenNames(model: Options, names: readonly string[]): string[] | undefined {
  const fields = names.map((name) => model.fieldsByProperty.get(name));
  if (!fields.every((field) => field?.concrete && !field.primaryKey)) return undefined;
  const own = model.localFields.filter(
    (field) => !field.primaryKey && field.preSave !== Field.prototype.preSave,
  );
  return [...names, ...own.map((field) => field.name)];
}

/** Changes the rows of a query. @throws FieldDoesNotExist, FieldError for a name that is no column's. */
export function update(queries: Chained, values: Values): MaybePromise<number> {
  const { _shape: query, model } = queries;
  if (query.combinator !== undefined) {
    throw new NotSupportedError(`Calling QuerySet.update() after ${query.combinator}() is not supported.`);
  }
  if (query.isSliced) throw new TypeError('Cannot update a query once a slice has been taken.');
  if (query.distinctFields.length > 0) throw new TypeError('Cannot call update() after .distinct(*fields).');
  for (const item of query.orderBy) {
    const annotation =
      typeof item === 'string' ? query.annotations.get(item.replace(/^[-+]/, '')) : undefined;
    if (annotation?.containsAggregate) {
      throw new FieldError(`Cannot update when ordering by an aggregate: ${describeExpression(annotation)}`);
    }
  }
  const fields: [Field, unknown][] = [];
  for (const [name, value] of Object.entries(values)) {
    const field = findNamed(model._meta, name);
    if (field === undefined) {
      model._meta.getField(name);
      continue;
    }
    if (isRelational(field) && !(field instanceof ForeignKey)) {
      throw new FieldError(
        `Cannot update model field ${name} (only non-relations and foreign keys permitted).`,
      );
    }
    if (value === undefined) continue;
    if (value instanceof Model && field instanceof ForeignKey) value.prepareDatabaseSave(field);
    const key = field instanceof ForeignKey && !isExpression(value) ? field.keyOf(value) : value;
    fields.push([field, key]);
  }
  const connection = queries.connection();
  const run = (): MaybePromise<number> =>
    updatePlanned(queries, fields, connection) ?? updateInTables(queries.query.chain(), fields, connection);
  return connection.inAtomicBlock ? connection.atomic(run, { savepoint: false }) : run();
}

/** The same of a chain that came before; undefined where it has no plan for that. */
function updatePlanned(
  queries: Chained,
  values: NewValues,
  connection: DatabaseWrapper,
): MaybePromise<number> | undefined {
  let planned: Planned | undefined;
  try {
    planned = queries._plannedUpdate(values, connection);
  } catch (error) {
    if (error instanceof EmptyResultSet) return 0;
    throw error;
  }
  if (planned === undefined) return undefined;
  const { sql, params, returns } = planned;
  return counted(connection.execute(sql, params, returns ? 'kept lists' : 'lists'));
}
