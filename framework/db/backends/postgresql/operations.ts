/** Django: `django.db.backends.postgresql.operations`. */
import { Duration } from '../../../python/timedelta';
import type { Field } from '../../models/fields/base';
import type { Options } from '../../models/options';
import type { FlushOptions } from '../base/operations';
import { formatIsoDatetime } from '../datetimes';
import { PostgresDateOperations } from './date_operations';

/** The types of values that are no columns'. */
const VALUE_TYPES: Readonly<Record<string, string>> = {
  BooleanField: 'boolean',
  DateField: 'date',
  DateTimeField: 'timestamptz',
  DecimalField: 'numeric',
  DurationField: 'interval',
  FloatField: 'double precision',
  JSONField: 'jsonb',
  TimeField: 'time',
  UUIDField: 'uuid',
};

/** What EXPLAIN can be told; nothing else gets into the statement. */
const EXPLAIN_OPTIONS = new Set(
  'ANALYZE BUFFERS COSTS GENERIC_PLAN MEMORY SETTINGS SERIALIZE SUMMARY TIMING VERBOSE WAL'.split(' '),
);

export class PostgresOperations extends PostgresDateOperations {
  /** The database cuts longer names itself. */
  readonly maxNameLength = 63;

  protected override get explainFormats(): readonly string[] {
    return ['JSON', 'TEXT', 'XML', 'YAML'];
  }

  override explainPrefix(format: string | undefined, options: Readonly<Record<string, unknown>>): string {
    const names = Object.keys(options);
    this.checkExplain(
      format,
      names.filter((name) => !EXPLAIN_OPTIONS.has(name.toUpperCase())),
    );
    const said = names.map((name) => `${name.toUpperCase()} ${options[name] ? 'true' : 'false'}`);
    if (format !== undefined) said.unshift(`FORMAT ${format.toUpperCase()}`);
    return said.length === 0 ? 'EXPLAIN' : `EXPLAIN (${said.join(', ')})`;
  }

  protected override quoteBoolean(value: boolean): string {
    return value ? 'true' : 'false';
  }

  protected override quoteText(value: string): string {
    const quoted = super.quoteText(value).replaceAll('\\', '\\\\');
    return value.includes('\\') ? ` E${quoted}` : quoted;
  }

  protected override quoteBytes(hex: string): string {
    return `'\\x${hex}'::bytea`;
  }

  override quoteValue(value: unknown): string {
    if (value instanceof Duration) {
      const seconds = `${value.seconds}.${String(value.microseconds).padStart(6, '0')}`;
      return `'${value.days} days ${seconds} seconds'::interval`;
    }
    return value instanceof Date ? `${super.quoteValue(value)}::timestamptz` : super.quoteValue(value);
  }

  /** The column keeps the instant; the text says its offset. */
  override adaptDatetime(date: Date): string {
    return `${formatIsoDatetime(date)}+00:00`;
  }

  override readonly castTypes = { AutoField: 'integer', BigAutoField: 'bigint', SmallAutoField: 'smallint' };
  override readonly castTextType = 'varchar';

  /** A parameter that stands beside another has no type by itself; a text is left to what is around it. */
  override valuePlaceholder(field: Field, forSave: boolean, value: unknown): string {
    const { internalType } = field;
    // Beside a time, a length of time would be taken for another time.
    if (forSave && internalType !== 'DurationField') return '?';
    if (internalType.endsWith('IntegerField') || internalType.endsWith('AutoField')) {
      return Math.abs(Number(value)) < 2 ** 31 ? '?::integer' : '?::bigint';
    }
    const type = VALUE_TYPES[internalType];
    return type === undefined ? '?' : `?::${type}`;
  }

  override textColumn(column: string, internalType: string | undefined, ignoresCase: boolean): string {
    const isAddress = internalType === 'GenericIPAddressField' || internalType === 'IPAddressField';
    const text = isAddress ? `HOST(${column})` : `${column}::text`;
    return ignoresCase ? `UPPER(${text})` : text;
  }

  /** With escapes that mean the same whatever the server takes for standard. */
  override patternOf(expression: string, before: string, after: string): string {
    const escaped = `REPLACE(REPLACE(REPLACE(${expression}, E'\\\\', E'\\\\\\\\'), E'%', E'\\\\%'), E'_', E'\\\\_')`;
    return [before && "'%'", escaped, after && "'%'"].filter(Boolean).join(' || ');
  }

  regexSql(column: string, pattern: string, ignoresCase: boolean): string {
    return `${column} ${ignoresCase ? '~*' : '~'} ${pattern}`;
  }

  override like(column: string, pattern: string, ignoresCase: boolean): string {
    return `${column} LIKE ${ignoresCase ? `UPPER(${pattern})` : pattern}`;
  }

  /** Rows that brought their keys along did not move the sequences. */
  override sequenceResetSql(models: readonly Options[]): string[] {
    return models.flatMap(({ dbTable, localFields }) => {
      const field = localFields.find((each) => each.isAuto);
      if (field === undefined) return [];
      const [table, column] = [this.quoteName(dbTable), this.quoteName(field.column)];
      return [
        `SELECT setval(pg_get_serial_sequence('${table.replaceAll("'", "''")}','${field.column.replaceAll("'", "''")}'), ` +
          `coalesce(max(${column}), 1), max(${column}) IS NOT null) FROM ${table};`,
      ];
    });
  }

  override tablespaceSql(tablespace: string, inline = false): string {
    return `${inline ? 'USING INDEX ' : ''}TABLESPACE ${this.quoteName(tablespace)}`;
  }

  sqlFlush(tables: readonly string[], { resetSequences, allowCascade }: FlushOptions = {}): string[] {
    if (tables.length === 0) return [];
    const names = tables.map((table) => this.quoteName(table)).join(', ');
    return [
      `TRUNCATE ${names}${resetSequences ? ' RESTART IDENTITY' : ''}${allowCascade ? ' CASCADE' : ''};`,
    ];
  }
}
