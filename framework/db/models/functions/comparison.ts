/**
 * Functions that compare and choose. Django: `django.db.models.functions.comparison`;
 * https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#comparison-and-conversion-functions
 */
import { ValueError } from '../../../core/exceptions';
import { repr } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compiler, Expression, Sql } from '../expressions/base';
import { asNumeric } from '../expressions/combined';
import { Func, type FuncOptions } from '../expressions/func';
import { callable, sameCallable } from './callable';

class CoalesceFunction<out V = unknown> extends Func<V> {
  protected override readonly functionName = 'COALESCE';

  /** @throws ValueError with less than two expressions. */
  constructor(expression: unknown, ...others: unknown[]) {
    super(expression, ...others);
    atLeastTwo('Coalesce', this.sources);
  }

  override get emptyResultSetValue(): unknown {
    for (const source of this.sources) {
      const value = source.emptyResultSetValue;
      if (value !== null) return value;
    }
    return null;
  }
}

function atLeastTwo(name: string, sources: readonly Expression[]): void {
  if (sources.length < 2) throw new ValueError(`${name} must take at least two expressions`);
}

/**
 * The first value that is not null.
 *
 * @example `Author.objects.annotate({ called: Coalesce('nickname', 'name') })`
 */
export const Coalesce = sameCallable(CoalesceFunction);

/** What `Collate` makes. */
export class CollateFunction extends Func<string | null> {
  readonly collation: string;

  /** @throws ValueError for what can be no name of a collation. */
  constructor(expression: Expression | string, collation: string) {
    super(expression);
    if (typeof collation !== 'string' || !/^[\p{L}\p{N}_-]+$/u.test(collation)) {
      throw new ValueError(`Invalid collation name: ${repr(collation)}.`);
    }
    this.collation = collation;
  }

  override deconstruct(): readonly unknown[] {
    return [...this.sources, this.collation];
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const name = connection.ops.quoteName(this.collation);
    return this.write(compiler, connection, { template: `%(expressions)s COLLATE ${name}` });
  }
}

/** A text with the order that a collation has. */
export const Collate = callable(CollateFunction);

class GreatestFunction<out V = unknown> extends Func<V> {
  protected override readonly functionName: string = 'GREATEST';
  protected readonly sqliteName: string = 'MAX';

  /** @throws ValueError with less than two expressions. */
  constructor(expression: unknown, ...others: unknown[]) {
    super(expression, ...others);
    atLeastTwo(new.target.name.replace('Function', ''), this.sources);
  }

  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return asNumeric(this, this.write(compiler, connection, { function: this.sqliteName }));
  }
}

class LeastFunction<out V = unknown> extends GreatestFunction<V> {
  protected override readonly functionName = 'LEAST';
  protected override readonly sqliteName = 'MIN';
}

/** The greatest value. Where one is null: null, but on PostgreSQL the greatest of the others. */
export const Greatest = sameCallable(GreatestFunction);
/** The least value. Where one is null: null, but on PostgreSQL the least of the others. */
export const Least = sameCallable(LeastFunction);

class NullIfFunction<out V = unknown> extends Func<V> {
  static override readonly arity = 2;
  protected override readonly functionName = 'NULLIF';

  constructor(...given: [expression: unknown, other: unknown, options?: FuncOptions]) {
    super(...given);
  }
}

/** Null where both are equal, else the first. */
export const NullIf = sameCallable(NullIfFunction);
