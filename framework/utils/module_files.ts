/** Many modules of one folder, each loaded as `require` does, without what it looks up anew for each of them. */
import { realpathSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';

/** What of Node's loader is used here; its types leave out what is not of its documentation. */
interface Loader {
  readonly _cache?: unknown;
  readonly _extensions?: Readonly<Record<string, ((module: NodeModule, file: string) => void) | undefined>>;
  readonly _nodeModulePaths?: (folder: string) => string[];
}
const loader = Module as unknown as Loader;

type Exports = Record<string, unknown>;

/**
 * Loads modules of a folder by the names of their files, as `require` does: the same cache, the same hooks for what files
 * end in (ts-node's, say), the same errors.
 *
 * Node looks up each file, with links, and for each `require` in it once more what a name means, though all files of a folder
 * mean the same by it and have loaded that long ago. With 500 migrations that is half of the time that they take to load. Where
 * modules are not Node's (Jest has its own), this is plain `require`.
 */
export function requireIn(folder: string): (file: string) => Exports {
  const { _cache: cache, _extensions: extensions, _nodeModulePaths: pathsOf } = loader;
  if (cache !== require.cache || extensions === undefined || pathsOf === undefined || keepsLinks()) {
    return (file) => require(path.join(folder, file)) as Exports;
  }
  const real = realpathSync(folder);
  const paths = pathsOf(real);
  const required = sharedRequire();
  return (name) => {
    const file = path.join(real, name);
    const load = extensions[path.extname(name)];
    if (require.cache[file] !== undefined || load === undefined) return require(file) as Exports;
    const made = new Module(file, module);
    made.filename = file;
    made.paths = paths;
    made.require = required(made);
    require.cache[file] = made;
    try {
      load(made, file);
    } catch (error) {
      delete require.cache[file];
      throw error;
    }
    made.loaded = true;
    return made.exports as Exports;
  };
}

/** Whether modules are known by the links to them, for which Node has two flags. */
function keepsLinks(): boolean {
  return [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].some((text) =>
    text.includes('--preserve-symlinks'),
  );
}

/** `require` for modules of one folder: what a name means is found out once. */
function sharedRequire(): (made: NodeModule) => NodeJS.Require {
  const files = new Map<string, string>();
  return (made) => {
    const required = (id: string): unknown => {
      const file = files.get(id);
      const known = file === undefined ? undefined : require.cache[file];
      // One that is not through yet has not all of its exports; Node warns of that.
      if (known?.loaded) return known.exports;
      const exported: unknown = Module.prototype.require.call(made, id);
      files.set(id, Module.createRequire(made.filename).resolve(id));
      return exported;
    };
    return required as NodeJS.Require;
  };
}
