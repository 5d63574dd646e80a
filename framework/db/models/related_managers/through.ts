/** The rows in between of a many-to-many relation: how they are made and removed. */
import { type Steps, wait } from '../../../utils/maybe_promise';
import { connections } from '../../connections';
import type { Model } from '../base';
import { bulkCreate } from '../bulk';
import type { ForeignObject } from '../fields/related';
import { Q } from '../q';
import type { QuerySet } from '../query';

import { type ManyToManyArguments, m2mChanged } from '../signals';
import { deleteRowsOf } from '../sql/compiler/update';
import { conditionAmong } from './conditions';
import { fieldValue, isInstanceOf, modelOf } from './instances';
import type { ManyRows } from './many';
import { mapKey } from './map_key';
import type { RowsManager, Values } from './rows';

function* announce(
  rows: ManyRows,
  manager: RowsManager,
  action: ManyToManyArguments['action'],
  pkSet: ReadonlySet<unknown> | null,
): Steps<void> {
  if (!m2mChanged.hasListeners(rows.through)) return;
  const { instance, direction } = rows;
  yield* wait(
    m2mChanged.send(rows.through, {
      action,
      instance,
      reverse: direction.reverse,
      model: manager.model,
      pkSet,
      using: manager.db ?? 'default',
    }),
  );
}

/** Adds rows in between. Of a symmetrical relation, the second row is added with its keys exchanged. */
export function* addThrough(
  rows: ManyRows,
  manager: RowsManager,
  source: ForeignObject,
  target: ForeignObject,
  objs: readonly unknown[],
  options: Values,
): Steps<void> {
  const { through, direction, key } = rows;
  const keys = rows.keysOf(objs, manager, target);
  // A model of one's own may have other conflicts, which are to be seen.
  const ignore = through._meta.autoCreated !== undefined;
  const heard = (direction.reverse || source === direction.source) && m2mChanged.hasListeners(through);
  if (!ignore || heard) {
    // Only those that are new are made, and announced.
    const there = through._defaultManager
      .using(manager.db)
      .filter({ [source.name]: key, [`${target.name}__in`]: [...keys.values()] } as never)
      .flat(target.name as never);
    for (const found of yield* wait(there.fetch())) keys.delete(mapKey(found));
  }
  const pkSet = new Set(inOrder([...keys.values()]));
  if (heard) yield* announce(rows, manager, 'pre_add', pkSet);
  const defaults = ignore && !heard ? {} : throughValues(options['throughDefaults']);
  yield* insertAll(
    [...pkSet].map(
      (other) => new through({ ...defaults, ...source.valuesFor(key), ...target.valuesFor(other) }),
    ),
    manager.db,
    ignore,
  );
  if (heard) yield* announce(rows, manager, 'post_add', pkSet);
}

/** Keys that are numbers by their size: what is a set to Django has small numbers in that order. */
function inOrder(keys: unknown[]): unknown[] {
  const numbers = keys.filter((key) => typeof key === 'number');
  return numbers.length < keys.length ? keys : numbers.sort((one, other) => one - other);
}

/** The values of `throughDefaults`; a function makes one. */
function throughValues(given: unknown): Values {
  return Object.fromEntries(
    Object.entries((given ?? {}) as Values).map(([name, value]) => [
      name,
      typeof value === 'function' ? (value as () => unknown)() : value,
    ]),
  );
}

/** Inserts instances, many in a statement. */
function* insertAll(instances: readonly Model[], using: string | undefined, ignore: boolean): Steps<void> {
  const [first] = instances;
  if (first === undefined) return;
  const rows = modelOf(first)._defaultManager.using(using);
  yield* wait(bulkCreate(rows, instances, { ignoreConflicts: ignore }));
}

/** Removes the rows in between to some rows of the other model; to all, without any. */
export function* removeThrough(
  rows: ManyRows,
  manager: RowsManager,
  objs: readonly unknown[] | undefined,
): Steps<void> {
  const { target } = rows.direction;
  const keys =
    objs &&
    new Set(
      objs.map((obj) => (isInstanceOf(obj, manager.model) ? fieldValue(obj, target.targetField) : obj)),
    );
  yield* announce(rows, manager, keys ? 'pre_remove' : 'pre_clear', keys ?? null);
  rows.forget();
  const others = manager.unrelatedQueryset().using(manager.db);
  // A manager that does not show all rows removes only what it shows.
  const hides = others.query.where.children.length > 0;
  let meant: unknown = keys && [...keys];
  if (hides) meant = keys ? others.complexFilter(conditionAmong(target.targetField, [...keys])) : others;
  yield* deleteAll(rows, removedCondition(rows, meant), manager.db);
  yield* announce(rows, manager, keys ? 'post_remove' : 'post_clear', keys ?? null);
}

function removedCondition({ direction, key }: ManyRows, meant: unknown): Q {
  const { source, target, symmetrical } = direction;
  const between = (from: ForeignObject, to: ForeignObject): Q =>
    Q.create([[from.name, key], ...(meant === undefined ? [] : [[`${to.name}__in`, meant] as const])]);
  const condition = between(source, target);
  return symmetrical ? condition.or(between(target, source)) : condition;
}

function* deleteAll({ through }: ManyRows, condition: Q, using: string | undefined): Steps<void> {
  const queryset: QuerySet<Model> = through._defaultManager.using(using).filter(condition);
  // Nothing refers to a table that nobody declared.
  if (through._meta.autoCreated) yield* wait(deleteRowsOf(queryset.query, connections.get(using)));
  else yield* wait(queryset.delete());
}
