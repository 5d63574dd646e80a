/** The order of rows among those that refer to the same row. Django: `Meta.order_with_respect_to`. */
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { Max } from './aggregates';
import type { Model, ModelClass } from './base';
import { classOf } from './classes';
import { Case, When } from './expressions/case';
import { Value } from './expressions/value';
import type { Field } from './fields/base';
import { PrivateField } from './fields/private';
import type { Relation } from './fields/reverse_related';
import { peekState } from './model_state';
import type { Options } from './options';
import { Q } from './q';
import type { QuerySet } from './query';
import { mapKey } from './related_managers/map_key';
import { OR } from './sql/constants';

type Values = Record<string, unknown>;

/** The fields whose values say which rows belong together. */
function groupOf(model: Options): readonly Field[] {
  const wrt = model.orderWithRespectTo;
  if (wrt === undefined) return [];
  return wrt instanceof PrivateField ? wrt.groupFields : [wrt];
}

const keyOf = (fields: readonly Field[], instance: object): readonly unknown[] =>
  fields.map((field) => field.valueIn(instance));

/** The rows of a group. */
function isOfGroup(fields: readonly Field[], key: readonly unknown[]): Q {
  return Q.create(
    fields.map(({ attname }, at) => (key[at] === null ? [`${attname}__isnull`, true] : [attname, key[at]])),
  );
}

/** The rows of some groups. */
function isOfGroups(fields: readonly Field[], keys: readonly (readonly unknown[])[]): Q {
  const [only] = fields;
  if (fields.length > 1 || only === undefined) {
    return Q.create(
      keys.map((key) => isOfGroup(fields, key)),
      OR,
    );
  }
  const isOne = Q.create([[`${only.attname}__in`, keys.map(([key]) => key)]]);
  return keys.some(([key]) => key === null) ? isOne.or(isOfGroup(fields, [null])) : isOne;
}

/** Puts new rows that have no place behind those of the same group: one statement for all. */
export function placeLast(
  model: Options,
  instances: readonly Model[],
  connection: DatabaseWrapper,
): MaybePromise<void> {
  const fields = groupOf(model);
  if (fields.length === 0) return undefined;
  const keys = new Map(instances.map((each) => [mapKey(keyOf(fields, each)), keyOf(fields, each)]));
  const names = fields.map(({ attname }) => attname);
  const groups = classOf(model)
    ._baseManager.using(connection.alias)
    .filter(isOfGroups(fields, [...keys.values()]))
    .orderBy()
    .values(...(names as never[]))
    .annotate({ last: Max('_order' as never) });
  return then(groups.fetch() as MaybePromise<Values[]>, (rows) => {
    const next = new Map(
      rows.map((row) => [mapKey(names.map((name) => row[name] ?? null)), Number(row['last']) + 1]),
    );
    for (const instance of instances) {
      const values = instance as unknown as Values;
      if (values['_order'] !== undefined && values['_order'] !== null) continue;
      const key = mapKey(keyOf(fields, instance));
      const place = next.get(key) ?? 0;
      values['_order'] = place;
      next.set(key, place + 1);
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

/** The rows of the same group as an instance. */
function siblings(model: Options, instance: Model): QuerySet<Model> {
  const fields = groupOf(model);
  return classOf(model)._baseManager.filter(isOfGroup(fields, keyOf(fields, instance)));
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
export function defineOrderMethods(cls: ModelClass, relation: Relation): void {
  const model = relation.relatedModel;
  const name = `${model.modelName.charAt(0).toUpperCase()}${model.modelName.slice(1)}Order`;
  method(cls.prototype, `get${name}`, function (this: Model) {
    return relation.rowsInOrder(this).valuesList(model.pk.name as never, { flat: true });
  });
  method(cls.prototype, `set${name}`, function (this: Model, keys: readonly unknown[], using?: string) {
    return setOrder(relation.rowsInOrder(this), keys, using);
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
