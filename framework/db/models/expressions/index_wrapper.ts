/** What stands behind an expression in an index. Django: `IndexExpression.register_wrappers`. */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compiler, Expression, Sql } from './base';
import { Func } from './func';

/** An expression with words that only an index knows: an operator class. They come before the direction. */
export abstract class IndexWrapper extends Func {
  /** The words. */
  abstract get indexSql(): string;

  /** What they are said of. */
  get inner(): Expression {
    return this.sources[0] as Expression;
  }

  override asSql(compiler: Compiler, _connection: DatabaseWrapper): Sql {
    const [sql, params] = compiler.compile(this.inner);
    return [`${sql} ${this.indexSql}`, params];
  }
}
