/**
 * Finds the migration files of the installed apps and puts them in order. Django: `django.db.migrations.loader`.
 */
import { readdirSync } from 'node:fs';
import { apps } from '../../apps/registry';
import { settings } from '../../conf';
import { KeyError, ValueError } from '../../core/exceptions';
import { importModule, ModuleNotFoundError, packagePath } from '../../utils/module_loading';
import type { DatabaseWrapper } from '../backends/base/base';
import {
  AmbiguityError,
  BadMigrationError,
  InconsistentMigrationHistory,
  NodeNotFoundError,
} from './exceptions';
import { appOf, keyOf, MigrationGraph, type MigrationKey, nameOf, reprKey } from './graph';
import { Migration, type MigrationClass } from './migration';
import { type AppliedMigration, MigrationRecorder } from './recorder';
import type { ProjectState } from './state';

/** How a loader works. */
export interface LoaderOptions {
  /** False: squashed migrations stand beside those that they replace. */
  replaceMigrations?: boolean;
  /** An app whose MIGRATION_MODULES entry names no folder just has no migrations. */
  ignoreNoMigrations?: boolean;
}

/** The migrations on disk, those that are applied, and their graph. Make one with `load`. */
export class MigrationLoader {
  readonly diskMigrations = new Map<MigrationKey, Migration>();
  readonly migratedApps = new Set<string>();
  readonly unmigratedApps = new Set<string>();
  appliedMigrations = new Map<MigrationKey, AppliedMigration>();
  readonly replacements = new Map<MigrationKey, Migration>();
  readonly graph = new MigrationGraph();

  private constructor(private readonly options: LoaderOptions) {}

  /**
   * Reads everything.
   *
   * @param connection the database that says what is applied; null: nothing is.
   * @throws NodeNotFoundError, CircularDependencyError, BadMigrationError.
   */
  static async load(
    connection: DatabaseWrapper | null,
    options: LoaderOptions = {},
  ): Promise<MigrationLoader> {
    const loader = new MigrationLoader(options);
    loader.loadDisk();
    if (connection) loader.appliedMigrations = await new MigrationRecorder(connection).appliedMigrations();
    loader.buildGraph();
    return loader;
  }

  /** The module that holds an app's migrations, and whether MIGRATION_MODULES names it; null: it has none. */
  static migrationsModule(appLabel: string): { module: string | null; explicit: boolean } {
    const explicit = Object.hasOwn(settings.MIGRATION_MODULES, appLabel);
    return {
      explicit,
      module: explicit
        ? (settings.MIGRATION_MODULES[appLabel] ?? null)
        : `${apps.getAppConfig(appLabel).name}.migrations`,
    };
  }

  private loadDisk(): void {
    for (const { label } of apps.getAppConfigs()) {
      const { module, explicit } = MigrationLoader.migrationsModule(label);
      const folder = module === null ? undefined : packagePath(module);
      if (module === null || folder === undefined) {
        if (module !== null && explicit && !this.options.ignoreNoMigrations) {
          throw new ModuleNotFoundError(module, []);
        }
        this.unmigratedApps.add(label);
        continue;
      }
      this.migratedApps.add(label);
      for (const name of migrationNames(folder)) {
        const { Migration: cls } = importModule(`${module}.${name}`);
        if (typeof cls !== 'function' || !(cls.prototype instanceof Migration)) {
          throw new BadMigrationError(`Migration ${name} in app ${label} has no Migration class`);
        }
        const migration = new (cls as MigrationClass)(name, label);
        this.diskMigrations.set(keyOf(label, name), migration);
      }
    }
  }

  /**
   * The migration whose name starts so.
   *
   * @throws AmbiguityError if several do, KeyError if none does.
   */
  getMigrationByPrefix(appLabel: string, prefix: string): Migration {
    const exact = this.diskMigrations.get(keyOf(appLabel, prefix));
    const found = [...this.diskMigrations.values()].filter(
      (migration) => migration.appLabel === appLabel && migration.name.startsWith(prefix),
    );
    if (exact && found.length > 1) return exact;
    if (found.length > 1) {
      throw new AmbiguityError(
        `There is more than one migration for '${appLabel}' with the prefix '${prefix}'`,
      );
    }
    const [migration] = found;
    if (migration === undefined) {
      throw new KeyError(`There is no migration for '${appLabel}' with the prefix '${prefix}'`);
    }
    return migration;
  }

  private checkKey(app: string, name: string, currentApp: string): MigrationKey | undefined {
    const key = keyOf(app, name);
    if ((name !== '__first__' && name !== '__latest__') || this.graph.has(key)) return key;
    if (app === currentApp || this.unmigratedApps.has(app)) return undefined;
    if (this.migratedApps.has(app)) {
      const ends = name === '__first__' ? this.graph.rootNodes(app) : this.graph.leafNodes(app);
      if (ends[0] !== undefined) return ends[0];
      if (this.options.ignoreNoMigrations) return undefined;
      throw new ValueError(`Dependency on app with no migrations: ${app}`);
    }
    throw new ValueError(`Dependency on unknown app: ${app}`);
  }

  private buildGraph(): void {
    const { graph, diskMigrations } = this;
    for (const [key, migration] of diskMigrations) {
      graph.addNode(key, migration);
      if (migration.replaces.length > 0) this.replacements.set(key, migration);
    }
    for (const [key, migration] of diskMigrations) {
      for (const [app = '', name = ''] of migration.dependencies) {
        if (app === migration.appLabel && name !== '__first__') {
          graph.addDependency(migration, key, keyOf(app, name), true);
        }
      }
    }
    for (const [key, migration] of diskMigrations) {
      for (const [app = '', name = ''] of migration.dependencies) {
        if (app === migration.appLabel) continue;
        const parent = this.checkKey(app, name, migration.appLabel);
        if (parent !== undefined) graph.addDependency(migration, key, parent, true);
      }
      for (const [app = '', name = ''] of migration.runBefore) {
        const child = this.checkKey(app, name, migration.appLabel);
        if (child !== undefined) graph.addDependency(migration, child, key, true);
      }
    }
    if (this.options.replaceMigrations !== false) this.replace();
    this.validate();
    graph.ensureNotCyclic();
  }

  private replace(): void {
    for (const [key, migration] of this.replacements) {
      const replaced = migration.replaces.map(([app = '', name = '']) => keyOf(app, name));
      const applied = replaced.filter((each) => this.appliedMigrations.has(each));
      if (applied.length === replaced.length) {
        const { appLabel: app, name } = migration;
        this.appliedMigrations.set(
          key,
          this.appliedMigrations.get(key) ?? { app, name, applied: new Date() },
        );
      } else {
        this.appliedMigrations.delete(key);
      }
      if (applied.length === replaced.length || applied.length === 0) {
        this.graph.removeReplacedNodes(key, replaced);
      } else {
        this.graph.removeReplacementNode(key, replaced);
      }
    }
  }

  private validate(): void {
    try {
      this.graph.validateConsistency();
    } catch (error) {
      if (!(error instanceof NodeNotFoundError)) throw error;
      const candidates = [...this.replacements]
        .filter(([, migration]) =>
          migration.replaces.some(([app = '', name = '']) => keyOf(app, name) === error.node),
        )
        .map(([key]) => key);
      if (candidates.length === 0 || candidates.some((key) => this.graph.has(key))) throw error;
      throw new NodeNotFoundError(
        `Migration ${String(error.origin)} depends on nonexistent node ${reprKey(error.node)}. Django tried to ` +
          `replace migration ${error.node} with any of [${candidates.join(', ')}] but wasn't able to because some of ` +
          'the replaced migrations are already applied.',
        error.node,
      );
    }
  }

  /** @throws InconsistentMigrationHistory if something is applied before what it depends on. */
  checkConsistentHistory(connection: DatabaseWrapper): void {
    const applied = this.appliedMigrations;
    for (const key of applied.keys()) {
      for (const parent of this.graph.nodeMap.get(key)?.parents ?? []) {
        if (applied.has(parent.key)) continue;
        const replaced = this.replacements.get(parent.key)?.replaces;
        if (replaced?.every(([app = '', name = '']) => applied.has(keyOf(app, name)))) continue;
        throw new InconsistentMigrationHistory(
          `Migration ${key} is applied before its dependency ${parent.key} on database '${connection.alias}'.`,
        );
      }
    }
  }

  /** The apps with more than one last migration, and the names of those. */
  detectConflicts(): Map<string, string[]> {
    const seen = new Map<string, string[]>();
    for (const key of this.graph.leafNodes()) {
      seen.set(appOf(key), [...(seen.get(appOf(key)) ?? []), nameOf(key)]);
    }
    return new Map([...seen].filter(([, names]) => names.length > 1));
  }

  /** The models as they are after these migrations; `atEnd: false`: before them. */
  projectState(nodes?: readonly MigrationKey[], atEnd = true): ProjectState {
    return this.graph.makeState(nodes, atEnd);
  }
}

/** The migrations of a folder: its modules, without those that start with `_` or `~`, and without `index`. */
function migrationNames(folder: string): string[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => /^([^_~.][^.]*)\.(?:ts|js|cjs)$/.exec(entry.name)?.[1])
    .filter((name): name is string => name !== undefined && name !== 'index');
  return [...new Set(names)].sort();
}
