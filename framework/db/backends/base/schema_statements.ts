/** What a schema editor says of indexes and constraints, as text. Nothing here runs. */
import { settings } from '../../../conf';
import type {
  CheckConstraint,
  Constraint,
  CustomConstraint,
  Deferrable,
  UniqueConstraint,
} from '../../models/constraints';
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
    return this.shouldBeIndexed(field) ? [this.fieldIndexSql(model, field)] : [];
  }

  /** The index of one field. */
  fieldIndexSql(
    model: Options,
    field: Field,
    options: { suffix?: string; opclass?: string } = {},
  ): Statement {
    const { suffix = '', opclass: operators } = options;
    return this.createIndexSql(model, [field.column], {
      suffix,
      suffixes: [opclass(operators)],
      tablespace: field.dbTablespace,
    });
  }

  shouldBeIndexed(field: Field): boolean {
    return field.dbIndex && !field.unique;
  }

  /** CREATE INDEX; null where the database has no such index. */
  indexSql(model: Options, index: Index, template = this.templates.createIndex): Statement | null {
    if (!this.supportsIndex(index)) return null;
    const suffixes = index.fieldOrders.map(
      ({ descending }, at) => `${this.opclassSql(index.opclasses[at])}${descending ? ' DESC' : ''}`,
    );
    const fields = index.fieldOrders.map(({ name }) => model.getField(name));
    const [field] = fields;
    return this.createIndexSql(
      model,
      fields.map(({ column }) => column),
      {
        ...this.indexParts(model, index),
        name: index.name,
        suffixes,
        using: index.method && ` USING ${index.method}`,
        parameters: index.storageParameters(this),
        tablespace: index.dbTablespace ?? (fields.length === 1 ? (field?.dbTablespace ?? null) : null),
      },
      template,
    );
  }

  /** Whether the database has such an index; where not, none is made. What else it cannot do is left out. */
  supportsIndex({ expressions }: Pick<IndexLike, 'expressions'>): boolean {
    return expressions.length === 0 || this.connection.features.supportsExpressionIndexes;
  }

  /** Operator classes are PostgreSQL's. */
  private opclassSql(name: string | undefined): string {
    return this.connection.features.supportsOperatorClasses ? opclass(name) : '';
  }

  private indexParts(model: Options, { condition, include, expressions }: IndexLike): IndexParts {
    const { connection } = this;
    return {
      expressions: expressions.map((each) => indexDefinition(model, each, connection)),
      condition: condition && conditionDefinition(model, condition, connection),
      include: this.connection.features.supportsCoveringIndexes ? columns(model, include) : [],
    };
  }

  createIndexSql(
    model: Options,
    indexed: readonly string[],
    options: IndexParts & NewIndex = {},
    template = this.templates.createIndex,
  ): Statement {
    const { suffix = '', suffixes = [], using = '', parameters = [], tablespace } = options;
    let { name } = options;
    const space = tablespace ?? (settings.DEFAULT_INDEX_TABLESPACE || model.dbTablespace);
    const extra = `${parameters.length > 0 ? ` WITH (${parameters.join(', ')})` : ''}${space ? this.tablespaceSql(space) : ''}`;
    return this.indexStatement(template, model, indexed, options, (subject) => {
      // Once it has been written out, the index has its name.
      name ??= this.names.index(subject.table, subject.columns, suffix);
      return {
        name: this.quoteName(name),
        columns: this.suffixedColumns(subject.columns, suffixes),
        using,
        extra,
      };
    });
  }

  /** DROP INDEX. What was held back and would make the index is forgotten. */
  deleteIndexSql(model: Options, name: string, template = this.templates.deleteIndex): Statement {
    const quoted = this.quoteName(name);
    this.deferredSql = this.deferredSql.filter((each) => !each.referencesIndex(model.dbTable, quoted));
    return this.deleteSql(template, model, name);
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
    const suffixes = unique.map((_, at) => this.opclassSql(constraint?.opclasses[at]));
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
    if (isOwn(constraint)) return constraint.createSql(model, this);
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
    const { condition, include, deferrable, nullsDistinct } = constraint;
    if (condition !== undefined && !features.supportsPartialIndexes) return false;
    if (include.length > 0 && !features.supportsCoveringIndexes) return false;
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
    return field.isRelation() && field.concrete && field.dbConstraint;
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
    if (isOwn(constraint)) return constraint.constraintSql(model, this);
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

/** What is said of an index that is made. */
interface NewIndex {
  /** Default: made of the table, the columns, a digest and the suffix. */
  name?: string;
  suffix?: string;
  /** What stands behind each column. */
  suffixes?: readonly string[];
  /** ` USING gin`. */
  using?: string;
  /** Of WITH. */
  parameters?: readonly string[];
  tablespace?: string | null;
}

/** What an index has besides columns. */
interface IndexParts {
  expressions?: readonly Definition[];
  condition?: Definition | undefined;
  include?: readonly string[];
}

function opclass(name: string | undefined): string {
  return name === undefined ? '' : ` ${name}`;
}

/** When a constraint is looked at. */
export function deferrableSql(
  constraint: { readonly deferrable?: Deferrable | undefined } | undefined,
): string {
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
  return !('fields' in constraint || isOwn(constraint));
}

/** Whether a constraint says itself what its SQL is. */
export function isOwn(constraint: Constraint): constraint is CustomConstraint {
  return 'createSql' in constraint;
}

/** The columns of fields. */
export function columns(model: Options, names: readonly string[]): string[] {
  return names.map((name) => model.getField(name).column);
}
