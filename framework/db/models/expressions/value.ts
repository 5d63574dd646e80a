/** Values, and names of fields. Django: `Value`, `F`, `OuterRef`. */
import { ValueError } from '../../../core/exceptions';
import { PlainDate, PlainDateTime, PlainTime } from '../../../python/datetime';
import { Decimal } from '../../../python/decimal';
import { Duration } from '../../../python/timedelta';
import { UUID } from '../../../python/types';
import type { DatabaseWrapper } from '../../backends/base/base';
import { NotSupportedError } from '../../errors';
import type { Field } from '../fields/base';
import { DateField, DateTimeField, TimeField } from '../fields/dates';
import { DurationField } from '../fields/durations';
import { DecimalField, FloatField, IntegerField } from '../fields/numbers';
import { BinaryField, BooleanField, UUIDField } from '../fields/others';
import { CharField, TextField } from '../fields/text';
import type { Query } from '../sql/query';
import type { ChangeMap, Compiler, Expression, Scope, Sql } from './base';
import { Combinable } from './combined';

/** A value. */
export class Value<out V = unknown> extends Combinable<V> {
  private forSave = false;

  constructor(
    readonly value: V,
    options: { outputField?: Field } = {},
  ) {
    super();
    if (typeof value === 'function') throw new TypeError('Value() expected a value but got a function.');
    this.givenField = options.outputField;
  }

  override resolveExpression(_query: Query, scope: Scope = {}): Expression {
    const copy = this.copy();
    copy.forSave = scope.forSave ?? false;
    return copy;
  }

  override deconstruct(): readonly unknown[] {
    return this.givenField === undefined ? [this.value] : [this.value, { outputField: this.givenField }];
  }

  override relabeledClone(_changes: ChangeMap): Expression {
    return this;
  }

  override _planText(values?: Expression[]): string | undefined {
    const { value } = this as { value: unknown };
    const kind = Number.isInteger(value) ? 'integer' : typeof value;
    const isPlain = kind === 'integer' || kind === 'number' || kind === 'string' || kind === 'bigint';
    if (values === undefined || !isPlain || this.constructor !== Value || this.givenField !== undefined) {
      return undefined;
    }
    values.push(this);
    return `:${kind}`;
  }

  override getGroupByCols(): readonly Expression[] {
    return [];
  }

  override get emptyResultSetValue(): unknown {
    return this.value;
  }

  protected override resolveOutputField(): Field | undefined {
    const { value } = this as { value: unknown };
    if (typeof value === 'string') return new CharField();
    if (typeof value === 'boolean') return new BooleanField();
    if (typeof value === 'number') return Number.isInteger(value) ? new IntegerField() : new FloatField();
    if (typeof value === 'bigint') return new IntegerField();
    if (value instanceof Date) return new DateTimeField();
    if (value instanceof Decimal) return new DecimalField({} as never);
    if (value instanceof Duration) return new DurationField();
    return kindOf(value);
  }

  asSql(_compiler: Compiler, connection: DatabaseWrapper): Sql {
    const field = this.outputFieldOrNone;
    if (this.value === null || this.value === undefined) {
      // JSON has a null of its own.
      return field?.internalType === 'JSONField' ? ['?', ['null']] : ['NULL', []];
    }
    if (field === undefined) return ['?', [this.value]];
    return [
      connection.ops.valuePlaceholder(field, this.forSave, this.value),
      [databaseValue(field, this.value, connection)],
    ];
  }
}

/** The field of a value whose class says it. */
function kindOf(value: unknown): Field | undefined {
  if (value instanceof Uint8Array) return new BinaryField();
  if (value instanceof PlainDateTime) return new DateTimeField();
  if (value instanceof PlainDate) return new DateField();
  if (value instanceof PlainTime) return new TimeField();
  return value instanceof UUID ? new UUIDField() : undefined;
}

/** A decimal without limits is stored as it is. */
function databaseValue(field: Field, value: unknown, connection: DatabaseWrapper): unknown {
  if (field instanceof DecimalField && field.options.maxDigits === undefined) return String(value);
  return field.toDb(value, connection);
}

/** The name of a field, of an annotation, or a path. */
export class FExpression<out P extends string = string, out V = unknown> extends Combinable<V> {
  declare readonly path: P;

  constructor(readonly name: string) {
    super();
  }

  override deconstruct(): readonly unknown[] {
    return [this.name];
  }

  override _planText(): string | undefined {
    return this.constructor === FExpression ? `${this.name.length}F${this.name}` : undefined;
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    return query.resolveRef(this.name, scope);
  }

  override relabeledClone(): Expression {
    return this;
  }

  /** The same for another name. */
  withName(name: string): this {
    return Object.assign(this.copy(), { name });
  }

  /**
   * A part of a text, as of a JavaScript string: from one position to before another.
   *
   * @throws ValueError for a position before the text's beginning, or an end before the start.
   * @example `Writer.objects.annotate({ initial: F('name').slice(0, 1) })`
   */
  slice(start: number, end?: number): Expression<string | null> {
    return new Sliced(this, start, end);
  }

  asSql(): Sql {
    throw new ValueError(`F(${this.name}) has not been resolved: it is a part of no query.`);
  }
}

/** A part of a text. Django: `Sliced`. */
class Sliced extends Combinable<string | null> {
  private source: Expression;
  private readonly start: number;
  private readonly length: number | undefined;

  constructor(source: Expression, start: number, end: number | undefined) {
    super();
    for (const index of [start, end ?? 0]) {
      if (!Number.isInteger(index))
        throw new TypeError('Argument to slice must be either int or slice instance.');
      if (index < 0) throw new ValueError('Negative indexing is not supported.');
    }
    if (end !== undefined && end < start)
      throw new ValueError('Slice stop must be greater than slice start.');
    this.source = source;
    this.start = start + 1;
    this.length = end === undefined ? undefined : end - start;
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.source];
  }

  override setSourceExpressions([source]: readonly Expression[]): void {
    this.source = source as Expression;
  }

  asSql(compiler: Compiler): Sql {
    const field = this.source.outputFieldOrNone;
    if (!(field instanceof CharField) && !(field instanceof TextField)) {
      throw new NotSupportedError('This field does not support slicing.');
    }
    const [sql, params] = compiler.compile(this.source);
    const all = [...params, this.start];
    if (this.length === undefined) return [`SUBSTR(${sql}, ?)`, all];
    return [`SUBSTR(${sql}, ?, ?)`, [...all, this.length]];
  }
}

/**
 * The value of a field of the row at hand, or of a path from it.
 *
 * @example `await Article.objects.update({ visits: F('visits').add(1) });`
 */
export function F<const P extends string>(name: P): FExpression<P> {
  return new FExpression<P>(name);
}

/** A field of the query around the subquery, when that is known. Django: `ResolvedOuterRef`. */
export class ResolvedOuterRef extends FExpression {
  override readonly filterable = true;

  override get containsAggregate(): boolean {
    return false;
  }

  override asSql(): Sql {
    throw new ValueError(
      'This queryset contains a reference to an outer query and may only be used in a subquery.',
    );
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    const column = super.resolveExpression(query, scope);
    if (column.containsOverClause) {
      throw new NotSupportedError(
        `Referencing outer query window expression is not supported: ${this.name}.`,
      );
    }
    // As in Django: a path with several rows makes the outer query group by the whole subquery.
    if (this.name.includes('__')) Object.assign(column, { possiblyMultivalued: true });
    return column;
  }

  override relabeledClone(): Expression {
    return this;
  }

  override getGroupByCols(): readonly Expression[] {
    return [];
  }
}

/** A field of the query around this subquery. */
export class OuterRefExpression extends FExpression<string, never> {
  constructor(readonly inner: string | OuterRefExpression) {
    super(typeof inner === 'string' ? inner : inner.name);
  }

  override get containsAggregate(): boolean {
    return false;
  }

  override resolveExpression(): Expression {
    return typeof this.inner === 'string' ? new ResolvedOuterRef(this.inner) : this.inner;
  }
}

/**
 * A field of the query around a subquery.
 *
 * @example `Author.objects.annotate({ busy: Exists(Article.objects.filter({ author: OuterRef('pk') })) })`
 */
export function OuterRef(name: string | OuterRefExpression): OuterRefExpression {
  return new OuterRefExpression(name);
}
