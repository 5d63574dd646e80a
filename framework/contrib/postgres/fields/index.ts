/**
 * Fields that PostgreSQL alone has, with `new` and as decorators.
 *
 * Django: `django.contrib.postgres.fields`; https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/fields/
 */
import type { Field } from '../../../db/models/fields/base';
import { declareBuiltin } from '../../../db/models/fields/deconstruct';
import { type FieldDecorator, fieldDecorator } from '../../../db/models/fields/decorators';
import * as array from './array';
import * as citext from './citext';
import * as hstore from './hstore';
import './range_lookups';
import * as ranges from './ranges';

// biome-ignore lint/suspicious/noExplicitAny: constructors of any parameters; they are handed on.
function decorator<C extends new (...args: any[]) => Field>(cls: C): FieldDecorator<C> {
  declareBuiltin(cls, 'tsango.contrib.postgres.fields');
  return fieldDecorator(cls);
}

export const ArrayField = decorator(array.ArrayField);
export const BigIntegerRangeField = decorator(ranges.BigIntegerRangeField);
export const CICharField = decorator(citext.CICharField);
export const CIEmailField = decorator(citext.CIEmailField);
export const CITextField = decorator(citext.CITextField);
export const DateRangeField = decorator(ranges.DateRangeField);
export const DateTimeRangeField = decorator(ranges.DateTimeRangeField);
export const DecimalRangeField = decorator(ranges.DecimalRangeField);
export const HStoreField = decorator(hstore.HStoreField);
export const IntegerRangeField = decorator(ranges.IntegerRangeField);

export { Range, type RangeBounds } from '../range';
export type { HStore } from '../records';
export type { ArrayFieldOptions } from './array';
export type { RangeFieldOptions } from './ranges';
