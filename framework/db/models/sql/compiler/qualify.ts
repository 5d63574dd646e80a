/**
 * Conditions over windows. A database calculates windows after WHERE and HAVING, so the query becomes a table of which the
 * rows are asked. Django: `SQLCompiler.get_qualify_sql`.
 */
import { EmptyResultSet, type Expression, FullResultSet, type Sql } from '../../expressions/base';
import { Ref, SelectPosition } from '../../expressions/col';
import { Lookup } from '../../lookups/base';
import { type SplitCondition, WhereNode } from '../where';
import type { OrderPart } from './order';
import type { SelectCompiler } from './select';

/** The query, with what the parts of its condition say at their time. */
export function qualifySql(
  compiler: SelectCompiler,
  { where, having, qualify }: SplitCondition,
  order: readonly OrderPart[],
  withLimits: boolean,
): Sql {
  const { query, connection } = compiler;
  const { ops } = connection;
  const inner = query.clone();
  inner.where = new WhereNode([where, having].filter((part) => part !== undefined));
  inner.lock = undefined;
  compiler.allNamed = true;
  compiler.setupSelect();
  const parts = new OuterParts(compiler, inner);
  const condition = parts.outer(qualify as WhereNode);
  const sorted = order.map(({ expression }) => parts.outer(expression));
  const around = new (compiler.constructor as new (...args: unknown[]) => SelectCompiler)(inner, connection);
  around.allNamed = true;
  const [sql, given] = around.asSql(false);
  const params = [...given];
  let text = `SELECT * FROM (${sql}) ${ops.quoteName('qualify')} WHERE ${write(compiler, condition, params)}`;
  if (parts.added > 0) {
    // What only the condition needed is no column of the rows.
    const names = compiler.selected.map(({ alias }) => ops.quoteName(alias as string));
    text = `SELECT ${names.join(', ')} FROM (${text}) ${ops.quoteName('qualify_mask')}`;
  }
  if (sorted.length > 0)
    text += ` ORDER BY ${sorted.map((each) => write(compiler, each, params)).join(', ')}`;
  if (withLimits && query.isSliced) text += ops.limitOffsetSql(query.lowMark, query.highMark);
  return [text, params];
}

function write(compiler: SelectCompiler, expression: Expression, params: unknown[]): string {
  const [sql, given] = compiler.compile(expression);
  params.push(...given);
  return sql;
}

/** Expressions of the query as columns of the table that it becomes. */
class OuterParts {
  /** How many columns were added to the table. */
  added = 0;
  private readonly byText = new Map<string, Ref>();
  private readonly names = new Set<string>();

  constructor(
    private readonly compiler: SelectCompiler,
    private readonly inner: SelectCompiler['query'],
  ) {
    for (const { expression, alias } of compiler.selected) {
      const name = alias as string;
      this.names.add(name);
      const text = this.textOf(expression);
      if (text !== undefined && !this.byText.has(text)) this.byText.set(text, new Ref(name, expression));
    }
  }

  /** The same, with columns for its parts. */
  outer(expression: Expression): Expression {
    const found = new Map<Expression, Ref>();
    for (const part of expression.getSourceExpressions()) this.collect(part, found);
    return expression.replaceExpressions((part) => found.get(part));
  }

  private collect(part: Expression, found: Map<Expression, Ref>): void {
    // The table's columns begin with those of the query.
    if (part instanceof SelectPosition) return;
    if (part instanceof WhereNode) {
      for (const child of part.children) this.collect(child, found);
      return;
    }
    const text = this.textOf(part);
    const known = text === undefined ? undefined : this.byText.get(text);
    if (known !== undefined) found.set(part, known);
    else if (part instanceof Lookup)
      for (const each of part.getSourceExpressions()) this.collect(each, found);
    else if (part instanceof Ref) {
      if (!this.names.has(part.refs))
        for (const each of part.getSourceExpressions()) this.collect(each, found);
    } else found.set(part, this.add(part, text));
  }

  private add(part: Expression, text: string | undefined): Ref {
    let alias: string;
    do {
      alias = `qual${this.added}`;
      this.added += 1;
    } while (this.names.has(alias));
    const { inner } = this;
    inner.appendAnnotationMask([alias]);
    inner.annotations = new Map([...inner.annotations, [alias, part]]);
    if (inner.selected !== undefined) inner.selected = [...inner.selected, alias];
    const ref = new Ref(alias, part);
    if (text !== undefined) this.byText.set(text, ref);
    return ref;
  }

  private textOf(part: Expression): string | undefined {
    try {
      const [sql, params] = this.compiler.compile(part);
      return JSON.stringify([sql, params.map(String)]);
    } catch (error) {
      if (error instanceof EmptyResultSet || error instanceof FullResultSet) return undefined;
      throw error;
    }
  }
}
