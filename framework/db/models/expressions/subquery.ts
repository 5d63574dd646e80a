/** Queries within queries. Django: `Subquery`, `Exists`. */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Field } from '../fields/base';
import { BooleanField } from '../fields/others';
import type { Query } from '../sql/query';
import { type ChangeMap, type Compiler, EmptyResultSet, type Expression, type Scope, type Sql } from './base';
import { Combinable } from './combined';

/** What has a query: a QuerySet, or the query itself. */
export interface HasQuery {
  readonly query: Query;
}

/** A query that gives one value. */
export class SubqueryExpression<out V = unknown> extends Combinable<V> {
  protected readonly template: string = '(%(subquery)s)';
  query: Query;

  constructor(source: HasQuery | Query, options: { outputField?: Field } = {}) {
    super();
    this.query = ('query' in source ? source.query : source).clone();
    this.query.subquery = true;
    this.givenField = options.outputField;
  }

  override get containsAggregate(): boolean {
    return false;
  }

  override get containsOverClause(): boolean {
    return false;
  }

  override get containsSubquery(): boolean {
    return true;
  }

  override get emptyResultSetValue(): unknown {
    return null;
  }

  protected override resolveOutputField(): Field | undefined {
    return this.query.outputField;
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    const copy = this.copy();
    copy.query = this.query.resolveExpression(query, scope);
    return copy;
  }

  override relabeledClone(changes: ChangeMap): Expression {
    const copy = this.copy();
    copy.query = this.query.relabeledClone(changes);
    return copy;
  }

  override replaceExpressions(find: (part: Expression) => Expression | undefined): Expression {
    return find(this) ?? this;
  }

  override getGroupByCols(): readonly Expression[] {
    const columns = this.query.getExternalCols();
    return columns.some((column) => column.possiblyMultivalued) ? [this] : columns;
  }

  getExternalCols(): ReturnType<Query['getExternalCols']> {
    return this.query.getExternalCols();
  }

  asSql(_compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [sql, params] = this.query.asSql(connection);
    return [this.template.replace('%(subquery)s', () => sql.slice(1, -1)), params];
  }
}

/**
 * The one value of a query: of its first row, where it is sliced so.
 *
 * @example
 * ```ts
 * const latest = Article.objects.filter({ author: OuterRef('pk') }).orderBy('-pubDate').values('headline').slice(0, 1);
 * Author.objects.annotate({ latest: Subquery(latest) });
 * ```
 */
export function Subquery<V = unknown>(
  source: HasQuery,
  options: { outputField?: Field } = {},
): SubqueryExpression<V> {
  return new SubqueryExpression<V>(source, options);
}

/** Whether a query has rows. */
export class ExistsExpression extends SubqueryExpression<boolean> {
  protected override readonly template = 'EXISTS(%(subquery)s)';
  private negated = false;

  protected override resolveOutputField(): Field {
    return new BooleanField();
  }

  override get emptyResultSetValue(): unknown {
    return this.negated;
  }

  /** Whether a query has no rows. */
  override not(): ExistsExpression {
    const copy = this.copy();
    copy.negated = !this.negated;
    return copy;
  }

  override asSql(_compiler: Compiler, connection: DatabaseWrapper): Sql {
    let sql: string;
    let params: readonly unknown[];
    try {
      [sql, params] = this.query.exists().asSql(connection);
    } catch (error) {
      if (!(error instanceof EmptyResultSet) || !this.negated) throw error;
      [sql, params] = ['(SELECT 1 WHERE 1 = 0)', []];
    }
    const text = this.template.replace('%(subquery)s', () => sql.slice(1, -1));
    return [this.negated ? `NOT ${text}` : text, params];
  }
}

/**
 * Whether a query has rows, for `filter`, `exclude` and `annotate`.
 *
 * @example `Author.objects.filter(Exists(Article.objects.filter({ author: OuterRef('pk') })))`
 */
export function Exists(source: HasQuery | Query): ExistsExpression {
  return new ExistsExpression(source);
}
