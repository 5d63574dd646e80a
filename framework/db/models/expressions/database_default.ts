/** The default that the database has for a column. Django: `DatabaseDefault`. */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Field } from '../fields/base';
import { type Compiler, Expression, type Sql } from './base';
import { NO_PARAMS } from './col';

/** `DEFAULT` in an INSERT; what the default is, where the database has no word for it there. */
export class DatabaseDefault extends Expression {
  private expression: Expression;

  constructor(expression: Expression, field: Field) {
    super();
    this.expression = expression;
    this.givenField = field;
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.expression];
  }

  override setSourceExpressions([expression]: readonly Expression[]): void {
    this.expression = expression as Expression;
  }

  asSql(): Sql {
    return ['DEFAULT', NO_PARAMS];
  }

  asSqlite(compiler: Compiler, _connection: DatabaseWrapper): Sql {
    return compiler.compile(this.expression);
  }
}
