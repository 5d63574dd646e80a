/** The order of rows among those that refer to the same row. Django: `Meta.order_with_respect_to`. */
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { Max } from './aggregates';
import type { Model, ModelClass } from './base';
import { classOf } from './classes';
import { Case, When } from './expressions/case';
import { Value } from './expressions/value';
import type { Field } from './fields/base';
import { peekState } from './model_state';
import type { Options } from './options';
import { Q } from './q';
import type { QuerySet } from './query';

type Values = Record<string, unknown>;

/** Puts new rows that have no place behind those that refer to the same row: one statement for all. */
export function placeLast(
  model: Options,
  instances: readonly Model[],
  connection: DatabaseWrapper,
): MaybePromise<void> {
  const wrt = model.orderWithRespectTo;
  if (wrt === undefined) return undefined;
  const keyOf = (instance: Model): unknown => (instance as unknown as Values)[wrt.property] ?? null;
  const keys = [...new Set(instances.map(keyOf))];
  const isNull = Q.create([[`${wrt.name}__isnull`, true]]);
  const isOne = Q.create([[`${wrt.name}__in`, keys]]);
  const groups = classOf(model)
    ._baseManager.using(connection.alias)
    .filter(keys.includes(null) ? isOne.or(isNull) : isOne)
    .orderBy()
    .values(wrt.attname as never)
    .annotate({ last: Max('_order' as never) });
  return then(groups.fetch() as MaybePromise<Values[]>, (rows) => {
    const next = new Map(rows.map((row) => [row[wrt.attname], Number(row['last']) + 1]));
    for (const instance of instances) {
      const values = instance as unknown as Values;
      if (values['_order'] !== undefined && values['_order'] !== null) continue;
      const place = next.get(keyOf(instance)) ?? 0;
      values['_order'] = place;
      next.set(keyOf(instance), place + 1);
    }
  });
}

/** Gives the rows `getNextInOrder()` and `getPreviousInOrder()`. */
export function defineNeighbours(model: Options, prototype: object): void {
  method(prototype, 'getNextInOrder', function (this: Model) {
    return neighbour(model, this, true);
  });
  method(prototype, 'getPreviousInOrder', function (this: Model) {
    return neighbour(model, this, false);
  });
}

function method(prototype: object, name: string, value: (this: Model, ...args: never[]) => unknown): void {
  if (name in prototype) return;
  Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
}

/** The rows that refer to the same row as an instance. */
function siblings(model: Options, instance: Model): QuerySet<Model> {
  const wrt = model.orderWithRespectTo as Field;
  const key = (instance as unknown as Values)[wrt.property] ?? null;
  return classOf(model)._baseManager.filter(
    key === null ? { [`${wrt.name}__isnull`]: true } : { [wrt.name]: key },
  );
}

/** The row before or after one. @throws the model's DoesNotExist. */
async function neighbour(model: Options, instance: Model, isNext: boolean): Promise<Model> {
  const { db } = peekState(instance);
  const manager = classOf(model)._defaultManager;
  const own = manager.filter({ pk: instance.pk }).values('_order' as never);
  const rows = siblings(model, instance)
    .using(db)
    .filter({ [isNext ? '_order__gt' : '_order__lt']: own } as never)
    .orderBy((isNext ? '_order' : '-_order') as never);
  return rows.slice(0, 1).get();
}

/**
 * Gives the class that is referred to `getAnswerOrder()` and `setAnswerOrder(keys)`, after the model `Answer` whose rows
 * have an order with respect to it.
 */
export function defineOrderMethods(cls: ModelClass, field: Field): void {
  const { model } = field;
  if (model.meta.orderWithRespectTo === undefined || model.orderWithRespectTo !== field) return;
  const name = `${model.modelName.charAt(0).toUpperCase()}${model.modelName.slice(1)}Order`;
  const rowsOf = (target: Model): QuerySet<Model> =>
    classOf(model)._defaultManager.filter({ [field.name]: target.pk });
  method(cls.prototype, `get${name}`, function (this: Model) {
    return rowsOf(this).valuesList(model.pk.name as never, { flat: true });
  });
  method(cls.prototype, `set${name}`, function (this: Model, keys: readonly unknown[], using?: string) {
    return setOrder(rowsOf(this), keys, using);
  });
}

/** Gives rows the places of their keys in a list, in one statement. */
async function setOrder(rows: QuerySet<Model>, keys: readonly unknown[], using?: string): Promise<void> {
  if (keys.length === 0) return;
  const places = keys.map((pk, place) => When(new Q({ pk }), new Value(place)));
  const order = Case(...places);
  await rows
    .using(using)
    .filter({ pk__in: keys })
    .update({ _order: order } as never);
}
