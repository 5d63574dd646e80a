export { type DatabaseStep, Operation } from './base';
export { AddConstraint, AlterConstraint, RemoveConstraint } from './constraints';
export { AddField, AlterField, type FieldChange, FieldOperation, RemoveField, RenameField } from './fields';
export { AddIndex, IndexOperation, type IndexRename, RemoveIndex, RenameIndex } from './indexes';
export {
  AlterModelManagers,
  AlterModelOptions,
  AlterModelTable,
  AlterModelTableComment,
  AlterOrderWithRespectTo,
  ModelOptionOperation,
} from './model_options';
export { CreateModel, type CreateModelOptions, DeleteModel, ModelOperation, RenameModel } from './models';
export {
  type MigrationCode,
  RunCode,
  type RunCodeOptions,
  RunPython,
  RunSQL,
  type RunSqlOptions,
  SeparateDatabaseAndState,
  type Sql,
} from './special';
export { AlterIndexTogether, AlterUniqueTogether } from './together';
