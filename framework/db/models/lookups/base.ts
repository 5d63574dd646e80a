/** A comparison of an expression and a value. Django: `django.db.models.lookups.Lookup`. */
import { repr } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import { type ChangeMap, type Compiler, Expression, type Scope, type Sql } from '../expressions/base';
import { Col } from '../expressions/col';
import type { Field } from '../fields/base';
import type { Options } from '../options';
import type { Query } from '../sql/query';

/** How a lookup is made. */
export interface LookupConstructor {
  new (lhs: Expression, rhs: unknown): Lookup;
  readonly canUseNoneAsRhs: boolean;
}

/** A comparison; it is true, false, or NULL. */
export abstract class Lookup extends Expression<boolean> {
  static readonly canUseNoneAsRhs: boolean = false;
  abstract readonly lookupName: string;
  lhs: Expression;
  rhs: unknown;

  constructor(lhs: Expression, rhs: unknown) {
    super();
    this.lhs = lhs;
    this.rhs = this.getPrepLookup(rhs);
  }

  /** The value as the comparison needs it; nothing of the database is known yet. */
  protected getPrepLookup(rhs: unknown): unknown {
    return rhs;
  }

  override get conditional(): boolean {
    return true;
  }

  protected override resolveOutputField(): Field | undefined {
    const { BooleanField } = require('../fields/others') as typeof import('../fields/others');
    return new BooleanField();
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
    return [lhs instanceof Lookup ? `(${sql})` : sql, params];
  }

  processRhs(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { rhs } = this;
    if (rhs instanceof Expression) {
      const [sql, params] = compiler.compile(rhs);
      return [sql.startsWith('(') || rhs instanceof Col ? sql : `(${sql})`, params];
    }
    if (isQuery(rhs)) return rhs.asSql(connection);
    return ['?', [this.databaseValue(rhs, connection)]];
  }

  /** A value as the database takes it. */
  protected databaseValue(value: unknown, connection: DatabaseWrapper): unknown {
    if (typeof value === 'function') {
      throw new TypeError(`A lookup expected a value but got a function, ${repr(value)}.`);
    }
    const field = this.valueField;
    return field === undefined ? value : connection.ops.lookupValue(field, keyOf(this.lhs, value));
  }

  /** The field that says how a value is stored. */
  protected get valueField(): Field | undefined {
    return this.lhs.outputFieldOrNone;
  }
}

/** Whether a value is a query. */
export function isQuery(value: unknown): value is Query {
  return typeof value === 'object' && value !== null && 'aliasMap' in value;
}

function optionsOf(value: unknown): Options | undefined {
  if (typeof value !== 'object' || value === null || !('pk' in value)) return undefined;
  return (value.constructor as { _meta?: Options } | undefined)?._meta;
}

/** A model's instance stands for its key; what else has a `pk`, as any JSON may, does not. */
export function keyOf(lhs: Expression, value: unknown): unknown {
  if (optionsOf(value) === undefined) return value;
  const target = lhs instanceof Col ? lhs.relationTarget : undefined;
  const instance = value as Record<string, unknown>;
  const key = target === undefined ? instance['pk'] : instance[target.property];
  return optionsOf(key) === undefined ? key : keyOf(lhs, key);
}
