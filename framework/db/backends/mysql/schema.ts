/** Django: `django.db.backends.mysql.schema`. */
import type { Constraint } from '../../models/constraints';
import { FExpression } from '../../models/expressions/value';
import type { Field } from '../../models/fields/base';
import type { Index } from '../../models/indexes';
import type { Options } from '../../models/options';
import {
  BASE_TEMPLATES,
  type ConstraintFilter,
  DatabaseSchemaEditor,
  isCheck,
  isManyToMany,
  type Templates,
} from '../base/schema';
import { type AlterHooks, ColumnAlteration, type ColumnChange, type TypeChange } from '../base/schema_alter';
import { isOwn } from '../base/schema_statements';
import { fill } from '../ddl_references';
import type { MysqlWrapper } from './base';

/** Types that are not indexed at full length. */
const LIMITED_TYPES: ReadonlySet<string> = new Set(
  'tinyblob blob mediumblob longblob tinytext text mediumtext longtext json'.split(' '),
);

export class MysqlSchemaEditor extends DatabaseSchemaEditor implements AlterHooks {
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
      createIndex: 'CREATE INDEX %(name)s ON %(table)s (%(columns)s)',
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
    const brings = field.internalType === 'ForeignKey' && this.needsForeignKey(field);
    return super.shouldBeIndexed(field) && !brings && !this.isLimited(field);
  }

  override skipDefault(field: Field): boolean {
    return this.isEmptyText(field) || (this.isLimited(field) && !this.limitedHaveDefaults);
  }

  override skipDefaultOnAlter(field: Field): boolean {
    return this.isEmptyText(field) || (this.isLimited(field) && !this.connection.mysqlIsMariadb);
  }

  /** A text that is empty by default needs none: the server fills it so. */
  private isEmptyText(field: Field): boolean {
    const value = this.effectiveDefault(field);
    const isEmpty = value === '' || (value instanceof Uint8Array && value.length === 0);
    return isEmpty && /(?:blob|text)$/i.test(field.dbType(this.connection) ?? '');
  }

  private get limitedHaveDefaults(): boolean {
    return this.connection.mysqlIsMariadb || this.connection.isAtLeast(8, 0, 13);
  }

  protected override literalDefaultSql(field: Field, literal: string): string {
    const inBrackets = !this.connection.mysqlIsMariadb && this.limitedHaveDefaults && this.isLimited(field);
    return inBrackets ? `(${literal})` : literal;
  }

  /** With the space that Django has there. */
  override inlineCommentSql(comment: string | null): string {
    return comment ? ` COMMENT ${this.connection.ops.quoteValue(comment)}` : '';
  }

  private isLimited(field: Field): boolean {
    return LIMITED_TYPES.has(field.dbType(this.connection)?.toLowerCase() ?? '');
  }

  /** A default that the column could not have is written into the rows. */
  override async addField(model: Options, field: Field): Promise<void> {
    await super.addField(model, field);
    const { default: value } = field.options;
    if (isManyToMany(field) || value === undefined || value === null || !this.skipDefault(field)) return;
    const [table, column] = [model.dbTable, field.column].map((name) => this.quoteName(name));
    const filled = this.connection.ops.quoteValue(this.effectiveDefault(field));
    await this.execute(`UPDATE ${table} SET ${column} = ${filled}`);
  }

  // Columns -------------------------------------------------------------------------------------------------

  alterColumn(model: Options, from: Field, to: Field, fromType: string, toType: string): Promise<void> {
    return new ColumnAlteration(this, this, model, from, to, { from: fromType, to: toType }).run();
  }

  changeType({ from, to, type }: TypeChange): ColumnChange {
    const collation = this.collationSql(to.dbParameters(this.connection).collation);
    const kept = `${this.withDefault(from, type)}${collation}${this.inlineCommentSql(to.dbComment)}`;
    return { change: this.modify(to, kept), after: [] };
  }

  renameColumn({ model, from, to, type }: TypeChange): string {
    return fill(this.renameTemplate(), {
      table: this.quoteName(model.dbTable),
      old_column: this.quoteName(from.column),
      new_column: this.quoteName(to.column),
      type: this.withDefault(from, type),
    });
  }

  changeNull(to: Field): string {
    const type = to.dbParameters(this.connection).type ?? '';
    return this.modify(to, this.withDefault(to, type));
  }

  /** Where columns cannot be renamed by themselves, the check of one that is has to be made anew. */
  columnCheck(field: Field): string | null {
    if (this.connection.mysqlIsMariadb && this.connection.isAtLeast(10, 5, 2)) {
      return this.connection.dataTypeCheckConstraints[field.internalType] ?? null;
    }
    return field.dbParameters(this.connection).check;
  }

  private modify(field: Field, type: string): string {
    return fill(this.templates.alterColumnType, { column: this.quoteName(field.column), type });
  }

  /** A type with the default and the NULL of a field: MODIFY forgets what is not said again. */
  private withDefault(field: Field, type: string): string {
    const value = field.hasDbDefault ? ` DEFAULT ${this.dbDefaultSql(field)}` : '';
    return `${type}${value}${field.null ? ' NULL' : ' NOT NULL'}`;
  }

  private renameTemplate(): string {
    const renames = this.connection.mysqlIsMariadb
      ? this.connection.isAtLeast(10, 5, 2)
      : this.connection.isAtLeast(8, 0, 4);
    return renames
      ? this.templates.renameColumn
      : 'ALTER TABLE %(table)s CHANGE %(old_column)s %(new_column)s %(type)s';
  }

  // Indexes that foreign keys need --------------------------------------------------------------------------

  override async removeConstraint(model: Options, constraint: Constraint): Promise<void> {
    if (!isOwn(constraint) && !isCheck(constraint) && this.supportsUnique(constraint)) {
      await this.keepForeignKeyIndex(model, constraint.fields[0]);
    }
    await super.removeConstraint(model, constraint);
  }

  override async removeIndex(model: Options, index: Index): Promise<void> {
    const [first] = index.expressions;
    const named = first instanceof FExpression && this.supportsIndex(index) ? first.name : undefined;
    await this.keepForeignKeyIndex(model, index.fieldOrders[0]?.name ?? named);
    await super.removeIndex(model, index);
  }

  protected override async deleteComposedIndex(
    model: Options,
    fields: readonly string[],
    filter: ConstraintFilter,
    template: string,
  ): Promise<void> {
    await this.keepForeignKeyIndex(model, fields[0]);
    await super.deleteComposedIndex(model, fields, filter, template);
  }

  /** The foreign key of the first field may have no index but the one that goes: the server had dropped its own. */
  private async keepForeignKeyIndex(model: Options, name: string | undefined): Promise<void> {
    if (!name || name.includes('__')) return;
    const field = model.getField(name);
    if (field.internalType !== 'ForeignKey') return;
    const constraints = await this.connection.introspection.getConstraints(model.dbTable);
    const first = [...constraints.values()].filter(
      ({ index, columns }) => index && columns[0] === field.column,
    );
    if (first.length === 1) await this.execute(this.fieldIndexSql(model, field));
  }
}
