/**
 * Functions over a window. Django: `django.db.models.functions.window`;
 * https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#window-functions
 */
import { ValueError } from '../../../core/exceptions';
import { Func } from '../expressions/func';
import type { Field } from '../fields/base';
import { FloatField, IntegerField } from '../fields/numbers';
import { type Callable, callable, type Made, named, type SameCallable, sameCallable } from './callable';

/** A function that stands within a `Window`. */
abstract class WindowFunction<out V = unknown> extends Func<V> {
  override get windowCompatible(): boolean {
    return true;
  }
}

/** A function of nothing but the window. */
function ofWindow(
  name: string,
  sqlName: string,
  field: () => Field,
): Callable<Made<typeof WindowFunction, unknown[], WindowFunction<number>>> {
  const Class = class extends WindowFunction<number> {
    static override readonly arity = 0;
    protected override readonly functionName = sqlName;

    protected override resolveOutputField(): Field {
      return field();
    }
  };
  return callable(named(name, Class));
}

const integer = (): Field => new IntegerField();
const float = (): Field => new FloatField();

/** The part of the rows that stand not behind this one: above 0, to 1. */
export const CumeDist = ofWindow('CumeDist', 'CUME_DIST', float);
/** The rank, where equals leave no gap behind them. */
export const DenseRank = ofWindow('DenseRank', 'DENSE_RANK', integer);
/** The rank as a part: 0 to 1. */
export const PercentRank = ofWindow('PercentRank', 'PERCENT_RANK', float);
/** The rank, where equals leave a gap behind them. */
export const Rank = ofWindow('Rank', 'RANK', integer);
/** 1, 2, 3, … */
export const RowNumber = ofWindow('RowNumber', 'ROW_NUMBER', integer);

function ofFrame(
  name: string,
  sqlName: string,
): SameCallable<Made<typeof WindowFunction, [expression: unknown, ...rest: unknown[]], WindowFunction>> {
  const Class = class<out V = unknown> extends WindowFunction<V> {
    static override readonly arity = 1;
    protected override readonly functionName = sqlName;

    constructor(expression: unknown, ...rest: unknown[]) {
      super(expression, ...rest);
    }
  };
  return sameCallable(named(name, Class));
}

/** The value in the first row of the frame. */
export const FirstValue = ofFrame('FirstValue', 'FIRST_VALUE');
/** The value in the last row of the frame. */
export const LastValue = ofFrame('LastValue', 'LAST_VALUE');

/** A function that looks at another row. */
abstract class OtherRow<out V = unknown> extends WindowFunction<V> {
  protected override resolveOutputField(): Field | undefined {
    return this.sources[0]?.outputFieldOrNone;
  }
}

function lagLead(
  name: string,
): SameCallable<
  Made<
    typeof WindowFunction,
    [expression: unknown, offset?: number, otherwise?: unknown, ...rest: unknown[]],
    WindowFunction
  >
> {
  const Class = class<out V = unknown> extends OtherRow<V> {
    protected override readonly functionName = name.toUpperCase();

    /** @throws ValueError without an expression, or for an offset that is not above 0. */
    constructor(expression: unknown, offset: number = 1, otherwise: unknown = null, ...rest: unknown[]) {
      if (expression === null || expression === undefined) {
        throw new ValueError(`${name} requires a non-null source expression.`);
      }
      if (offset === null || offset <= 0) {
        throw new ValueError(`${name} requires a positive integer for the offset.`);
      }
      super(expression, offset, ...(otherwise === null ? [] : [otherwise]), ...rest);
    }
  };
  return sameCallable(named(name, Class));
}

/** The value so many rows before; the third argument where there is none. */
export const Lag = lagLead('Lag');
/** The value so many rows behind; the third argument where there is none. */
export const Lead = lagLead('Lead');

class NthValueFunction<out V = unknown> extends OtherRow<V> {
  protected override readonly functionName = 'NTH_VALUE';

  /** @throws ValueError without an expression, or for a number that is not above 0. */
  constructor(expression: unknown, nth: number = 1, ...rest: unknown[]) {
    if (expression === null || expression === undefined) {
      throw new ValueError('NthValue requires a non-null source expression.');
    }
    if (nth === null || nth <= 0) {
      throw new ValueError('NthValue requires a positive integer as for nth.');
    }
    super(expression, nth, ...rest);
  }
}

/** The value in the row of that number within the frame; 1 is the first. */
export const NthValue = sameCallable(named('NthValue', NthValueFunction));

class NtileFunction extends WindowFunction<number> {
  protected override readonly functionName = 'NTILE';

  /** @throws ValueError for a number that is not above 0. */
  constructor(numBuckets: number = 1, ...rest: unknown[]) {
    if (numBuckets <= 0) throw new ValueError('num_buckets must be greater than 0.');
    super(numBuckets, ...rest);
  }

  protected override resolveOutputField(): Field {
    return new IntegerField();
  }
}

/** The number of the bucket, where the rows are put into so many of about the same size. */
export const Ntile = callable(named('Ntile', NtileFunction));
