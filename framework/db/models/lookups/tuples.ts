/** Comparisons of several columns with lists of values. Django: `django.db.models.fields.tuple_lookups`. */
import { ValueError } from '../../../core/exceptions';
import { repr } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import { NotSupportedError } from '../../errors';
import { type Compiler, EMPTY_RESULT_SET, type Expression, type Sql } from '../expressions/base';
import { type Col, ColPairs } from '../expressions/col';
import { WhereNode } from '../sql/where';
import { Lookup, type LookupConstructor } from './base';
import { Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual } from './compare';
import { IsNull } from './in_range';
import { isQuery } from './operands';

/** A comparison that is written as comparisons of the columns. */
abstract class TupleLookup extends Lookup {
  protected get columns(): readonly Col[] {
    return (this.lhs as ColPairs).columns;
  }

  private get label(): string {
    return repr((this.lhs as ColPairs).target.name);
  }

  protected override getPrepLookup(rhs: unknown): unknown {
    if (isQuery(rhs)) {
      throw new NotSupportedError(`${repr(this.lookupName)} lookup of ${this.label} takes no subquery.`);
    }
    return this.prepared(rhs);
  }

  /** @throws ValueError for a value that does not fit. */
  protected prepared(rhs: unknown): unknown {
    return this.parts(keyOf(rhs));
  }

  /** A list of as many values as there are columns. */
  protected parts(value: unknown): readonly unknown[] {
    const what = `${repr(this.lookupName)} lookup of ${this.label}`;
    if (value instanceof ColPairs) return value.columns;
    if (!Array.isArray(value)) throw new ValueError(`${what} must be a tuple or a list`);
    const { length } = this.columns;
    if (value.length !== length) throw new ValueError(`${what} must have ${length} elements`);
    return value as readonly unknown[];
  }

  protected abstract condition(): Expression;

  asSql(compiler: Compiler, _connection: DatabaseWrapper): Sql {
    return compiler.compile(this.condition());
  }
}

/** All columns are equal. */
function allEqual(columns: readonly Col[], values: readonly unknown[]): WhereNode {
  return new WhereNode(
    columns.map((column, at) => new Exact(column, values[at])),
    'AND',
  );
}

class TupleExact extends TupleLookup {
  static override readonly lookupName = 'exact';

  protected condition(): Expression {
    return allEqual(this.columns, this.rhs as readonly unknown[]);
  }
}

class TupleIn extends TupleLookup {
  static override readonly lookupName = 'in';

  protected override prepared(rhs: unknown): unknown {
    if (typeof rhs !== 'object' || rhs === null || !(Symbol.iterator in rhs)) {
      throw new ValueError(
        `'in' lookup of ${repr((this.lhs as ColPairs).target.name)} must be a tuple or a list`,
      );
    }
    return [...(rhs as Iterable<unknown>)].map((value) => this.parts(keyOf(value)));
  }

  protected condition(): Expression {
    const rows = (this.rhs as (readonly unknown[])[]).filter((row) => row.every((part) => part !== null));
    if (rows.length === 0) throw EMPTY_RESULT_SET;
    return new WhereNode(
      rows.map((row) => allEqual(this.columns, row)),
      'OR',
    );
  }
}

class TupleIsNull extends TupleLookup {
  static override readonly lookupName = 'isnull';
  static override readonly canUseNoneAsRhs = true;

  protected override prepared(rhs: unknown): unknown {
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
      const values = this.rhs as readonly unknown[];
      const { columns } = this;
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

/** An instance stands for its key. */
function keyOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'pk' in value
    ? value.pk
    : value;
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
