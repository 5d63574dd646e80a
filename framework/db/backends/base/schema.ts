/** Django: `django.db.backends.base.schema`. */
export interface SchemaEditorOptions {
  /** Only note the statements: `sqlmigrate`. */
  collectSql?: boolean;
  atomic?: boolean;
}
export abstract class DatabaseSchemaEditor {}
