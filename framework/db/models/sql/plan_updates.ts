/** The UPDATE of a chain that came before: its new values are parts of it that have parameters, as its conditions. */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compilable, Compiler, Expression, Sql } from '../expressions/base';
import type { Field } from '../fields/base';
import { isExpression } from '../q';
import { ownRowsAtOnce } from './compiler/own_rows';
import { SelectCompiler } from './compiler/select';
import { resolvedValues, updateSql } from './compiler/update';
import { storedValue } from './compiler/values';
import { textOf } from './plan_calls';
import type { Written } from './plan_statements';
import type { Query } from './query';

/** New values of fields. */
export type NewValues = readonly (readonly [Field, unknown])[];

/** A value on its way into its column. */
class StoredValue implements Compilable {
  constructor(
    private readonly field: Field,
    private readonly value: unknown,
  ) {}

  asSql(_compiler: Compiler, connection: DatabaseWrapper): Sql {
    return ['?', [storedValue(this.field, this.value, connection)]];
  }
}

const FOR_SAVE = { allowJoins: false, forSave: true } as const;

/**
 * New values as the text of a call, and what of them has parameters, in the order of the statement; undefined where one is
 * more than a value, or an expression of names and values, and where they are in several tables.
 */
export function callOfUpdate(
  values: NewValues,
  query: Query,
): { readonly text: string; readonly parts: readonly Compilable[] } | undefined {
  const { concreteModel } = query.model;
  const parts: Compilable[] = [];
  let text = 'update';
  for (const [field, value] of values) {
    if (field.model.concreteModel !== concreteModel) return undefined;
    const inside: Expression[] = [];
    const own = isExpression(value) ? textOf(value, inside) : 'v';
    if (own === undefined) return undefined;
    text += ` ${field.name.length}n${field.name}${own}`;
    if (!isExpression(value)) parts.push(new StoredValue(field, value));
    for (const each of inside) parts.push(each.resolveExpression(query, FOR_SAVE));
  }
  return { text, parts };
}

/** The statement; without a text where rows are to be read first. @throws EmptyResultSet. */
export function writtenUpdate(query: Query, values: NewValues, connection: DatabaseWrapper): Written {
  const resolved = resolvedValues(values, query);
  const rows = ownRowsAtOnce(query, connection);
  const compiler = new SelectCompiler(rows ?? query, connection);
  if (rows === undefined || values.length === 0) return { compiler, sql: undefined, params: [] };
  const [sql, params] = updateSql(compiler, resolved);
  return { compiler, sql, params };
}
