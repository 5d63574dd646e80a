/** SQLite through the module that Node has itself, everything synchronous: nothing to install or to compile. */
import { ImproperlyConfigured } from '../../../core/exceptions';
import { type NodeSqlite, NodeSqliteDatabase } from './node_driver';
import { type OpenOptions, type SyncDatabase, SyncSqliteWrapper } from './sync_base';

/** The first Node whose module needs no flag. */
const NEEDED = '22.13';

/** ENGINE `node:sqlite`. */
export class NodeSqliteWrapper extends SyncSqliteWrapper {
  override loadDriver(): NodeSqlite {
    const module = loadNodeSqlite();
    if (module === undefined) {
      throw new ImproperlyConfigured(
        `DATABASES['${this.alias}'] with ENGINE 'node:sqlite' needs Node ${NEEDED} or newer; this is Node ` +
          `${process.versions.node}. On this one, use ENGINE 'better-sqlite3'. Run: npm install better-sqlite3@12`,
      );
    }
    return module;
  }

  protected openFile(file: string, options: OpenOptions): SyncDatabase {
    return new NodeSqliteDatabase(this.loadDriver(), file, options);
  }
}

let loaded: NodeSqlite | undefined;

/**
 * Node's module, or undefined where it has none. Without the warning that the module may still change, which every
 * command would begin with: the contract of our drivers tests the versions of Node that we name.
 */
function loadNodeSqlite(): NodeSqlite | undefined {
  if (loaded === undefined) {
    const { emitWarning } = process;
    process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
      if (!/^SQLite is an experimental feature/.test(String(warning))) {
        Reflect.apply(emitWarning, process, [warning, ...rest]);
      }
    };
    try {
      loaded = process.getBuiltinModule?.('node:sqlite') as NodeSqlite | undefined;
    } finally {
      process.emitWarning = emitWarning;
    }
  }
  return loaded;
}

/** What `connections` makes for the ENGINE. */
export { NodeSqliteWrapper as DatabaseWrapper };
