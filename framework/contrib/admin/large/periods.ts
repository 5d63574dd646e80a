/** The years, months or days in which there are rows, found by an index instead of by a function of every row. */
import { Max, Min } from '../../../db/models/aggregates';
import type { Model } from '../../../db/models/base';
import { Exists, Subquery } from '../../../db/models/expressions/subquery';
import type { Field } from '../../../db/models/fields/base';
import type { QuerySet } from '../../../db/models/query';
import { camelCase } from '../../../utils/module_loading';

/** A period: what it is called, and its bounds as the field has them; the end is not in it. */
export interface Period<T> {
  readonly at: T;
  readonly start: unknown;
  readonly end: unknown;
}

/** More periods than that are not asked for one by one. */
export const MOST_PERIODS = 120;

/** Whether an index of the table begins with a field: what says which it is. */
export function beginsAnIndex(field: Field): boolean {
  const { model: meta } = field;
  const isIt = (name: string | undefined): boolean => {
    const plain = name?.replace(/^-/, '');
    return plain === field.name || plain === camelCase(field.name);
  };
  return (
    field.unique ||
    field.dbIndex ||
    meta.indexes.some(({ fields }) => isIt(fields[0])) ||
    meta.uniqueTogether.some(([first]) => isIt(first))
  );
}

/** Expressions of a query, asked in one statement beside any row of it; undefined where there is none. */
async function askedOnce(
  rows: QuerySet<Model>,
  asked: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown> | undefined> {
  const one = rows.orderBy().slice(0, 1) as unknown as {
    values(all: object): PromiseLike<Record<string, unknown>[]>;
  };
  return (await one.values(asked))[0];
}

/** Those of some periods in which there are rows: one statement, which looks into an index once for each. */
export async function periodsWithRows<T>(
  rows: QuerySet<Model>,
  name: string,
  periods: readonly Period<T>[],
): Promise<T[]> {
  if (periods.length === 0) return [];
  const unordered = rows.orderBy();
  const within = ({ start, end }: Period<T>): unknown =>
    Exists(unordered.filter({ [`${name}__gte`]: start, [`${name}__lt`]: end } as never) as never);
  const asked = Object.fromEntries(periods.map((period, i) => [`period_${i}`, within(period)]));
  const found = await askedOnce(rows, asked);
  return found === undefined
    ? []
    : periods.filter((_, i) => Boolean(found[`period_${i}`])).map(({ at }) => at);
}

/** The first and the last value. SQLite looks into an index for one of them, and reads all of it for both at once. */
export async function boundsOf(rows: QuerySet<Model>, name: string): Promise<readonly [unknown, unknown]> {
  if (rows.connection().vendor !== 'sqlite') {
    const all = rows.orderBy() as unknown as { aggregate(what: object): Promise<Record<string, unknown>> };
    const { first, last } = await all.aggregate({ first: Min(name), last: Max(name) });
    return [first, last];
  }
  const dated = rows.filter({ [`${name}__isnull`]: false } as never);
  const extreme = (order: string): unknown =>
    Subquery(
      dated
        .orderBy(order as never)
        .valuesList(name as never)
        .slice(0, 1) as never,
    );
  const found = await askedOnce(rows, { first: extreme(name), last: extreme(`-${name}`) });
  return [found?.['first'], found?.['last']];
}
