/** Django: `django.db.backends.sqlite3.operations`. */
import type { Field } from '../../models/fields/base';
import { BITS_64, type FlushOptions, type IntegerRange } from '../base/operations';
import { SqliteDateOperations } from './date_operations';

export class SqliteOperations extends SqliteDateOperations {
  readonly maxNameLength = null;
  override readonly pkDefaultValue = 'NULL';
  protected override readonly noLimit = '-1';

  override explainPrefix(format: string | undefined, options: Readonly<Record<string, unknown>>): string {
    return `${super.explainPrefix(format, options)} QUERY PLAN`;
  }

  override combineExpression(operator: string, left: string, right: string): string {
    if (operator === '#') return `((${left} | ${right}) - (${left} & ${right}))`;
    return super.combineExpression(operator, left, right);
  }

  /** Of single values 500, as in Django. */
  override bulkBatchSize(fields: readonly unknown[], count: number): number {
    return fields.length === 1 ? 500 : super.bulkBatchSize(fields, count);
  }

  override readonly castTypes = { DateField: 'TEXT', DateTimeField: 'TEXT' };

  /** Every column keeps 64 bits, whatever its type says. */
  override integerFieldRange(internalType: string): IntegerRange {
    return internalType.startsWith('Positive') ? [0, BITS_64[1]] : BITS_64;
  }

  /** A decimal of an expression has the 15 figures of a float, as in Django. */
  override convertExpression(field: Field, value: unknown): unknown {
    if (field.internalType !== 'DecimalField' || typeof value !== 'number') {
      return super.convertExpression(field, value);
    }
    return Number.isInteger(value * 2 ** 20) ? String(value) : value.toPrecision(15);
  }

  regexSql(column: string, pattern: string, ignoresCase: boolean): string {
    return `${column} REGEXP ${ignoresCase ? `'(?i)' || ${pattern}` : pattern}`;
  }

  sqlFlush(tables: readonly string[], { resetSequences = false }: FlushOptions = {}): string[] {
    const emptied = tables.map((table) => `DELETE FROM ${this.quoteName(table)};`);
    if (!resetSequences || tables.length === 0) return emptied;
    const names = tables.map((table) => this.quoteText(table)).join(', ');
    return [...emptied, `UPDATE "sqlite_sequence" SET "seq" = 0 WHERE "name" IN (${names});`];
  }
}
