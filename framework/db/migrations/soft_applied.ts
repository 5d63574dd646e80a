/** `--fake-initial`: are the tables of an initial migration there already? */
import type { DatabaseWrapper } from '../backends/base/base';
import { ManyToManyField, relationKey } from '../models/fields/related';
import type { Options } from '../models/options';
import { installedModels } from '../models/registry';
import { router } from '../router';
import type { Migration } from './migration';
import { AddField, CreateModel, SeparateDatabaseAndState } from './operations';
import type { ProjectState } from './state';

/** Whether every table and column that an initial migration would make exists. It looks at their names only. */
export async function detectSoftApplied(
  connection: DatabaseWrapper,
  state: ProjectState,
  migration: Migration,
): Promise<boolean> {
  const dependsOnOwnApp = migration.dependencies.some(([app]) => app === migration.appLabel);
  if (migration.initial === false || (migration.initial === null && dependsOnOwnApp)) return false;
  const { apps } = migration.mutateState(state);
  /** The model whose table is looked for; undefined where this database has none for it. */
  const tableOf = (name: string): Options | undefined => {
    const model = apps.getOptions(migration.appLabel, name);
    const { swapped } = model;
    const used = swapped === undefined ? model : installedModels.find(relationKey(swapped, () => model));
    if (!used?.managed || used.proxy) return undefined;
    return router.allowMigrateModel(connection.alias, used) ? used : undefined;
  };
  const { introspection } = connection;
  const tables = new Set((await introspection.tableNames()).map((name) => introspection.identifier(name)));
  const exists = (table: string): boolean => tables.has(introspection.identifier(table));
  let found = false;
  for (const operation of migration.operations) {
    if (operation instanceof CreateModel) {
      const model = tableOf(operation.name);
      if (model === undefined) continue;
      if (!exists(model.dbTable)) return false;
      found = true;
    } else if (operation instanceof AddField) {
      const { modelName, name } = operation;
      const model = tableOf(modelName);
      if (model === undefined) continue;
      const field = model.getField(name);
      if (field instanceof ManyToManyField) {
        if (!exists(field.through.dbTable)) return false;
      } else {
        const columns = await introspection.getTableDescription(model.dbTable);
        const wanted = introspection.identifier(field.column);
        if (!columns.some((column) => introspection.identifier(column.name) === wanted)) return false;
      }
      found = true;
    } else if (operation instanceof SeparateDatabaseAndState) {
      return false;
    }
  }
  return found;
}
