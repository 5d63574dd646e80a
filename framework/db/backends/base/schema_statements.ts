/** What a schema editor says of indexes and constraints, as text. Nothing here runs. */
import type { CheckConstraint, Constraint, UniqueConstraint } from '../../models/constraints';
import type { Field } from '../../models/fields/base';
import type { ManyToManyField } from '../../models/fields/related';
import type { Index } from '../../models/indexes';
import type { Options } from '../../models/options';
import { conditionDefinition, type Definition, indexDefinition } from '../../models/sql/ddl';
import { type Reference, Statement } from '../ddl_references';
import { SchemaColumns } from './schema_columns';

/** The statements of one database. */
export abstract class SchemaStatements extends SchemaColumns {
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
