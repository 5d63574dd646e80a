export { Model, type ModelClass } from './base';
export { CASCADE, DO_NOTHING, PROTECT, ProtectedError, RESTRICT, SET_DEFAULT, SET_NULL } from './deletion';
export {
  type Choice,
  type Choices,
  type ChoicesInfo,
  type ChoicesOptions,
  IntegerChoices,
  TextChoices,
} from './enums';
export * from './fields';
export {
  CheckConstraint,
  type CheckConstraintOptions,
  type Constraint,
  Index,
  type IndexOptions,
  UniqueConstraint,
  type UniqueConstraintOptions,
} from './indexes';
export type { Lookup } from './lookups';
export { Manager } from './manager';
export { type MetaOptions, Options } from './options';
export { type FieldName, type Filter, type Ordering, QuerySet } from './query';
export { postMigrate, preMigrate } from './signals';
export type { CleanOptions, FullCleanOptions } from './validation';
