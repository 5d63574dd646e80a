/**
 * What gives a value of SQL: columns, values, functions. Django: `django.db.models.expressions`;
 * https://docs.djangoproject.com/en/5.2/ref/models/expressions/
 */
import { FieldError } from '../../../core/exceptions';
import { once } from '../../../utils/module_loading';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Field } from '../fields/base';
import type { Query } from '../sql/query';

declare const VALUE: unique symbol;

/** A piece of SQL and its parameters, whose placeholders are `?`. */
export type Sql = readonly [sql: string, params: readonly unknown[]];

/** What turns expressions into SQL for one connection. Django: `SQLCompiler`. */
export interface Compiler {
  readonly connection: DatabaseWrapper;
  readonly query: Query;
  compile(node: Compilable): Sql;
  quoteNameUnlessAlias(name: string): string;
}

/** What a compiler can turn into SQL. A database's own way is a method `asSqlite`, `asPostgresql` or `asMysql`. */
export interface Compilable {
  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql;
  asSqlite?(compiler: Compiler, connection: DatabaseWrapper): Sql;
  asPostgresql?(compiler: Compiler, connection: DatabaseWrapper): Sql;
  asMysql?(compiler: Compiler, connection: DatabaseWrapper): Sql;
}

/** How names are resolved: Django's arguments of `resolve_expression`. */
export interface Scope {
  allowJoins?: boolean;
  /** The joins that may be used again; null: every join. */
  reuse?: Set<string> | null;
  /** The names are those of a subquery's columns: the expression is an argument of `aggregate()`. */
  summarize?: boolean;
  /** The value is on its way into a column. */
  forSave?: boolean;
}

/** New names of aliases. */
export type ChangeMap = ReadonlyMap<string, string>;

/** The condition is false of every row. */
export class EmptyResultSet extends Error {}
/** The condition is true of every row. */
export class FullResultSet extends Error {}
/** Thrown again and again: a stack trace each time would cost more than the query. */
export const EMPTY_RESULT_SET = new EmptyResultSet('The query has no rows.');
export const FULL_RESULT_SET = new FullResultSet('The condition holds of every row.');

/** How a lookup or a transform is made. */
export type LookupClass = new (lhs: Expression, rhs: never) => Expression;

/** Anything that gives a value of SQL. `V` is the type of the value. */
export abstract class Expression<out V = unknown> implements Compilable {
  declare readonly [VALUE]: V;
  /** Whether it may stand in WHERE. */
  readonly filterable: boolean = true;
  /** What it gives for no rows at all; undefined: nothing is known. */
  get emptyResultSetValue(): unknown {
    return undefined;
  }
  /** The field whose value it gives, where it was said. */
  protected givenField: Field | undefined;
  private foundField: Field | null | undefined;

  abstract asSql(compiler: Compiler, connection: DatabaseWrapper): Sql;

  /** What it is made of. */
  getSourceExpressions(): readonly Expression[] {
    return [];
  }

  /**
   * The arguments that make it again, by which migrations are written. A class of one's own whose constructor takes
   * something else than its parts overrides it.
   */
  deconstruct(): readonly unknown[] {
    return this.getSourceExpressions();
  }

  /** Replaces what it is made of. For a copy of one's own only. */
  setSourceExpressions(_sources: readonly Expression[]): void {}

  /**
   * @internal All of it as a text, where it is no more than names, and values that may be others the next time; undefined
   * for everything else, and for classes of one's own, which may hold more.
   *
   * @param values gets the values; without it there may be none.
   */
  _planText(_values?: Expression[]): string | undefined {
    return undefined;
  }

  copy(): this {
    const copy = Object.create(Object.getPrototypeOf(this) as object) as this;
    Object.assign(copy, this);
    copy.foundField = undefined;
    return copy;
  }

  /** The same with its names looked up in a query. */
  resolveExpression(query: Query, scope: Scope = {}): Expression {
    return this.mapSources((source) => source.resolveExpression(query, scope));
  }

  protected mapSources(change: (source: Expression) => Expression): this {
    const copy = this.copy();
    const sources = this.getSourceExpressions();
    if (sources.length > 0) copy.setSourceExpressions(sources.map(change));
    return copy;
  }

  relabeledClone(changes: ChangeMap): Expression {
    return this.mapSources((source) => source.relabeledClone(changes));
  }

  /** The same with parts replaced. */
  replaceExpressions(find: (part: Expression) => Expression | undefined): Expression {
    return find(this) ?? this.mapSources((source) => source.replaceExpressions(find));
  }

  /** The names of annotations that it refers to. */
  getRefs(): Set<string> {
    const refs = new Set<string>();
    for (const source of this.getSourceExpressions()) for (const ref of source.getRefs()) refs.add(ref);
    return refs;
  }

  get containsAggregate(): boolean {
    return this.getSourceExpressions().some((source) => source.containsAggregate);
  }

  get containsSubquery(): boolean {
    return this.getSourceExpressions().some((source) => source.containsSubquery);
  }

  /** Whether a function over a window is a part of it: it is calculated after WHERE and HAVING. */
  get containsOverClause(): boolean {
    return this.getSourceExpressions().some((source) => source.containsOverClause);
  }

  /** Whether it can stand before OVER. */
  get windowCompatible(): boolean {
    return false;
  }

  /** Whether it can stand as a condition. */
  get conditional(): boolean {
    return this.outputFieldOrNone?.internalType === 'BooleanField';
  }

  getGroupByCols(): readonly Expression[] {
    if (!this.containsAggregate) return [this];
    return this.getSourceExpressions().flatMap((source) => [...source.getGroupByCols()]);
  }

  /** The field whose value it gives. @throws FieldError if it cannot be known. */
  get outputField(): Field {
    const field = this.outputFieldOrNone;
    if (field === undefined) throw new FieldError('Cannot resolve expression type, unknown output_field');
    return field;
  }

  /** The field whose value it gives, if that is known. @throws FieldError for parts of different types. */
  get outputFieldOrNone(): Field | undefined {
    if (this.givenField !== undefined) return this.givenField;
    if (this.foundField === undefined) this.foundField = this.resolveOutputField() ?? null;
    return this.foundField ?? undefined;
  }

  /** The same, giving a value of another type. */
  withOutputField(field: Field): this {
    const copy = this.copy();
    copy.givenField = field;
    return copy;
  }

  protected resolveOutputField(): Field | undefined {
    let found: Field | undefined;
    for (const source of this.getSourceExpressions()) {
      const field = source.outputFieldOrNone;
      if (field === undefined) continue;
      if (found !== undefined && !isSameKind(found, field)) {
        throw new FieldError(
          `Expression contains mixed types: ${className(found)}, ${className(field)}. You must set output_field.`,
        );
      }
      found ??= field;
    }
    return found;
  }

  /** A stored value as JavaScript has it. */
  convertValue(value: unknown, connection: DatabaseWrapper): unknown {
    if (value === null || value === undefined) return null;
    const field = this.outputFieldOrNone;
    return field === undefined ? value : connection.ops.convertExpression(field, value);
  }

  /** What stands for it in SELECT. */
  selectFormat(_compiler: Compiler, sql: string, params: readonly unknown[]): Sql {
    return [sql, params];
  }

  // Ordering ------------------------------------------------------------------------------------------------

  /** Ascending, for `orderBy`. */
  asc(options: NullsOptions = {}): Expression<V> {
    return orderings().ascending(this, options) as Expression<V>;
  }

  /** Descending, for `orderBy`. */
  desc(options: NullsOptions = {}): Expression<V> {
    return orderings().descending(this, options) as Expression<V>;
  }

  reverseOrdering(): Expression {
    return this;
  }
}

/** Where the rows without a value stand. */
export interface NullsOptions {
  nullsFirst?: boolean;
  nullsLast?: boolean;
}

const orderings = once(() => require('./order_by') as typeof import('./order_by'));

/** Django's name of a field's class. */
export function className(field: Field): string {
  return field.constructor.name;
}

/** Whether two fields give the same type: one's class is the other's, or above it. */
export function isSameKind(one: Field, other: Field): boolean {
  return one instanceof other.constructor || other instanceof one.constructor;
}
