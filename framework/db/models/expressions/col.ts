/** Columns, and names of what SELECT has. Django: `Col`, `Ref`. */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Field } from '../fields/base';
import type { Query } from '../sql/query';
import { type ChangeMap, type Compiler, Expression, type Scope, type Sql } from './base';

/** A column of a table of the query. */
export class Col extends Expression {
  /** Whether a path of several rows led here. */
  readonly possiblyMultivalued: boolean = false;
  /** Where the column stands for a relation: the field of the other model whose value it holds. */
  readonly relationTarget: Field | undefined;

  constructor(
    readonly alias: string | undefined,
    readonly target: Field,
    relationTarget?: Field,
    /** The field whose value it gives, where that is not its own: of a foreign key the one that it refers to. */
    outputField = target.valueField,
  ) {
    super();
    this.givenField = outputField;
    this.relationTarget = relationTarget;
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const column = connection.ops.quoteName(this.target.column);
    return [
      this.alias === undefined ? column : `${compiler.quoteNameUnlessAlias(this.alias)}.${column}`,
      NO_PARAMS,
    ];
  }

  override resolveExpression(): Expression {
    return this;
  }

  override relabeledClone(changes: ChangeMap): Expression {
    const alias = this.alias === undefined ? undefined : changes.get(this.alias);
    return alias === undefined ? this : new Col(alias, this.target, this.relationTarget, this.givenField);
  }

  override replaceExpressions(find: (part: Expression) => Expression | undefined): Expression {
    return find(this) ?? this;
  }

  override getGroupByCols(): readonly Expression[] {
    return [this];
  }

  override get containsAggregate(): boolean {
    return false;
  }

  override get containsOverClause(): boolean {
    return false;
  }

  override convertValue(value: unknown, connection: DatabaseWrapper): unknown {
    return this.target.fromDb(value, connection);
  }
}

/** The columns of a key that has several. Django: `ColPairs`. */
export class ColPairs extends Col {
  /** Each of them. */
  get columns(): readonly Col[] {
    const { fields } = this.target as unknown as { readonly fields: readonly Field[] };
    return fields.map((field) => new Col(this.alias, field));
  }

  override asSql(compiler: Compiler): Sql {
    return [this.columns.map((column) => compiler.compile(column)[0]).join(', '), NO_PARAMS];
  }

  override relabeledClone(changes: ChangeMap): Expression {
    const alias = this.alias === undefined ? undefined : changes.get(this.alias);
    return alias === undefined ? this : new ColPairs(alias, this.target, this.relationTarget);
  }

  override getGroupByCols(): readonly Expression[] {
    return this.columns;
  }
}

export const NO_PARAMS: readonly unknown[] = Object.freeze([]);

/** The name of something in SELECT. */
export class Ref extends Expression {
  constructor(
    readonly refs: string,
    readonly source: Expression,
  ) {
    super();
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.source];
  }

  override setSourceExpressions([source]: readonly Expression[]): void {
    Object.assign(this, { source });
  }

  override resolveExpression(_query: Query, _scope?: Scope): Expression {
    return this;
  }

  override relabeledClone(): Expression {
    return this;
  }

  override getRefs(): Set<string> {
    return new Set([this.refs]);
  }

  override getGroupByCols(): readonly Expression[] {
    return [this];
  }

  asSql(_compiler: Compiler, connection: DatabaseWrapper): Sql {
    return [connection.ops.quoteName(this.refs), NO_PARAMS];
  }
}

/** A position in SELECT, in GROUP BY and ORDER BY. */
export class SelectPosition extends Expression {
  constructor(
    readonly position: number,
    readonly source: Expression,
  ) {
    super();
  }

  asSql(): Sql {
    return [String(this.position), NO_PARAMS];
  }

  override get containsAggregate(): boolean {
    return this.source.containsAggregate;
  }
}
