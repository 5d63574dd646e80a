/** How far values lie apart, and bits over many rows. */
import type { DatabaseWrapper } from '../../backends/base/base';
import { NotSupportedError } from '../../errors';
import type { Compiler, Expression, Sql } from '../expressions/base';
import { Aggregate, type AggregateOptions, NumericAggregate } from './base';

/** What `StdDev` and `Variance` take. */
export interface SampleOptions extends AggregateOptions {
  /** The values are a sample of more; default: they are all. */
  sample?: boolean;
}

abstract class Deviation extends NumericAggregate {
  protected abstract readonly prefix: string;
  private readonly sample: boolean;

  constructor(expression: unknown, { sample = false, ...options }: SampleOptions) {
    super([expression], options);
    this.sample = sample;
  }

  protected override get sqlName(): string {
    return `${this.prefix}_${this.sample ? 'SAMP' : 'POP'}`;
  }
}

class StdDevAggregate extends Deviation {
  protected readonly prefix = 'STDDEV';

  override get name(): string {
    return 'StdDev';
  }
}

class VarianceAggregate extends Deviation {
  protected readonly prefix = 'VAR';

  override get name(): string {
    return 'Variance';
  }
}

/**
 * The standard deviation of the values; null without any.
 *
 * @example `await Book.objects.aggregate({ spread: StdDev('pages', { sample: true }) });`
 */
export function StdDev(
  expression: string | Expression,
  options: SampleOptions = {},
): Aggregate<number | null> {
  return new StdDevAggregate(expression, options);
}

/** The variance of the values; null without any. */
export function Variance(
  expression: string | Expression,
  options: SampleOptions = {},
): Aggregate<number | null> {
  return new VarianceAggregate(expression, options);
}

abstract class BitAggregate extends Aggregate<number | null> {
  private readonly hasDefault: boolean;

  constructor(expression: unknown, options: AggregateOptions) {
    super([expression], options);
    this.hasDefault = options.default !== undefined && options.default !== null;
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { vendor } = connection;
    if (vendor === 'sqlite') throw new NotSupportedError(`${this.name} is not supported on ${vendor}.`);
    if (vendor === 'mysql' && this.hasDefault) {
      throw new NotSupportedError(`${this.name} does not support the default parameter on ${vendor}.`);
    }
    return super.asSql(compiler, connection);
  }
}

class BitAndAggregate extends BitAggregate {
  protected override readonly sqlName = 'BIT_AND';

  override get name(): string {
    return 'BitAnd';
  }
}

class BitOrAggregate extends BitAggregate {
  protected override readonly sqlName = 'BIT_OR';

  override get name(): string {
    return 'BitOr';
  }
}

class BitXorAggregate extends BitAggregate {
  protected override readonly sqlName = 'BIT_XOR';

  override get name(): string {
    return 'BitXor';
  }
}

/** The bits that all values have. SQLite has it not. */
export function BitAnd(
  expression: string | Expression,
  options: AggregateOptions = {},
): Aggregate<number | null> {
  return new BitAndAggregate(expression, options);
}

/** The bits that any value has. SQLite has it not. */
export function BitOr(
  expression: string | Expression,
  options: AggregateOptions = {},
): Aggregate<number | null> {
  return new BitOrAggregate(expression, options);
}

/** The bits that an odd number of values has. SQLite has it not. */
export function BitXor(
  expression: string | Expression,
  options: AggregateOptions = {},
): Aggregate<number | null> {
  return new BitXorAggregate(expression, options);
}
