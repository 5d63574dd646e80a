/** What a schema editor says of columns, as text. Nothing here runs. */
import { PyFloat } from '../../../python/types';
import { Value } from '../../models/expressions/value';
import type { Field } from '../../models/fields/base';
import type { GeneratedField } from '../../models/fields/generated';
import type { Options } from '../../models/options';
import { expressionDefinition } from '../../models/sql/ddl';
import { fill, type Statement } from '../ddl_references';
import type { DatabaseWrapper } from './base';
import { SchemaNames } from './schema_names';
import type { Templates } from './schema_templates';

/** How one database defines columns. */
export abstract class SchemaColumns {
  abstract readonly templates: Templates;
  /** ` DEFERRABLE INITIALLY DEFERRED` where foreign keys are. */
  readonly deferrable: string = '';
  /** Several changes fit into one ALTER TABLE. */
  readonly combinesAlters: boolean = false;
  readonly names: SchemaNames;
  /** What runs when everything else has: indexes and foreign keys. */
  deferredSql: Statement[] = [];

  constructor(readonly connection: DatabaseWrapper) {
    this.names = new SchemaNames(connection.ops.maxNameLength ?? 200);
  }

  quoteName(name: string): string {
    return this.connection.ops.quoteName(name);
  }

  quoteColumns(columns: readonly string[]): string {
    return columns.map((column) => this.quoteName(column)).join(', ');
  }

  /** A column's definition without its name; null if the field has no column. */
  columnSql(field: Field, includeDefault = false): string | null {
    const { type, collation } = field.dbParameters(this.connection);
    if (type === null) return null;
    const comment = this.inlineCommentSql(field.dbComment);
    let sql = `${type}${this.collationSql(collation)}${comment && ` ${comment}`}`;
    if (field.hasDbDefault) sql += ` DEFAULT ${this.dbDefaultSql(field)}`;
    else if (includeDefault && this.takesDefault(field)) {
      const value = this.effectiveDefault(field);
      if (value !== null) sql += ` DEFAULT ${this.columnDefaultSql(field, value)}`;
    }
    if (isGenerated(field)) sql += ` ${this.generatedSql(field)}`;
    else sql += field.null ? ' NULL' : ' NOT NULL';
    if (field.primaryKey) sql += ' PRIMARY KEY';
    else if (field.unique) sql += ' UNIQUE';
    const space = field.unique ? (field.dbTablespace ?? field.model.dbTablespace) : null;
    return space ? `${sql}${this.tablespaceSql(space, true)}` : sql;
  }

  /** Where the table or the index lies, where the database lets one say that; an index of a column says it inline. */
  tablespaceSql(tablespace: string, inline = false): string {
    const sql = this.connection.ops.tablespaceSql(tablespace, inline);
    return sql && ` ${sql}`;
  }

  /** Whether a new column can have its default, so that the rows that are there get it. */
  private takesDefault(field: Field): boolean {
    // Of a column that takes NULL the default could not be taken away again.
    return !this.skipDefault(field) && !(field.null && this.skipDefaultOnAlter(field));
  }

  /** The same with its check and what follows that: AUTOINCREMENT. */
  protected definitionSql(field: Field, includeDefault = false): string | null {
    const column = this.columnSql(field, includeDefault);
    if (column === null) return null;
    const { check } = field.dbParameters(this.connection);
    const suffix = field.dbTypeSuffix(this.connection);
    return `${column}${check ? ` CHECK (${check})` : ''}${suffix ? ` ${suffix}` : ''}`;
  }

  /** How texts of a column are compared. */
  collationSql(collation: string | null | undefined): string {
    return collation ? ` COLLATE ${this.quoteName(collation)}` : '';
  }

  /** What is said of a column, where that stands in its definition. */
  inlineCommentSql(_comment: string | null): string {
    return '';
  }

  /** The default that the database keeps for a column. */
  dbDefaultSql(field: Field): string {
    const expression = field.dbDefaultExpression;
    if (expression instanceof Value && expression.value !== null) {
      return this.columnDefaultSql(field, this.stored(field, expression.value));
    }
    const sql = expressionDefinition(field.model, expression, this.connection).sql();
    return expression instanceof Value ? this.literalDefaultSql(field, sql) : `(${sql})`;
  }

  /** What a column is calculated of. */
  generatedSql(field: GeneratedField): string {
    const { sql } = expressionDefinition(field.model, field.expression, this.connection);
    return `GENERATED ALWAYS AS (${sql()}) ${field.dbPersist ? 'STORED' : 'VIRTUAL'}`;
  }

  /** The value that existing rows get, as it is stored. */
  effectiveDefault(field: Field): unknown {
    const value = field.effectiveDefault();
    return value === null ? null : this.stored(field, value);
  }

  /** A value as a definition has it: of a kind that its text shows. */
  protected stored(field: Field, value: unknown): unknown {
    switch (field.internalType) {
      case 'FloatField':
        return new PyFloat(Number(field.toDb(value, this.connection)));
      case 'DecimalField':
        return field.getPrepValue(value);
      default:
        return field.toDb(value, this.connection);
    }
  }

  /** A default as it stands in SQL. */
  columnDefaultSql(field: Field, value: unknown): string {
    return this.literalDefaultSql(field, this.connection.ops.quoteValue(value));
  }

  /** A value that is a default. */
  protected literalDefaultSql(_field: Field, literal: string): string {
    return literal;
  }

  /** Whether the database takes no default for the column. */
  skipDefault(_field: Field): boolean {
    return false;
  }

  /** Whether the column's default cannot be altered. */
  skipDefaultOnAlter(_field: Field): boolean {
    return false;
  }

  /** ALTER TABLE with these changes. */
  alterColumnSql(model: Options, changes: string): string {
    return fill(this.templates.alterColumn, { table: this.quoteName(model.dbTable), changes });
  }

  dropDefaultSql(field: Field): string {
    const { alterColumnNoDefault, alterColumnNoDefaultNull } = this.templates;
    return fill(field.null ? alterColumnNoDefaultNull : alterColumnNoDefault, {
      column: this.quoteName(field.column),
      type: field.dbParameters(this.connection).type ?? '',
    });
  }
}

/** Whether a column is calculated. */
export function isGenerated(field: Field): field is GeneratedField {
  return field.generated;
}
