/** The migration files of the installed apps. Django has this in `django.db.migrations.loader`. */
import { readdirSync } from 'node:fs';
import { apps } from '../../apps/registry';
import { settings } from '../../conf';
import { requireIn } from '../../utils/module_files';
import { importModule, ModuleNotFoundError, packagePath, resolveModule } from '../../utils/module_loading';
import { BadMigrationError } from './exceptions';
import { keyOf, type MigrationKey } from './graph';
import { Migration, type MigrationClass } from './migration';

/** Migrations, and which apps have some. */
export interface DiskMigrations {
  readonly migrations: ReadonlyMap<MigrationKey, Migration>;
  readonly migratedApps: ReadonlySet<string>;
  readonly unmigratedApps: ReadonlySet<string>;
}

/** The module that holds an app's migrations, and whether MIGRATION_MODULES names it; null: it has none. */
export function migrationsModule(appLabel: string): { module: string | null; explicit: boolean } {
  const explicit = Object.hasOwn(settings.MIGRATION_MODULES, appLabel);
  return {
    explicit,
    module: explicit
      ? (settings.MIGRATION_MODULES[appLabel] ?? null)
      : `${apps.getAppConfig(appLabel).name}.migrations`,
  };
}

/**
 * The migrations of a folder: its modules, without those that start with `_` or `~`, and without `index` and what only
 * declares types.
 */
export function migrationNames(folder: string): string[] {
  return [...new Set(migrationFiles(folder).map(nameOf))];
}

/** A migration's name: its file's, which has one dot. */
const nameOf = (file: string): string => file.slice(0, file.indexOf('.'));

/** Their files, by name; where there are several, as of a build beside its sources, any. */
function migrationFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^[^_~.][^.]*\.(?:ts|js|cjs)$/.test(entry.name))
    .map(({ name }) => name)
    .filter((file) => nameOf(file) !== 'index')
    .sort();
}

/** Loads each migration of a folder. Only where a name has several files, it is looked up which one is meant. */
function* loaded(
  module: string,
  folder: string,
): Generator<[name: string, exported: Record<string, unknown>]> {
  const files = migrationFiles(folder);
  const names = files.map(nameOf);
  const requireFile = requireIn(folder);
  for (const [at, name] of names.entries()) {
    const isTwice = names[at - 1] === name || names[at + 1] === name;
    if (isTwice && names[at - 1] === name) continue;
    yield [name, isTwice ? importModule(`${module}.${name}`) : requireFile(files[at] as string)];
  }
}

/** The file of a migration that was read. */
export function migrationFile({ appLabel, name }: Migration): string {
  return resolveModule(`${migrationsModule(appLabel).module}.${name}`);
}

/**
 * Reads them all.
 *
 * @param ignoreNoMigrations an app whose MIGRATION_MODULES entry names no folder just has no migrations.
 * @throws ModuleNotFoundError for such an entry otherwise; BadMigrationError for a file without a migration.
 */
export function readMigrations(ignoreNoMigrations = false): DiskMigrations {
  const migrations = new Map<MigrationKey, Migration>();
  const [migratedApps, unmigratedApps] = [new Set<string>(), new Set<string>()];
  for (const { label } of apps.getAppConfigs()) {
    const { module, explicit } = migrationsModule(label);
    const folder = module === null ? undefined : packagePath(module);
    if (module === null || folder === undefined) {
      if (module !== null && explicit && !ignoreNoMigrations) throw new ModuleNotFoundError(module, []);
      unmigratedApps.add(label);
      continue;
    }
    migratedApps.add(label);
    for (const [name, { Migration: cls }] of loaded(module, folder)) {
      if (typeof cls !== 'function' || !(cls.prototype instanceof Migration)) {
        throw new BadMigrationError(`Migration ${name} in app ${label} has no Migration class`);
      }
      migrations.set(keyOf(label, name), new (cls as MigrationClass)(name, label));
    }
  }
  return { migrations, migratedApps, unmigratedApps };
}
