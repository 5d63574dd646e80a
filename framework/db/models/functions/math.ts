/**
 * Mathematics. Django: `django.db.models.functions.math`;
 * https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#math-functions
 */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compiler, Expression, Sql } from '../expressions/base';
import { asNumeric } from '../expressions/combined';
import { Func, type FuncOptions } from '../expressions/func';
import { Value } from '../expressions/value';
import type { Field } from '../fields/base';
import { Transform } from '../lookups/transform';
import {
  type Callable,
  callable,
  type Made,
  type MadeTransform,
  named,
  type SameCallable,
  sameCallable,
} from './callable';
import { decimalSources, numericField } from './mixins';

/** A transform that gives the type that it takes. */
function same(
  name: string,
  sqlName = name.toUpperCase(),
): SameCallable<MadeTransform<typeof Transform, [expression: unknown, options?: FuncOptions], Transform>> {
  const Class = class<out V = unknown> extends Transform<V> {
    static override readonly lookupName: string = name.toLowerCase();
    protected override readonly functionName = sqlName;

    constructor(expression: unknown, options: FuncOptions = {}) {
      super(expression, options);
    }
  };
  return sameCallable(named(name, Class));
}

/** A transform that gives a float, or a decimal of a decimal. */
function numeric(
  name: string,
  sqlName = name.toUpperCase(),
): Callable<
  MadeTransform<
    typeof Transform,
    [expression: unknown, options?: FuncOptions],
    Transform<number | string | null>
  >
> {
  const Class = class extends Transform<number | string | null> {
    static override readonly lookupName: string = name.toLowerCase();
    protected override readonly functionName = sqlName;

    constructor(expression: unknown, options: FuncOptions = {}) {
      super(expression, options);
    }

    protected override resolveOutputField(): Field | undefined {
      return numericField(this.sources);
    }
  };
  return callable(named(name, Class));
}

/** A function of several numbers that gives a float, or a decimal. */
class NumericFunction extends Func<number | string | null> {
  /** Whether PostgreSQL has it for decimals alone. */
  protected readonly needsDecimals: boolean = false;

  protected override resolveOutputField(): Field | undefined {
    return numericField(this.sources);
  }

  asPostgresql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    if (!this.needsDecimals) return this.asSql(compiler, connection);
    const copy = this.copy();
    copy.sources = decimalSources(this.sources);
    return copy.asSql(compiler, connection);
  }
}

function ofTwo(
  name: string,
  sqlName = name.toUpperCase(),
  needs = false,
): Callable<
  Made<typeof NumericFunction, [first: unknown, second: unknown, options?: FuncOptions], NumericFunction>
> {
  const Class = class extends NumericFunction {
    static override readonly arity = 2;
    protected override readonly functionName = sqlName;
    protected override readonly needsDecimals = needs;

    constructor(...given: [first: unknown, second: unknown, options?: FuncOptions]) {
      super(...given);
    }
  };
  return callable(named(name, Class));
}

/** The absolute value. */
export const Abs = same('Abs');
/** The least whole number that is not less. */
export const Ceil = same('Ceil', 'CEILING');
/** The greatest whole number that is not greater. */
export const Floor = same('Floor');
/** -1, 0 or 1. */
export const Sign = same('Sign');

export const ACos = numeric('ACos');
export const ASin = numeric('ASin');
export const ATan = numeric('ATan');
export const Cos = numeric('Cos');
export const Cot = numeric('Cot');
/** Radians as degrees. */
export const Degrees = numeric('Degrees');
/** e to the power of the value. */
export const Exp = numeric('Exp');
/** The natural logarithm. */
export const Ln = numeric('Ln');
/** Degrees as radians. */
export const Radians = numeric('Radians');
export const Sin = numeric('Sin');
export const Sqrt = numeric('Sqrt');
export const Tan = numeric('Tan');

/** The angle whose tangent is the first divided by the second. */
export const ATan2 = ofTwo('ATan2');
/** The logarithm, to the first as its base, of the second. */
export const Log = ofTwo('Log', 'LOG', true);
/** The rest of a division. */
export const Mod = ofTwo('Mod', 'MOD', true);
/** The first to the power of the second. */
export const Power = ofTwo('Power');

class PiFunction extends NumericFunction {
  static override readonly arity = 0;
  protected override readonly functionName = 'PI';
}

/** 3.14… */
export const Pi = callable(named('Pi', PiFunction));

class RandomFunction extends NumericFunction {
  static override readonly arity = 0;
  protected override readonly functionName = 'RANDOM';

  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, { function: 'RAND' });
  }

  asMysql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, { function: 'RAND' });
  }

  override getGroupByCols(): readonly Expression[] {
    return [];
  }
}

/** A number from 0 to before 1, another one in each row. */
export const Random = callable(named('Random', RandomFunction));

class RoundFunction<out V = unknown> extends Transform<V> {
  static override readonly lookupName: string = 'round';
  static override readonly arity = undefined;
  protected override readonly functionName = 'ROUND';

  constructor(expression: unknown, precision: unknown = 0, options: FuncOptions = {}) {
    const isOptions = typeof precision === 'object' && Object.getPrototypeOf(precision) === Object.prototype;
    const own = isOptions ? (precision as FuncOptions & { precision?: unknown }) : undefined;
    const { precision: places = 0, ...rest } = own ?? { ...options, precision };
    super(expression, places, rest);
  }

  protected override resolveOutputField(): Field | undefined {
    return this.sources[0]?.outputFieldOrNone;
  }

  /** @throws ValueError for a negative precision, which SQLite does not know. */
  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [, precision] = this.sources;
    if (precision instanceof Value && Number(precision.value) < 0) {
      throw new ValueError('SQLite does not support negative precision.');
    }
    return asNumeric(this, this.asSql(compiler, connection));
  }

  asPostgresql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const copy = this.copy();
    copy.sources = decimalSources(this.sources);
    return copy.asSql(compiler, connection);
  }
}

/** Rounded to so many places behind the point; before it, where `precision` is negative. */
export const Round = sameCallable(named('Round', RoundFunction));
