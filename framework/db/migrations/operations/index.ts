export { Operation } from './base';
export { AddField, AlterField, RemoveField, RenameField } from './fields';
export { AddConstraint, AddIndex, RemoveConstraint, RemoveIndex } from './indexes';
export {
  AlterModelOptions,
  AlterModelTable,
  AlterUniqueTogether,
  CreateModel,
  type CreateModelOptions,
  DeleteModel,
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
