/** The values of a column for rows by key: what `bulkUpdate` writes. Django says it with Case and When. */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Field } from '../fields/base';
import { isExpression } from '../q';
import { storedValue } from '../sql/compiler/values';
import type { Query } from '../sql/query';
import { type Compiler, Expression, type Scope, type Sql } from './base';
import type { Col } from './col';

/** `CASE WHEN key = … THEN … END` */
export class ValueByKey extends Expression {
  private key: Col | undefined;

  constructor(
    private readonly field: Field,
    private readonly keys: readonly unknown[],
    private values: readonly unknown[],
  ) {
    super();
    this.givenField = field;
  }

  override getSourceExpressions(): readonly Expression[] {
    return this.values.filter(isExpression);
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    const copy = this.copy();
    copy.key = query.column(query.model.pk, query.getInitialAlias());
    copy.values = this.values.map((value) =>
      isExpression(value) ? value.resolveExpression(query, scope) : value,
    );
    return copy;
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { field, key } = this;
    if (key === undefined) throw new TypeError('The names of this expression have not been looked up yet.');
    const [column] = compiler.compile(key);
    // PostgreSQL takes a parameter within CASE for a text.
    const cast = connection.vendor === 'postgresql' ? `::${field.dbType(connection)}` : '';
    const params: unknown[] = [];
    let sql = 'CASE';
    this.values.forEach((value, at) => {
      params.push(storedValue(key.target, this.keys[at], connection));
      let text = '?';
      if (isExpression(value)) {
        const [inner, given] = compiler.compile(value);
        text = `(${inner})`;
        params.push(...given);
      } else params.push(storedValue(field, value, connection));
      sql += ` WHEN ${column} = ? THEN ${text}${cast}`;
    });
    return [`${sql} ELSE NULL END`, params];
  }
}
