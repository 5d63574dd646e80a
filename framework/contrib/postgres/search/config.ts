/** Which language's rules a search follows. Django: `SearchConfig`. */
import { type Compiler, Expression, type Sql } from '../../../db/models/expressions/base';
import { expressionOf } from '../../../db/models/expressions/combined';

/** A configuration of text search: its name, or an expression that gives one. */
export type ConfigParam = string | Expression;

/**
 * The configuration of a search, by name or from a column.
 *
 * @example `new SearchVector('title', { config: new SearchConfig(F('language')) })`
 */
export class SearchConfig extends Expression {
  private config: Expression;

  constructor(config: ConfigParam) {
    super();
    this.config = expressionOf(config);
  }

  /** A configuration of what stands for one. */
  static fromParameter(config: ConfigParam | null | undefined): SearchConfig | undefined {
    if (config === null || config === undefined) return undefined;
    return config instanceof SearchConfig ? config : new SearchConfig(config);
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.config];
  }

  override setSourceExpressions([config]: readonly Expression[]): void {
    this.config = config as Expression;
  }

  override deconstruct(): readonly unknown[] {
    return [this.config];
  }

  asSql(compiler: Compiler): Sql {
    const [sql, params] = compiler.compile(this.config);
    return [`${sql}::regconfig`, params];
  }
}
