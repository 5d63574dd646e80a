/** The null of JSON. Django: `JSONNull`. */
import { JSONField } from '../fields/json';
import { callable } from '../functions/callable';
import type { Compiler, Sql } from './base';
import { Value } from './value';

class JSONNullValue extends Value<null> {
  constructor() {
    super(null, { outputField: new JSONField() });
  }

  override asSql(_compiler: Compiler): Sql {
    return ['?', ['null']];
  }

  asPostgresql(): Sql {
    return ['?::jsonb', ['null']];
  }

  asMysql(): Sql {
    return ["JSON_EXTRACT(?, '$')", ['null']];
  }
}

/**
 * The null of JSON, where `null` would be the NULL of SQL.
 *
 * @example `Dog.objects.filter({ data: JSONNull() })`, `Dog.objects.create({ data: JSONNull() })`
 */
export const JSONNull = callable(JSONNullValue);
