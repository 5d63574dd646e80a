/** The lookups of JSON fields. Django: `django.db.models.fields.json`. */
import type { DatabaseWrapper } from '../../backends/base/base';
import { NotSupportedError } from '../../errors';
import type { Compiler, Expression, Sql } from '../expressions/base';
import { JSONField } from '../fields/json';
import { jsonText } from '../fields/json_text';
import { Lookup } from './base';
import { Exact } from './compare';
import { In } from './in_range';
import { JSON_WORDS, KeyTransform, sqliteExtract } from './json_keys';
import { jsonPath, keyStep, textArray } from './json_paths';
import { IContains } from './pattern';

/** A lookup that PostgreSQL has an operator for, and MySQL a function. */
abstract class Containment extends Lookup {
  protected abstract readonly operator: string;
  protected abstract readonly reversed: boolean;

  protected override databaseValue(value: unknown): unknown {
    return jsonText(value);
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, params] = this.processLhs(compiler, connection);
    const [right, more] = this.processRhs(compiler, connection);
    return this.reversed
      ? [`JSON_CONTAINS(${right}, ${left})`, [...more, ...params]]
      : [`JSON_CONTAINS(${left}, ${right})`, [...params, ...more]];
  }

  asSqlite(): Sql {
    throw new NotSupportedError(`${this.lookupName} lookup is not supported on this database backend.`);
  }

  asPostgresql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, params] = this.processLhs(compiler, connection);
    const [right, more] = this.processRhs(compiler, connection);
    return [`${left} ${this.operator} ${right === '?' ? '?::jsonb' : right}`, [...params, ...more]];
  }
}

/** Whether a value has all of this at its top. */
export class DataContains extends Containment {
  static override readonly lookupName: string = 'contains';
  protected readonly operator = '@>';
  protected readonly reversed = false;
}

/** Whether a value has nothing at its top but some of this. */
export class ContainedBy extends Containment {
  static override readonly lookupName: string = 'contained_by';
  protected readonly operator = '<@';
  protected readonly reversed = true;
}

/** Whether an object has keys. */
abstract class HasKeyLookup extends Lookup {
  protected abstract readonly operator: string;
  protected readonly joined: string = '';

  /** The keys, each at the end of its path. */
  private paths(compiler: Compiler): (readonly string[])[] {
    const all: readonly unknown[] = Array.isArray(this.rhs) ? this.rhs : [this.rhs];
    return all.map((key) => (key instanceof KeyTransform ? key.keys(compiler)[1] : [String(key)]));
  }

  /** A test for each key. The last one of a path is never a position. */
  private parts(compiler: Compiler, connection: DatabaseWrapper, write: (sql: string) => string): Sql {
    const { lhs } = this;
    const [[sql, params], root] =
      lhs instanceof KeyTransform ? lhs.path(compiler, connection) : [compiler.compile(lhs), '$'];
    const parts: string[] = [];
    const all: unknown[] = [];
    for (const names of this.paths(compiler)) {
      const last = keyStep(names[names.length - 1] as string);
      parts.push(write(sql));
      all.push(...params, `${root}${jsonPath(names.slice(0, -1), connection)}${last}`);
    }
    return [this.joined === '' ? parts.join('') : `(${parts.join(this.joined)})`, all];
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.parts(compiler, connection, (sql) => `JSON_CONTAINS_PATH(${sql}, 'one', ?)`);
  }

  asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.parts(compiler, connection, (sql) => `JSON_TYPE(${sql}, ?) IS NOT NULL`);
  }

  asPostgresql(compiler: Compiler, _connection: DatabaseWrapper): Sql {
    const paths = this.paths(compiler);
    let { lhs } = this;
    const [first = []] = paths;
    // The keys before the last one belong to the left.
    if (paths.length === 1) for (const name of first.slice(0, -1)) lhs = new KeyTransform(name, lhs);
    const [sql, params] = compiler.compile(lhs);
    const keys = paths.map((names) => names[names.length - 1] as string);
    // `??` is the operator; one question mark would be a parameter.
    return this.joined === ''
      ? [`${sql} ?? ?::text`, [...params, keys[0]]]
      : [`${sql} ??${this.operator} ?::text[]`, [...params, textArray(keys)]];
  }
}

/** Whether it has a key. */
export class HasKey extends HasKeyLookup {
  static override readonly lookupName: string = 'has_key';
  protected readonly operator: string = '';
}

/** Whether it has all of these keys. */
export class HasKeys extends HasKeyLookup {
  static override readonly lookupName: string = 'has_keys';
  protected readonly operator: string = '&';
  protected override readonly joined: string = ' AND ';

  protected override getPrepLookup(rhs: unknown): unknown {
    return [...(rhs as Iterable<unknown>)].map(String);
  }
}

/** Whether it has one of these keys. */
export class HasAnyKeys extends HasKeys {
  static override readonly lookupName: string = 'has_any_keys';
  protected override readonly operator = '|';
  protected override readonly joined = ' OR ';
}

/** MariaDB compares JSON as text, and what is extracted of a text without its quotes. */
export function mysqlLeft([sql, params]: Sql, connection: DatabaseWrapper): Sql {
  return connection.vendor === 'mysql' ? [`JSON_UNQUOTE(${sql})`, params] : [sql, params];
}

/** A JSON value as something to compare what was extracted with. */
export function extracted(value: unknown, { vendor }: DatabaseWrapper): Sql {
  const text = jsonText(value);
  if (vendor === 'mysql') return ["JSON_EXTRACT(?, '$')", [text]];
  return vendor === 'sqlite' && !JSON_WORDS.has(text) ? ["JSON_EXTRACT(?, '$')", [text]] : ['?', [text]];
}

/** `=`; null is the null of JSON. */
export class JSONExact extends Exact {
  static override readonly canUseNoneAsRhs = true;

  override processLhs(compiler: Compiler, connection: DatabaseWrapper, lhs?: Expression): Sql {
    return mysqlLeft(super.processLhs(compiler, connection, lhs), connection);
  }

  override processRhs(compiler: Compiler, connection: DatabaseWrapper): Sql {
    if (!this.rhsIsDirect) return super.processRhs(compiler, connection);
    return connection.vendor === 'mysql' ? extracted(this.rhs, connection) : ['?', [jsonText(this.rhs)]];
  }
}

/** `IN`, for the JSON values themselves. */
export class JSONIn extends In {
  override processLhs(compiler: Compiler, connection: DatabaseWrapper, lhs?: Expression): Sql {
    const sql = super.processLhs(compiler, connection, lhs);
    const whole = this.lhs instanceof KeyTransform;
    if (connection.vendor === 'sqlite') return whole ? sql : sqliteExtract(sql, '$');
    if (connection.vendor !== 'mysql') return sql;
    return mysqlLeft(whole ? sql : [`JSON_EXTRACT(${sql[0]}, '$')`, sql[1]], connection);
  }

  protected override one(compiler: Compiler, connection: DatabaseWrapper, value: unknown): Sql {
    if (typeof value === 'object' && value !== null && 'resolveExpression' in value) {
      return super.one(compiler, connection, value);
    }
    const [sql, params] = extracted(value, connection);
    return [connection.vendor === 'mysql' ? `JSON_UNQUOTE(${sql})` : sql, params];
  }
}

/** JSON is compared with regard to case on MySQL, whatever is asked. */
export function withoutCase([sql, params]: Sql, { vendor }: DatabaseWrapper): Sql {
  return vendor === 'mysql' ? [`LOWER(${sql})`, params] : [sql, params];
}

/** Whether the JSON as a text has a part, whatever the case. */
export class JSONIContains extends IContains {
  override processLhs(compiler: Compiler, connection: DatabaseWrapper, lhs?: Expression): Sql {
    return withoutCase(super.processLhs(compiler, connection, lhs), connection);
  }

  protected override patternPlaceholder(connection: DatabaseWrapper): string {
    return withoutCase(['?', []], connection)[0];
  }
}

for (const Class of [
  DataContains,
  ContainedBy,
  HasKey,
  HasKeys,
  HasAnyKeys,
  JSONExact,
  JSONIn,
  JSONIContains,
]) {
  JSONField.registerLookup(Class);
}
