/** The lookups that every field has. Django: `django.db.models.lookups`. */
import { ValueError } from '../../../core/exceptions';
import { repr, toStr } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import { type Compiler, EMPTY_RESULT_SET, Expression, type Sql } from '../expressions/base';
import { Col } from '../expressions/col';
import { Field } from '../fields/base';
import { IntegerField } from '../fields/numbers';
import { isQuery, keyOf, Lookup } from './base';
import { registerLookup } from './registry';

/** Whether a database has the integer at all: 64 bits. */
function fits(value: unknown): boolean {
  return typeof value !== 'bigint' || BigInt.asIntN(64, value) === value;
}

/** Selects the one column that a subquery is compared by. */
function selectKey(query: unknown, lhs: Expression): unknown {
  if (!isQuery(query)) return query;
  if (!query.hasSelectFields) {
    query.clearSelectClause();
    const target = lhs instanceof Col ? lhs.relationTarget : undefined;
    query.addFields([target !== undefined && query.model.isKindOf(target.model) ? target.name : 'pk']);
  }
  return query;
}

abstract class Comparison extends Lookup {
  protected abstract readonly operator: string;

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, leftParams] = this.processLhs(compiler, connection);
    const [right, rightParams] = this.processRhs(compiler, connection);
    return [
      `${left} ${this.operator} ${right}`,
      leftParams.length === 0 ? rightParams : [...leftParams, ...rightParams],
    ];
  }

  protected override getPrepLookup(rhs: unknown): unknown {
    if (isQuery(rhs) && !rhs.hasSelectFields) return selectKey(rhs, this.lhs);
    return rhs;
  }
}

/** `=` */
export class Exact extends Comparison {
  readonly lookupName = 'exact';
  protected readonly operator = '=';

  protected override getPrepLookup(rhs: unknown): unknown {
    if (isQuery(rhs) && !rhs.hasLimitOne) {
      throw new ValueError(
        'The QuerySet value for an exact lookup must be limited to one result using slicing.',
      );
    }
    return selectKey(rhs, this.lhs);
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    // A condition needs no comparison with what it is.
    if (typeof this.rhs === 'boolean' && this.lhs.conditional && !(this.lhs instanceof Col)) {
      const [sql, params] = compiler.compile(this.lhs);
      return [this.rhs ? sql : `NOT ${sql}`, params];
    }
    const sql = super.asSql(compiler, connection);
    if (!(this.rhs instanceof Expression) && !isQuery(this.rhs) && !fits(sql[1][sql[1].length - 1])) {
      throw EMPTY_RESULT_SET;
    }
    return sql;
  }
}

/** A comparison of order; a number that no column can have is on one side of all. */
abstract class OrderLookup extends Comparison {
  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const sql = super.asSql(compiler, connection);
    const bound = sql[1][sql[1].length - 1];
    if (this.rhs instanceof Expression || isQuery(this.rhs) || fits(bound)) return sql;
    if (this.operator.startsWith('>') === (bound as bigint) < 0n) {
      return compiler.compile(new IsNull(this.lhs, false));
    }
    throw EMPTY_RESULT_SET;
  }
}

/** No integer lies between a number and the next whole one. Django: `IntegerFieldFloatRounding`. */
function rounded(lhs: Expression, rhs: unknown): unknown {
  return typeof rhs === 'number' && lhs.outputFieldOrNone instanceof IntegerField ? Math.ceil(rhs) : rhs;
}

export class GreaterThan extends OrderLookup {
  readonly lookupName = 'gt';
  protected readonly operator = '>';
}
export class GreaterThanOrEqual extends OrderLookup {
  readonly lookupName = 'gte';
  protected readonly operator = '>=';

  protected override getPrepLookup(rhs: unknown): unknown {
    return super.getPrepLookup(rounded(this.lhs, rhs));
  }
}
export class LessThan extends OrderLookup {
  readonly lookupName = 'lt';
  protected readonly operator = '<';

  protected override getPrepLookup(rhs: unknown): unknown {
    return super.getPrepLookup(rounded(this.lhs, rhs));
  }
}
export class LessThanOrEqual extends OrderLookup {
  readonly lookupName = 'lte';
  protected readonly operator = '<=';
}

/** `IN` */
export class In extends Lookup {
  readonly lookupName = 'in';

  protected override getPrepLookup(rhs: unknown): unknown {
    if (isQuery(rhs)) {
      rhs.clearOrdering({ clearDefault: true });
      return selectKey(rhs, this.lhs);
    }
    if (typeof rhs !== 'object' || rhs === null || !(Symbol.iterator in rhs)) {
      const name = this.lhs instanceof Col ? this.lhs.target.name : '';
      throw new TypeError(`The value of '${name}__in' must be a list, not ${repr(rhs)}.`);
    }
    return [...(rhs as Iterable<unknown>)];
  }

  override getSourceExpressions(): readonly Expression[] {
    const parts = Array.isArray(this.rhs) ? this.rhs.filter((each) => each instanceof Expression) : [];
    return this.rhs instanceof Expression ? [this.lhs, this.rhs] : [this.lhs, ...(parts as Expression[])];
  }

  override setSourceExpressions([lhs, ...parts]: readonly Expression[]): void {
    this.lhs = lhs as Expression;
    if (this.rhs instanceof Expression) this.rhs = parts[0];
    else if (parts.length > 0) {
      const rest = [...parts];
      this.rhs = (this.rhs as unknown[]).map((each) => (each instanceof Expression ? rest.shift() : each));
    }
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, leftParams] = this.processLhs(compiler, connection);
    if (!Array.isArray(this.rhs)) {
      const [right, rightParams] = this.processRhs(compiler, connection);
      return [`${left} IN ${right}`, [...leftParams, ...rightParams]];
    }
    const placeholders: string[] = [];
    const params: unknown[] = [...leftParams];
    const seen = new Set<unknown>();
    for (const each of this.rhs) {
      if (each instanceof Expression) {
        const [sql, given] = compiler.compile(each);
        placeholders.push(sql);
        params.push(...given);
        continue;
      }
      // NULL is in no list.
      const value = each === null || each === undefined ? null : this.databaseValue(each, connection);
      if (value === null || !fits(value) || seen.has(value)) continue;
      seen.add(value);
      placeholders.push('?');
      params.push(value);
    }
    if (placeholders.length === 0) throw EMPTY_RESULT_SET;
    return [`${left} IN (${placeholders.join(', ')})`, params];
  }
}

/** `BETWEEN` */
export class Range extends Lookup {
  readonly lookupName = 'range';

  protected override getPrepLookup(rhs: unknown): unknown {
    if (!Array.isArray(rhs) || rhs.length !== 2) {
      const name = this.lhs instanceof Col ? this.lhs.target.name : '';
      throw new TypeError(`The value of '${name}__range' must be a list of two, not ${repr(rhs)}.`);
    }
    return rhs;
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.lhs, ...(this.rhs as unknown[]).filter((each) => each instanceof Expression)];
  }

  override setSourceExpressions([lhs, ...parts]: readonly Expression[]): void {
    this.lhs = lhs as Expression;
    const rest = [...parts];
    this.rhs = (this.rhs as unknown[]).map((each) => (each instanceof Expression ? rest.shift() : each));
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, params] = this.processLhs(compiler, connection);
    const bounds = (this.rhs as unknown[]).map(
      (each): Sql =>
        each instanceof Expression ? compiler.compile(each) : ['?', [this.databaseValue(each, connection)]],
    ) as [Sql, Sql];
    return [
      `${left} BETWEEN ${bounds[0][0]} AND ${bounds[1][0]}`,
      [...params, ...bounds[0][1], ...bounds[1][1]],
    ];
  }
}

/** `IS NULL`, `IS NOT NULL` */
export class IsNull extends Lookup {
  static override readonly canUseNoneAsRhs = true;
  readonly lookupName = 'isnull';

  protected override getPrepLookup(rhs: unknown): unknown {
    if (typeof rhs !== 'boolean') {
      throw new ValueError('The QuerySet value for an isnull lookup must be True or False.');
    }
    return rhs;
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [sql, params] = this.processLhs(compiler, connection);
    return [`${sql} IS ${this.rhs ? '' : 'NOT '}NULL`, params];
  }
}

/** LIKE, as each database has it. */
abstract class PatternLookup extends Lookup {
  protected readonly before: string = '';
  protected readonly after: string = '';
  protected readonly ignoresCase: boolean = false;

  protected override get valueField(): undefined {
    return undefined;
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { ops } = connection;
    const [left, params] = this.processLhs(compiler, connection);
    const column = ops.patternColumn(left, this.ignoresCase);
    if (this.rhs instanceof Expression || isQuery(this.rhs)) {
      const [right, more] = this.processRhs(compiler, connection);
      const pattern = ops.patternOf(right, this.before, this.after);
      return [ops.like(column, pattern, this.ignoresCase), [...params, ...more]];
    }
    const text = this.written(connection).replace(/[\\%_]/g, '\\$&');
    return [ops.like(column, '?', this.ignoresCase), [...params, `${this.before}${text}${this.after}`]];
  }

  /** The text as the column has it: a UUID without its hyphens where the database has no type for it. */
  private written(connection: DatabaseWrapper): string {
    const text = toStr(keyOf(this.lhs, this.rhs));
    const isHex =
      this.lhs.outputFieldOrNone?.internalType === 'UUIDField' &&
      connection.dataTypes['UUIDField'] !== 'uuid';
    return isHex ? text.replaceAll('-', '') : text;
  }
}

export class Contains extends PatternLookup {
  readonly lookupName: string = 'contains';
  protected override readonly before = '%';
  protected override readonly after = '%';
}
export class IContains extends Contains {
  override readonly lookupName = 'icontains';
  protected override readonly ignoresCase = true;
}
export class StartsWith extends PatternLookup {
  readonly lookupName: string = 'startswith';
  protected override readonly after = '%';
}
export class IStartsWith extends StartsWith {
  override readonly lookupName = 'istartswith';
  protected override readonly ignoresCase = true;
}
export class EndsWith extends PatternLookup {
  readonly lookupName: string = 'endswith';
  protected override readonly before = '%';
}
export class IEndsWith extends EndsWith {
  override readonly lookupName = 'iendswith';
  protected override readonly ignoresCase = true;
}
export class IExact extends PatternLookup {
  readonly lookupName = 'iexact';
  protected override readonly ignoresCase = true;
}

const BUILTIN = {
  exact: Exact,
  iexact: IExact,
  gt: GreaterThan,
  gte: GreaterThanOrEqual,
  lt: LessThan,
  lte: LessThanOrEqual,
  in: In,
  range: Range,
  isnull: IsNull,
  contains: Contains,
  icontains: IContains,
  startswith: StartsWith,
  istartswith: IStartsWith,
  endswith: EndsWith,
  iendswith: IEndsWith,
};
for (const [name, Class] of Object.entries(BUILTIN)) registerLookup(Field, name, Class);
