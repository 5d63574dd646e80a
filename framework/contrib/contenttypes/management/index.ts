/** What `migrate` does about content types. Django: `django.contrib.contenttypes.management`. */
import type { AppConfig } from '../../../apps/config';
import { apps } from '../../../apps/registry';
import type { DatabaseSchemaEditor } from '../../../db/backends/base/schema';
import { connections } from '../../../db/connections';
import { IntegrityError } from '../../../db/errors';
import type { PlanStep } from '../../../db/migrations/executor';
import { RenameModel, RunCode } from '../../../db/migrations/operations';
import type { StateApps } from '../../../db/migrations/state';
import { installedModels } from '../../../db/models/registry';

import { ContentType, type ContentTypeManager } from '../models';

/** Gives the content type of a model that is renamed its new name. */
export class RenameContentType extends RunCode {
  constructor(appLabel: string, oldModel: string, newModel: string) {
    const rename =
      (from: string, to: string) =>
      (state: StateApps, editor: DatabaseSchemaEditor): Promise<void> =>
        renameContentType(state, editor, { appLabel, from, to });
    super(rename(oldModel, newModel), rename(newModel, oldModel));
  }
}

async function renameContentType(
  state: StateApps,
  { connection }: DatabaseSchemaEditor,
  { appLabel, from, to }: { appLabel: string; from: string; to: string },
): Promise<void> {
  const Historical = state.getModel('contenttypes', 'ContentType');
  const manager = Historical.objects as unknown as ContentTypeManager;
  const types = manager.dbManager(connection.alias);
  const [found] = await types.filter({ appLabel, model: from });
  if (found === undefined) return;
  found.model = to;
  try {
    await connection.atomic(() => found.save({ using: connection.alias, updateFields: ['model'] }));
    manager.clearCache();
  } catch (error) {
    // There is one of that name, which nobody needs: remove_stale_contenttypes asks what is to become of it.
    if (!(error instanceof IntegrityError)) throw error;
  }
}

/** Puts a RenameContentType behind each RenameModel of a plan. */
export function injectRenameContenttypesOperations({ plan }: { plan: readonly PlanStep[] }): void {
  let available = installedModels.find('contenttypes.contenttype') !== undefined;
  for (const { migration, backwards } of plan) {
    if (migration.appLabel === 'contenttypes' && migration.name === '0001_initial') {
      // Backwards there are none from here on.
      if (backwards) break;
      available = true;
      continue;
    }
    if (!available) continue;
    const { appLabel } = migration;
    migration.operations = migration.operations.flatMap((operation) =>
      operation instanceof RenameModel
        ? [
            operation,
            new RenameContentType(appLabel, operation.oldName.toLowerCase(), operation.newName.toLowerCase()),
          ]
        : [operation],
    );
  }
}

/** Makes the content types of an app's models that have none yet. */
export async function createContenttypes({
  sender: config,
  verbosity,
  using,
}: {
  sender: AppConfig;
  verbosity: number;
  using: string;
}): Promise<void> {
  if (!config.hasModule('models') || !apps.isInstalled('tsango.contrib.contenttypes')) return;
  const tables = await connections.get(using).introspection.tableNames();
  if (!tables.includes(ContentType._meta.dbTable)) return;
  const types = ContentType.objects.dbManager(using);
  types.clearCache();
  const known = new Set(await types.filter({ appLabel: config.label }).flat('model'));
  const missing = installedModels
    .getModels(config)
    .map(({ _meta: meta }) => meta.modelName)
    .filter((name) => !known.has(name));
  for (const model of missing) {
    await types.create({ appLabel: config.label, model });
    if (verbosity >= 2) process.stdout.write(`Adding content type '${config.label} | ${model}'\n`);
  }
}
