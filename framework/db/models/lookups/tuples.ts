/** Comparisons of several columns with lists of values. Django: `django.db.models.fields.tuple_lookups`. */
import { ValueError } from '../../../core/exceptions';
import { repr } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import { type Compiler, EMPTY_RESULT_SET, Expression, type Sql } from '../expressions/base';
import { ColPairs } from '../expressions/col';
import { Tuple } from '../expressions/tuple';
import { Value } from '../expressions/value';
import { WhereNode } from '../sql/where';
import { Lookup, type LookupConstructor } from './base';
import { Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual } from './compare';
import { IsNull } from './in_range';
import { instanceKey, isQuery, selectKey } from './operands';

/** A comparison that is written as comparisons of the columns. */
abstract class TupleLookup extends Lookup {
  /** What is compared, part by part. */
  protected get columns(): readonly Expression[] {
    return this.lhs instanceof ColPairs ? this.lhs.columns : this.lhs.getSourceExpressions();
  }

  /** What messages call it. */
  protected get label(): string {
    const name = this.lhs instanceof ColPairs ? this.lhs.target.name : 'a tuple';
    return `${repr(this.lookupName)} lookup of ${repr(name)}`;
  }

  protected override getPrepLookup(rhs: unknown): unknown {
    if (isQuery(rhs)) return this.subquery(rhs);
    return rhs instanceof Expression ? rhs : this.prepared(rhs);
  }

  /** @throws ValueError: only some lookups take a subquery. */
  protected subquery(_rhs: unknown): unknown {
    throw new ValueError(`'${this.lookupName}' doesn't support multi-column subqueries.`);
  }

  /** @throws ValueError for a value that does not fit. */
  protected prepared(rhs: unknown): unknown {
    return this.parts(this.keyOf(rhs));
  }

  /** An instance stands for its key. */
  protected keyOf(value: unknown): unknown {
    return instanceKey(value, this.lhs instanceof ColPairs ? this.lhs.relationTarget : undefined);
  }

  /** A list of as many values as there are columns. */
  protected parts(value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) throw new ValueError(`${this.label} must be a tuple or a list`);
    const { length } = this.columns;
    if (value.length !== length) throw new ValueError(`${this.label} must have ${length} elements`);
    return value as readonly unknown[];
  }

  /** The parts of the right side. @throws ValueError for an expression that has none. */
  protected get values(): readonly unknown[] {
    const { rhs } = this;
    if (rhs instanceof ColPairs) return rhs.columns;
    if (Array.isArray(rhs)) return rhs;
    throw new ValueError('Composite field lookups only work with composite expressions.');
  }

  protected abstract condition(): Expression;

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return isQuery(this.rhs) ? this.compared(compiler, connection) : compiler.compile(this.condition());
  }

  /** With what a subquery finds. */
  private compared(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, leftParams] = compiler.compile(new Tuple(this.columns));
    const [right, rightParams] = this.processRhs(compiler, connection);
    const operator = this.lookupName === 'in' ? 'IN' : '=';
    return [`${left} ${operator} ${right}`, [...leftParams, ...rightParams]];
  }
}

/** All columns are equal. */
function allEqual(columns: readonly Expression[], values: readonly unknown[]): WhereNode {
  return new WhereNode(
    columns.map((column, at) => new Exact(column, values[at])),
    'AND',
  );
}

class TupleExact extends TupleLookup {
  static override readonly lookupName = 'exact';

  protected override subquery(rhs: unknown): unknown {
    if (isQuery(rhs) && !rhs.hasLimitOne) {
      throw new ValueError(
        'The QuerySet value for an exact lookup must be limited to one result using slicing.',
      );
    }
    return selectKey(rhs, this.lhs, { lookup: 'the exact', parts: this.columns.length });
  }

  protected condition(): Expression {
    return allEqual(this.columns, this.values);
  }
}

/** `(a, b) IN ((1, 2), (3, 4))` */
export class TupleIn extends TupleLookup {
  static override readonly lookupName = 'in';

  protected override subquery(rhs: unknown): unknown {
    if (isQuery(rhs)) rhs.clearOrdering({ clearDefault: true });
    return selectKey(rhs, this.lhs, { lookup: "the 'in'", parts: this.columns.length });
  }

  protected override prepared(rhs: unknown): unknown {
    if (typeof rhs !== 'object' || rhs === null || !(Symbol.iterator in rhs)) {
      throw new ValueError(`${this.label} must be a tuple or a list`);
    }
    return [...(rhs as Iterable<unknown>)].map((value) => this.parts(this.keyOf(value)));
  }

  protected condition(): Expression {
    // NULL is equal to nothing.
    const rows = (this.values as readonly (readonly unknown[])[]).filter((row) => !row.includes(null));
    if (rows.length === 0) throw EMPTY_RESULT_SET;
    return new TupleList(this.columns, rows);
  }
}

/** The comparison with a list of tuples. */
class TupleList extends Expression {
  constructor(
    private readonly columns: readonly Expression[],
    private readonly rows: readonly (readonly unknown[])[],
  ) {
    super();
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const fields = this.columns.map((column) => column.outputField);
    const rows = this.rows.map((row) => {
      const parts = row.map((value, at) =>
        value instanceof Expression ? value : new Value(value, { outputField: fields[at] as never }),
      );
      return compiler.compile(new Tuple(parts));
    });
    const [left, params] = compiler.compile(new Tuple(this.columns));
    // A list of rows is a subquery to SQLite; the conditions by themselves may be too deep a tree.
    const word = connection.vendor === 'sqlite' ? 'VALUES ' : '';
    return [
      `${left} IN (${word}${rows.map(([sql]) => sql).join(', ')})`,
      [...params, ...rows.flatMap(([, given]) => given)],
    ];
  }
}

class TupleIsNull extends TupleLookup {
  static override readonly lookupName = 'isnull';
  static override readonly canUseNoneAsRhs = true;

  protected override prepared(rhs: unknown): unknown {
    if (typeof rhs !== 'boolean') {
      throw new ValueError('The QuerySet value for an isnull lookup must be True or False.');
    }
    return rhs;
  }

  protected condition(): Expression {
    return new WhereNode(
      this.columns.map((column) => new IsNull(column, this.rhs)),
      this.rhs ? 'OR' : 'AND',
    );
  }
}

/** The first column decides; where it is equal, the next. */
function ordered(name: string, Strict: LookupConstructor, Last: LookupConstructor): LookupConstructor {
  return class extends TupleLookup {
    static override readonly lookupName = name;

    protected condition(): Expression {
      const { columns, values } = this;
      return new WhereNode(
        columns.map((column, at) => {
          const Class = at === columns.length - 1 ? Last : Strict;
          const before = columns.slice(0, at).map((each, i) => new Exact(each, values[i]));
          return new WhereNode([...before, new Class(column, values[at])], 'AND');
        }),
        'OR',
      );
    }
  } as unknown as LookupConstructor;
}

/** The lookups of a key of several columns, by name. */
export const tupleLookups: ReadonlyMap<string, LookupConstructor> = new Map(
  [
    TupleExact,
    TupleIn,
    TupleIsNull,
    ordered('gt', GreaterThan, GreaterThan),
    ordered('gte', GreaterThan, GreaterThanOrEqual),
    ordered('lt', LessThan, LessThan),
    ordered('lte', LessThan, LessThanOrEqual),
  ].map((Class) => [Class.lookupName as string, Class as unknown as LookupConstructor]),
);
