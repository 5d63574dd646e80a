/** A comparison of an expression and a value. Django: `django.db.models.lookups.Lookup`. */
import { repr } from '../../../python';
import { once } from '../../../utils/module_loading';
import type { DatabaseWrapper } from '../../backends/base/base';
import { NotSupportedError } from '../../errors';
import { type ChangeMap, type Compiler, Expression, type Scope, type Sql } from '../expressions/base';
import { Col } from '../expressions/col';
import { expressionOf } from '../expressions/combined';
import { FExpression, Value } from '../expressions/value';
import type { Field } from '../fields/base';
import type { Query } from '../sql/query';
import { isQuery, keyOf } from './operands';
import { bilateralTransforms, type TransformConstructor } from './transform';

const othersModule = once(() => require('../fields/others') as typeof import('../fields/others'));

/** How a lookup is made. */
export interface LookupConstructor {
  new (lhs: Expression, rhs: unknown): Lookup;
  readonly lookupName: string | undefined;
  readonly canUseNoneAsRhs: boolean;
}

/**
 * A comparison; it is true, false, or NULL. The base of lookups of one's own, and an expression itself:
 * `filter(new GreaterThan(F('pages'), F('visits')))`.
 *
 * @example
 * ```ts
 * class NotEqual extends models.Lookup {
 *   static override readonly lookupName = 'ne';
 *
 *   override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
 *     const [left, params] = this.processLhs(compiler, connection);
 *     const [right, more] = this.processRhs(compiler, connection);
 *     return [`${left} <> ${right}`, [...params, ...more]];
 *   }
 * }
 * models.Field.registerLookup(NotEqual);
 * ```
 */
export abstract class Lookup extends Expression<boolean> {
  /** What stands behind the two underscores. */
  static readonly lookupName: string | undefined = undefined;
  /** Whether `null` on the right is a value of this lookup; otherwise `exact` becomes `isnull`. */
  static readonly canUseNoneAsRhs: boolean = false;
  lhs: Expression;
  rhs: unknown;
  /** Whether it was made before anything was known of the left side: `new LessThan(F('year'), 1942.1)`. */
  private readonly isUnprepared: boolean;
  /** The transforms of the left side that the right side goes through, too. */
  protected readonly bilateral: readonly TransformConstructor[];

  constructor(lhs: unknown, rhs: unknown) {
    super();
    this.lhs = expressionOf(lhs);
    this.isUnprepared = this.lhs instanceof FExpression;
    this.rhs = this.getPrepLookup(rhs);
    this.bilateral = bilateralTransforms(this.lhs);
    if (this.bilateral.length > 0 && isQuery(rhs)) {
      throw new NotSupportedError('Bilateral transformations on nested querysets are not implemented.');
    }
  }

  get lookupName(): string {
    return (this.constructor as unknown as LookupConstructor).lookupName ?? '';
  }

  /** The value as the comparison needs it; nothing of the database is known yet. */
  protected getPrepLookup(rhs: unknown): unknown {
    return rhs;
  }

  override get conditional(): boolean {
    return true;
  }

  override deconstruct(): readonly unknown[] {
    return [this.lhs, this.rhs];
  }

  protected override resolveOutputField(): Field | undefined {
    return new (othersModule().BooleanField)();
  }

  override getSourceExpressions(): readonly Expression[] {
    return this.rhsIsExpression ? [this.lhs, this.rhs as Expression] : [this.lhs];
  }

  override setSourceExpressions([lhs, rhs]: readonly Expression[]): void {
    this.lhs = lhs as Expression;
    if (rhs !== undefined) this.rhs = rhs;
  }

  /** Whether the right side is an expression; a query is a part, but no expression. */
  protected get rhsIsExpression(): boolean {
    return this.rhs instanceof Expression;
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    const copy = super.resolveExpression(query, scope) as this;
    if (isQuery(this.rhs)) copy.rhs = this.rhs.resolveExpression(query, scope);
    return copy;
  }

  override relabeledClone(changes: ChangeMap): Expression {
    const copy = super.relabeledClone(changes) as this;
    if (isQuery(this.rhs)) copy.rhs = this.rhs.relabeledClone(changes);
    return copy;
  }

  override getGroupByCols(): readonly Expression[] {
    const columns = [...this.lhs.getGroupByCols()];
    if (this.rhsIsExpression) columns.push(...(this.rhs as Expression).getGroupByCols());
    else if (isQuery(this.rhs)) columns.push(...this.rhs.getExternalCols());
    return columns;
  }

  getExternalCols(): Col[] {
    const found: Col[] = isQuery(this.rhs) ? this.rhs.getExternalCols() : [];
    const visit = (part: Expression): void => {
      if (part instanceof Col) found.push(part);
      else for (const each of part.getSourceExpressions()) visit(each);
    };
    for (const each of this.getSourceExpressions()) visit(each);
    return found;
  }

  processLhs(compiler: Compiler, _connection: DatabaseWrapper, lhs: Expression = this.lhs): Sql {
    const [sql, params] = compiler.compile(lhs);
    const isCondition = lhs instanceof Lookup || (lhs.conditional && !(lhs instanceof Col));
    return [isCondition && !sql.startsWith('(') ? `(${sql})` : sql, params];
  }

  processRhs(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { rhs } = this;
    if (this.bilateral.length > 0) return this.transformedRhs(compiler, rhs);
    if (rhs instanceof Expression) {
      const [sql, params] = compiler.compile(rhs);
      return [sql.startsWith('(') || rhs instanceof Value ? sql : `(${sql})`, params];
    }
    if (isQuery(rhs)) return rhs.asSql(connection);
    // PostgreSQL would take it for what the column is.
    const typed = this.isFraction(rhs) && connection.vendor === 'postgresql';
    return [typed ? '?::numeric' : '?', [this.databaseValue(rhs, connection)]];
  }

  /** Whether the right side is a value that the database gets as it is. */
  protected get rhsIsDirect(): boolean {
    return this.bilateral.length === 0 && !(this.rhs instanceof Expression) && !isQuery(this.rhs);
  }

  /** A value of the right side, changed as the left side is. */
  protected transformedRhs(compiler: Compiler, value: unknown): Sql {
    const { outputField } = this.lhs;
    let changed = value instanceof Expression ? value : new Value(value, { outputField });
    for (const Class of this.bilateral) changed = new Class(changed);
    const [sql, params] = compiler.compile(changed.resolveExpression(compiler.query));
    return [sql.startsWith('(') ? sql : `(${sql})`, params];
  }

  /** A value as the database takes it. */
  protected databaseValue(value: unknown, connection: DatabaseWrapper): unknown {
    if (typeof value === 'function') {
      throw new TypeError(`A lookup expected a value but got a function, ${repr(value)}.`);
    }
    const field = this.valueField;
    if (field === undefined || this.isFraction(value)) return value;
    return connection.ops.lookupValue(field, keyOf(this.lhs, value));
  }

  /** A number that an integer field would make an integer of, where no lookup has seen to what that means. */
  private isFraction(value: unknown): boolean {
    return this.isUnprepared && typeof value === 'number' && !Number.isInteger(value);
  }

  /** The field that says how a value is stored. */
  protected get valueField(): Field | undefined {
    return this.lhs.outputFieldOrNone;
  }
}
