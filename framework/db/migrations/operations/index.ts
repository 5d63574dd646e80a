export { type DatabaseStep, Operation } from './base';
export { AddField, AlterField, type FieldChange, FieldOperation, RemoveField, RenameField } from './fields';
export {
  AddConstraint,
  AddIndex,
  AlterConstraint,
  IndexOperation,
  RemoveConstraint,
  RemoveIndex,
  RenameIndex,
} from './indexes';
export {
  AlterModelManagers,
  AlterModelOptions,
  AlterModelTable,
  AlterOrderWithRespectTo,
  AlterUniqueTogether,
  ModelOptionOperation,
} from './model_options';
export { CreateModel, type CreateModelOptions, DeleteModel, ModelOperation, RenameModel } from './models';
export {
  type MigrationCode,
  RunCode,
  type RunCodeOptions,
  RunSQL,
  type RunSqlOptions,
  SeparateDatabaseAndState,
  type Sql,
} from './special';
