/**
 * Functions of the database. Django: `django.db.models.functions`;
 * https://docs.djangoproject.com/en/5.2/ref/models/database-functions/
 */
export { Cast } from './cast';
export { Coalesce, Collate, Greatest, Least, NullIf } from './comparison';
export {
  Extract,
  ExtractDay,
  ExtractHour,
  ExtractIsoWeekDay,
  ExtractIsoYear,
  ExtractMinute,
  ExtractMonth,
  ExtractQuarter,
  ExtractSecond,
  ExtractWeek,
  ExtractWeekDay,
  ExtractYear,
} from './extract';
export { JSONArray, JSONObject } from './json';
export {
  Abs,
  ACos,
  ASin,
  ATan,
  ATan2,
  Ceil,
  Cos,
  Cot,
  Degrees,
  Exp,
  Floor,
  Ln,
  Log,
  Mod,
  Pi,
  Power,
  Radians,
  Random,
  Round,
  Sign,
  Sin,
  Sqrt,
  Tan,
} from './math';
export {
  Chr,
  Length,
  Lower,
  LTrim,
  MD5,
  Ord,
  Reverse,
  RTrim,
  SHA1,
  SHA224,
  SHA256,
  SHA384,
  SHA512,
  Trim,
  Upper,
} from './text';
export {
  Concat,
  ConcatPair,
  Left,
  LPad,
  Repeat,
  Replace,
  Right,
  RPad,
  StrIndex,
  Substr,
} from './text_parts';
export {
  Now,
  Trunc,
  TruncDate,
  TruncDay,
  TruncHour,
  TruncMinute,
  TruncMonth,
  TruncQuarter,
  TruncSecond,
  TruncTime,
  TruncWeek,
  TruncYear,
} from './trunc';
export {
  CumeDist,
  DenseRank,
  FirstValue,
  Lag,
  LastValue,
  Lead,
  NthValue,
  Ntile,
  PercentRank,
  Rank,
  RowNumber,
} from './window';
export type { TimezoneOptions } from './zones';
