/** What every aggregate is. Django: `django.db.models.aggregates.Aggregate`. */
import { FieldError } from '../../../core/exceptions';
import { repr } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import { NotSupportedError } from '../../errors';
import { type Compiler, type Expression, FullResultSet, type Scope, type Sql } from '../expressions/base';
import { Case, When } from '../expressions/case';
import { argumentOf, Func } from '../expressions/func';
import { type OrderingParam, orderingsOf } from '../expressions/order_by';
import { FExpression, Value } from '../expressions/value';
import type { Field } from '../fields/base';
import { DecimalField, FloatField, IntegerField } from '../fields/numbers';
import type { Q } from '../q';
import type { Query } from '../sql/query';

/** What every aggregate takes. */
export interface AggregateOptions {
  /** Each value once. */
  distinct?: boolean;
  /** The rows that count. */
  filter?: Q | Expression;
  /** What it is for no rows at all. */
  default?: unknown;
  /** How the values are sorted, where that says something. */
  orderBy?: OrderingParam;
  outputField?: Field;
}

/**
 * A function over the rows of a group. Subclass it for a function of the database's own.
 *
 * @example
 * ```ts
 * class Median extends Aggregate<number | null> {
 *   protected override readonly sqlName = 'MEDIAN';
 * }
 * ```
 */
export abstract class Aggregate<out V = unknown> extends Func<V> {
  readonly distinct: boolean;
  private filter: Expression | undefined;
  private order: readonly Expression[];
  private readonly otherwise: unknown;
  private summary = false;

  /** @throws TypeError for an option that it does not take. */
  constructor(expressions: readonly unknown[], options: AggregateOptions = {}) {
    super();
    const { distinct = false, filter, orderBy } = options;
    if (distinct && !this.allowDistinct) throw new TypeError(`${this.name} does not allow distinct.`);
    if (orderBy !== undefined && !this.allowOrderBy)
      throw new TypeError(`${this.name} does not allow order_by.`);
    if (options.default !== undefined && options.default !== null && this.emptyResultSetValue !== null) {
      throw new TypeError(`${this.name} does not allow default.`);
    }
    this.sources = expressions.map(argumentOf);
    this.distinct = distinct;
    this.filter = filter === undefined ? undefined : argumentOf(filter);
    this.order = orderingsOf(
      orderBy,
      () =>
        new TypeError(
          `${this.name}.order_by must be either a string reference to a field, an expression, or a list or tuple of them ` +
            `not ${repr(orderBy)}.`,
        ),
    );
    this.otherwise = options.default;
    this.givenField = options.outputField;
  }

  /** The function's name in SQL. */
  protected abstract readonly sqlName: string;

  /** Its name in errors, and in the alias that it gets by itself. */
  get name(): string {
    return this.constructor.name;
  }

  protected get allowDistinct(): boolean {
    return false;
  }

  protected get allowOrderBy(): boolean {
    return false;
  }

  /** The name that it has in `annotate(new Count('books'))`. @throws TypeError for a complex one. */
  get defaultAlias(): string {
    const [only, ...others] = this.getSourceExpressions();
    if (!(only instanceof FExpression) || others.length > 0) {
      throw new TypeError('Complex expressions require an alias');
    }
    return `${only.name}__${this.name.toLowerCase()}`;
  }

  override get emptyResultSetValue(): unknown {
    return null;
  }

  override get containsAggregate(): boolean {
    return true;
  }

  /** Whether its name and its arguments are all that there is to it. */
  protected get isPlain(): boolean {
    return false;
  }

  override _planText(): string | undefined {
    const more = [this.filter, this.givenField, this.otherwise, ...this.order];
    const argument = this.isPlain ? this.sources[0]?._planText() : undefined;
    if (argument === undefined || this.sources.length > 1 || more.some((each) => each != null))
      return undefined;
    return `${this.name}${this.distinct ? ' distinct' : ''}(${argument})`;
  }

  override get windowCompatible(): boolean {
    return true;
  }

  override getSourceExpressions(): readonly Expression[] {
    return [...this.sources, ...(this.filter === undefined ? [] : [this.filter]), ...this.order];
  }

  override setSourceExpressions(sources: readonly Expression[]): void {
    const rest = [...sources];
    this.sources = rest.splice(0, this.sources.length);
    if (this.filter !== undefined) this.filter = rest.shift();
    this.order = rest;
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    const { forSave: _, ...within } = scope;
    const resolved = super.resolveExpression(query, within) as this;
    resolved.summary = within.summarize ?? false;
    if (resolved.summary) {
      for (const ref of resolved.getRefs()) {
        if (isSummary(query.annotations.get(ref))) throw this.overAggregate(ref);
      }
    } else if (!this.summary) {
      resolved.sources.forEach((source, at) => {
        if (!source.containsAggregate) return;
        const before = this.sources[at];
        throw this.overAggregate(before instanceof FExpression ? before.name : className(before));
      });
    }
    const { otherwise } = this;
    if (otherwise === undefined || otherwise === null) return resolved;
    return new WithDefault(resolved, query, otherwise, within);
  }

  private overAggregate(name: string): FieldError {
    return new FieldError(`Cannot compute ${this.name}('${name}'): '${name}' is an aggregate`);
  }

  /** Whether it is an argument of `aggregate()`. */
  get isSummary(): boolean {
    return this.summary;
  }

  override getGroupByCols(): readonly Expression[] {
    return [];
  }

  protected override resolveOutputField(): Field | undefined {
    return this.sources[0]?.outputFieldOrNone;
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    if (this.filter !== undefined && connection.vendor === 'mysql') {
      return this.withoutFilter().asSql(compiler, connection);
    }
    if (this.distinct && this.sources.length > 1 && connection.vendor === 'sqlite') {
      throw new NotSupportedError(
        `${this.name} does not support distinct with multiple expressions on this database backend.`,
      );
    }
    return this.writeCall(compiler, connection, this.sqlName);
  }

  /** The call, under a name; `tail` stands within its brackets, after everything else. */
  protected writeCall(compiler: Compiler, connection: DatabaseWrapper, name: string, tail = ''): Sql {
    const [args, given] = this.write(compiler, connection, { template: '%(expressions)s' });
    const params = [...given];
    const order = this.order.map((each) => {
      const [sql, own] = compiler.compile(each);
      params.push(...own);
      return sql;
    });
    const orderSql = order.length > 0 ? ` ORDER BY ${order.join(', ')}` : '';
    const call = `${name}(${this.distinct ? 'DISTINCT ' : ''}${args}${orderSql}${tail})`;
    if (this.filter === undefined) return [call, params];
    try {
      const [condition, own] = compiler.compile(this.filter);
      return [`${call} FILTER (WHERE ${condition})`, [...params, ...own]];
    } catch (error) {
      if (!(error instanceof FullResultSet)) throw error;
      return [call, params];
    }
  }

  /** The same for databases without FILTER: what does not count is NULL. */
  protected withoutFilter(): this {
    if (this.filter === undefined) return this;
    const copy = this.copy();
    const [first, ...others] = this.sources as [Expression];
    copy.filter = undefined;
    copy.sources = [Case(When(this.filter, first)), ...others];
    copy.givenField = this.outputFieldOrNone;
    return copy;
  }
}

function className(expression: Expression | undefined): string {
  return expression?.constructor.name ?? '';
}

/** Whether an expression, or a part of it, is an argument of `aggregate()`. */
function isSummary(expression: Expression | undefined): boolean {
  if (expression === undefined) return false;
  return (
    (expression instanceof Aggregate && expression.isSummary) ||
    expression.getSourceExpressions().some(isSummary)
  );
}

/** An aggregate, or a value where there are no rows. */
class WithDefault extends Func {
  protected override readonly functionName = 'COALESCE';

  constructor(aggregate: Aggregate, query: Query, otherwise: unknown, scope: Scope) {
    super();
    const field = aggregate.outputFieldOrNone;
    const given = argumentOf(typeof otherwise === 'string' ? new Value(otherwise) : otherwise);
    let value = given.resolveExpression(query, scope);
    if (field !== undefined && (given instanceof Value || value.outputFieldOrNone === undefined)) {
      value = value.withOutputField(field);
    }
    this.sources = [aggregate, value];
    this.givenField = field;
  }

  override get emptyResultSetValue(): unknown {
    return this.sources[1]?.emptyResultSetValue;
  }
}

/** The type of a mean: of decimals a decimal, of whole numbers a float. */
export abstract class NumericAggregate<out V = number | null> extends Aggregate<V> {
  protected override resolveOutputField(): Field | undefined {
    const fields = this.sources.map((source) => source.outputFieldOrNone);
    if (fields.some((field) => field instanceof DecimalField)) return new DecimalField({} as never);
    if (fields.some((field) => field instanceof IntegerField)) return new FloatField();
    return super.resolveOutputField();
  }
}
