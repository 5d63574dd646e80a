/** Django: `django.db.backends.mysql.schema`. */
import type { Field } from '../../models/fields/base';
import type { Options } from '../../models/options';
import { BASE_TEMPLATES, type ConstraintFilter, DatabaseSchemaEditor, type Templates } from '../base/schema';
import { alterColumnInPlace } from '../base/schema_alter';
import { fill } from '../ddl_references';
import type { MysqlWrapper } from './base';

/** Types that are not indexed at full length. */
const LIMITED_TYPES = new Set(['longblob', 'longtext', 'json']);

export class MysqlSchemaEditor extends DatabaseSchemaEditor {
  declare readonly connection: MysqlWrapper;

  get templates(): Templates {
    const { mysqlIsMariadb: mariadb } = this.connection;
    return {
      ...BASE_TEMPLATES,
      alterTableComment: 'ALTER TABLE %(table)s COMMENT = %(comment)s',
      renameTable: 'RENAME TABLE %(old_table)s TO %(new_table)s',
      alterColumnNull: 'MODIFY %(column)s %(type)s NULL',
      alterColumnNotNull: 'MODIFY %(column)s %(type)s NOT NULL',
      alterColumnType: 'MODIFY %(column)s %(type)s',
      alterColumnNoDefaultNull: 'ALTER COLUMN %(column)s SET DEFAULT NULL',
      deleteColumn: 'ALTER TABLE %(table)s DROP COLUMN %(column)s',
      deleteUnique: 'ALTER TABLE %(table)s DROP INDEX %(name)s',
      createColumnInlineFk:
        ', ADD CONSTRAINT %(name)s FOREIGN KEY (%(column)s) REFERENCES %(to_table)s(%(to_column)s)%(on_delete_db)s',
      deleteFk: 'ALTER TABLE %(table)s DROP FOREIGN KEY %(name)s',
      deleteIndex: 'DROP INDEX %(name)s ON %(table)s',
      renameIndex: 'ALTER TABLE %(table)s RENAME INDEX %(old_name)s TO %(new_name)s',
      deletePk: 'ALTER TABLE %(table)s DROP PRIMARY KEY',
      deleteCheck: mariadb
        ? 'ALTER TABLE %(table)s DROP CONSTRAINT IF EXISTS %(name)s'
        : 'ALTER TABLE %(table)s DROP CHECK %(name)s',
    };
  }

  /** The server decides on column types and on how constraints are dropped. */
  protected override async prepare(): Promise<void> {
    await this.connection.loadServerInfo();
  }

  override async run<T>(body: (editor: this) => Promise<T>): Promise<T> {
    await this.prepare();
    return super.run(body);
  }

  override shouldBeIndexed(field: Field): boolean {
    // A foreign key brings its index along.
    if (this.needsForeignKey(field)) return false;
    return super.shouldBeIndexed(field) && !this.isLimited(field);
  }

  override skipDefaultOnAlter(field: Field): boolean {
    return this.isLimited(field) && !this.connection.mysqlIsMariadb;
  }

  override columnDefaultSql(field: Field, value: unknown): string {
    const sql = super.columnDefaultSql(field, value);
    return this.isLimited(field) && !this.connection.mysqlIsMariadb ? `(${sql})` : sql;
  }

  override inlineCommentSql(comment: string | null): string {
    return comment === null ? '' : ` COMMENT ${this.connection.ops.quoteValue(comment)}`;
  }

  override keptSql(field: Field): string {
    const { collation } = field.dbParameters(this.connection);
    const kept = `${this.collationSql(collation)}${this.inlineCommentSql(field.dbComment)}`;
    return field.hasDbDefault ? `${kept} DEFAULT ${this.dbDefaultSql(field)}` : kept;
  }

  private isLimited(field: Field): boolean {
    return LIMITED_TYPES.has(field.dbType(this.connection)?.toLowerCase() ?? '');
  }

  async alterColumn(model: Options, from: Field, to: Field, fromType: string, toType: string): Promise<void> {
    await alterColumnInPlace(
      this,
      {
        changeType: (_owner, old, changed, type) => ({
          change: fill(this.templates.alterColumnType, {
            column: this.quoteName(changed.column),
            type: `${type}${this.keptSql(changed)}${old.null ? ' NULL' : ' NOT NULL'}`,
          }),
          after: [],
        }),
        renameColumn: (owner, old, changed, type) =>
          fill(this.renameTemplate(), {
            table: this.quoteName(owner.dbTable),
            old_column: this.quoteName(old.column),
            new_column: this.quoteName(changed.column),
            type: `${type}${this.keptSql(old)}${old.null ? ' NULL' : ' NOT NULL'}`,
          }),
      },
      model,
      from,
      to,
      { from: fromType, to: toType },
    );
  }

  private renameTemplate(): string {
    const renames = this.connection.mysqlIsMariadb
      ? this.connection.isAtLeast(10, 5, 2)
      : this.connection.isAtLeast(8, 0, 4);
    return renames
      ? this.templates.renameColumn
      : 'ALTER TABLE %(table)s CHANGE %(old_column)s %(new_column)s %(type)s';
  }

  /** The foreign key of the first column may have no index but this one. */
  protected override async deleteComposedIndex(
    model: Options,
    fields: readonly string[],
    filter: ConstraintFilter,
    template: string,
  ): Promise<void> {
    const first = model.getField(fields[0] ?? '');
    if (this.needsForeignKey(first)) {
      const names = await this.constraintNames(model, [first.column], { index: true });
      if (names.length === 0) await this.execute(this.createIndexSql(model, [first.column]));
    }
    await super.deleteComposedIndex(model, fields, filter, template);
  }
}
