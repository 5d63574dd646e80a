/**
 * Dotted names to modules and to what they export.
 *
 * `tsango.contrib.sessions` names a folder of this package, and `django.contrib.sessions` the same one, so that
 * settings can be pasted from a Django project. Any other name is a path below the site's root (the folder of
 * `manage.ts`) or an installed npm package. File names equal the dotted names.
 *
 * Django: `django.utils.module_loading`.
 */
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ImproperlyConfigured } from '../core/exceptions';
import { remedyFor } from './django_names';

const FRAMEWORK_ROOT = path.dirname(__dirname);

/** Whether a bundler has put this file into another one: then the framework's other modules cannot be found by name. */
const IS_BUNDLED = path.parse(__filename).name !== 'module_loading';

/**
 * What to do about a dotted name that could not be loaded.
 *
 * @returns a clause without its full stop; `undefined` where nothing is known.
 */
export function remedyForMissing(dotted: string): string | undefined {
  return IS_BUNDLED && canonicalName(dotted).startsWith('tsango.')
    ? 'the package was bundled, and settings name its modules when they are needed. Let `manage.js bundle` make the ' +
        'bundle, or keep the package out of it, with esbuild by --packages=external'
    : remedyFor(dotted);
}

/** What a module's file may end in; the first that is there is loaded. */
const EXTENSIONS = runsTypeScript() ? ['.ts', '.js', '.cjs'] : ['.js', '.cjs', '.ts'];

/** Whether sources are compiled as they are loaded: by what runs this very file, by ts-node, or by jest. */
function runsTypeScript(): boolean {
  // biome-ignore lint/suspicious/noExplicitAny: the hook table is not in Node's types; ts-node registers there.
  const hooks = (require as any).extensions as Record<string, unknown> | undefined;
  return (
    __filename.endsWith('.ts') || hooks?.['.ts'] !== undefined || process.env['JEST_WORKER_ID'] !== undefined
  );
}

let siteRoot: string | undefined;

/** What dotted paths named: settings are read for every request, and finding a file costs system calls. */
const imported = new Map<string, unknown>();

/** The folder that site modules are found below: that of `manage.ts`; the working directory until it is set. */
export function getSiteRoot(): string {
  return siteRoot ?? process.cwd();
}

/** Sets the folder that site modules are found below; `undefined` goes back to the working directory. */
export function setSiteRoot(folder: string | undefined): void {
  siteRoot = folder;
  imported.clear();
}

/** No module has that dotted name. Python: `ModuleNotFoundError`. */
export class ModuleNotFoundError extends Error {
  override readonly name = 'ModuleNotFoundError';
  constructor(
    readonly module: string,
    readonly tried: readonly string[],
  ) {
    super(`No module named '${module}'. Looked for:\n${tried.map((file) => `  ${file}`).join('\n')}`);
  }
}

/** The dotted name in its own spelling: `django.x` is `tsango.x`. */
export function canonicalName(dotted: string): string {
  return dotted === 'django' || dotted.startsWith('django.') ? `tsango${dotted.slice(6)}` : dotted;
}

function candidates(base: string): string[] {
  return [...EXTENSIONS.map((ext) => base + ext), ...EXTENSIONS.map((ext) => path.join(base, `index${ext}`))];
}

function basePath(dotted: string): string {
  const segments = canonicalName(dotted).split('.');
  if (!segments.every((segment) => /^[\w@/-]+$/.test(segment))) {
    throw new ImproperlyConfigured(
      `'${dotted}' is not a dotted module name, like 'tsango.contrib.sessions'.`,
    );
  }
  return segments[0] === 'tsango'
    ? path.join(FRAMEWORK_ROOT, ...segments.slice(1))
    : path.join(getSiteRoot(), ...segments);
}

/**
 * The file of a module.
 *
 * @throws ModuleNotFoundError naming every file that was looked for.
 */
export function resolveModule(dotted: string): string {
  const base = basePath(dotted);
  const tried = candidates(base);
  const found = tried.find((file) => existsSync(file));
  if (found !== undefined) {
    return found;
  }
  if (!canonicalName(dotted).startsWith('tsango.')) {
    try {
      return createRequire(path.join(getSiteRoot(), 'manage.js')).resolve(dotted.replaceAll('.', '/'));
    } catch {
      // Not an installed package either: say what was looked for on the site's side.
    }
  }
  throw new ModuleNotFoundError(dotted, tried);
}

/** The folder of a package (an app), whether or not it has an `index` module; `undefined` if there is none. */
export function packagePath(dotted: string): string | undefined {
  const base = basePath(dotted);
  if (existsSync(base) && statSync(base).isDirectory()) {
    return base;
  }
  try {
    return path.dirname(resolveModule(dotted));
  } catch {
    return undefined;
  }
}

/** Whether a module of that name exists; it is not loaded. */
export function moduleExists(dotted: string): boolean {
  return candidates(basePath(dotted)).some((file) => existsSync(file));
}

/**
 * Loads a module by its dotted name.
 *
 * @throws ModuleNotFoundError if there is none; what the module itself throws passes through.
 */
export function importModule(dotted: string): Record<string, unknown> {
  return require(resolveModule(dotted)) as Record<string, unknown>;
}

/**
 * What a dotted path names: the last part is an export of the module before it.
 *
 * @throws ImproperlyConfigured if the path has no dot, the module does not exist or does not export that name.
 */
export function importString(dottedPath: string): unknown {
  let value = imported.get(dottedPath);
  if (value === undefined) {
    value = loadString(dottedPath);
    imported.set(dottedPath, value);
  }
  return value;
}

function loadString(dottedPath: string): unknown {
  const dot = dottedPath.lastIndexOf('.');
  if (dot < 0) {
    throw new ImproperlyConfigured(`${dottedPath} doesn't look like a module path`);
  }
  const moduleName = dottedPath.slice(0, dot);
  const name = dottedPath.slice(dot + 1);
  let module: Record<string, unknown>;
  try {
    module = importModule(moduleName);
  } catch (error) {
    if (error instanceof ModuleNotFoundError) {
      const remedy = remedyForMissing(dottedPath);
      const why = remedy === undefined ? error.message : `${remedy}.`;
      throw new ImproperlyConfigured(`Could not import '${dottedPath}': ${why}`, { cause: error });
    }
    throw error;
  }
  // Module authors export Django's name or, for a function, its camelCase.
  const exported = Object.hasOwn(module, name) ? module[name] : module[camelCase(name)];
  if (exported === undefined) {
    const remedy = remedyFor(dottedPath);
    throw new ImproperlyConfigured(
      remedy === undefined
        ? `Module '${moduleName}' does not export '${name}'`
        : `Could not import '${dottedPath}': ${remedy}.`,
    );
  }
  return exported;
}

/** A setting's value: what a dotted string names, or the value itself where it is not a string. */
export function importSetting<T>(value: string | T): T {
  return typeof value === 'string' ? (importString(value) as T) : value;
}

/** Django's snake_case name in camelCase: `get_expiry_age` is `getExpiryAge`; leading underscores stay. */
export function camelCase(name: string): string {
  if (!name.includes('_')) return name;
  let camel = camelNames.get(name);
  if (camel === undefined) {
    camel = name.replace(/(?<=[A-Za-z0-9])_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (camelNames.size >= MAX_NAMES) camelNames.clear();
    camelNames.set(name, camel);
  }
  return camel;
}

/** Names are asked for at each row and each lookup of a template; some come from users, so only so many are kept. */
const camelNames = new Map<string, string>();
const MAX_NAMES = 5000;

/**
 * What a function gives, once. For modules that are loaded when they are first needed: `require` finds out each time which
 * file is meant, and that costs as much as a query.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** What a module exports if it has been loaded; it is not loaded for this. */
export function loadedModule(dotted: string): Record<string, unknown> | undefined {
  try {
    return require.cache[resolveModule(dotted)]?.exports as Record<string, unknown> | undefined;
  } catch {
    return undefined;
  }
}
