/** Lookups by operators that PostgreSQL alone has. Django: `django.contrib.postgres.lookups`. */
import type { DatabaseWrapper } from '../../db/backends/base/base';
import type { Compiler, Sql } from '../../db/models/expressions/base';
import { Lookup } from '../../db/models/lookups/base';

/** A lookup that is an operator between the left side and a value of its type. */
export abstract class PostgresOperatorLookup extends Lookup {
  /** With `??` for each question mark. */
  protected abstract readonly operator: string;

  /** The type that the right side is cast to; undefined: none. */
  protected castType(connection: DatabaseWrapper): string | undefined {
    return this.lhs.outputField.castDbType(connection) ?? undefined;
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, params] = this.processLhs(compiler, connection);
    const [right, more] = this.processRhs(compiler, connection);
    const type = this.castType(connection);
    return [
      `${left} ${this.operator} ${right}${type === undefined ? '' : `::${type}`}`,
      [...params, ...more],
    ];
  }
}

/** `@>` */
export class DataContains extends PostgresOperatorLookup {
  static override readonly lookupName: string = 'contains';
  protected readonly operator = '@>';
}

/** `<@` */
export class ContainedBy extends PostgresOperatorLookup {
  static override readonly lookupName: string = 'contained_by';
  protected readonly operator = '<@';
}

/** `&&` */
export class Overlap extends PostgresOperatorLookup {
  static override readonly lookupName: string = 'overlap';
  protected readonly operator = '&&';
}
