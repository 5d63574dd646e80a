/** The names of lookups, for types. */

/**
 * Lookups and transforms of a site's own, for the types of queries: the name and the type of the value.
 *
 * @example
 * ```ts
 * declare module 'tsango/db/models' {
 *   interface RegisteredLookups {
 *     ne: string | number;
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be added to.
export interface RegisteredLookups {}

/** What can follow a field's name after two underscores. */
export type LookupName =
  | 'exact'
  | 'iexact'
  | 'contains'
  | 'icontains'
  | 'startswith'
  | 'istartswith'
  | 'endswith'
  | 'iendswith'
  | 'regex'
  | 'iregex'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'in'
  | 'range'
  | 'isnull';

/** What can be taken of a date or a time. */
export type DatePart =
  | 'year'
  | 'iso_year'
  | 'isoYear'
  | 'month'
  | 'day'
  | 'week'
  | 'week_day'
  | 'weekDay'
  | 'iso_week_day'
  | 'isoWeekDay'
  | 'quarter'
  | 'hour'
  | 'minute'
  | 'second';
