/** The lookups that every field has. Django: `django.db.models.lookups`. */
import { Field } from '../fields/base';
import { Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual } from './compare';
import { In, IsNull, Range } from './in_range';
import {
  Contains,
  EndsWith,
  IContains,
  IEndsWith,
  IExact,
  IRegex,
  IStartsWith,
  Regex,
  StartsWith,
} from './pattern';

for (const Class of [
  ...[Exact, IExact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual, In, Range, IsNull],
  ...[Contains, IContains, StartsWith, IStartsWith, EndsWith, IEndsWith, Regex, IRegex],
]) {
  Field.registerLookup(Class);
}

export {
  Contains,
  EndsWith,
  Exact,
  GreaterThan,
  GreaterThanOrEqual,
  IContains,
  IEndsWith,
  IExact,
  In,
  IRegex,
  IStartsWith,
  IsNull,
  LessThan,
  LessThanOrEqual,
  Range,
  Regex,
  StartsWith,
};
