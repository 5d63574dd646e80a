/** `migrate --run-syncdb`: the tables of apps without migrations. */
import { apps } from '../../apps/registry';
import type { DatabaseWrapper } from '../../db/backends/base/base';
import type { OutputWrapper } from './output';

/** Creates the tables of these apps' models that are not there yet. */
export async function syncApps(
  connection: DatabaseWrapper,
  labels: readonly string[],
  verbosity: number,
  stdout: OutputWrapper,
): Promise<void> {
  const { installedModels } =
    require('../../db/models/registry') as typeof import('../../db/models/registry');
  const { introspection } = connection;
  const tables = new Set((await introspection.tableNames()).map((name) => introspection.identifier(name)));
  const models = labels
    .flatMap((label) => installedModels.getModels(apps.getAppConfig(label)))
    .map((cls) => cls._meta)
    .filter((model) => model.canMigrate(connection) && !tables.has(introspection.identifier(model.dbTable)));
  const say = (text: string, level = 1): void => {
    if (verbosity >= level) stdout.write(text);
  };
  say('  Creating tables...');
  await connection.schemaEditor().run(async (editor) => {
    for (const model of models) {
      say(`    Processing ${model.label} model`, 3);
      say(`    Creating table ${model.dbTable}`);
      await editor.createModel(model);
    }
    say('    Running deferred SQL...');
  });
}
