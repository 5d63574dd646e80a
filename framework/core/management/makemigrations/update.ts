/** `makemigrations --update`: the last migration of an app becomes one that has the new changes, too. */
import { connections } from '../../../db/connections';
import type { DetectedMigrations } from '../../../db/migrations/autodetector';
import { keyOf, keysOf } from '../../../db/migrations/graph';
import { MigrationLoader } from '../../../db/migrations/loader';
import type { Migration } from '../../../db/migrations/migration';
import { optimize } from '../../../db/migrations/optimizer';
import { MigrationWriter } from '../../../db/migrations/writer';
import { CommandError } from '../errors';
import type { MigrationReport, Replacing } from './writing';

/** Writes changes into the last migrations of their apps. @throws CommandError where one must not be changed. */
export async function updateLastMigrations(
  report: MigrationReport,
  changes: DetectedMigrations,
): Promise<void> {
  const loader = await MigrationLoader.load(connections.get());
  const replacing = new Map<Migration, Replacing>();
  const updated = new Map<string, Migration[]>();
  for (const [app, migrations] of changes) {
    const last = lastMigration(loader, app);
    const operations = optimize([...last.operations, ...migrations.flatMap((each) => each.operations)], app);
    const others = migrations.flatMap(({ dependencies }) => dependencies.filter(([other]) => other !== app));
    const both = last.with({ operations, dependencies: [...last.dependencies, ...others] });
    const suggested = `${last.name.slice(0, 4)}_${report.options.name || both.suggestName()}`;
    const migration = both.with({ name: suggested === last.name ? `${last.name}_updated` : suggested });
    const origin = `${app}.migrations.${last.name}`;
    replacing.set(migration, {
      path: new MigrationWriter(last).path,
      origins: new Map(last.operations.map((operation) => [operation, origin])),
    });
    updated.set(app, [migration]);
  }
  const before = loader.projectState(
    [...updated.values()].flatMap((all) =>
      all.map(({ appLabel }) => loader.graph.leafNodes(appLabel)[0] as string),
    ),
    false,
  );
  report.write(updated, before, replacing);
}

/** The last migration of an app, if it may be changed. @throws CommandError. */
function lastMigration(loader: MigrationLoader, app: string): Migration {
  const [leaf] = loader.graph.leafNodes(app);
  const last = leaf === undefined ? undefined : loader.graph.nodes.get(leaf);
  if (last === undefined)
    throw new CommandError(`App ${app} has no migration, cannot update last migration.`);
  const key = keyOf(app, last.name);
  if (last.replaces.length > 0)
    throw new CommandError(`Cannot update squash migration '${last.toString()}'.`);
  if (loader.appliedMigrations.has(key)) {
    throw new CommandError(`Cannot update applied migration '${last.toString()}'.`);
  }
  const depending = [...loader.diskMigrations.values()].filter(({ dependencies }) =>
    keysOf(dependencies).includes(key),
  );
  if (depending.length > 0) {
    throw new CommandError(
      `Cannot update migration '${last.toString()}' that migrations ` +
        `${depending.map((each) => `'${each.toString()}'`).join(', ')} depend on.`,
    );
  }
  return last;
}
