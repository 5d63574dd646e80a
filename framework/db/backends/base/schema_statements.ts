/** What a schema editor says, as text: columns, indexes, constraints. Nothing here runs. */

import type { CheckConstraint, Constraint, UniqueConstraint } from '../../models/constraints';
import type { Field } from '../../models/fields/base';
import type { ManyToManyField } from '../../models/fields/related';
import type { Index } from '../../models/indexes';
import type { Options } from '../../models/options';
import { conditionDefinition, type Definition, indexDefinition } from '../../models/sql/ddl';
import { fill, type Reference, Statement } from '../ddl_references';
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
    for (const index of model.indexes) statements.push(...[this.indexSql(model, index) ?? []].flat());
    return statements;
  }

  /** The indexes of a field. */
  async fieldIndexesSql(model: Options, field: Field): Promise<Statement[]> {
    return this.shouldBeIndexed(field) ? [this.createIndexSql(model, [field.column])] : [];
  }

  shouldBeIndexed(field: Field): boolean {
    return field.dbIndex && !field.unique;
  }

  /** CREATE INDEX; null where the database has no such index. */
  indexSql(model: Options, index: Index): Statement | null {
    if (!this.supportsIndex(index)) return null;
    const suffixes = index.fieldOrders.map(
      ({ descending }, at) => `${opclass(index.opclasses[at])}${descending ? ' DESC' : ''}`,
    );
    const indexed = index.fieldOrders.map(({ name }) => model.getField(name).column);
    return this.createIndexSql(model, indexed, {
      ...this.indexParts(model, index),
      name: index.name,
      suffixes,
    });
  }

  /** Whether the database has such an index; where not, none is made. */
  supportsIndex({ condition, include, expressions }: IndexLike): boolean {
    const { features } = this.connection;
    if (condition !== undefined && !features.supportsPartialIndexes) return false;
    if (expressions.length > 0 && !features.supportsExpressionIndexes) return false;
    return include.length === 0 || features.supportsCoveringIndexes;
  }

  private indexParts(model: Options, { condition, include, expressions }: IndexLike): IndexParts {
    const { connection } = this;
    return {
      expressions: expressions.map((each) => indexDefinition(model, each, connection)),
      condition: condition && conditionDefinition(model, condition, connection),
      include: columns(model, include),
    };
  }

  createIndexSql(
    model: Options,
    indexed: readonly string[],
    options: IndexParts & { name?: string; suffix?: string; suffixes?: readonly string[] } = {},
  ): Statement {
    const { name, suffix = '', suffixes = [] } = options;
    return this.indexStatement(this.templates.createIndex, model, indexed, options, (subject) => ({
      name: this.quoteName(name ?? this.names.index(subject.table, subject.columns, suffix)),
      columns: this.suffixedColumns(subject.columns, suffixes),
    }));
  }

  private suffixedColumns(names: readonly string[], suffixes: readonly string[]): string {
    return names.map((column, at) => `${this.quoteName(column)}${suffixes[at] ?? ''}`).join(', ');
  }

  /** A statement about an index: it follows what it names through renames. */
  private indexStatement(
    template: string,
    model: Options,
    indexed: readonly string[],
    { expressions = [], condition, include = [] }: IndexParts,
    more: (subject: Reference) => Record<string, string>,
  ): Statement {
    const { length } = indexed;
    const definitions = condition === undefined ? expressions : [...expressions, condition];
    const named = [...indexed, ...include, ...definitions.flatMap((each) => [...each.columns])];
    return new Statement(template, {
      subject: { table: model.dbTable, columns: [...named] },
      parts: ({ table, columns: now }) => {
        const renamed = new Map(named.map((column, at) => [column, now[at] ?? column]));
        const included = now.slice(length, length + include.length);
        const parts = more({ table, columns: now.slice(0, length) });
        return {
          table: this.quoteName(table),
          ...parts,
          columns:
            length > 0 ? (parts['columns'] ?? '') : expressions.map((each) => each.sql(renamed)).join(', '),
          include: included.length > 0 ? ` INCLUDE (${this.quoteColumns(included)})` : '',
          condition: condition === undefined ? '' : ` WHERE ${condition.sql(renamed)}`,
        };
      },
    });
  }

  createUniqueSql(model: Options, unique: readonly string[], name?: string): Statement {
    return this.uniqueStatement(this.templates.createUnique, model, unique, name);
  }

  private uniqueStatement(
    template: string,
    model: Options,
    unique: readonly string[],
    name?: string,
    constraint?: UniqueConstraint,
  ): Statement {
    const suffixes = unique.map((_, at) => opclass(constraint?.opclasses[at]));
    return this.indexStatement(
      template,
      model,
      unique,
      constraint === undefined ? {} : this.indexParts(model, constraint),
      (subject) => ({
        name: this.quoteName(name ?? this.names.index(subject.table, subject.columns, '_uniq')),
        columns: this.suffixedColumns(subject.columns, suffixes),
        deferrable: deferrableSql(constraint),
        nulls_distinct: nullsSql(constraint),
      }),
    );
  }

  /** ADD CONSTRAINT, or CREATE UNIQUE INDEX; null where the database has no such constraint. */
  createConstraintSql(model: Options, constraint: Constraint): Statement | null {
    if (isCheck(constraint))
      return this.createCheckSql(model, constraint.name, this.checkOf(model, constraint));
    if (!this.supportsUnique(constraint)) return null;
    const { createUnique, createUniqueIndex } = this.templates;
    const template = constraint.isIndex ? createUniqueIndex : createUnique;
    return this.uniqueStatement(
      template,
      model,
      columns(model, constraint.fields),
      constraint.name,
      constraint,
    );
  }

  /** Whether the database has such a constraint; where not, none is made. */
  supportsUnique(constraint: UniqueConstraint): boolean {
    const { features } = this.connection;
    const { deferrable, nullsDistinct } = constraint;
    if (deferrable !== undefined && !features.supportsDeferrableUniqueConstraints) return false;
    if (nullsDistinct !== undefined && !features.supportsNullsDistinctUniqueConstraints) return false;
    return this.supportsIndex(constraint);
  }

  /** The condition of a check, as SQL. */
  protected checkOf(model: Options, { condition }: CheckConstraint): string {
    return typeof condition === 'string'
      ? condition
      : conditionDefinition(model, condition, this.connection).sql();
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
        on_delete_db: onDeleteSql(field),
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

  protected quotedTarget(field: Field): Record<string, string> {
    const { table, column } = relationTarget(field);
    return {
      to_table: this.quoteName(table),
      to_column: this.quoteName(column),
      on_delete_db: onDeleteSql(field),
    };
  }

  /** A constraint within CREATE TABLE; null where it is an index that follows, or there can be none. */
  protected constraintSql(model: Options, constraint: Constraint): string | null {
    const name = this.quoteName(constraint.name);
    if (isCheck(constraint)) return `CONSTRAINT ${name} CHECK (${this.checkOf(model, constraint)})`;
    if (!this.supportsUnique(constraint)) return null;
    if (constraint.isIndex || constraint.nullsDistinct !== undefined) {
      const statement = this.createConstraintSql(model, constraint);
      if (statement !== null) this.deferredSql.push(statement);
      return null;
    }
    const unique = this.quoteColumns(columns(model, constraint.fields));
    return `CONSTRAINT ${name} UNIQUE (${unique})${deferrableSql(constraint)}`;
  }
}

/** What an index and a unique constraint have in common. */
type IndexLike = Pick<Index, 'condition' | 'include' | 'expressions'>;

/** What an index has besides columns. */
interface IndexParts {
  expressions?: readonly Definition[];
  condition?: Definition | undefined;
  include?: readonly string[];
}

function opclass(name: string | undefined): string {
  return name === undefined ? '' : ` ${name}`;
}

function deferrableSql(constraint: UniqueConstraint | undefined): string {
  const { deferrable } = constraint ?? {};
  return deferrable === undefined ? '' : ` DEFERRABLE INITIALLY ${deferrable.toUpperCase()}`;
}

function nullsSql(constraint: UniqueConstraint | undefined): string {
  const { nullsDistinct } = constraint ?? {};
  return nullsDistinct === undefined ? '' : ` NULLS ${nullsDistinct ? '' : 'NOT '}DISTINCT`;
}

/** The table and column that a foreign key refers to. */
export function relationTarget(field: Field): { table: string; column: string } {
  const { remoteModel, targetField } = field as import('../../models/fields/related').ForeignKey;
  return { table: remoteModel.dbTable, column: targetField.column };
}

/** What the database does itself when the row that a foreign key refers to is deleted. */
function onDeleteSql(field: Field): string {
  const { databaseAction } = (field as import('../../models/fields/related').ForeignKey).onDelete;
  return databaseAction === undefined ? '' : ` ON DELETE ${databaseAction}`;
}

/** Whether a field is a many-to-many field. */
export function isManyToMany(field: Field): field is ManyToManyField {
  return field.internalType === 'ManyToManyField';
}

/** Whether a constraint is a CHECK. */
export function isCheck(constraint: Constraint): constraint is CheckConstraint {
  return !('fields' in constraint);
}

/** The columns of fields. */
export function columns(model: Options, names: readonly string[]): string[] {
  return names.map((name) => model.getField(name).column);
}
