/** Conditions: `{ pubDate__gte: date }`. Django: `django.db.models.lookups`. */
import { FieldDoesNotExist, FieldError, ValueError } from '../../core/exceptions';
import { repr, toStr } from '../../python';
import type { DatabaseWrapper } from '../backends/base/base';
import { snakeCase } from './base';
import type { Field } from './fields/base';
import { ForeignKey } from './fields/related';
import type { Options } from './options';

/** What can follow a field's name after two underscores. */
export type Lookup =
  | 'exact'
  | 'iexact'
  | 'contains'
  | 'icontains'
  | 'startswith'
  | 'istartswith'
  | 'endswith'
  | 'iendswith'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'in'
  | 'range'
  | 'isnull';

/** SQL with named parameters, as TypeORM's query builders take it. */
export interface Condition {
  sql: string;
  params: Record<string, unknown>;
}

// Maps: what an object inherits (`constructor`, `toString`) is no lookup.
const COMPARISONS: ReadonlyMap<string, string> = new Map([
  ['gt', '>'],
  ['gte', '>='],
  ['lt', '<'],
  ['lte', '<='],
]);
const PATTERNS: ReadonlyMap<string, (text: string) => string> = new Map([
  ['contains', (text: string) => `%${text}%`],
  ['startswith', (text: string) => `${text}%`],
  ['endswith', (text: string) => `%${text}`],
  ['exact', (text: string) => text],
]);

/** The field of a name in either spelling. @throws FieldError listing the choices. */
export function resolveField(model: Options, name: string): Field {
  try {
    return model.fieldsByProperty.get(name) ?? model.getField(snakeCase(name));
  } catch (error) {
    if (!(error instanceof FieldDoesNotExist)) throw error;
    const choices = model.localFields.map((field) => field.name).sort();
    throw new FieldError(`Cannot resolve keyword '${name}' into field. Choices are: ${choices.join(', ')}`, {
      cause: error,
    });
  }
}

/** The conditions of one `filter()`, all of which must hold, or of one `exclude()`, if negated. @throws FieldError. */
export function conditions(
  model: Options,
  filter: Readonly<Record<string, unknown>>,
  connection: DatabaseWrapper,
  nextName: () => string,
  negated = false,
): Condition[] {
  return Object.entries(filter).map(([key, value]) => {
    const [name = '', lookup = 'exact', ...rest] = key.split('__');
    if (rest.length > 0) {
      throw new FieldError(`Unsupported lookup '${key}': relations are not followed. Query the other model.`);
    }
    const field = resolveField(model, name);
    const one = condition(field, lookup, value, connection, nextName);
    if (!negated || !field.null || lookup === 'isnull' || value === null || value === undefined) return one;
    // A row without a value is not one for which it holds: NOT of what is unknown would leave it out.
    return { ...one, sql: `(${one.sql} AND ${connection.ops.quoteName(field.column)} IS NOT NULL)` };
  });
}

function condition(
  field: Field,
  lookup: string,
  value: unknown,
  connection: DatabaseWrapper,
  nextName: () => string,
): Condition {
  const column = connection.ops.quoteName(field.column);
  const one = (sql: (placeholder: string) => string, stored: unknown): Condition => {
    const name = nextName();
    return { sql: sql(`:${name}`), params: { [name]: stored } };
  };
  const stored = (each: unknown): unknown => field.toDb(keyIfInstance(field, each), connection);
  if (lookup === 'isnull') {
    if (typeof value !== 'boolean') {
      throw new ValueError('The QuerySet value for an isnull lookup must be True or False.');
    }
    return { sql: `${column} IS ${value ? '' : 'NOT '}NULL`, params: {} };
  }
  if (lookup === 'exact' || lookup === 'iexact') {
    if (value === null || value === undefined) return { sql: `${column} IS NULL`, params: {} };
    if (lookup === 'exact') {
      const sought = stored(value);
      return fits(sought) ? one((p) => `${column} = ${p}`, sought) : { sql: '1 = 0', params: {} };
    }
  }
  if (value === null || value === undefined) throw new ValueError('Cannot use None as a query value');
  if (lookup === 'in') {
    if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
      throw new TypeError(`The value of '${field.name}__in' must be a list, not ${repr(value)}.`);
    }
    // NULL is in no list.
    const values = [...(value as Iterable<unknown>)]
      .map(stored)
      .filter((each) => each !== null && fits(each));
    if (values.length === 0) return { sql: '1 = 0', params: {} };
    const name = nextName();
    return { sql: `${column} IN (:...${name})`, params: { [name]: values } };
  }
  if (lookup === 'range') {
    if (!Array.isArray(value) || value.length !== 2) {
      throw new TypeError(`The value of '${field.name}__range' must be a list of two, not ${repr(value)}.`);
    }
    const [from, to] = value as [unknown, unknown];
    const [low, high] = [nextName(), nextName()];
    return {
      sql: `${column} BETWEEN :${low} AND :${high}`,
      params: { [low]: stored(from), [high]: stored(to) },
    };
  }
  const comparison = COMPARISONS.get(lookup);
  if (comparison) {
    const bound = stored(value);
    if (fits(bound)) return one((p) => `${column} ${comparison} ${p}`, bound);
    // Every number of the database is on the same side of it.
    const all = lookup.startsWith('g') === (bound as bigint) < 0n;
    return { sql: all ? `${column} IS NOT NULL` : '1 = 0', params: {} };
  }
  const ignoresCase = lookup.startsWith('i');
  const pattern = PATTERNS.get(ignoresCase ? lookup.slice(1) : lookup);
  if (pattern === undefined) {
    throw new FieldError(
      `Unsupported lookup '${lookup}' for ${field.internalType} or join on the field not permitted.`,
    );
  }
  const text = pattern(toStr(value).replace(/[\\%_]/g, '\\$&'));
  return one((p) => like(column, p, ignoresCase, connection), text);
}

/** LIKE as each database has it: SQLite's never minds the case, PostgreSQL's always. */
function like(
  column: string,
  placeholder: string,
  ignoresCase: boolean,
  { vendor }: DatabaseWrapper,
): string {
  switch (vendor) {
    case 'sqlite':
      return `${column} LIKE ${placeholder} ESCAPE '\\'`;
    case 'postgresql':
      return ignoresCase
        ? `UPPER(${column}::text) LIKE UPPER(${placeholder})`
        : `${column}::text LIKE ${placeholder}`;
    case 'mysql':
      return `${column} LIKE ${ignoresCase ? '' : 'BINARY '}${placeholder}`;
  }
}

/** Whether a database has the integer at all: 64 bits. */
function fits(value: unknown): boolean {
  return typeof value !== 'bigint' || BigInt.asIntN(64, value) === value;
}

/** A model's instance stands for its key; what else has a `pk`, as any JSON may, does not. @throws ValueError. */
function keyIfInstance(field: Field, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('pk' in value)) return value;
  const opts = (value.constructor as { _meta?: Options } | undefined)?._meta;
  if (opts === undefined) return value;
  if (!(field instanceof ForeignKey)) return value.pk;
  if (opts.key === field.toKey) return field.keyOf(value);
  throw new ValueError(
    `Cannot query "${String(value)}": Must be "${field.remoteModel.objectName}" instance.`,
  );
}
