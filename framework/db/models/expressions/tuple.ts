/** Several expressions as one. Django: `Tuple` of `django.db.models.fields.tuple_lookups`. */
import { type Compiler, Expression, type Sql } from './base';

/** What is compared with lists of values: `(a, b)`. */
export class Tuple extends Expression {
  constructor(private parts: readonly Expression[]) {
    super();
  }

  override getSourceExpressions(): readonly Expression[] {
    return this.parts;
  }

  override setSourceExpressions(parts: readonly Expression[]): void {
    this.parts = parts;
  }

  asSql(compiler: Compiler): Sql {
    const compiled = this.parts.map((part) => compiler.compile(part));
    return [`(${compiled.map(([sql]) => sql).join(', ')})`, compiled.flatMap(([, params]) => params)];
  }
}
