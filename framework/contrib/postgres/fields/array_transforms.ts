/** Parts of an array. Django: `IndexTransform`, `SliceTransform`, `ArrayLenTransform`. */
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import type { Compiler, Expression, Sql } from '../../../db/models/expressions/base';
import type { Field } from '../../../db/models/fields/base';
import { IntegerField } from '../../../db/models/fields/numbers';
import { Transform } from '../../../db/models/lookups/transform';

/** The item at a position, which PostgreSQL counts from 1. */
export class IndexTransform extends Transform {
  constructor(
    private readonly index: number,
    private readonly baseField: Field,
    lhs: Expression,
  ) {
    super(lhs);
  }

  override asSql(compiler: Compiler, _connection: DatabaseWrapper): Sql {
    const [sql, params] = compiler.compile(this.lhs);
    return [`${bracketed(sql)}[${this.index}]`, params];
  }

  protected override resolveOutputField(): Field {
    return this.baseField;
  }
}

/** The items from one position to another, both of them included. */
export class SliceTransform extends Transform {
  constructor(
    private readonly start: number,
    private readonly end: number,
    private readonly field: Field,
    lhs: Expression,
  ) {
    super(lhs);
  }

  override asSql(compiler: Compiler, _connection: DatabaseWrapper): Sql {
    const [sql, params] = compiler.compile(this.lhs);
    return [`${bracketed(sql)}[${this.start}:${this.end}]`, params];
  }

  protected override resolveOutputField(): Field {
    return this.field;
  }
}

/** How many items there are; 0 for an empty array. */
export class ArrayLenTransform extends Transform<number | null> {
  static override readonly lookupName = 'len';

  override asSql(compiler: Compiler, _connection: DatabaseWrapper): Sql {
    const [sql, params] = compiler.compile(this.lhs);
    return [
      `CASE WHEN ${sql} IS NULL THEN NULL ELSE coalesce(array_length(${sql}, 1), 0) END`,
      [...params, ...params],
    ];
  }

  protected override resolveOutputField(): Field {
    return new IntegerField();
  }
}

/** A column or a part of one takes a subscript as it stands; what else there is needs brackets. */
function bracketed(sql: string): string {
  return /^[\w".[\]:]+$/.test(sql) ? sql : `(${sql})`;
}
