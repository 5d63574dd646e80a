/** Django: `django.db.backends.sqlite3.operations`. */
import { BITS_64, DatabaseOperations, type IntegerRange } from '../base/operations';

export class SqliteOperations extends DatabaseOperations {
  readonly maxNameLength = null;
  protected override readonly noLimit = '-1';

  override combineExpression(operator: string, left: string, right: string): string {
    if (operator === '#') return `((${left} | ${right}) - (${left} & ${right}))`;
    return super.combineExpression(operator, left, right);
  }

  /** Every column keeps 64 bits, whatever its type says. */
  override integerFieldRange(internalType: string): IntegerRange {
    return internalType.startsWith('Positive') ? [0, BITS_64[1]] : BITS_64;
  }

  sqlFlush(tables: readonly string[]): string[] {
    return tables.map((table) => `DELETE FROM ${this.quoteName(table)};`);
  }
}
