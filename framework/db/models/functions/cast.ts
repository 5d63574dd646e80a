/** A value as another type. Django: `Cast`. */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compiler, Expression, Sql } from '../expressions/base';
import { Func } from '../expressions/func';
import type { Field } from '../fields/base';
import { callable } from './callable';

const FORMATS: Readonly<Record<string, string>> = { time: '%H:%M:%f', datetime: '%Y-%m-%d %H:%M:%f' };

/** `CAST(… AS …)`, to the type of a field's column. */
export class CastFunction<out V = unknown> extends Func<V> {
  protected override readonly functionName = 'CAST';

  constructor(expression: Expression | string, outputField: Field) {
    super(expression, { outputField });
  }

  override deconstruct(): readonly unknown[] {
    return [...this.sources, this.givenField];
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, {
      template: `%(function)s(%(expressions)s AS ${this.outputField.castDbType(connection)})`,
    });
  }

  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const type = this.outputField.dbType(connection) ?? '';
    if (type === 'date') return this.write(compiler, connection, { template: 'date(%(expressions)s)' });
    const format = FORMATS[type];
    if (format === undefined) return this.asSql(compiler, connection);
    // The types keep no fractions of seconds.
    const [sql, params] = this.write(compiler, connection, { template: 'strftime(?, %(expressions)s)' });
    return [sql, [format, ...params]];
  }

  asMysql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { internalType } = this.outputField;
    // There is no cast to these.
    const template =
      internalType === 'FloatField'
        ? '(%(expressions)s + 0.0)'
        : internalType === 'JSONField'
          ? "JSON_EXTRACT(%(expressions)s, '$')"
          : undefined;
    return template === undefined
      ? this.asSql(compiler, connection)
      : this.write(compiler, connection, { template });
  }

  asPostgresql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection, {
      template: `(%(expressions)s)::${this.outputField.castDbType(connection)}`,
    });
  }
}

/**
 * A value as the type of a field.
 *
 * @example `Book.objects.annotate({ pages: Cast('pagesText', new models.IntegerField()) })`
 */
export const Cast = callable(CastFunction);
