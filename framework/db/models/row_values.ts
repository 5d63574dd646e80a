/** Conditions asked of the values that an instance has, not of a row. Django: `Q.check`, `_get_field_expression_map`. */
import { FieldError } from '../../core/exceptions';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { camelCase } from '../../utils/module_loading';
import type { DatabaseWrapper } from '../backends/base/base';
import { DatabaseError } from '../errors';
import type { Model, ModelClass } from './base';
import { type Compiler, EmptyResultSet, type Expression, FullResultSet, type Sql } from './expressions/base';
import { ExpressionWrapper } from './expressions/func';
import { FExpression, Value } from './expressions/value';
import type { Field } from './fields/base';
import { GeneratedField } from './fields/generated';
import { pathsOf } from './filtered_relation';
import { isExpression, type Q } from './q';
import { BaseCompiler } from './sql/compiler/base';
import { Query } from './sql/query';

/** Beside another parameter, MySQL compares numbers as texts. */
const MYSQL_CASTS = [
  ['DecimalField', 'DECIMAL(65, 30)'],
  ['IntegerField', 'SIGNED'],
  ['AutoField', 'SIGNED'],
  ['FloatField', 'DOUBLE'],
] as const;

/** The value of a field, as its column would have it. */
class ColumnValue extends Value {
  constructor(
    value: unknown,
    private readonly field: Field,
  ) {
    super(value, { outputField: field });
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { vendor } = connection;
    if (this.value === null || this.value === undefined || vendor === 'sqlite') {
      return super.asSql(compiler, connection);
    }
    const stored = this.field.toDb(this.value, connection);
    const type = this.field.dbType(connection);
    // Beside another parameter, one has no type.
    if (vendor === 'postgresql') return [`?::${type}`, [stored]];
    const cast = MYSQL_CASTS.find(([kind]) => this.field.internalType.endsWith(kind))?.[1];
    return [cast === undefined ? '?' : `CAST(? AS ${cast})`, [stored]];
  }
}

/** The instance's values as expressions, by every name that a condition can call them. */
export function valuesByName(instance: Model, exclude: ReadonlySet<string>): Map<string, Expression> {
  const { _meta: meta } = instance.constructor as unknown as ModelClass;
  const all = new Map<string, Expression>();
  for (const field of meta.concreteFields) {
    if (exclude.has(field.name) || field.generated) continue;
    const given = (instance as unknown as Record<string, unknown>)[field.property] ?? null;
    const value = isExpression(given) ? given : new ColumnValue(given, field);
    for (const name of [field.name, field.attname, camelCase(field.name), field.property])
      all.set(name, value);
    if (field === meta.pk) all.set('pk', value);
  }
  for (const field of meta.concreteFields) {
    if (!(field instanceof GeneratedField) || exclude.has(field.name)) continue;
    const { expression, outputField } = field;
    // What is calculated of a field that is left out is not known either.
    if (pathsOf(expression).some((path) => !all.has(path.split('__')[0] as string))) continue;
    const value = expression.replaceExpressions((part) =>
      part instanceof FExpression ? all.get(part.name) : undefined,
    );
    const typed = new ExpressionWrapper(value, outputField);
    for (const name of [field.name, camelCase(field.name)]) all.set(name, typed);
  }
  return all;
}

/**
 * Whether a condition holds of the instance's values; what is unknown holds, as in SQL's CHECK.
 *
 * @throws FieldError for a condition that names anything else.
 */
export function whetherHolds(
  condition: Q,
  instance: Model,
  exclude: ReadonlySet<string>,
  connection: DatabaseWrapper,
): MaybePromise<boolean> {
  const { _meta: meta } = instance.constructor as unknown as ModelClass;
  const values = valuesByName(instance, exclude);
  for (const path of pathsOf(condition)) {
    const [name = ''] = path.split('__');
    if (!values.has(name)) throw new FieldError(`Cannot resolve keyword '${name}' into field.`);
  }
  const query = new Query(meta, false);
  for (const [name, value] of values) query.addAnnotation(value, name, false);
  const resolved = query.resolveCondition(condition, { allowJoins: false });
  let sql: Sql;
  try {
    sql = new BaseCompiler(query, connection).compile(resolved);
  } catch (error) {
    if (error instanceof FullResultSet) return true;
    if (error instanceof EmptyResultSet) return false;
    throw error;
  }
  return asked(`SELECT 1 AS violated WHERE NOT (${sql[0]})`, sql[1], connection);
}

/** The same of a condition in SQL. */
export function rawCheckHolds(
  instance: Model,
  condition: string,
  exclude: ReadonlySet<string>,
  connection: DatabaseWrapper,
): MaybePromise<boolean> {
  const { _meta: meta } = instance.constructor as unknown as ModelClass;
  const named = meta.concreteFields.filter(({ column }) => condition.includes(column));
  if (named.some((field) => exclude.has(field.name))) return true;
  const values = named.map((field) =>
    field.toDb((instance as unknown as Record<string, unknown>)[field.property] ?? null, connection),
  );
  const columns = named.map((field) => {
    const type = connection.vendor === 'postgresql' ? field.dbType(connection) : null;
    return `${type === null ? '?' : `CAST(? AS ${type})`} AS ${connection.ops.quoteName(field.column)}`;
  });
  const table = columns.length > 0 ? columns.join(', ') : '1 AS one';
  return asked(`SELECT 1 AS violated FROM (SELECT ${table}) t WHERE NOT (${condition})`, values, connection);
}

/** Whether the database finds no violation. What it cannot answer is left to it when the row is written. */
function asked(sql: string, params: readonly unknown[], connection: DatabaseWrapper): MaybePromise<boolean> {
  const ask = (): MaybePromise<boolean> =>
    then(connection.execute(sql, params), ({ rows }) => rows.length === 0);
  const unanswered = (error: unknown): boolean => {
    if (!(error instanceof DatabaseError)) throw error;
    return true;
  };
  if (connection.inAtomicBlock)
    return Promise.resolve(connection.atomic(async () => ask())).catch(unanswered);
  try {
    const answer = ask();
    return answer instanceof Promise ? answer.catch(unanswered) : answer;
  } catch (error) {
    return unanswered(error);
  }
}
