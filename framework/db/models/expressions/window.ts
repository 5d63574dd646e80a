/** Functions over other rows of the result. Django: `Window`, `RowRange`, `ValueRange`. */
import { ValueError } from '../../../core/exceptions';
import { repr } from '../../../python';
import type { DatabaseWrapper } from '../../backends/base/base';
import { NotSupportedError } from '../../errors';
import type { Field } from '../fields/base';
import { FloatField } from '../fields/numbers';
import { type Compiler, Expression, type Sql } from './base';
import { NO_PARAMS } from './col';
import { Combinable } from './combined';
import { argumentOf } from './func';
import { type OrderingParam, orderingsOf } from './order_by';

/** The rows of a frame that do not count. */
export const WindowFrameExclusion = {
  CURRENT_ROW: 'CURRENT ROW',
  GROUP: 'GROUP',
  TIES: 'TIES',
  NO_OTHERS: 'NO OTHERS',
} as const;
/** One of `WindowFrameExclusion`. */
export type WindowFrameExclusion = (typeof WindowFrameExclusion)[keyof typeof WindowFrameExclusion];

const EXCLUSIONS: ReadonlySet<unknown> = new Set(Object.values(WindowFrameExclusion));

/** What a frame takes. */
export interface FrameOptions {
  /** How far before the row the frame begins: a negative number; 0: with the row; null: with the first row. */
  start?: number | null;
  /** How far behind the row it ends: a positive number; 0: with the row; null: with the last row. */
  end?: number | null;
  exclusion?: WindowFrameExclusion;
}

/** Which rows around the row at hand count. */
abstract class WindowFrame {
  protected abstract readonly frameType: string;
  protected readonly start: number | null;
  protected readonly end: number | null;
  private readonly exclusion: WindowFrameExclusion | undefined;

  /** @throws TypeError for an exclusion that there is not. */
  constructor({ start = null, end = null, exclusion }: FrameOptions = {}) {
    if (exclusion !== undefined && !EXCLUSIONS.has(exclusion)) {
      throw new TypeError(`${this.constructor.name}.exclusion must be a WindowFrameExclusion instance.`);
    }
    this.start = start;
    this.end = end;
    this.exclusion = exclusion;
  }

  /** @throws ValueError for bounds that cannot be. */
  protected abstract check(connection: DatabaseWrapper): void;

  /** @throws ValueError; NotSupportedError where the database has no such frame. */
  sql(connection: DatabaseWrapper): string {
    this.check(connection);
    if (this.exclusion !== undefined && connection.vendor === 'mysql') {
      throw new NotSupportedError('This backend does not support window frame exclusions.');
    }
    const start = bound(this.start) ?? 'UNBOUNDED PRECEDING';
    const end = bound(this.end) ?? 'UNBOUNDED FOLLOWING';
    const exclude = this.exclusion === undefined ? '' : ` EXCLUDE ${this.exclusion}`;
    return `${this.frameType} BETWEEN ${start} AND ${end}${exclude}`;
  }
}

function bound(value: number | null): string | undefined {
  if (value === null) return undefined;
  if (value === 0) return 'CURRENT ROW';
  return `${Math.abs(value)} ${value < 0 ? 'PRECEDING' : 'FOLLOWING'}`;
}

/**
 * A frame counted in rows.
 *
 * @example `new RowRange({ start: -2, end: 0 })` is this row and the two before it.
 */
export class RowRange extends WindowFrame {
  protected readonly frameType = 'ROWS';

  protected check(): void {
    const { start, end } = this;
    if (Number.isInteger(start) && Number.isInteger(end) && (start as number) > (end as number)) {
      throw new ValueError('start cannot be greater than end.');
    }
    for (const [name, value] of [
      ['start', start],
      ['end', end],
    ] as const) {
      if (value !== null && !Number.isInteger(value)) {
        throw new ValueError(`${name} argument must be an integer, zero, or None, but got '${value}'.`);
      }
    }
  }
}

/** A frame of the rows whose values, of what the window is sorted by, are so near. PostgreSQL has it with 0 and null alone, as in Django. */
export class ValueRange extends WindowFrame {
  protected readonly frameType = 'RANGE';

  protected check({ vendor, displayName }: DatabaseWrapper): void {
    const { start, end } = this;
    if (start !== null && (!Number.isInteger(start) || start > 0)) {
      throw new ValueError(`start argument must be a negative integer, zero, or None, but got '${start}'.`);
    }
    if (end !== null && (!Number.isInteger(end) || end < 0)) {
      throw new ValueError(`end argument must be a positive integer, zero, or None, but got '${end}'.`);
    }
    if (vendor === 'postgresql' && ((start ?? 0) < 0 || (end ?? 0) > 0)) {
      throw new NotSupportedError(
        `${displayName} only supports UNBOUNDED together with PRECEDING and FOLLOWING.`,
      );
    }
  }
}

/** What a window takes. */
export interface WindowOptions {
  /** Only the rows count that have the same values of these. */
  partitionBy?: string | Expression | readonly (string | Expression)[];
  /** How the rows are sorted within the window: `'-price'`, `F('price').desc()`, a list of such. */
  orderBy?: OrderingParam;
  /** Which rows around the row count; default: the database's, from the first to this one where there is an order. */
  frame?: RowRange | ValueRange;
  outputField?: Field;
}

/**
 * A function over other rows of the result, which keeps the rows apart.
 *
 * `filter` takes it, too: the rows are filtered when the function has been calculated.
 *
 * @throws ValueError for an expression that is no function over rows.
 * @example
 * ```ts
 * Film.objects.annotate({ mean: new Window(Avg('rating'), { partitionBy: 'studio', orderBy: '-released' }) });
 * ```
 */
export class Window<out E extends Expression = Expression> extends Combinable {
  /** Only for types: what is calculated. */
  declare readonly over: E;
  private source: Expression;
  private partition: readonly Expression[];
  private order: readonly Expression[];
  private readonly frame: RowRange | ValueRange | undefined;

  constructor(expression: E, options: WindowOptions = {}) {
    super();
    if (!expression.windowCompatible) {
      throw new ValueError(`Expression '${expression.constructor.name}' isn't compatible with OVER clauses.`);
    }
    const { partitionBy = [], orderBy, frame } = options;
    this.source = expression;
    const partition =
      typeof partitionBy === 'string' || partitionBy instanceof Expression ? [partitionBy] : partitionBy;
    this.partition = partition.map(argumentOf);
    this.order = orderingsOf(
      orderBy,
      () =>
        new ValueError(
          'Window.order_by must be either a string reference to a field, an expression, or a list or tuple of them ' +
            `not ${repr(orderBy)}.`,
        ),
    );
    this.frame = frame;
    this.givenField = options.outputField;
  }

  /** An aggregate over a window groups no rows. */
  override get containsAggregate(): boolean {
    return false;
  }

  override get containsOverClause(): boolean {
    return true;
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.source, ...this.partition, ...this.order];
  }

  override setSourceExpressions([source, ...rest]: readonly Expression[]): void {
    this.source = source as Expression;
    const { length } = this.partition;
    this.partition = rest.slice(0, length);
    this.order = rest.slice(length);
  }

  protected override resolveOutputField(): Field | undefined {
    return this.source.outputFieldOrNone;
  }

  override getGroupByCols(): readonly Expression[] {
    return [...this.partition, ...this.order].flatMap((each) => [...each.getGroupByCols()]);
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [sql, given] = compiler.compile(this.source);
    const params = [...given];
    const list = (word: string, all: readonly Expression[]): string[] => {
      if (all.length === 0) return [];
      const parts = all.map((each) => {
        const [text, own] = compiler.compile(each);
        params.push(...own);
        return text;
      });
      return [`${word} ${parts.join(', ')}`];
    };
    const window = [...list('PARTITION BY', this.partition), ...list('ORDER BY', this.order)];
    if (this.frame !== undefined) window.push(this.frame.sql(connection));
    return [`${sql} OVER (${window.join(' ')})`, params];
  }

  /** The cast of a decimal stands around the window, not between the function and OVER. */
  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    if (this.outputFieldOrNone?.internalType !== 'DecimalField') return this.asSql(compiler, connection);
    const copy = this.copy();
    copy.givenField = this.outputFieldOrNone;
    copy.source = this.source.withOutputField(new FloatField());
    const [sql, params] = copy.asSql(compiler, connection);
    return [`CAST(${sql} AS NUMERIC)`, params.length === 0 ? NO_PARAMS : params];
  }
}
