export {
  Aggregate,
  type AggregateOptions,
  AnyValue,
  Avg,
  BitAnd,
  BitOr,
  BitXor,
  Count,
  Max,
  Min,
  type SampleOptions,
  StdDev,
  StringAgg,
  Sum,
  Variance,
} from './aggregates';
export { Model, type ModelClass } from './base';
export {
  CheckConstraint,
  type CheckConstraintOptions,
  type Constraint,
  Deferrable,
  UniqueConstraint,
  type UniqueConstraintOptions,
} from './constraints';
export { Collector, type Deleted } from './deletion';
export {
  type Choice,
  type Choices,
  type ChoicesInfo,
  type ChoicesOptions,
  IntegerChoices,
  TextChoices,
} from './enums';
export { Case, When } from './expressions/case';
export { ExpressionWrapper, Func } from './expressions/func';
export { JSONNull } from './expressions/json_null';
export { OrderBy } from './expressions/order_by';
export { RawSQL, sql } from './expressions/raw';
export { Exists, Subquery } from './expressions/subquery';
export { F, OuterRef, Value } from './expressions/value';
export {
  type FrameOptions,
  RowRange,
  ValueRange,
  Window,
  WindowFrameExclusion,
  type WindowOptions,
} from './expressions/window';
export { FETCH_ONE, FETCH_PEERS, FETCH_RAISE, type FetchMode } from './fetch_modes';
export * from './fields';
export { FilteredRelation, type FilteredRelationOptions } from './filtered_relation';
export { Index, type IndexOptions } from './indexes';
export { KT, Lookup, type LookupName, type RegisteredLookups, Transform } from './lookups';
export { type AnyManager, Manager } from './manager';
export {
  CASCADE,
  DB_CASCADE,
  DB_SET_DEFAULT,
  DB_SET_NULL,
  DO_NOTHING,
  type OnDelete,
  PROTECT,
  ProtectedError,
  RESTRICT,
  RestrictedError,
  SET,
  SET_DEFAULT,
  SET_NULL,
} from './on_delete';
export { type MetaOptions, Options } from './options';
export { Prefetch, type PrefetchOptions, prefetchRelatedObjects } from './prefetch';
export { Q } from './q';
export {
  type Condition,
  type FieldName,
  type Filter,
  type LockOptions,
  type Ordering,
  QuerySet,
} from './query';
export type { RefreshOptions } from './refresh';
export type { ManyToManyManager, RelatedManager } from './related_managers/types';
export type { SaveBaseOptions, SaveOptions } from './save';
export {
  classPrepared,
  type ManyToManyArguments,
  ModelSignal,
  m2mChanged,
  postDelete,
  postInit,
  postMigrate,
  postSave,
  preDelete,
  preInit,
  preMigrate,
  preSave,
} from './signals';
export type { Deferred, Related, RelatedOrNull } from './typing';
export type { CleanOptions, FullCleanOptions } from './validation';
