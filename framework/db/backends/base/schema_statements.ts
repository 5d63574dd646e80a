/** What a schema editor says, as text: columns, indexes, constraints. Nothing here runs. */
import type { Field } from '../../models/fields/base';
import type { ManyToManyField } from '../../models/fields/related';
import type { CheckConstraint, Constraint, Index } from '../../models/indexes';
import type { Options } from '../../models/options';
import { fill, Statement } from '../ddl_references';
import type { DatabaseWrapper } from './base';
import { SchemaNames } from './schema_names';
import type { Templates } from './schema_templates';

/** The statements of one database. */
export abstract class SchemaStatements {
  abstract readonly templates: Templates;
  /** ` DEFERRABLE INITIALLY DEFERRED` where foreign keys are. */
  readonly deferrable: string = '';
  /** Several changes fit into one ALTER TABLE. */
  readonly combinesAlters: boolean = false;
  readonly names: SchemaNames;

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
    const { type } = field.dbParameters(this.connection);
    if (type === null) return null;
    let sql = type;
    if (includeDefault && !this.skipDefault(field)) {
      const value = this.effectiveDefault(field);
      if (value !== null) sql += ` DEFAULT ${this.columnDefaultSql(field, value)}`;
    }
    sql += field.null ? ' NULL' : ' NOT NULL';
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

  /** The indexes of a model: those of its fields and those of its Meta. */
  async modelIndexesSql(model: Options): Promise<Statement[]> {
    if (!model.managed || model.proxy) return [];
    const statements: Statement[] = [];
    for (const field of model.localFields) statements.push(...(await this.fieldIndexesSql(model, field)));
    for (const index of model.indexes) statements.push(this.indexSql(model, index));
    return statements;
  }

  /** The indexes of a field. */
  async fieldIndexesSql(model: Options, field: Field): Promise<Statement[]> {
    return this.shouldBeIndexed(field) ? [this.createIndexSql(model, [field.column])] : [];
  }

  shouldBeIndexed(field: Field): boolean {
    return field.dbIndex && !field.unique;
  }

  indexSql(model: Options, index: Index): Statement {
    const orders = index.fieldOrders.map(({ descending }) => (descending ? ' DESC' : ''));
    return this.createIndexSql(
      model,
      index.fieldOrders.map(({ name }) => model.getField(name).column),
      { name: index.name, suffixes: orders },
    );
  }

  createIndexSql(
    model: Options,
    indexed: readonly string[],
    options: { name?: string; suffix?: string; suffixes?: readonly string[] } = {},
  ): Statement {
    const { name, suffix = '', suffixes = [] } = options;
    return new Statement(this.templates.createIndex, {
      subject: { table: model.dbTable, columns: [...indexed] },
      parts: (subject) => ({
        table: this.quoteName(subject.table),
        name: this.quoteName(name ?? this.names.index(subject.table, subject.columns, suffix)),
        columns: subject.columns
          .map((column, i) => `${this.quoteName(column)}${suffixes[i] ?? ''}`)
          .join(', '),
      }),
    });
  }

  createUniqueSql(model: Options, unique: readonly string[], name?: string): Statement {
    return new Statement(this.templates.createUnique, {
      subject: { table: model.dbTable, columns: [...unique] },
      parts: (subject) => ({
        table: this.quoteName(subject.table),
        name: this.quoteName(name ?? this.names.index(subject.table, subject.columns, '_uniq')),
        columns: this.quoteColumns(subject.columns),
      }),
    });
  }

  createCheckSql(model: Options, name: string, check: string): Statement {
    return this.simple(this.templates.createCheck, model, { name: this.quoteName(name), check });
  }

  createFkSql(field: Field, suffix = '_fk_%(to_table)s_%(to_column)s'): Statement {
    const { table, column } = relationTarget(field);
    return new Statement(this.templates.createFk, {
      subject: { table: field.model.dbTable, columns: [field.column] },
      target: { table, columns: [column] },
      parts: (subject, target = subject) => ({
        table: this.quoteName(subject.table),
        name: this.quoteName(this.names.foreignKey(subject, target, suffix)),
        column: this.quoteColumns(subject.columns),
        to_table: this.quoteName(target.table),
        to_column: this.quoteColumns(target.columns),
        deferrable: this.deferrable,
      }),
    });
  }

  fkName(field: Field): string {
    const { table, column } = relationTarget(field);
    return this.names.foreignKey(
      { table: field.model.dbTable, columns: [field.column] },
      { table, columns: [column] },
      '_fk_%(to_table)s_%(to_column)s',
    );
  }

  /** A statement that drops something by name. */
  deleteSql(template: string, model: Options, name: string): Statement {
    return this.simple(template, model, { name: this.quoteName(name) });
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

  simple(template: string, model: Options, parts: Record<string, string>): Statement {
    return new Statement(template, {
      subject: { table: model.dbTable, columns: [] },
      parts: (subject) => ({ table: this.quoteName(subject.table), ...parts }),
    });
  }

  needsForeignKey(field: Field): boolean {
    return field.isRelation() && field.dbConstraint;
  }

  protected quotedTarget(target: { table: string; column: string }): Record<string, string> {
    return { to_table: this.quoteName(target.table), to_column: this.quoteName(target.column) };
  }

  protected constraintSql(model: Options, constraint: Constraint): string {
    const body = isCheck(constraint)
      ? `CHECK (${constraint.condition})`
      : `UNIQUE (${this.quoteColumns(columns(model, constraint.fields))})`;
    return `CONSTRAINT ${this.quoteName(constraint.name)} ${body}`;
  }
}

/** The table and column that a foreign key refers to. */
export function relationTarget(field: Field): { table: string; column: string } {
  const { remoteModel, targetField } = field as import('../../models/fields/related').ForeignKey;
  return { table: remoteModel.dbTable, column: targetField.column };
}

/** Whether a field is a many-to-many field. */
export function isManyToMany(field: Field): field is ManyToManyField {
  return field.internalType === 'ManyToManyField';
}

/** Whether a constraint is a CHECK. */
export function isCheck(constraint: Constraint): constraint is CheckConstraint {
  return 'condition' in constraint;
}

/** The columns of fields. */
export function columns(model: Options, names: readonly string[]): string[] {
  return names.map((name) => model.getField(name).column);
}
