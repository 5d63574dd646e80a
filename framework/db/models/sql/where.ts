/** The conditions of a query, as a tree. Django: `django.db.models.sql.where`. */
import { NotImplementedError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import {
  type ChangeMap,
  type Compiler,
  EMPTY_RESULT_SET,
  EmptyResultSet,
  Expression,
  FULL_RESULT_SET,
  FullResultSet,
  type Scope,
  type Sql,
} from '../expressions/base';
import { AND, type Connector, OR, XOR } from './constants';
import type { Query } from './query';

/** The parts of a condition, by when they can be asked. */
export interface SplitCondition {
  readonly where?: WhereNode | undefined;
  readonly having?: WhereNode | undefined;
  readonly qualify?: WhereNode | undefined;
}

/** Conditions that are joined by the same word. */
export class WhereNode extends Expression {
  constructor(
    public children: Expression[] = [],
    public connector: Connector = AND,
    public negated = false,
  ) {
    super();
  }

  clone(): WhereNode {
    return new WhereNode(
      this.children.map((child) => (child instanceof WhereNode ? child.clone() : child)),
      this.connector,
      this.negated,
    );
  }

  override copy(): this {
    return this.clone() as this;
  }

  get isEmpty(): boolean {
    return this.children.length === 0;
  }

  /** Whether it is as a new one. */
  get isPlainlyEmpty(): boolean {
    return this.children.length === 0 && this.connector === AND && !this.negated;
  }

  add(child: Expression, connector: Connector): void {
    if (this.connector !== connector) {
      this.children = [new WhereNode(this.children, this.connector, this.negated)];
      this.connector = connector;
      this.negated = false;
    }
    const flat =
      child instanceof WhereNode &&
      !child.negated &&
      (child.connector === connector || child.children.length === 1);
    if (flat) this.children.push(...(child as WhereNode).children);
    else this.children.push(child);
  }

  override getSourceExpressions(): readonly Expression[] {
    return this.children;
  }

  override setSourceExpressions(sources: readonly Expression[]): void {
    this.children = [...sources];
  }

  override get conditional(): boolean {
    return true;
  }

  override getGroupByCols(): readonly Expression[] {
    return this.children.flatMap((child) => [...child.getGroupByCols()]);
  }

  relabelAliases(changes: ChangeMap): void {
    this.children = this.children.map((child) => {
      if (!(child instanceof WhereNode)) return child.relabeledClone(changes);
      child.relabelAliases(changes);
      return child;
    });
  }

  override relabeledClone(changes: ChangeMap): Expression {
    const clone = this.clone();
    clone.relabelAliases(changes);
    return clone;
  }

  /** Looks names of the outer query up, in place. */
  resolveIn(query: Query, scope: Scope): void {
    this.children = this.children.map((child) => {
      if (!(child instanceof WhereNode)) return child.resolveExpression(query, scope);
      child.resolveIn(query, scope);
      return child;
    });
  }

  /**
   * What can be said before grouping, what only after it, and what only when windows are calculated. Django:
   * `split_having_qualify`.
   *
   * @throws NotImplementedError for a window OR a column, of a query that groups its rows.
   */
  splitHavingQualify(grouped: boolean, negatedAround = false): SplitCondition {
    const { containsAggregate, containsOverClause } = this;
    if (!containsAggregate && !containsOverClause) return { where: this };
    const negated = negatedAround !== this.negated;
    const whole =
      (negated && this.connector === AND) || (!negated && this.connector === OR) || this.connector === XOR;
    if (whole && !containsOverClause) return { having: this };
    const parts = { where: [] as Expression[], having: [] as Expression[], qualify: [] as Expression[] };
    for (const child of this.children) {
      if (child instanceof WhereNode) {
        const split = child.splitHavingQualify(grouped, negated);
        for (const key of ['where', 'having', 'qualify'] as const) {
          const part = split[key];
          if (part !== undefined) parts[key].push(part);
        }
      } else if (child.containsOverClause) parts.qualify.push(child);
      else (child.containsAggregate ? parts.having : parts.where).push(child);
    }
    if (whole && parts.qualify.length > 0) {
      if (parts.where.length === 0 || !grouped) return { qualify: this };
      throw new NotImplementedError(
        'Heterogeneous disjunctive predicates against window functions are not implemented when performing ' +
          'conditional aggregation.',
      );
    }
    const node = (children: Expression[]): WhereNode | undefined =>
      children.length > 0 ? new WhereNode(children, this.connector, this.negated) : undefined;
    return { where: node(parts.where), having: node(parts.having), qualify: node(parts.qualify) };
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    if (this.connector === XOR) {
      return connection.vendor === 'mysql' ? this.nativeXor(compiler) : this.xorSql(compiler);
    }
    const parts: string[] = [];
    const params: unknown[] = [];
    let fullNeeded = this.connector === AND ? this.children.length : 1;
    let emptyNeeded = this.connector === AND ? 1 : this.children.length;
    for (const child of this.children) {
      try {
        const [sql, given] = compiler.compile(child);
        parts.push(sql);
        params.push(...given);
      } catch (error) {
        if (error instanceof EmptyResultSet) emptyNeeded -= 1;
        else if (error instanceof FullResultSet) fullNeeded -= 1;
        else throw error;
      }
      if (emptyNeeded === 0) throw this.negated ? FULL_RESULT_SET : EMPTY_RESULT_SET;
      if (fullNeeded === 0) throw this.negated ? EMPTY_RESULT_SET : FULL_RESULT_SET;
    }
    if (parts.length === 0) throw FULL_RESULT_SET;
    const sql = parts.join(` ${this.connector} `);
    if (this.negated) return [`NOT (${sql})`, params];
    return [parts.length > 1 ? `(${sql})` : sql, params];
  }

  /** MySQL's own, which is unknown where one of them is. */
  private nativeXor(compiler: Compiler): Sql {
    const parts: string[] = [];
    const params: unknown[] = [];
    for (const child of this.children) {
      const [sql, given] = truthOf(compiler, child);
      parts.push(sql);
      params.push(...given);
    }
    return [`${this.negated ? 'NOT ' : ''}(${parts.join(' XOR ')})`, params];
  }

  /** No database but MySQL has XOR: (a OR b) AND an odd number of them. */
  private xorSql(compiler: Compiler): Sql {
    const any = new WhereNode([...this.children], OR);
    const counted = this.children.map((child) => new Counted(child));
    const odd = new OddNumber(counted);
    return compiler.compile(new WhereNode([any, odd], AND, this.negated));
  }
}

/** A condition in SQL, also where it always holds, or never does. */
function truthOf(compiler: Compiler, condition: Expression): Sql {
  try {
    return compiler.compile(condition);
  } catch (error) {
    if (error instanceof EmptyResultSet) return ['0', []];
    if (error instanceof FullResultSet) return ['1', []];
    throw error;
  }
}

/** 1 where a condition holds, 0 where it does not. */
class Counted extends Expression {
  constructor(private condition: Expression) {
    super();
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.condition];
  }

  override setSourceExpressions([condition]: readonly Expression[]): void {
    this.condition = condition as Expression;
  }

  asSql(compiler: Compiler): Sql {
    const [sql, params] = truthOf(compiler, this.condition);
    return sql === '0' || sql === '1' ? [sql, params] : [`CASE WHEN ${sql} THEN 1 ELSE 0 END`, params];
  }
}

class OddNumber extends Expression {
  constructor(private counted: readonly Expression[]) {
    super();
  }

  override getSourceExpressions(): readonly Expression[] {
    return this.counted;
  }

  override setSourceExpressions(sources: readonly Expression[]): void {
    this.counted = sources;
  }

  asSql(compiler: Compiler): Sql {
    const all = this.counted.map((each) => compiler.compile(each));
    const sum = all.map(([sql]) => sql).join(' + ');
    return [`1 = ((${sum}) % 2)`, all.flatMap(([, params]) => [...params])];
  }
}

/** A condition that holds of no row. */
export class NothingNode extends Expression {
  override get containsAggregate(): boolean {
    return false;
  }

  override relabeledClone(): Expression {
    return this;
  }

  override resolveExpression(): Expression {
    return this;
  }

  asSql(): Sql {
    throw EMPTY_RESULT_SET;
  }
}
