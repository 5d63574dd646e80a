/** What `runserver` warns of. */
import { connections } from '../connections';
import { MigrationExecutor, targetOf } from './executor';
import type { Migration } from './migration';

/** The migrations that `migrate` would apply to a database, in its order. */
export async function unappliedMigrations(alias?: string): Promise<Migration[]> {
  const executor = await MigrationExecutor.load(connections.get(alias));
  const targets = executor.loader.graph.leafNodes().map(targetOf);
  return executor.migrationPlan(targets).map(({ migration }) => migration);
}
