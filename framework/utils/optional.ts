/** Packages that only some sites need, optional peers of this one: loaded when they are first used. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { ImproperlyConfigured } from '../core/exceptions';
import { getSiteRoot } from './module_loading';

/** How a package is loaded, where that is not by its name alone. */
export interface OptionalPackage<T> {
  /** The modules that will do, the best first; by default the package itself. */
  modules?: readonly string[];
  /** Uses the module once, where its native part is loaded only then. */
  probe?: (module: T) => void;
}

/**
 * Loads an optional package.
 *
 * @param neededBy what needs it, as the site's developer wrote it: a setting's value, an option.
 * @throws ImproperlyConfigured saying why it cannot be loaded, and the command that helps.
 */
export function optionalRequire<T>(
  name: string,
  neededBy: string,
  { modules = [name], probe }: OptionalPackage<T> = {},
): T {
  let cause: unknown;
  try {
    for (const module of modules) {
      try {
        const loaded = load(module) as T;
        probe?.(loaded);
        return loaded;
      } catch (error) {
        if (!isMissing(module, error)) throw error;
        cause = error;
      }
    }
  } catch (error) {
    throw new ImproperlyConfigured(`${neededBy} needs the package ${name}, ${failure(name, error)}`, {
      cause: error,
    });
  }
  throw new ImproperlyConfigured(
    `${neededBy} needs the package ${name}, which is not installed. Run: npm install ${installable(name)}`,
    { cause },
  );
}

/**
 * A package beside this one, or else the site's: where this one is linked (`npm link`, workspaces), its real place is not
 * within the site.
 */
function load(module: string): unknown {
  try {
    return require(module);
  } catch (error) {
    if (!isMissing(module, error)) throw error;
    return createRequire(path.join(getSiteRoot(), 'manage.js'))(module);
  }
}

/** Whether it is this module that is not there, and not one that it needs itself. */
function isMissing(module: string, error: unknown): boolean {
  return hasCode(error, 'MODULE_NOT_FOUND') && messageOf(error).startsWith(`Cannot find module '${module}'`);
}

/** What is wrong with a package that is there. */
function failure(name: string, error: unknown): string {
  const [reason = ''] = messageOf(error).split(/(?: Tried:)?\n/);
  const rebuild = (why: string): string =>
    `whose native part does not load: it was not built, or for another Node. Run: npm rebuild ${name} (${why})`;
  // Node says on the lines that follow for which version of itself it was built.
  if (hasCode(error, 'ERR_DLOPEN_FAILED')) return rebuild(messageOf(error).trim().replace(/\n/g, ' '));
  // What the package `bindings` says, by which SQLite's drivers look for theirs.
  if (reason.startsWith('Could not locate the bindings file')) return rebuild(reason);
  if (hasCode(error, 'MODULE_NOT_FOUND')) {
    return `which is installed, but not whole. Run: npm install (${reason})`;
  }
  return `which is installed, but fails to load: ${reason}`;
}

/** The least Node of a major version that does not run on every Node that this package runs on. */
const LEAST_NODE: Readonly<Record<string, number>> = { 'better-sqlite3@13': 22 };

/** The package with the newest major version that works with this one, and on this Node; the latest need not. */
function installable(name: string): string {
  const { peerDependencies } = require('../../package.json') as { peerDependencies: Record<string, string> };
  const node = Number.parseInt(process.versions.node, 10);
  const specifiers = Array.from(
    (peerDependencies[name] ?? '').matchAll(/\^(\d+)/g),
    ([, major]) => `${name}@${major}`,
  );
  return specifiers.filter((specifier) => (LEAST_NODE[specifier] ?? 0) <= node).pop() ?? name;
}

function hasCode(error: unknown, code: string): boolean {
  return (error as { code?: unknown } | null)?.code === code;
}

/** An error of a native module, or of a sandbox, need not be of this realm's `Error`. */
function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : String(error);
}
