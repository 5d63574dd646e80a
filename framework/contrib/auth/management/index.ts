/** What `migrate` does about permissions. Django: `django.contrib.auth.management`. */
import type { AppConfig } from '../../../apps/config';
import { apps } from '../../../apps/registry';
import { connections } from '../../../db/connections';
import { RenameModel } from '../../../db/migrations/operations';
import { installedModels } from '../../../db/models/registry';
import type { MigrateArguments } from '../../../db/models/signals';
import { router } from '../../../db/router';
import { createContenttypes } from '../../contenttypes/management';
import { ContentType } from '../../contenttypes/models';
import { Permission } from '../models';
import { allPermissions, defaultPermissionsOf } from '../permission_names';

/** What a receiver of `postMigrate` is told. */
type Migrated = Pick<MigrateArguments, 'verbosity' | 'using'> & { sender: AppConfig };

/** Whether the tables are there: migrations may have been undone, or be somewhere else. */
async function hasTables(using: string): Promise<boolean> {
  if (!apps.isInstalled('tsango.contrib.auth') || !router.allowMigrateModel(using, Permission._meta))
    return false;
  const tables = new Set(await connections.get(using).introspection.tableNames());
  return tables.has(Permission._meta.dbTable) && tables.has(ContentType._meta.dbTable);
}

/** Makes the permissions of an app's models that there are none of yet. */
export async function createPermissions({ sender: config, verbosity, using }: Migrated): Promise<void> {
  if (!config.hasModule('models') || !(await hasTables(using))) return;
  // This app may stand before contenttypes.
  await createContenttypes({ sender: config, verbosity, using });
  const models = installedModels.getModels(config);
  const types = await ContentType.objects.dbManager(using).getForModels(models, { forConcreteModels: false });
  const ids = [...types.values()].map(({ id }) => id);
  const known = await Permission.objects
    .using(using)
    .filter({ contentType__in: ids })
    .orderBy()
    .valuesList('contentTypeId', 'codename');
  const there = new Set(known.map(([type, codename]) => `${String(type)} ${String(codename)}`));
  const missing = models.flatMap((model) => {
    const contentType = types.get(model) as ContentType;
    return allPermissions(model._meta)
      .filter(([codename]) => !there.has(`${contentType.id} ${codename}`))
      .map(([codename, name]) => new Permission({ codename, name, contentType }));
  });
  await Permission.objects.using(using).bulkCreate(missing);
  if (verbosity < 2) return;
  for (const permission of missing) {
    process.stdout.write(`Adding permission '${permission.toString()}'\n`);
  }
}

/** A permission, and what it is to be called. */
interface Rename {
  permission: Permission;
  codename: string;
  name: string;
}

/**
 * Gives the permissions of models that were renamed their new names. Django: 6.1.
 *
 * @throws Error where a name is taken: what that one is for has to be decided by hand.
 */
export async function renamePermissionsAfterModelRename({
  sender: config,
  verbosity,
  using,
  plan,
}: Migrated & Pick<MigrateArguments, 'plan'>): Promise<void> {
  const renames = plan.flatMap(({ migration, backwards }) =>
    migration.appLabel !== config.label
      ? []
      : migration.operations
          .filter((operation) => operation instanceof RenameModel)
          .map(
            ({ oldName, newName }) =>
              (backwards ? [newName, oldName] : [oldName, newName]) as [string, string],
          ),
  );
  if (renames.length === 0 || !(await hasTables(using))) return;
  const planned: Rename[] = [];
  for (const [from, to] of renames) planned.push(...(await renamesOf(config.label, from, to, using)));
  const existing = new Set(
    await permissionsOf(
      config.label,
      planned.map(({ codename }) => codename),
      using,
    ).flat('codename'),
  );
  const conflicts = planned.filter(
    ({ permission, codename }) => permission.codename !== codename && existing.has(codename),
  );
  if (conflicts.length > 0) {
    const each = conflicts.map(
      ({ permission, codename }) =>
        `Failed to rename permission ${permission.id} from '${permission.codename}' to '${codename}'. Please resolve ` +
        'the conflict manually.',
    );
    throw new Error([...each, `${conflicts.length} permission rename conflict(s) detected.`].join('\n'));
  }
  await connections.get(using).atomic(async () => {
    for (const { permission, codename, name } of planned) {
      const former = permission.codename;
      permission.codename = codename;
      permission.name = name;
      await permission.save({ updateFields: ['codename', 'name'], using });
      if (verbosity >= 2) {
        process.stdout.write(`Renamed permission(s): ${config.label}.${former} → ${codename}\n`);
      }
    }
  });
}

/** The permissions of an app of these names. */
function permissionsOf(app: string, codenames: readonly string[], using: string) {
  return Permission.objects
    .using(using)
    .filter({ contentType__appLabel: app, codename__in: codenames })
    .orderBy();
}

async function renamesOf(app: string, from: string, to: string, using: string): Promise<Rename[]> {
  const meta = installedModels.find(`${app}.${to.toLowerCase()}`);
  const actions = meta === undefined ? ['add', 'change', 'delete', 'view'] : defaultPermissionsOf(meta);
  const verboseName = meta === undefined ? to : String(meta.verboseName);
  const byName = new Map(actions.map((action) => [`${action}_${from.toLowerCase()}`, action]));
  const rows = await permissionsOf(app, [...byName.keys()], using);
  return rows.map((permission) => {
    const action = byName.get(permission.codename) as string;
    return { permission, codename: `${action}_${to.toLowerCase()}`, name: `Can ${action} ${verboseName}` };
  });
}
