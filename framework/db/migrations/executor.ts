/** Runs migrations. Django: `django.db.migrations.executor`. */
import type { DatabaseWrapper } from '../backends/base/base';
import { InvalidMigrationPlan } from './exceptions';
import { appOf, keyOf, keysOf, type MigrationKey, nameOf } from './graph';
import { MigrationLoader } from './loader';
import type { Migration } from './migration';
import { MigrationRecorder } from './recorder';
import { detectSoftApplied } from './soft_applied';
import { ProjectState } from './state';

/** Where to migrate to: a migration, or an app's beginning (`name: null`). */
export interface Target {
  app: string;
  name: string | null;
}

/** One step: a migration forwards or backwards. */
export interface PlanStep {
  migration: Migration;
  backwards: boolean;
}

/** What an executor is doing. */
export type ProgressAction =
  | 'apply_start'
  | 'apply_success'
  | 'unapply_start'
  | 'unapply_success'
  | 'render_start'
  | 'render_success';

/** Told what an executor is doing. */
export type ProgressCallback = (action: ProgressAction, migration?: Migration, fake?: boolean) => void;

/** How `migrate` works. */
export interface MigrateOptions {
  plan?: readonly PlanStep[];
  /** Records without running. */
  fake?: boolean;
  /** Records initial migrations whose tables are there already. */
  fakeInitial?: boolean;
}

/** The target of a key. */
export function targetOf(key: MigrationKey): Target {
  return { app: appOf(key), name: nameOf(key) };
}

/** Plans and runs migrations on one database. */
export class MigrationExecutor {
  readonly recorder: MigrationRecorder;

  constructor(
    readonly connection: DatabaseWrapper,
    public loader: MigrationLoader,
    private readonly progress: ProgressCallback = () => undefined,
  ) {
    this.recorder = new MigrationRecorder(connection);
  }

  /** Reads the migrations and what of them is applied. */
  static async load(connection: DatabaseWrapper, progress?: ProgressCallback): Promise<MigrationExecutor> {
    return new MigrationExecutor(connection, await MigrationLoader.load(connection), progress);
  }

  /** The steps from what is applied (from nothing, with `cleanStart`) to the targets. */
  migrationPlan(targets: readonly Target[], cleanStart = false): PlanStep[] {
    const { graph, appliedMigrations } = this.loader;
    const applied = new Set(cleanStart ? [] : appliedMigrations.keys());
    const plan: PlanStep[] = [];
    const unapply = (keys: readonly MigrationKey[]): void => {
      for (const key of keys) {
        if (applied.delete(key)) plan.push({ migration: this.migration(key), backwards: true });
      }
    };
    for (const { app, name } of targets) {
      if (name === null) {
        for (const root of graph.rootNodes(app)) unapply(graph.backwardsPlan(root));
        continue;
      }
      const target = keyOf(app, name);
      if (!graph.has(target) && this.loader.options.replaceMigrations !== false) {
        // A migration that a squashed one stands for: where it is asked for by name, those stand for themselves.
        this.loader = this.loader.with({ replaceMigrations: false });
        return this.migrationPlan(targets, cleanStart);
      }
      if (applied.has(target)) {
        // What depends on the target goes, in its own app; other apps only where they depend on those.
        const children = [...(graph.nodeMap.get(target)?.children ?? [])].map((node) => node.key);
        const inApp = children.filter((key) => appOf(key) === app).sort();
        for (const key of inApp) unapply(graph.backwardsPlan(key));
      } else {
        for (const key of graph.forwardsPlan(target)) {
          if (applied.has(key)) continue;
          plan.push({ migration: this.migration(key), backwards: false });
          applied.add(key);
        }
      }
    }
    return plan;
  }

  /** The state of the applied migrations. */
  projectState(): ProjectState {
    const state = new ProjectState();
    for (const { migration } of this.fullPlan()) {
      if (this.isApplied(migration)) migration.mutateState(state, false);
    }
    return state;
  }

  /**
   * Migrates to the targets.
   *
   * @throws InvalidMigrationPlan for a plan that goes both ways; what a migration throws, after its rollback.
   */
  async migrate(targets: readonly Target[], options: MigrateOptions = {}): Promise<void> {
    await this.recorder.ensureSchema();
    const plan = options.plan ?? this.migrationPlan(targets);
    const backwards = plan.filter((step) => step.backwards).length;
    if (backwards > 0 && backwards < plan.length) {
      throw new InvalidMigrationPlan(
        'Migration plans with both forwards and backwards migrations are not supported. Please split your migration ' +
          'process into separate plans of only forwards OR backwards migrations.',
      );
    }
    if (plan.length > 0) {
      await (backwards > 0 ? this.migrateBackwards(plan, options) : this.migrateForwards(plan, options));
    }
    await this.checkReplacements();
  }

  private async migrateForwards(plan: readonly PlanStep[], options: MigrateOptions): Promise<void> {
    const toRun = new Set(plan.map(({ migration }) => migration));
    let state = this.projectState();
    for (const { migration } of this.fullPlan()) {
      if (toRun.delete(migration)) state = await this.applyMigration(state, migration, options);
    }
  }

  private async migrateBackwards(plan: readonly PlanStep[], options: MigrateOptions): Promise<void> {
    this.progress('render_start');
    const states = this.statesBefore(plan);
    this.progress('render_success');
    for (const { migration } of plan) {
      await this.unapplyMigration(states.get(migration) ?? new ProjectState(), migration, options);
    }
  }

  /** The models before each migration of a plan that unapplies some. */
  statesBefore(plan: readonly PlanStep[]): Map<Migration, ProjectState> {
    const toRun = new Set(plan.map(({ migration }) => migration));
    const states = new Map<Migration, ProjectState>();
    let state = new ProjectState();
    for (const { migration } of this.fullPlan()) {
      if (toRun.has(migration)) states.set(migration, state);
      else if (!this.isApplied(migration)) continue;
      state = migration.mutateState(state);
    }
    return states;
  }

  /** Applies one migration; returns the state after it. */
  async applyMigration(
    state: ProjectState,
    migration: Migration,
    options: MigrateOptions = {},
  ): Promise<ProjectState> {
    let fake = options.fake ?? false;
    let after = state;
    this.progress('apply_start', migration, fake);
    if (!fake && options.fakeInitial) {
      fake = await detectSoftApplied(this.connection, state, migration);
    }
    if (fake) {
      after = migration.mutateState(state);
      await this.record(migration);
    } else {
      const editor = this.connection.schemaEditor({ atomic: migration.atomic });
      let recorded = false;
      await editor.run(async () => {
        after = await migration.apply(state.clone(), editor);
        // Within the transaction, so that the row and the tables are there together or not at all.
        if (editor.atomicMigration || editor.deferredSql.length === 0) {
          await this.record(migration);
          recorded = true;
        }
      });
      if (!recorded) await this.record(migration);
    }
    this.progress('apply_success', migration, fake);
    return after;
  }

  /** Unapplies one migration, given the state before it. */
  async unapplyMigration(
    state: ProjectState,
    migration: Migration,
    options: MigrateOptions = {},
  ): Promise<void> {
    const { fake = false } = options;
    this.progress('unapply_start', migration, fake);
    const forget = async (): Promise<void> => {
      for (const [app = '', name = ''] of migration.replaces) await this.recorder.recordUnapplied(app, name);
      await this.recorder.recordUnapplied(migration.appLabel, migration.name);
    };
    if (fake) {
      await forget();
    } else {
      const editor = this.connection.schemaEditor({ atomic: migration.atomic });
      await editor.run(async () => {
        await migration.unapply(state.clone(), editor);
        if (editor.atomicMigration) await forget();
      });
      if (!editor.atomicMigration) await forget();
    }
    this.progress('unapply_success', migration, fake);
  }

  private async record(migration: Migration): Promise<void> {
    if (migration.replaces.length === 0) {
      await this.recorder.recordApplied(migration.appLabel, migration.name);
    }
    for (const [app = '', name = ''] of migration.replaces) await this.recorder.recordApplied(app, name);
  }

  /** Records squashed migrations whose replaced ones are all applied, whether or not anything ran. */
  private async checkReplacements(): Promise<void> {
    if (this.loader.replacements.size === 0) return;
    const applied = await this.recorder.appliedMigrations();
    for (const [key, { replaces }] of this.loader.replacements) {
      const all = keysOf(replaces).every((each) => applied.has(each));
      if (all && !applied.has(key)) await this.recorder.recordApplied(appOf(key), nameOf(key));
    }
  }

  private fullPlan(): PlanStep[] {
    return this.migrationPlan(this.loader.graph.leafNodes().map(targetOf), true);
  }

  private isApplied(migration: Migration): boolean {
    return this.loader.appliedMigrations.has(keyOf(migration.appLabel, migration.name));
  }

  private migration(key: MigrationKey): Migration {
    return this.loader.graph.nodes.get(key) as Migration;
  }
}
