/** What every compiler has. Django: `SQLCompiler`. */
import { ValueError } from '../../../../core/exceptions';
import type { DatabaseWrapper } from '../../../backends/base/base';
import type { Compilable, Compiler, Sql } from '../../expressions/base';
import { isOwnAlias } from '../datastructures';
import type { Query } from '../query';

/** Turns a query into SQL for one connection. */
export class BaseCompiler implements Compiler {
  constructor(
    readonly query: Query,
    readonly connection: DatabaseWrapper,
  ) {}

  compile(node: Compilable): Sql {
    switch (this.connection.vendor) {
      case 'sqlite':
        if (node.asSqlite !== undefined) return node.asSqlite(this, this.connection);
        break;
      case 'postgresql':
        if (node.asPostgresql !== undefined) return node.asPostgresql(this, this.connection);
        break;
      default:
        if (node.asMysql !== undefined) return node.asMysql(this, this.connection);
    }
    return node.asSql(this, this.connection);
  }

  /** An alias as it is, a table's name in quotes. */
  quoteNameUnlessAlias(name: string): string {
    const { query } = this;
    const table = query.aliasMap.get(name);
    const isAlias = table === undefined ? query.externalAliases.get(name) === true : isOwnAlias(table);
    if (this.connection.vendor === 'postgresql' && name.includes('$')) {
      throw new ValueError('Dollar signs are not permitted in column aliases on PostgreSQL.');
    }
    return isAlias ? name : this.connection.ops.quoteName(name);
  }
}
