/** `sqlmigrate`: a migration as SQL. */
import type { DatabaseWrapper } from '../backends/base/base';
import { keyOf } from './graph';
import type { MigrationLoader } from './loader';
import type { Migration } from './migration';

/** The statements of a migration, each operation headed by a comment. */
export async function collectSql(
  connection: DatabaseWrapper,
  loader: MigrationLoader,
  migration: Migration,
  backwards = false,
): Promise<string[]> {
  const editor = connection.schemaEditor({ collectSql: true, atomic: migration.atomic });
  const state = loader.projectState([keyOf(migration.appLabel, migration.name)], false);
  await editor.run(async () => {
    if (backwards) await migration.unapply(state, editor);
    else await migration.apply(state, editor);
  });
  return editor.collectedSql;
}
