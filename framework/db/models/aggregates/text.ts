/** Texts of many rows as one. Django: `StringAgg`. */
import type { DatabaseWrapper } from '../../backends/base/base';
import { NotSupportedError } from '../../errors';
import type { Compiler, Expression, Sql } from '../expressions/base';
import { Value } from '../expressions/value';
import type { Field } from '../fields/base';
import { TextField } from '../fields/text';
import { Aggregate, type AggregateOptions } from './base';

class StringAggregate extends Aggregate<string | null> {
  protected override readonly sqlName = 'STRING_AGG';

  override get name(): string {
    return 'StringAgg';
  }

  protected override get allowDistinct(): boolean {
    return true;
  }

  protected override get allowOrderBy(): boolean {
    return true;
  }

  protected override resolveOutputField(): Field {
    return new TextField();
  }

  /** What stands between the values. */
  private get delimiter(): Expression {
    return this.sources[1] as Expression;
  }

  private withoutDelimiter(): this {
    const copy = this.copy();
    copy.sources = this.sources.slice(0, 1);
    return copy;
  }

  /** With DISTINCT an aggregate takes one argument; the comma is what stands between without any. */
  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { delimiter } = this;
    if (this.distinct && delimiter instanceof Value && delimiter.value === ',') {
      return this.withoutDelimiter().writeCall(compiler, connection, 'GROUP_CONCAT');
    }
    return this.asSql(compiler, connection);
  }

  /** SEPARATOR takes a literal and no parameter: it is written as the figures of its bytes. */
  asMysql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { delimiter } = this;
    if (!(delimiter instanceof Value) || typeof delimiter.value !== 'string') {
      throw new NotSupportedError('StringAgg takes only a text as its delimiter on this database backend.');
    }
    const hex = Buffer.from(delimiter.value).toString('hex');
    const tail = ` SEPARATOR ${hex === '' ? "''" : `0x${hex}`}`;
    return this.withoutFilter().withoutDelimiter().writeCall(compiler, connection, 'GROUP_CONCAT', tail);
  }
}

/**
 * The values as one text. A string as the delimiter is a field's name; a text is `new Value(', ')`.
 *
 * @throws NotSupportedError, when the query runs, where the database cannot: a delimiter that is no text on MySQL,
 *   `distinct` with another delimiter than a comma on SQLite.
 * @example `Author.objects.annotate({ titles: StringAgg('book__title', new Value(', '), { orderBy: 'book__title' }) })`
 */
export function StringAgg(
  expression: string | Expression,
  delimiter: string | Expression,
  options: AggregateOptions = {},
): Aggregate<string | null> {
  return new StringAggregate([expression, delimiter], options);
}
