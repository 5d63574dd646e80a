/** What a schema editor says of columns, as text. Nothing here runs. */
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
    let sql = `${type}${this.collationSql(collation)}${this.inlineCommentSql(field.dbComment)}`;
    if (field.hasDbDefault) sql += ` DEFAULT ${this.dbDefaultSql(field)}`;
    else if (includeDefault && !this.skipDefault(field)) {
      const value = this.effectiveDefault(field);
      if (value !== null) sql += ` DEFAULT ${this.columnDefaultSql(field, value)}`;
    }
    if (isGenerated(field)) sql += ` ${this.generatedSql(field)}`;
    else sql += field.null ? ' NULL' : ' NOT NULL';
    if (field.primaryKey) sql += ' PRIMARY KEY';
    else if (field.unique) sql += ' UNIQUE';
    return sql;
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

  /** What else of a column has to be said again where it is modified. */
  keptSql(_field: Field): string {
    return '';
  }

  /** The default that the database keeps for a column. */
  dbDefaultSql(field: Field): string {
    const expression = field.dbDefaultExpression;
    if (expression instanceof Value) {
      const { value } = expression;
      return this.columnDefaultSql(field, value === null ? null : field.toDb(value, this.connection));
    }
    return `(${expressionDefinition(field.model, expression, this.connection).sql()})`;
  }

  /** What a column is calculated of. */
  generatedSql(field: GeneratedField): string {
    const { sql } = expressionDefinition(field.model, field.expression, this.connection);
    return `GENERATED ALWAYS AS (${sql()}) ${field.dbPersist ? 'STORED' : 'VIRTUAL'}`;
  }

  /** The value that existing rows get, as it is stored. */
  effectiveDefault(field: Field): unknown {
    const value = field.effectiveDefault();
    return value === null ? null : field.toDb(value, this.connection);
  }

  /** A default as it stands in SQL. */
  columnDefaultSql(_field: Field, value: unknown): string {
    return this.connection.ops.quoteValue(value);
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
