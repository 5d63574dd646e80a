/** What stands at a key of a JSON value. Django: `KeyTransform`, `KeyTextTransform`, `KT`. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compiler, Expression, Sql } from '../expressions/base';
import { argumentOf } from '../expressions/func';
import type { Field } from '../fields/base';
import { TextField } from '../fields/text';
import { LOOKUP_SEP } from '../sql/constants';
import { indexOf, jsonPath, textArray } from './json_paths';
import { Transform } from './transform';

/** What SQLite gives the type of instead of the value, which would be a number or NULL. */
export const JSON_WORDS: ReadonlySet<unknown> = new Set(['false', 'null', 'true']);

/** The value at a key, or at a position of a list, of a JSON value. */
export class KeyTransform<out V = unknown> extends Transform<V> {
  readonly keyName: string;
  protected readonly operator: string = '->';
  protected readonly nestedOperator: string = '#>';

  constructor(keyName: string | number, expression: Expression | string) {
    super(expression);
    this.keyName = String(keyName);
  }

  /** The value that the keys lead into, and the keys. */
  keys(compiler: Compiler): readonly [source: Sql, names: readonly string[]] {
    const names = [this.keyName];
    let source = this.lhs;
    for (; source instanceof KeyTransform; source = source.lhs) names.unshift(source.keyName);
    return [compiler.compile(source), names];
  }

  /** The value that the keys lead into, and the path. */
  path(compiler: Compiler, connection: DatabaseWrapper): readonly [source: Sql, path: string] {
    const [source, names] = this.keys(compiler);
    return [source, `$${jsonPath(names, connection)}`];
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [[sql, params], path] = this.path(compiler, connection);
    return [`JSON_EXTRACT(${sql}, ?)`, [...params, path]];
  }

  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return sqliteExtract(...this.path(compiler, connection));
  }

  asPostgresql(compiler: Compiler, _connection: DatabaseWrapper): Sql {
    const [[sql, params], names] = this.keys(compiler);
    if (names.length > 1) return [`(${sql} ${this.nestedOperator} ?::text[])`, [...params, textArray(names)]];
    const index = indexOf(this.keyName);
    const type = index === undefined ? 'text' : 'integer';
    return [`(${sql} ${this.operator} ?::${type})`, [...params, index ?? this.keyName]];
  }

  /** SQLite gives numbers as numbers, and texts without their quotes. */
  override convertValue(value: unknown, connection: DatabaseWrapper): unknown {
    if (value === null || value === undefined) return null;
    return typeof value === 'string' ? super.convertValue(value, connection) : value;
  }
}

/** Words as words: extracted they would be numbers, or NULL. */
export function sqliteExtract([sql, params]: Sql, path: string): Sql {
  return [
    `(CASE WHEN JSON_TYPE(${sql}, ?) IN ('false','true','null') ` +
      `THEN JSON_TYPE(${sql}, ?) ELSE JSON_EXTRACT(${sql}, ?) END)`,
    [...params, path, ...params, path, ...params, path],
  ];
}

/** The same as text. */
export class KeyTextTransform extends KeyTransform<string | null> {
  protected override readonly operator = '->>';
  protected override readonly nestedOperator = '#>>';

  protected override resolveOutputField(): Field {
    return new TextField();
  }

  asMysql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [sql, params] = super.asSql(compiler, connection);
    return [`JSON_UNQUOTE(${sql})`, params];
  }
}

/**
 * The text at a path of keys and positions.
 *
 * @throws ValueError for a path without a key.
 * @example `Dog.objects.annotate({ breed: KT('data__breed'), owner: KT('data__owners__0__name') })`
 */
export function KT(path: string): KeyTextTransform {
  const [name = '', ...keys] = path.split(LOOKUP_SEP);
  const [first, ...rest] = keys;
  if (first === undefined) throw new ValueError('Lookup must contain key or index transforms.');
  return rest.reduce(
    (inner, key) => new KeyTextTransform(key, inner),
    new KeyTextTransform(first, argumentOf(name)),
  );
}
