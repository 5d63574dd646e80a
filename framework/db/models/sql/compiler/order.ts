/** ORDER BY. Django: `SQLCompiler.get_order_by`. */
import { FieldError } from '../../../../core/exceptions';
import { DatabaseError } from '../../../errors';
import type { Expression } from '../../expressions/base';
import { Col, ColPairs, Ref, SelectPosition } from '../../expressions/col';
import { OrderBy, Random } from '../../expressions/order_by';
import { F, FExpression } from '../../expressions/value';
import { ForeignObject } from '../../fields/related';
import type { Options } from '../../options';
import { isExpression } from '../../q';
import { LOOKUP_SEP } from '../constants';
import { setupJoins, trimJoins } from '../joins';
import { transformed } from '../lookup_building';
import { isRelational } from '../names';
import type { OrderItem } from '../query';
import type { SelectCompiler } from './select';

/** A part of ORDER BY. */
export interface OrderPart {
  readonly expression: Expression;
  readonly sql: string;
  readonly params: readonly unknown[];
  /** Whether it names something in SELECT. */
  readonly isRef: boolean;
}

/** What the rows are sorted by. */
export function orderParts(compiler: SelectCompiler): OrderPart[] {
  const { query } = compiler;
  let items: readonly OrderItem[] = query.orderBy;
  let reversed = !query.standardOrdering;
  if (items.length === 0 && query.defaultOrdering && !query.groupBy) items = query.model.ordering;
  if (items.length === 0) return [];
  if (query.combinator !== undefined) return combinedOrder(compiler, items, reversed);
  const parts: OrderPart[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    for (const [expression, isRef] of resolveItem(compiler, item)) {
      const directed = reversed ? expression.reverseOrdering() : expression;
      const [sql, params] = compiler.compile(directed);
      const key = `${sql.replace(/ (?:ASC|DESC)(?: NULLS (?:FIRST|LAST))?$/, '')}${JSON.stringify(params.map(String))}`;
      if (seen.has(key)) continue;
      seen.add(key);
      parts.push({ expression: directed, sql, params, isRef });
    }
  }
  reversed = false;
  return parts;
}

export function orderBySql(parts: readonly OrderPart[], params: unknown[]): string {
  if (parts.length === 0) return '';
  for (const part of parts) if (part.params.length > 0) params.push(...part.params);
  return ` ORDER BY ${parts.map(({ sql }) => sql).join(', ')}`;
}

function* resolveItem(compiler: SelectCompiler, item: OrderItem): Generator<readonly [Expression, boolean]> {
  const { query } = compiler;
  if (isExpression(item)) {
    const ordered = item instanceof OrderBy ? item : new OrderBy(item);
    const { expression, nullsFirst, nullsLast } = ordered;
    const named = expression instanceof FExpression ? query.annotationSelect.get(expression.name) : undefined;
    // Where nulls need an expression of their own, it cannot be over a name.
    const emulated = (nullsFirst || nullsLast) && compiler.connection.vendor === 'mysql';
    const chosen = expression instanceof FExpression ? positionOf(compiler, expression.name) : undefined;
    if (named !== undefined && !emulated) {
      yield [ordered.over(new Ref((expression as FExpression).name, named)), true];
      return;
    }
    if (chosen !== undefined && !emulated) {
      yield [ordered.over(chosen), true];
      return;
    }
    yield [ordered.resolveExpression(query), false];
    return;
  }
  if (item === '?') {
    yield [new OrderBy(new Random()), false];
    return;
  }
  const descending = item.startsWith('-');
  const name = item.replace(/^[-+]/, '');
  const annotation = query.annotationSelect.get(name);
  if (annotation !== undefined) {
    yield [new OrderBy(new Ref(name, annotation), { descending }), true];
    return;
  }
  const hidden = query.annotations.get(name);
  if (hidden !== undefined) {
    yield [new OrderBy(hidden, { descending }), false];
    return;
  }
  const chosen = positionOf(compiler, name);
  if (chosen !== undefined) {
    yield [new OrderBy(chosen, { descending }), true];
    return;
  }
  for (const each of ordering(compiler, name, query.model, undefined, descending, new Set()))
    yield [each, false];
}

/** What stands in SELECT under a name that `values` was given: that is meant by it, whatever was joined since. */
function positionOf(compiler: SelectCompiler, name: string): SelectPosition | undefined {
  const at = compiler.query.valuesSelect.indexOf(name);
  const [chosen, ...more] = at < 0 ? [] : (compiler.valueColumns[at] ?? []);
  if (chosen === undefined || more.length > 0) return undefined;
  return new SelectPosition(compiler.selected.indexOf(chosen) + 1, chosen.expression);
}

/** A path as what to sort by: a relation by the ordering of its model. @throws FieldError. */
function* ordering(
  compiler: SelectCompiler,
  path: string,
  opts: Options,
  start: string | undefined,
  descending: boolean,
  seen: ReadonlySet<string>,
): Generator<OrderBy> {
  const { query } = compiler;
  const names = path.split(LOOKUP_SEP);
  const alias = start ?? query.getInitialAlias();
  const info = setupJoins(query, names, opts, alias);
  const last = names[names.length - 1];
  const { finalField } = info;
  const other = info.opts.ordering;
  const byKey =
    last === 'pk' ||
    (finalField instanceof ForeignObject && (last === finalField.attname || last === finalField.property));
  if (isRelational(finalField) && other.length > 0 && !byKey && info.transforms.length === 0) {
    // By what is joined: each time round, the tables have other aliases.
    const key = info.path.map(({ field, direct }) => `${field.toString()} ${direct}`).join('/');
    if (seen.has(key)) throw new FieldError('Infinite loop caused by ordering.');
    const within = new Set([...seen, key]);
    query.promoteJoins(info.joins.slice(1));
    for (const item of other) {
      if (isExpression(item)) {
        yield prefixed(item, path).resolveExpression(query) as OrderBy;
        continue;
      }
      const down = item.startsWith('-') !== descending;
      const target = info.joins[info.joins.length - 1];
      yield* ordering(compiler, item.replace(/^[-+]/, ''), info.opts, target, down, within);
    }
    return;
  }
  const { target, alias: end, joins } = trimJoins(query, info);
  if (joins.length > 1) query.promoteJoins(joins.slice(1));
  const column: Expression = query.column(target, end);
  if (column instanceof ColPairs) {
    for (const each of column.columns) yield new OrderBy(each, { descending });
    return;
  }
  yield new OrderBy(transformed(column, info), { descending });
}

/** An expression of a related model's ordering, as the query names it. Django: `prefix_references`. */
function prefixed(item: Expression, path: string): OrderBy {
  const ordered = item instanceof OrderBy ? item : new OrderBy(item);
  return ordered.replaceExpressions((part) =>
    part instanceof FExpression ? part.withName(`${path}${LOOKUP_SEP}${part.name}`) : undefined,
  ) as OrderBy;
}

/** Combined rows are sorted by the position of a column. */
function combinedOrder(
  compiler: SelectCompiler,
  items: readonly OrderItem[],
  reversed: boolean,
): OrderPart[] {
  return items.map((item) => {
    const [name, given] = combinedItem(item);
    const directed = reversed ? given.reverseOrdering() : given;
    const at = compiler.selected.findIndex(({ expression, alias }) => {
      if (alias !== undefined) return alias === name;
      if (!(expression instanceof Col)) return false;
      const { target } = expression;
      return [target.name, target.attname, target.property, target.primaryKey ? 'pk' : ''].includes(
        name ?? '?',
      );
    });
    if (at < 0) return addedOrder(compiler, directed);
    const position = new SelectPosition(
      at + 1,
      (compiler.selected[at] as { expression: Expression }).expression,
    );
    const expression = directed.over(position);
    const [sql, params] = compiler.compile(expression);
    return { expression, sql, params, isRef: true };
  });
}

/** The name of a column of combined rows, and how they are sorted by it. */
function combinedItem(item: OrderItem): readonly [name: string | undefined, order: OrderBy] {
  if (!isExpression(item)) {
    const name = item.replace(/^[-+]/, '');
    return [name, new OrderBy(F(name), { descending: item.startsWith('-') })];
  }
  const order = item instanceof OrderBy ? item : new OrderBy(item);
  return [order.expression instanceof FExpression ? order.expression.name : undefined, order];
}

/** Sorts by what is no column yet: each of the combined queries selects it, too. @throws DatabaseError where that cannot be. */
function addedOrder(compiler: SelectCompiler, order: OrderBy): OrderPart {
  const { combinedQueries } = compiler.query;
  if (combinedQueries.some((each) => each.hasSelectFields || each.combinator !== undefined)) {
    throw new DatabaseError('ORDER BY term does not match any column in the result set.');
  }
  const alias = `__orderbycol${compiler.selected.length + compiler.addedToCombined.size + 1}`;
  compiler.addedToCombined.set(alias, order.expression);
  const expression = order.over(new Ref(alias, order.expression));
  const [sql, params] = compiler.compile(expression);
  return { expression, sql, params, isRef: true };
}
