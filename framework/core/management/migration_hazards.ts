/** What commands say of operations that lose data or keep a large table from being used. */
import type { MigrationExecutor, PlanStep } from '../../db/migrations/executor';
import type { HazardWatch, Vendor } from '../../db/migrations/hazards';
import type { Migration } from '../../db/migrations/migration';
import type { Operation } from '../../db/migrations/operations';
import type { ProjectState } from '../../db/migrations/state';

/** Marks by operation. */
export type Marks = ReadonlyMap<Operation, readonly string[]>;

/** The marks of new migrations: they may run on any of the databases that the site has. */
export function marksOf(migrations: readonly Migration[], before: ProjectState): Marks {
  const { connections } = require('../../db/connections') as typeof import('../../db/connections');
  const vendors = new Set(connections.aliases().map((alias) => connections.get(alias).vendor));
  return marksForwards(migrations, before, [...vendors] as Vendor[]);
}

/** The marks of what `migrate` would do. */
export function marksOfPlan(executor: MigrationExecutor, plan: readonly PlanStep[]): Marks {
  const vendors = [executor.connection.vendor as Vendor];
  const migrations = plan.map(({ migration }) => migration);
  if (plan.every(({ backwards }) => !backwards)) {
    return marksForwards(migrations, executor.projectState(), vendors);
  }
  return marksBackwards(migrations, executor.statesBefore(plan), vendors);
}

function watchFor(vendors: readonly Vendor[]): HazardWatch {
  const { HazardWatch: Watch } =
    require('../../db/migrations/hazards') as typeof import('../../db/migrations/hazards');
  return new Watch(vendors);
}

function marksForwards(
  migrations: readonly Migration[],
  before: ProjectState,
  vendors: readonly Vendor[],
): Marks {
  const [watch, marks] = [watchFor(vendors), new Map<Operation, readonly string[]>()];
  let state = before.clone();
  for (const { appLabel, operations } of migrations) {
    for (const operation of operations) {
      const after = state.clone();
      operation.stateForwards(appLabel, after);
      marks.set(operation, watch.of(operation, appLabel, state, after));
      state = after;
    }
  }
  return marks;
}

function marksBackwards(
  migrations: readonly Migration[],
  states: ReadonlyMap<Migration, ProjectState>,
  vendors: readonly Vendor[],
): Marks {
  const [watch, marks] = [watchFor(vendors), new Map<Operation, readonly string[]>()];
  for (const migration of migrations) {
    const { appLabel, operations } = migration;
    let before = states.get(migration) as ProjectState;
    for (const operation of operations) {
      const after = before.clone();
      operation.stateForwards(appLabel, after);
      marks.set(operation, watch.of(operation, appLabel, after, before, true));
      before = after;
    }
  }
  return marks;
}
