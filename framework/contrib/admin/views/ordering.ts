/** The order of a list. Django: `get_ordering` and its like of `ChangeList`. */
import type { Model } from '../../../db/models/base';
import { UniqueConstraint } from '../../../db/models/constraints';
import { Expression } from '../../../db/models/expressions/base';
import { OrderBy } from '../../../db/models/expressions/order_by';
import { Relation } from '../../../db/models/fields/reverse_related';
import type { QuerySet } from '../../../db/models/query';
import { camelCase } from '../../../utils/module_loading';
import type { FieldReference } from '../types';
import { fieldOf, labelForField } from '../utils/fields';
import { type ChangeList, ORDER_VAR } from './main';

type Order = string | Expression;

/** What a column is sorted by; undefined: it cannot be. */
export function orderingField(list: ChangeList, name: FieldReference): Order | undefined {
  if (name === 'action_checkbox') return undefined;
  if (typeof name === 'string') {
    const field = fieldOf(list.opts, name);
    if (field !== undefined) return field instanceof Relation ? field.queryName : field.name;
  }
  const { attr } = labelForField(name, list.model, list.modelAdmin);
  return attr?.adminOrderField;
}

/** The columns of the parameter, with their signs. */
function asked(list: ChangeList): [index: number, isDescending: boolean][] {
  return (list.params.get(ORDER_VAR) ?? '').split('.').flatMap((part): [number, boolean][] => {
    const [, sign = '', digits = ''] = /^(-?)(\d+)$/.exec(part) ?? [];
    return digits === '' ? [] : [[Number(digits), sign === '-']];
  });
}

function defaultOrdering(list: ChangeList): readonly Order[] {
  return list.modelAdmin.ordering ?? (list.opts.ordering as readonly Order[]);
}

/** What the rows are sorted by: so that no two of them may change places between two pages. */
export function orderingOf(list: ChangeList, rows: QuerySet<Model>): Order[] {
  let ordering: Order[];
  if (list.params.has(ORDER_VAR)) {
    ordering = asked(list).flatMap(([index, isDescending]): Order[] => {
      const name = list.listDisplay[index];
      const order = name === undefined ? undefined : orderingField(list, name);
      return order === undefined ? [] : [directed(order, isDescending)];
    });
  } else {
    const own = list.modelAdmin.getOrdering(list.request) as readonly Order[];
    ordering = [...(own.length > 0 ? own : defaultOrdering(list))];
  }
  ordering.push(...((rows.query.orderBy ?? []) as readonly Order[]));
  return isTotal(list, ordering) ? ordering : [...ordering, '-pk'];
}

function directed(order: Order, isDescending: boolean): Order {
  if (order instanceof OrderBy) return isDescending ? order.reverseOrdering() : order;
  if (order instanceof Expression) return isDescending ? order.desc() : order.asc();
  if (!isDescending) return order;
  return order.startsWith('-') ? order.slice(1) : `-${order}`;
}

/** Whether the values leave no two rows in the same place. */
function isTotal(list: ChangeList, ordering: readonly Order[]): boolean {
  const { opts } = list;
  const names = new Set<string>();
  for (const each of ordering) {
    const path = typeof each === 'string' ? each.replace(/^[-+]/, '') : undefined;
    if (path === undefined) continue;
    if (path === 'pk') return true;
    const field = fieldOf(opts, path);
    if (field === undefined || field instanceof Relation) continue;
    if (field.unique && !field.null) return true;
    names.add(field.name);
  }
  const groups = [
    ...opts.uniqueTogether,
    ...opts.constraints.flatMap((each) =>
      each instanceof UniqueConstraint && each.fields.length > 0 && each.condition === undefined
        ? [each.fields]
        : [],
    ),
  ];
  return groups.some((fields) =>
    fields.every((name) => {
      const field = fieldOf(opts, name) ?? fieldOf(opts, camelCase(name));
      return field !== undefined && !(field instanceof Relation) && !field.null && names.has(field.name);
    }),
  );
}

/** The columns that the list is sorted by. */
export function orderingColumns(list: ChangeList): ReadonlyMap<number, 'asc' | 'desc'> {
  const found = new Map<number, 'asc' | 'desc'>();
  if (list.params.has(ORDER_VAR)) {
    for (const [index, isDescending] of asked(list)) found.set(index, isDescending ? 'desc' : 'asc');
    return found;
  }
  for (const order of defaultOrdering(list)) {
    const [name, direction] = describe(order);
    if (name === undefined) continue;
    const index = list.listDisplay.findIndex((column) => {
      const field = orderingField(list, column);
      return typeof field === 'string' && camelCase(field) === camelCase(name);
    });
    if (index >= 0) found.set(index, direction);
  }
  return found;
}

function describe(order: Order): [name: string | undefined, direction: 'asc' | 'desc'] {
  if (typeof order === 'string') {
    return order.startsWith('-') ? [order.slice(1), 'desc'] : [order, 'asc'];
  }
  const by = order instanceof OrderBy ? order : order.asc();
  const inner = (by as { expression?: { name?: unknown } }).expression;
  const name = typeof inner?.name === 'string' ? inner.name : undefined;
  return [name, (by as { descending?: boolean }).descending ? 'desc' : 'asc'];
}
