/** How an instance and a queryset delete their rows. Django: `Model.delete`, `QuerySet.delete`. */
import { ValueError } from '../../core/exceptions';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import { NotSupportedError } from '../errors';
import { router } from '../router';
import type { Model, ModelClass } from './base';
import { Collector, type Deleted } from './deletion';
import { optionsOf, type RowSource } from './deletion_rows';

/** Deletes an instance, and what refers to it. @throws ValueError for one without a key. */
export function deleteInstance(
  instance: Model,
  options: { using?: string; keepParents?: boolean },
): MaybePromise<Deleted> {
  const model = optionsOf(instance);
  if (instance.pk === undefined || instance.pk === null) {
    throw new ValueError(
      `${model.objectName} object can't be deleted because its ${model.pk.name} attribute is set to None.`,
    );
  }
  const cls = instance.constructor as unknown as ModelClass;
  const using = options.using ?? router.dbForWrite(cls, { instance });
  const collector = new Collector(connections.get(using), instance);
  const { keepParents = false } = options;
  return then(collector.collect([instance], { keepParents }), () => collector.delete());
}

/**
 * Deletes the rows of a query, and what refers to them.
 *
 * @param rows a copy of the query, which changes.
 * @throws TypeError for what is no set of a model's rows.
 */
export function deleteRows(
  rows: RowSource,
  connection: DatabaseWrapper,
  origin: unknown,
  hasValues: boolean,
): MaybePromise<Deleted> {
  const { query } = rows;
  if (query.combinator !== undefined) {
    throw new NotSupportedError(`Calling QuerySet.delete() after ${query.combinator}() is not supported.`);
  }
  if (query.isSliced) throw new TypeError("Cannot use 'limit' or 'offset' with delete().");
  if (query.distinctFields.length > 0) throw new TypeError('Cannot call delete() after .distinct(*fields).');
  if (hasValues) throw new TypeError('Cannot call delete() after .values() or .values_list()');
  query.lock = undefined;
  query.selectRelated = false;
  query.clearOrdering({ force: true });
  const collector = new Collector(connection, origin);
  return then(collector.collect(rows), () => collector.delete());
}
