import type { DatabaseWrapper } from '../base/base';
import { DatabaseSchemaEditor, type SchemaEditorOptions } from '../base/schema';
export class SqliteSchemaEditor extends DatabaseSchemaEditor {
  constructor(
    readonly connection: DatabaseWrapper,
    readonly options: SchemaEditorOptions,
  ) {
    super();
  }
}
