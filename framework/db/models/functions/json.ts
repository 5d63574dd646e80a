/** JSON that the database makes. Django: `django.db.models.functions.json`. */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compiler, Expression, Sql } from '../expressions/base';
import { Func } from '../expressions/func';
import { Value } from '../expressions/value';
import type { Field } from '../fields/base';
import { JSONField } from '../fields/json';
import { FloatField, IntegerField } from '../fields/numbers';
import { TextField } from '../fields/text';
import { callable, named } from './callable';
import { Cast } from './cast';

/** PostgreSQL has to know the type of each argument; that of a text is not said otherwise. */
function withText(source: Expression): Expression {
  return source instanceof Value && (typeof source.value === 'string' || source.value === null)
    ? Cast(source, new TextField())
    : source;
}

/** MySQL gets numbers as texts, which they would stay in JSON. */
function withNumber(source: Expression): Expression {
  if (!(source instanceof Value) || !['number', 'bigint', 'boolean'].includes(typeof source.value))
    return source;
  return Cast(source, Number.isInteger(Number(source.value)) ? new IntegerField() : new FloatField());
}

abstract class JsonFunction<V> extends Func<V> {
  protected abstract readonly postgresqlName: string;

  protected override resolveOutputField(): Field {
    return new JSONField();
  }

  asPostgresql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const copy = this.copy();
    copy.sources = this.sources.map(withText);
    return copy.write(compiler, connection, { function: this.postgresqlName });
  }

  asMysql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const copy = this.copy();
    copy.sources = this.sources.map(withNumber);
    return copy.write(compiler, connection);
  }
}

class JSONArrayFunction extends JsonFunction<unknown[]> {
  protected override readonly functionName = 'JSON_ARRAY';
  protected readonly postgresqlName = 'JSONB_BUILD_ARRAY';

  constructor(...expressions: unknown[]) {
    super(...expressions);
  }
}

/** A list of these values. */
export const JSONArray = callable(named('JSONArray', JSONArrayFunction));

class JSONObjectFunction extends JsonFunction<Record<string, unknown>> {
  protected override readonly functionName = 'JSON_OBJECT';
  protected readonly postgresqlName = 'JSONB_BUILD_OBJECT';

  constructor(fields: Readonly<Record<string, unknown>> = {}) {
    super(...Object.entries(fields).flatMap(([key, value]) => [new Value(key), value]));
  }

  override deconstruct(): readonly unknown[] {
    const { sources } = this;
    const keys = sources.filter((_, at) => at % 2 === 0).map((key) => String((key as Value).value));
    return [Object.fromEntries(keys.map((key, at) => [key, sources[2 * at + 1]]))];
  }
}

/**
 * An object of these values.
 *
 * @example `Author.objects.annotate({ card: JSONObject({ name: Lower('name'), age: 'age' }) })`
 */
export const JSONObject = callable(named('JSONObject', JSONObjectFunction));
