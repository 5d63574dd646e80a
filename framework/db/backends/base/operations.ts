/**
 * How a database wants things said. Django: `django.db.backends.base.operations`.
 */
import { settings } from '../../../conf';
import { ValueError } from '../../../core/exceptions';
import { repr } from '../../../python';
import { Decimal } from '../../../python/decimal';
import { PyFloat } from '../../../python/types';
import type { Sql } from '../../models/expressions/base';
import type { Field } from '../../models/fields/base';
import type { Options } from '../../models/options';
import { formatIsoDatetime, instantOf } from '../datetimes';
import type { DatabaseWrapper } from './base';

/** The ends of a range, both in it. */
export type IntegerRange = readonly [min: number | bigint, max: number | bigint];

const BITS_16: IntegerRange = [-32768, 32767];
const BITS_32: IntegerRange = [-2147483648, 2147483647];
/** What a signed integer of 64 bits can be. */
export const BITS_64: IntegerRange = [-9223372036854775808n, 9223372036854775807n];
const INTEGER_RANGES: Readonly<Record<string, IntegerRange>> = {
  SmallIntegerField: BITS_16,
  IntegerField: BITS_32,
  BigIntegerField: BITS_64,
  PositiveBigIntegerField: [0, BITS_64[1]],
  PositiveSmallIntegerField: [0, BITS_16[1]],
  PositiveIntegerField: [0, BITS_32[1]],
  SmallAutoField: BITS_16,
  AutoField: BITS_32,
  BigAutoField: BITS_64,
};

/** Types whose values have nothing behind the point, whatever a calculation gives. */
const WHOLE: ReadonlySet<string> = new Set(Object.keys(INTEGER_RANGES));

function wholeOf(value: unknown): unknown {
  if (typeof value === 'number') return Math.trunc(value);
  return typeof value === 'string' ? value.replace(/\.\d*$/, '') : value;
}

/** How many quoted names are kept. */
const QUOTED_NAMES = 5000;

/** How tables are emptied. */
export interface FlushOptions {
  /** Keys begin from 1 again. */
  resetSequences?: boolean;
  /** What refers to the tables is emptied, too. */
  allowCascade?: boolean;
}

/** SQL and value conventions of one database. */
export abstract class DatabaseOperations {
  constructor(protected readonly connection: DatabaseWrapper) {}

  /** The longest identifier; null: no limit. */
  abstract readonly maxNameLength: number | null;

  private readonly quoted = new Map<string, string>();

  /** What stands around an identifier. */
  protected readonly quote: string = '"';

  /** An identifier, quoted; one that is quoted already stays as it is. */
  quoteName(name: string): string {
    let quoted = this.quoted.get(name);
    if (quoted === undefined) {
      quoted = this.quoteOnce(name);
      if (this.quoted.size >= QUOTED_NAMES) this.quoted.clear();
      this.quoted.set(name, quoted);
    }
    return quoted;
  }

  private quoteOnce(name: string): string {
    const { quote } = this;
    return name.startsWith(quote) && name.endsWith(quote) && name.length > 1
      ? name
      : `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
  }

  /**
   * A table's or column's value, as SQL text. For statements that take no parameters (DDL defaults).
   *
   * @throws ValueError for a value that no column can hold.
   */
  quoteValue(value: unknown): string {
    if (value === null || value === undefined) return 'NULL';
    if (typeof value === 'boolean') return this.quoteBoolean(value);
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (typeof value === 'string') return this.quoteText(value);
    if (value instanceof Uint8Array) return this.quoteBytes(Buffer.from(value).toString('hex'));
    if (value instanceof PyFloat || value instanceof Decimal) return String(value);
    if (value instanceof Date) return `'${this.adaptDatetime(value)}'`;
    throw new ValueError(`Cannot quote parameter value ${String(value)} of type ${typeof value}`);
  }

  protected quoteBoolean(value: boolean): string {
    return value ? '1' : '0';
  }

  protected quoteText(value: string): string {
    return `'${value.replaceAll("'", "''")}'`;
  }

  protected quoteBytes(hex: string): string {
    return `X'${hex}'`;
  }

  /** The zone that the stored times of this connection are in; null where the column keeps the instant itself. */
  get storedTimeZone(): string {
    const own = this.connection.settingsDict.TIME_ZONE;
    if (own) return own;
    return settings.USE_TZ ? 'UTC' : settings.TIME_ZONE;
  }

  /** An instant as Django stores it: SQLite and MySQL `YYYY-MM-DD HH:MM:SS[.ffffff]` in the connection's zone. */
  adaptDatetime(date: Date): string {
    return formatIsoDatetime(date, this.storedTimeZone);
  }

  /** The instant of a stored value. @throws ValueError if it is none. */
  toDatetime(value: unknown): Date {
    return value instanceof Date ? value : instantOf(value, this.storedTimeZone);
  }

  /** The least and the greatest number that a field's column keeps. Django: `integer_field_range`. */
  integerFieldRange(internalType: string): IntegerRange {
    return INTEGER_RANGES[internalType] ?? (INTEGER_RANGES['IntegerField'] as IntegerRange);
  }

  /** What INSERT says of a key that the database makes. */
  readonly pkDefaultValue: string = 'DEFAULT';

  // Queries -------------------------------------------------------------------------------------------------

  /** LIMIT and OFFSET of the rows from `low` to before `high`. */
  limitOffsetSql(low: number, high: number | undefined): string {
    const limit = high === undefined ? this.noLimit : String(high - low);
    return `${limit === undefined ? '' : ` LIMIT ${limit}`}${low > 0 ? ` OFFSET ${low}` : ''}`;
  }

  /** What LIMIT says where there is only an OFFSET. */
  protected readonly noLimit: string | undefined = undefined;

  /** FOR UPDATE, as far as the database has it. */
  forUpdateSql(lock: {
    nowait: boolean;
    skipLocked: boolean;
    noKey: boolean;
    /** Tables, quoted. */
    of: readonly string[];
  }): string {
    const of = lock.of.length > 0 ? ` OF ${lock.of.join(', ')}` : '';
    const wait = lock.nowait ? ' NOWAIT' : lock.skipLocked ? ' SKIP LOCKED' : '';
    return ` FOR${lock.noKey ? ' NO KEY' : ''} UPDATE${of}${wait}`;
  }

  /** The formats that EXPLAIN has. */
  protected get explainFormats(): readonly string[] {
    return [];
  }

  /** What stands before a statement to have it explained. @throws ValueError for what the database does not know. */
  explainPrefix(format: string | undefined, options: Readonly<Record<string, unknown>>): string {
    this.checkExplain(format, Object.keys(options));
    return 'EXPLAIN';
  }

  /** @throws ValueError for a format that is not there, and for options. */
  protected checkExplain(format: string | undefined, unknown: readonly string[]): void {
    if (format !== undefined && !this.explainFormats.includes(format.toUpperCase())) {
      const known =
        this.explainFormats.length > 0
          ? `Allowed formats: ${[...this.explainFormats].sort().join(', ')}`
          : `${this.connection.displayName} does not support any formats.`;
      throw new ValueError(`${format.toUpperCase()} is not a recognized format. ${known}`);
    }
    if (unknown.length > 0) throw new ValueError(`Unknown options: ${[...unknown].sort().join(', ')}`);
  }

  /** Arithmetic of two expressions. */
  combineExpression(operator: string, left: string, right: string): string {
    if (operator === '^') return `POWER(${left}, ${right})`;
    return `${left} ${operator === '%%' ? '%' : operator} ${right}`;
  }

  /** How many of `count` rows one statement takes, each with a value for each of the fields. */
  bulkBatchSize(fields: readonly unknown[], count: number): number {
    const { maxQueryParams } = this.connection.features;
    return fields.length === 0 ? count : Math.max(Math.floor(maxQueryParams / fields.length), 1);
  }

  /** The types of CAST, where they are not those of columns. */
  readonly castTypes: Readonly<Record<string, string>> = {};
  /** The type of CAST for a text of any length. */
  readonly castTextType: string = 'text';

  /** What stands for a value that is no column's. */
  valuePlaceholder(_field: Field, _forSave: boolean, _value: unknown): string {
    return '?';
  }

  /** The branches of a CASE as one type. */
  castBranches(_field: Field, sql: string): string {
    return sql;
  }

  /** A value that a field is compared with, as it is stored. */
  lookupValue(field: Field, value: unknown): unknown {
    return field.lookupToDb(value, this.connection);
  }

  /** The value of an expression, as its field has it. */
  convertExpression(field: Field, value: unknown): unknown {
    const whole = WHOLE.has(field.internalType) ? wholeOf(value) : value;
    // A float is the decimal that it is, with all its figures.
    if (field.internalType === 'DecimalField' && typeof whole === 'number')
      return Decimal.exactly(whole).toString();
    return field.fromDb(whole, this.connection);
  }

  /** A column as text, for LIKE and regular expressions. */
  textColumn(column: string, _internalType: string | undefined, _ignoresCase: boolean): string {
    return column;
  }

  /** A regular expression of the database. */
  abstract regexSql(column: string, pattern: string, ignoresCase: boolean): string;

  /** LIKE; the pattern's special characters are escaped by a backslash. */
  like(column: string, pattern: string, _ignoresCase: boolean): string {
    return `${column} LIKE ${pattern} ESCAPE '\\'`;
  }

  /** A pattern of an expression, whose special characters are its text. */
  patternOf(expression: string, before: string, after: string): string {
    const escaped = `REPLACE(REPLACE(REPLACE(${expression}, '\\', '\\\\'), '%', '\\%'), '_', '\\_')`;
    return [before && "'%'", escaped, after && "'%'"].filter(Boolean).join(' || ');
  }

  // Dates and times; `zone` is undefined where nothing is to be converted -----------------------------------

  /** A part of a date: `year`, `iso_year`, `month`, `day`, `week`, `week_day`, `iso_week_day`, `quarter`. */
  abstract dateExtractSql(part: string, date: Sql): Sql;
  /** A part of an instant, as clocks in the zone show it. */
  abstract datetimeExtractSql(part: string, instant: Sql, zone: string | undefined): Sql;
  /** A part of a time: `hour`, `minute`, `second`. */
  abstract timeExtractSql(part: string, time: Sql): Sql;
  /** The day at which a `year`, `quarter`, `month`, `week` or `day` begins. */
  abstract dateTruncSql(kind: string, date: Sql, zone: string | undefined): Sql;
  /** The moment, on clocks of the zone, at which a year, …, `hour`, `minute` or `second` begins. */
  abstract datetimeTruncSql(kind: string, instant: Sql, zone: string | undefined): Sql;
  /** The time of day at which an `hour`, `minute` or `second` begins. */
  abstract timeTruncSql(kind: string, time: Sql, zone: string | undefined): Sql;
  /** The day of an instant in the zone. */
  abstract datetimeCastDateSql(instant: Sql, zone: string | undefined): Sql;
  /** The time of day of an instant in the zone. */
  abstract datetimeCastTimeSql(instant: Sql, zone: string | undefined): Sql;

  /** A length of time beside a time. */
  formatForDurationArithmetic(sql: string): string {
    return sql;
  }

  /** A time and a length of time, or a length of time and a number. */
  combineDurationExpression(operator: string, left: string, right: string): string {
    return this.combineExpression(operator, left, right);
  }

  /** The length of time between two of a type. */
  subtractTemporals(_internalType: string, [left, params]: Sql, [right, more]: Sql): Sql {
    return [`(${left} - ${right})`, [...params, ...more]];
  }

  /** The name of a part as it stands in the SQL. @throws ValueError for what could be more than a name. */
  protected partName(part: string): string {
    const name = part.toUpperCase();
    if (!/^[A-Z_]+$/.test(name)) throw new ValueError(`Invalid lookup type: ${repr(name)}`);
    return name;
  }

  /** The statements that empty these tables. */
  abstract sqlFlush(tables: readonly string[], options?: FlushOptions): string[];

  /** The statements after which the keys of these models' tables go on from the greatest that is there. */
  sequenceResetSql(_models: readonly Options[]): string[] {
    return [];
  }

  /** Where a table or an index lies, as it is said behind its definition, or inline of a column's index. */
  tablespaceSql(_tablespace: string, _inline = false): string {
    return '';
  }

  /** What precedes the statements of a migration in `sqlmigrate`. */
  startTransactionSql(): string {
    return 'BEGIN;';
  }

  /** What ends them. */
  endTransactionSql(): string {
    return 'COMMIT;';
  }
}
