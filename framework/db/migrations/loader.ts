/**
 * The migration files of the installed apps in their order, with what of them is applied.
 * Django: `django.db.migrations.loader`.
 */
import { KeyError, ValueError } from '../../core/exceptions';
import type { DatabaseWrapper } from '../backends/base/base';
import { type DiskMigrations, readMigrations } from './disk';
import { AmbiguityError, InconsistentMigrationHistory, NodeNotFoundError } from './exceptions';
import { appOf, keyOf, keysOf, MigrationGraph, type MigrationKey, nameOf, reprKey } from './graph';
import type { Migration } from './migration';
import { type AppliedMigration, MigrationRecorder } from './recorder';
import type { ProjectState } from './state';

/** How a loader works. */
export interface LoaderOptions {
  /** False: squashed migrations stand beside those that they replace. */
  readonly replaceMigrations?: boolean;
  /** An app whose MIGRATION_MODULES entry names no folder just has no migrations. */
  readonly ignoreNoMigrations?: boolean;
}

/** The migrations on disk, those that are applied, and their graph. */
export class MigrationLoader {
  readonly diskMigrations: ReadonlyMap<MigrationKey, Migration>;
  readonly migratedApps: ReadonlySet<string>;
  readonly unmigratedApps: ReadonlySet<string>;
  /** Those of the database; of squashed ones those whose replaced ones are all applied. */
  readonly appliedMigrations: Map<MigrationKey, AppliedMigration>;
  readonly replacements = new Map<MigrationKey, Migration>();
  readonly graph = new MigrationGraph();

  /** @throws NodeNotFoundError, CircularDependencyError. */
  constructor(
    private readonly disk: DiskMigrations,
    private readonly recorded: ReadonlyMap<MigrationKey, AppliedMigration> = new Map(),
    readonly options: LoaderOptions = {},
  ) {
    this.diskMigrations = disk.migrations;
    this.migratedApps = disk.migratedApps;
    this.unmigratedApps = disk.unmigratedApps;
    this.appliedMigrations = new Map(recorded);
    this.buildGraph();
  }

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
    const disk = readMigrations(options.ignoreNoMigrations);
    const applied = connection && (await new MigrationRecorder(connection).appliedMigrations());
    return new MigrationLoader(disk, applied ?? undefined, options);
  }

  /** The same with other options. */
  with(options: LoaderOptions): MigrationLoader {
    return new MigrationLoader(this.disk, this.recorded, { ...this.options, ...options });
  }

  /**
   * The migration whose name starts so.
   *
   * @throws AmbiguityError if several do, KeyError if none does.
   */
  getMigrationByPrefix(appLabel: string, prefix: string): Migration {
    const [migration, ...others] = [...this.diskMigrations.values()].filter(
      (each) => each.appLabel === appLabel && each.name.startsWith(prefix),
    );
    if (others.length > 0) {
      throw new AmbiguityError(
        `There is more than one migration for '${appLabel}' with the prefix '${prefix}'`,
      );
    }
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
      const replaced = keysOf(migration.replaces);
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
        .filter(([, migration]) => keysOf(migration.replaces).includes(error.node))
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

  /** @throws InconsistentMigrationHistory if a database has something applied before what it depends on. */
  async checkConsistentHistory(connection: DatabaseWrapper): Promise<void> {
    const applied = await new MigrationRecorder(connection).appliedMigrations();
    for (const key of applied.keys()) {
      for (const parent of this.graph.nodeMap.get(key)?.parents ?? []) {
        if (applied.has(parent.key)) continue;
        const replaced = this.replacements.get(parent.key)?.replaces;
        if (replaced && keysOf(replaced).every((each) => applied.has(each))) continue;
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
