/** What a QuerySet writes. Django: `QuerySet.create`, `get_or_create`, `update`. */
import { FieldError } from '../../core/exceptions';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { IntegrityError } from '../errors';
import { assignValues, Model } from './base';
import type { Field } from './fields/base';
import { ForeignKey } from './fields/related';
import { isExpression } from './q';
import type { QuerySet } from './query';
import { saveInstance } from './save';
import { updateInTables } from './sql/compiler/update_parents';
import { choicesOf, findNamed, isRelational } from './sql/names';

/** Any query on a model. */
type Queries<T extends Model> = Pick<QuerySet<T, unknown, never>, 'model' | 'connection' | 'query'>;

/** Makes a row. */
export function create<T extends Model>(queries: Queries<T>, values: Partial<T>): MaybePromise<T> {
  const instance = new queries.model({ ...values });
  const options = { forceInsert: true, using: queries.connection().alias };
  // What a model does in a save() of its own is done here, too.
  const saved =
    instance.save === Model.prototype.save ? saveInstance(instance, options) : instance.save(options);
  return then(saved, () => instance as T);
}

/** The row for which this holds, or a new one. */
export async function getOrCreate<T extends Model>(
  queries: QuerySet<T>,
  filter: Partial<T>,
  defaults: Partial<T>,
): Promise<[T, boolean]> {
  const { model } = queries;
  const found = (): Promise<T> => queries.get(filter as never);
  try {
    return [await found(), false];
  } catch (error) {
    if (!(error instanceof model.DoesNotExist)) throw error;
  }
  try {
    return [await queries.connection().atomic(() => create(queries, { ...filter, ...defaults })), true];
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    // Somebody else made it in between, or the row cannot be made at all.
    return [
      await found().catch(() => {
        throw error;
      }),
      false,
    ];
  }
}

/** Changes the row for which this holds, or makes it. */
export async function updateOrCreate<T extends Model>(
  queries: QuerySet<T>,
  filter: Partial<T>,
  defaults: Partial<T>,
): Promise<[T, boolean]> {
  return queries.connection().atomic(async () => {
    const [row, created] = await getOrCreate(queries, filter, defaults);
    if (!created) {
      assignValues(row, defaults);
      await row.save({ using: queries.db as string });
    }
    return [row, created] as [T, boolean];
  });
}

/** Changes the rows of a query. @throws FieldError for a name that is no column's. */
export function update(
  queries: Queries<Model>,
  values: Readonly<Record<string, unknown>>,
): MaybePromise<number> {
  const { query, model } = queries;
  if (query.isSliced) throw new TypeError('Cannot update a query once a slice has been taken.');
  const fields: [Field, unknown][] = [];
  for (const [name, value] of Object.entries(values)) {
    const field = findNamed(model._meta, name);
    if (field === undefined) {
      throw new FieldError(
        `Cannot resolve keyword '${name}' into field. Choices are: ${choicesOf(model._meta).sort().join(', ')}`,
      );
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
  return updateInTables(query.chain(), fields, queries.connection());
}
