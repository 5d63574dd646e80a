/** Conditions: `{ pubDate__gte: date }`. Django: `django.db.models.lookups`. */
import './builtin';

export { Lookup as LookupBase, type LookupConstructor } from './base';

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
