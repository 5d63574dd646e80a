export { type DatabaseStep, Operation } from './base';
export { AddField, AlterField, type FieldChange, FieldOperation, RemoveField, RenameField } from './fields';
export { AddConstraint, AddIndex, IndexOperation, RemoveConstraint, RemoveIndex } from './indexes';
export {
  AlterModelOptions,
  AlterModelTable,
  AlterUniqueTogether,
  CreateModel,
  type CreateModelOptions,
  DeleteModel,
  ModelOperation,
  ModelOptionOperation,
  RenameModel,
} from './models';
export {
  type MigrationCode,
  RunCode,
  type RunCodeOptions,
  RunSQL,
  type RunSqlOptions,
  SeparateDatabaseAndState,
  type Sql,
} from './special';
