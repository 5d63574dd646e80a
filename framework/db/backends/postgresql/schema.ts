/** Django: `django.db.backends.postgresql.schema`. */
import type { Field } from '../../models/fields/base';
import type { Options } from '../../models/options';
import { BASE_TEMPLATES, DatabaseSchemaEditor } from '../base/schema';
import { type AlterHooks, ColumnAlteration, type ColumnChange, type TypeChange } from '../base/schema_alter';
import { fill, type Statement } from '../ddl_references';
import { stripQuotes } from '../utils';
import type { PostgresWrapper } from './base';

const CREATE_INDEX = '%(name)s ON %(table)s%(using)s (%(columns)s)%(include)s%(extra)s%(condition)s';

/** The kinds of text that LIKE needs an index of its own for, by how the names of their types begin. */
const PATTERN_OPERATORS: readonly (readonly [type: string, opclass: string])[] = [
  ['varchar', 'varchar_pattern_ops'],
  ['text', 'text_pattern_ops'],
];
const TEXT_TYPES = ['varchar', 'text', 'citext'];

export class PostgresSchemaEditor extends DatabaseSchemaEditor implements AlterHooks {
  declare readonly connection: PostgresWrapper;
  override readonly deferrable = ' DEFERRABLE INITIALLY DEFERRED';
  override readonly combinesAlters = true;
  readonly templates = {
    ...BASE_TEMPLATES,
    alterColumnComment: 'COMMENT ON COLUMN %(table)s.%(column)s IS %(comment)s',
    alterTableComment: 'COMMENT ON TABLE %(table)s IS %(comment)s',
    // Constraints that wait for the end would forbid to alter the table in the same transaction.
    updateWithDefault:
      'UPDATE %(table)s SET %(column)s = %(default)s WHERE %(column)s IS NULL; SET CONSTRAINTS ALL IMMEDIATE',
    createIndexConcurrently: `CREATE INDEX CONCURRENTLY ${CREATE_INDEX}`,
    deleteIndex: 'DROP INDEX IF EXISTS %(name)s',
    deleteIndexConcurrently: 'DROP INDEX CONCURRENTLY IF EXISTS %(name)s',
    createColumnInlineFk:
      'CONSTRAINT %(name)s REFERENCES %(to_table)s(%(to_column)s)%(on_delete_db)s%(deferrable)s; SET CONSTRAINTS %(namespace)s%(name)s IMMEDIATE',
    deleteFk: 'SET CONSTRAINTS %(name)s IMMEDIATE; ALTER TABLE %(table)s DROP CONSTRAINT %(name)s',
  };

  protected override stored(field: Field, value: unknown): unknown {
    return field.internalType === 'DurationField' ? field.getPrepValue(value) : super.stored(field, value);
  }

  /** Without the C locale LIKE needs an index of its own kind. */
  override async fieldIndexesSql(model: Options, field: Field): Promise<Statement[]> {
    const indexes = await super.fieldIndexesSql(model, field);
    const like = await this.likeIndexSql(model, field);
    return like ? [...indexes, like] : indexes;
  }

  private async likeIndexSql(model: Options, field: Field): Promise<Statement | null> {
    const type = field.dbType(this.connection);
    if (type === null || !(field.dbIndex || field.unique) || type.includes('[')) return null;
    const operators = PATTERN_OPERATORS.find(([name]) => type.startsWith(name))?.[1];
    if (operators === undefined) return null;
    const { collation } = field.dbParameters(this.connection);
    if (collation && !(await this.connection.introspection.isDeterministic(collation))) return null;
    return this.fieldIndexSql(model, field, { suffix: '_like', opclass: operators });
  }

  async alterColumn(model: Options, from: Field, to: Field, fromType: string, toType: string): Promise<void> {
    await new ColumnAlteration(this, this, model, from, to, { from: fromType, to: toType }).run();
    const indexed = !(from.dbIndex || from.unique) && to.dbIndex;
    if (indexed || (!from.unique && to.unique) || changesIndexedText(from, fromType, toType)) {
      const like = await this.likeIndexSql(model, to);
      if (like) await this.execute(like);
    }
    if (from.unique && !(to.dbIndex || to.unique)) await this.execute(this.deleteLikeSql(model, from));
  }

  private deleteLikeSql(model: Options, { column }: Field): Statement {
    return this.deleteIndexSql(model, this.names.index(model.dbTable, [column], '_like'));
  }

  renameColumn({ model, from, to }: TypeChange): string {
    return fill(this.templates.renameColumn, {
      table: this.quoteName(model.dbTable),
      old_column: this.quoteName(from.column),
      new_column: this.quoteName(to.column),
    });
  }

  changeNull(to: Field): string {
    const { alterColumnNull, alterColumnNotNull } = this.templates;
    return fill(to.null ? alterColumnNull : alterColumnNotNull, { column: this.quoteName(to.column) });
  }

  columnCheck(field: Field): string | null {
    return this.connection.dataTypeCheckConstraints[field.internalType] ?? null;
  }

  async changeType({ model, from, to, type }: TypeChange): Promise<ColumnChange> {
    const fromType = from.dbParameters(this.connection).type ?? '';
    if (changesIndexedText(from, fromType, type)) await this.execute(this.deleteLikeSql(model, from));
    const column = this.quoteName(to.column);
    const added = to.isAuto && !from.isAuto;
    const collation = added ? '' : this.collationSql(to.dbParameters(this.connection).collation);
    const using =
      this.itemType(from) === this.itemType(to) || to.generated ? '' : ` USING ${column}::${type}`;
    const change = `ALTER COLUMN ${column} TYPE ${type}${collation}${using}`;
    const identity = (action: string): string =>
      `ALTER TABLE ${this.quoteName(stripQuotes(model.dbTable))} ALTER COLUMN ${column} ${action}`;
    if (added) return { change, after: [identity('ADD GENERATED BY DEFAULT AS IDENTITY')] };
    if (from.isAuto && !to.isAuto) await this.execute(identity('DROP IDENTITY IF EXISTS'));
    const after = from.dbComment === to.dbComment ? [] : [this.columnCommentSql(model, to)];
    if (from.isAuto && from.internalType !== to.internalType) {
      after.push(...(await this.sequenceSql(model, to, type)));
    }
    return { change, after };
  }

  /** The type of a column without its parameters, and of an array that of its items. */
  private itemType(field: Field): string {
    const base = (field as { readonly baseField?: Field }).baseField;
    if (field.internalType !== 'ArrayField' || base === undefined) return this.baseType(field);
    return `${this.itemType(base)}[]`;
  }

  /** What becomes of the sequence of a column from before Django 4.1, which is no identity column. */
  private async sequenceSql(model: Options, to: Field, type: string): Promise<string[]> {
    const sequences = await this.connection.introspection.getSequences(stripQuotes(model.dbTable));
    const name = sequences.find(({ column }) => column === stripQuotes(to.column))?.name;
    if (name === undefined) return [];
    const quoted = this.quoteName(name);
    return [
      to.isAuto
        ? `ALTER SEQUENCE IF EXISTS ${quoted} AS ${type}`
        : `DROP SEQUENCE IF EXISTS ${quoted} CASCADE`,
    ];
  }

  /** A column's type without lengths: values are cast where that becomes another one. In Django a CharField's is its own. */
  private baseType(field: Field): string {
    if (field.isRelation()) return field.dbType(this.connection) ?? '';
    if (field.internalType === 'CharField') return field.internalType;
    return this.connection.dataTypes[field.internalType] ?? field.dbType(this.connection) ?? '';
  }
}

/** Whether a column that has an index for LIKE becomes one of another type. */
function changesIndexedText(from: Field, fromType: string, toType: string): boolean {
  if (!from.dbIndex && !from.unique) return false;
  return TEXT_TYPES.some((name) => fromType.startsWith(name) && !toType.startsWith(name));
}
