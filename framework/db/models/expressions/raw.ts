/** SQL of one's own within a query. Django: `RawSQL`; a template has what Django's `Func` subclasses have. */
import { ValueError } from '../../../core/exceptions';
import type { Field } from '../fields/base';
import type { Compiler, Expression, Sql } from './base';
import { Combinable, expressionOf } from './combined';

/** The options of `RawSQL`. */
export interface RawOptions {
  outputField?: Field;
}

/**
 * A piece of SQL. Values stand beside it, never in it: the text is the site's own, and goes to the database as it is.
 *
 * @example `Article.objects.annotate({ words: new RawSQL('length(body) / ?', [6], { outputField: new IntegerField() }) })`
 */
export class RawSQL<out V = unknown> extends Combinable<V> {
  constructor(
    readonly sql: string,
    readonly params: readonly unknown[] = [],
    options: RawOptions = {},
  ) {
    super();
    this.givenField = options.outputField;
  }

  override deconstruct(): readonly unknown[] {
    const { sql, params, givenField: outputField } = this;
    return outputField === undefined ? [sql, params] : [sql, params, { outputField }];
  }

  override getGroupByCols(): readonly Expression[] {
    return [this];
  }

  asSql(): Sql {
    return [`(${this.sql})`, this.params];
  }
}

/** SQL with expressions in it. */
export class SqlTemplate<out V = unknown> extends Combinable<V> {
  private parts: readonly Expression[];

  constructor(
    private readonly texts: readonly string[],
    parts: readonly unknown[],
    private readonly field?: Field,
  ) {
    super();
    this.parts = parts.map(expressionOf);
    this.givenField = field;
  }

  /** The same, and the type that its value has. */
  as<T>(outputField: Field): SqlTemplate<T> {
    return new SqlTemplate<T>(this.texts, this.parts, outputField);
  }

  override deconstruct(): readonly unknown[] {
    return [this.texts, this.parts, this.field];
  }

  override getSourceExpressions(): readonly Expression[] {
    return this.parts;
  }

  override setSourceExpressions(parts: readonly Expression[]): void {
    this.parts = parts;
  }

  /** The type of SQL of one's own is what is said of it, not that of its parts. */
  protected override resolveOutputField(): Field | undefined {
    return this.field;
  }

  asSql(compiler: Compiler): Sql {
    const params: unknown[] = [];
    let sql = this.texts[0] as string;
    this.parts.forEach((part, at) => {
      const [text, given] = compiler.compile(part);
      sql += text + (this.texts[at + 1] as string);
      params.push(...given);
    });
    return [`(${sql})`, params];
  }
}

/**
 * SQL with expressions in it; anything else in `${}` is a parameter, never text.
 *
 * @throws ValueError where it is called as a function: then its text would not be the program's own.
 * @example
 * ```ts
 * Author.objects.filter({ name: sql`substr(${F('email')}, 1, ${length})`.as<string>(new CharField()) });
 * ```
 */
export function sql<V = unknown>(texts: TemplateStringsArray, ...parts: readonly unknown[]): SqlTemplate<V> {
  if (!Array.isArray(texts) || !('raw' in texts)) {
    throw new ValueError(
      'sql is a tag of templates: write sql`…`, not sql(…). For a text that is made, use RawSQL.',
    );
  }
  if (texts.some((text) => text.includes('?'))) {
    throw new ValueError('A template of sql`…` has no ? of its own: a parameter stands in braces.');
  }
  return new SqlTemplate<V>([...texts], parts);
}
