/** How npm, or another package manager, was asked for this package: a version, a tarball, a folder, a git URL. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

const NAME = 'tsango';
/** Protocols of a path; the path is relative to the folder of the package.json that has it. */
const LOCAL = /^(file|link|portal):(.*)$/;
/** Protocols that mean something in one workspace only. */
const WORKSPACE = /^(workspace|catalog):/;

/** The parts of a package.json, and of npm's `node_modules/.package-lock.json`, that are read. */
interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  packages?: Record<string, { resolved?: string; link?: boolean } | undefined>;
}

function read(...names: string[]): Manifest {
  const file = path.join(...names);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {};
}

/** What one folder's package.json, or what npm noted beside the packages that it installed there, asks for. */
function wanted(root: string): string | undefined {
  const { dependencies, devDependencies, optionalDependencies } = read(root, 'package.json');
  const own = { ...optionalDependencies, ...devDependencies, ...dependencies }[NAME];
  if (own !== undefined && !WORKSPACE.test(own)) return own;
  const { resolved } =
    read(root, 'node_modules', '.package-lock.json').packages?.[`node_modules/${NAME}`] ?? {};
  // The address of a registry is no specifier: the version is.
  return resolved !== undefined && /^(file|git)/.test(resolved) ? resolved : undefined;
}

/**
 * The specifier that gives another project the same package: the one by which the package that runs was installed.
 * `^version` where that is not known, as for a package that is installed globally.
 *
 * @param installed the folder of the package that runs.
 * @param target the folder of the project that shall depend on it; paths are relative to it.
 * @param version the package's version.
 *
 * @example
 * ```ts
 * specifierFor('/home/ada/node_modules/tsango', '/home/ada/mysite', '0.1.0'); // 'file:../tsango-0.1.0.tgz'
 * ```
 */
export function specifierFor(installed: string, target: string, version: string): string {
  const folders = installed.split(path.sep);
  // From the inside out: `/site/node_modules/.store/tsango/node_modules/tsango` belongs to `/site`.
  for (let index = folders.lastIndexOf('node_modules'); index > 0; ) {
    const root = folders.slice(0, index).join(path.sep) || path.sep;
    const specifier = wanted(root);
    if (specifier !== undefined) return relativeTo(target, root, specifier);
    index = folders.lastIndexOf('node_modules', index - 1);
  }
  if (!folders.includes('node_modules') && existsSync(path.join(installed, 'package.json'))) {
    return relativeTo(target, installed, 'file:.');
  }
  return `^${version}`;
}

function relativeTo(target: string, root: string, specifier: string): string {
  const [, protocol, location] = LOCAL.exec(specifier) ?? [];
  if (protocol === undefined || location === undefined || path.isAbsolute(location)) return specifier;
  const relative = path.relative(realpathSync(target), path.resolve(realpathSync(root), location));
  return `${protocol}:${relative.split(path.sep).join('/') || '.'}`;
}
