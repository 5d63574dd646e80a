/** Conditions: `{ pubDate__gte: date }`. Django: `django.db.models.lookups`. */
import '../functions/extract';
import '../functions/trunc';

export { Lookup, type LookupConstructor } from './base';
export * from './builtin';
export type { LookupName, RegisteredLookups } from './names';
export { Transform, type TransformConstructor } from './transform';
