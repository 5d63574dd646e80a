/** What stands in FROM. Django: `django.db.models.sql.datastructures`. */
import { type ChangeMap, type Compiler, type Expression, FullResultSet, type Sql } from '../expressions/base';
import type { PathInfo } from '../fields/reverse_related';
import { INNER, type JoinType, LOUTER } from './constants';

/** The first table. */
export class BaseTable {
  readonly joinType: JoinType | undefined = undefined;
  readonly parentAlias: string | undefined = undefined;
  readonly nullable: boolean = false;

  constructor(
    readonly tableName: string,
    readonly tableAlias: string,
  ) {}

  relabeledClone(changes: ChangeMap): BaseTable {
    return new BaseTable(this.tableName, changes.get(this.tableAlias) ?? this.tableAlias);
  }

  asSql(compiler: Compiler): Sql {
    const table = compiler.connection.ops.quoteName(this.tableName);
    if (this.tableAlias === this.tableName) return [table, []];
    return [`${table} ${compiler.quoteNameUnlessAlias(this.tableAlias)}`, []];
  }
}

/** A table that is joined to another by a foreign key. */
export class Join {
  constructor(
    readonly tableName: string,
    readonly parentAlias: string,
    readonly tableAlias: string,
    readonly joinType: JoinType,
    readonly path: PathInfo,
    readonly nullable: boolean,
    /** What else has to hold of the joined rows. */
    readonly condition?: Expression,
  ) {}

  /** Whether another join would add the same rows. */
  isSameAs(path: PathInfo, parentAlias: string): boolean {
    return (
      this.parentAlias === parentAlias &&
      this.path.field === path.field &&
      this.path.direct === path.direct &&
      this.path.filtered === path.filtered &&
      this.tableName === path.toOpts.dbTable
    );
  }

  with(joinType: JoinType, condition = this.condition): Join {
    const { tableName, parentAlias, tableAlias, path, nullable } = this;
    return new Join(tableName, parentAlias, tableAlias, joinType, path, nullable, condition);
  }

  /** The same of only the rows for which the condition holds, too. */
  where(condition: Expression): Join {
    return this.with(this.joinType, condition);
  }

  promote(): Join {
    return this.with(LOUTER);
  }

  demote(): Join {
    return this.with(INNER);
  }

  relabeledClone(changes: ChangeMap): Join {
    return new Join(
      this.tableName,
      changes.get(this.parentAlias) ?? this.parentAlias,
      changes.get(this.tableAlias) ?? this.tableAlias,
      this.joinType,
      this.path,
      this.nullable,
      this.condition?.relabeledClone(changes),
    );
  }

  asSql(compiler: Compiler): Sql {
    const { ops } = compiler.connection;
    const quote = (name: string): string => compiler.quoteNameUnlessAlias(name);
    const { field, direct } = this.path;
    const [parent, joined] = [quote(this.parentAlias), quote(this.tableAlias)];
    let on = field.relatedPairs
      .map(([own, other]) => {
        const [left, right] = direct ? [own, other] : [other, own];
        return `${parent}.${ops.quoteName(left.column)} = ${joined}.${ops.quoteName(right.column)}`;
      })
      .join(' AND ');
    let params: readonly unknown[] = [];
    if (this.condition) {
      try {
        const [sql, given] = compiler.compile(this.condition);
        on += ` AND (${sql})`;
        params = given;
      } catch (error) {
        if (!(error instanceof FullResultSet)) throw error;
      }
    }
    const table = ops.quoteName(this.tableName);
    const alias = this.tableAlias === this.tableName ? '' : ` ${quote(this.tableAlias)}`;
    return [`${this.joinType} ${table}${alias} ON (${on})`, params];
  }
}

/** A table of FROM. */
export type TableLike = BaseTable | Join;

/** Whether a table's alias was made here: `T3`. The names of filtered relations come from the site, and are quoted. */
export function isOwnAlias(table: TableLike): boolean {
  if (table.tableName === table.tableAlias) return false;
  return !(table instanceof Join) || table.path.filtered?.alias !== table.tableAlias;
}
