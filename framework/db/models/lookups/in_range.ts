/** The lookups of several values, and of none. Django: `In`, `Range`, `IsNull`. */
import { ValueError } from '../../../core/exceptions';
import { repr } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import { type Compiler, EMPTY_RESULT_SET, Expression, FULL_RESULT_SET, type Sql } from '../expressions/base';
import { Col } from '../expressions/col';
import { Value } from '../expressions/value';
import { Lookup } from './base';
import { fits, isQuery, selectKey } from './operands';

function nameOf(lhs: Expression): string {
  return lhs instanceof Col ? lhs.target.name : '';
}

/** A lookup whose right side is a list of values, some of which may be expressions. */
abstract class ListLookup extends Lookup {
  override getSourceExpressions(): readonly Expression[] {
    if (this.rhs instanceof Expression) return [this.lhs, this.rhs];
    if (!Array.isArray(this.rhs)) return [this.lhs];
    return [this.lhs, ...this.rhs.filter((each): each is Expression => each instanceof Expression)];
  }

  override setSourceExpressions([lhs, ...parts]: readonly Expression[]): void {
    this.lhs = lhs as Expression;
    if (this.rhs instanceof Expression) this.rhs = parts[0];
    else if (parts.length > 0) {
      const rest = [...parts];
      this.rhs = (this.rhs as unknown[]).map((each) => (each instanceof Expression ? rest.shift() : each));
    }
  }

  override getGroupByCols(): readonly Expression[] {
    if (isQuery(this.rhs)) return super.getGroupByCols();
    return this.getSourceExpressions().flatMap((source) => [...source.getGroupByCols()]);
  }

  /** One of the values, as SQL. */
  protected one(compiler: Compiler, connection: DatabaseWrapper, value: unknown): Sql {
    if (this.bilateral.length > 0) return this.transformedRhs(compiler, value);
    if (value instanceof Expression) return compiler.compile(value);
    return this.placeholder(connection, this.databaseValue(value, connection));
  }

  /** What stands for a value that the database gets as it is. */
  protected placeholder(_connection: DatabaseWrapper, value: unknown): Sql {
    return ['?', [value]];
  }
}

/** `IN` */
export class In extends ListLookup {
  static override readonly lookupName: string = 'in';

  protected override getPrepLookup(rhs: unknown): unknown {
    if (isQuery(rhs)) {
      rhs.clearOrdering({ clearDefault: true });
      return selectKey(rhs, this.lhs, { lookup: "the 'in'" });
    }
    if (rhs instanceof Expression) return rhs;
    if (typeof rhs !== 'object' || rhs === null || !(Symbol.iterator in rhs)) {
      throw new TypeError(`The value of '${nameOf(this.lhs)}__in' must be a list, not ${repr(rhs)}.`);
    }
    return [...(rhs as Iterable<unknown>)];
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, leftParams] = this.processLhs(compiler, connection);
    if (!Array.isArray(this.rhs)) {
      refuseOther(this.rhs, connection);
      const [right, rightParams] = this.processRhs(compiler, connection);
      return [`${left} IN ${right}`, [...leftParams, ...rightParams]];
    }
    const placeholders: string[] = [];
    const params: unknown[] = [...leftParams];
    const seen = new Set<unknown>();
    for (const each of this.rhs) {
      // NULL is in no list.
      if (each === null || each === undefined) continue;
      const [sql, given] = this.one(compiler, connection, each);
      if (sql === '?') {
        const [value] = given;
        if (value === null || !fits(value) || seen.has(value)) continue;
        seen.add(value);
      }
      placeholders.push(sql);
      params.push(...given);
    }
    if (placeholders.length === 0) throw EMPTY_RESULT_SET;
    return [`${left} IN (${placeholders.join(', ')})`, params];
  }
}

/** @throws ValueError for a query that was named for another database. */
function refuseOther(rhs: unknown, { alias }: DatabaseWrapper): void {
  if (!isQuery(rhs) || rhs.using === undefined || rhs.using === alias) return;
  throw new ValueError(
    "Subqueries aren't allowed across different databases. Force the inner query to be evaluated using `list(inner_query)`.",
  );
}

/** `BETWEEN` */
export class Range extends ListLookup {
  static override readonly lookupName: string = 'range';

  protected override getPrepLookup(rhs: unknown): unknown {
    if (!Array.isArray(rhs) || rhs.length !== 2) {
      throw new TypeError(
        `The value of '${nameOf(this.lhs)}__range' must be a list of two, not ${repr(rhs)}.`,
      );
    }
    return rhs;
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, params] = this.processLhs(compiler, connection);
    const [low, high] = (this.rhs as unknown[]).map((each) => this.one(compiler, connection, each)) as [
      Sql,
      Sql,
    ];
    return [`${left} BETWEEN ${low[0]} AND ${high[0]}`, [...params, ...low[1], ...high[1]]];
  }
}

/** `IS NULL`, `IS NOT NULL` */
export class IsNull extends Lookup {
  static override readonly lookupName: string = 'isnull';
  static override readonly canUseNoneAsRhs = true;

  protected override getPrepLookup(rhs: unknown): unknown {
    if (typeof rhs !== 'boolean') {
      throw new ValueError('The QuerySet value for an isnull lookup must be True or False.');
    }
    return rhs;
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    if (this.lhs instanceof Value) {
      const isNull = this.lhs.value === null || this.lhs.value === undefined;
      throw isNull === this.rhs ? FULL_RESULT_SET : EMPTY_RESULT_SET;
    }
    const [sql, params] = this.processLhs(compiler, connection);
    return [`${sql} IS ${this.rhs ? '' : 'NOT '}NULL`, params];
  }
}
