/** The days and times that a field has. Django: `QuerySet.dates`, `datetimes`. */
import { settings } from '../../conf';
import { ValueError } from '../../core/exceptions';
import type { Expression } from './expressions/base';
import { F } from './expressions/value';
import { DateField, DateTimeField } from './fields/dates';

const DATES = ['year', 'month', 'week', 'day'] as const;
const TIMES = ['hour', 'minute', 'second'] as const;
/** What days can be cut down to. */
export type DateKind = (typeof DATES)[number];
/** What times can be cut down to. */
export type DatetimeKind = DateKind | (typeof TIMES)[number];

interface Shapes {
  _annotate(annotations: Readonly<Record<string, Expression>>, select: boolean): Shapes;
  flat(name: never): Shapes;
  distinct(): Shapes;
  filter(filter: never): Shapes;
  orderBy(name: never): Shapes;
}

/** @throws TypeError for what the compiler refuses, and JavaScript does not. */
function requireArguments(method: string, given: Readonly<Record<string, unknown>>): void {
  const missing = Object.keys(given).filter((name) => given[name] === undefined);
  if (missing.length === 0) return;
  const names = missing.map((name) => `'${name}'`).join(' and ');
  throw new TypeError(
    `QuerySet.${method}() missing ${missing.length} required positional argument${missing.length > 1 ? 's' : ''}: ${names}`,
  );
}

/** A query for each value once. @throws ValueError, TypeError. */
export function datesOf(
  rows: unknown,
  field: string,
  kind: string,
  { order = 'ASC', tzinfo }: { order?: string; tzinfo?: string },
  times: boolean,
): unknown {
  requireArguments(times ? 'datetimes' : 'dates', { fieldName: field, kind });
  const kinds: readonly string[] = times ? [...DATES, ...TIMES] : DATES;
  if (!kinds.includes(kind)) {
    const last = kinds[kinds.length - 1];
    throw new ValueError(
      `'kind' must be one of ${kinds
        .slice(0, -1)
        .map((each) => `'${each}'`)
        .join(', ')}, or '${last}'.`,
    );
  }
  if (order !== 'ASC' && order !== 'DESC') throw new ValueError("'order' must be either 'ASC' or 'DESC'.");
  const { Trunc } = require('./functions') as typeof import('./functions');
  const name = times ? 'datetimefield' : 'datefield';
  const outputField = times ? new DateTimeField() : new DateField();
  const zone = times && settings.USE_TZ && tzinfo !== undefined ? { tzinfo } : {};
  const cut = Trunc(field, kind, { outputField, ...zone });
  return (rows as Shapes)
    ._annotate({ [name]: cut as Expression, plain_field: F(field) }, true)
    .flat(name as never)
    .distinct()
    .filter({ plain_field__isnull: false } as never)
    .orderBy(`${order === 'DESC' ? '-' : ''}${name}` as never);
}
