/** Conditions: `{ pubDate__gte: date }`. Django: `django.db.models.lookups`. */
import '../functions/extract';
import '../functions/trunc';
import './json_key_lookups';

export { Lookup, type LookupConstructor } from './base';
export * from './builtin';
export { ContainedBy, DataContains, HasAnyKeys, HasKey, HasKeys } from './json';
export { KeyTextTransform, KeyTransform, KT } from './json_keys';
export type { LookupName, RegisteredLookups } from './names';
export { Transform, type TransformConstructor } from './transform';
