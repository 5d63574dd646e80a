/** Django: `django.db.backends.mysql.operations`. */
import type { FlushOptions, IntegerRange } from '../base/operations';
import type { MysqlWrapper } from './base';
import { MysqlDateOperations } from './date_operations';

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\u001a': '\\Z',
};

const UNSIGNED: Readonly<Record<string, IntegerRange>> = {
  PositiveSmallIntegerField: [0, 65535],
  PositiveIntegerField: [0, 4294967295],
  PositiveBigIntegerField: [0, 18446744073709551615n],
};

const SIGNED = 'signed integer';
const UNSIGNED_CAST = 'unsigned integer';

export class MysqlOperations extends MysqlDateOperations {
  readonly maxNameLength = 64;
  protected override readonly quote = '`';

  /** A number with a point is exact here, unless it has an exponent. */
  override quoteValue(value: unknown): string {
    const sql = super.quoteValue(value);
    const isFloat = value instanceof Number || (typeof value === 'number' && !Number.isInteger(value));
    return isFloat && !/[en]/i.test(sql) ? `${sql}e0` : sql;
  }

  protected override quoteText(value: string): string {
    return `'${[...value].map((char) => ESCAPES[char] ?? char).join('')}'`;
  }

  /** TREE is MySQL's alone, from 8.0.16. */
  protected override get explainFormats(): readonly string[] {
    const { mysqlIsMariadb, isAtLeast } = this.server;
    const tree = !mysqlIsMariadb && isAtLeast.call(this.server, 8, 0, 16);
    return tree ? ['JSON', 'TEXT', 'TRADITIONAL', 'TREE'] : ['JSON', 'TEXT', 'TRADITIONAL'];
  }

  override explainPrefix(format: string | undefined, options: Readonly<Record<string, unknown>>): string {
    const { analyze = false, ...rest } = options;
    this.checkExplain(format, Object.keys(rest));
    const { mysqlIsMariadb } = this.server;
    // TEXT is what Django calls the tabular one.
    const wanted = format?.toUpperCase() === 'TEXT' ? 'TRADITIONAL' : format?.toUpperCase();
    // MariaDB has ANALYZE instead of EXPLAIN, MySQL behind it, and then no format.
    if (analyze && mysqlIsMariadb) return wanted === undefined ? 'ANALYZE' : `ANALYZE FORMAT=${wanted}`;
    if (analyze) return 'EXPLAIN ANALYZE';
    return wanted === undefined ? 'EXPLAIN' : `EXPLAIN FORMAT=${wanted}`;
  }

  private get server(): MysqlWrapper {
    return this.connection as unknown as MysqlWrapper;
  }

  override integerFieldRange(internalType: string): IntegerRange {
    return UNSIGNED[internalType] ?? super.integerFieldRange(internalType);
  }

  protected override readonly noLimit = '18446744073709551615';

  override combineExpression(operator: string, left: string, right: string): string {
    if (operator === '^') return `POW(${left}, ${right})`;
    if (operator === '#') return `${left} ^ ${right}`;
    return super.combineExpression(operator, left, right);
  }

  override textColumn(column: string, internalType: string | undefined): string {
    return internalType === 'JSONField' ? `JSON_UNQUOTE(${column})` : column;
  }

  override readonly castTypes = {
    AutoField: SIGNED,
    BigAutoField: SIGNED,
    SmallAutoField: SIGNED,
    CharField: 'char(%(max_length)s)',
    DecimalField: 'decimal(%(max_digits)s, %(decimal_places)s)',
    TextField: 'char',
    IntegerField: SIGNED,
    BigIntegerField: SIGNED,
    SmallIntegerField: SIGNED,
    PositiveBigIntegerField: UNSIGNED_CAST,
    PositiveIntegerField: UNSIGNED_CAST,
    PositiveSmallIntegerField: UNSIGNED_CAST,
    DurationField: SIGNED,
  };
  override readonly castTextType = 'char';

  /** The case is said within the pattern: what else says it is another thing on MySQL than on MariaDB. */
  regexSql(column: string, pattern: string, ignoresCase: boolean): string {
    return `${column} REGEXP CONCAT('${ignoresCase ? '(?i)' : '(?-i)'}', ${pattern})`;
  }

  override like(column: string, pattern: string, ignoresCase: boolean): string {
    return `${column} LIKE ${ignoresCase ? '' : 'BINARY '}${pattern}`;
  }

  override patternOf(expression: string, before: string, after: string): string {
    const escaped = `REPLACE(REPLACE(REPLACE(${expression}, '\\\\', '\\\\\\\\'), '%', '\\%'), '_', '\\_')`;
    return `CONCAT(${[before && "'%'", escaped, after && "'%'"].filter(Boolean).join(', ')})`;
  }

  sqlFlush(tables: readonly string[], { resetSequences = false }: FlushOptions = {}): string[] {
    if (tables.length === 0) return [];
    return [
      'SET FOREIGN_KEY_CHECKS = 0;',
      // Where keys begin anew, TRUNCATE is quicker than DELETE and ALTER TABLE.
      ...tables.map((table) => `${resetSequences ? 'TRUNCATE' : 'DELETE FROM'} ${this.quoteName(table)};`),
      'SET FOREIGN_KEY_CHECKS = 1;',
    ];
  }
}
