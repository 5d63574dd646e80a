import { requireApp } from '../app_labels';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import { findMigration } from '../find_migration';
import type { CommandParser } from '../parser';

interface Arguments {
  appLabel: string;
  migrationName: string;
  database: string;
  backwards: boolean;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#sqlmigrate */
export class Command extends BaseCommand<Arguments> {
  override help = 'Prints the SQL statements for the named migration.';
  override outputTransaction = true;

  override addArguments(parser: CommandParser): void {
    parser.addArgument('appLabel', {
      metavar: 'app_label',
      help: 'App label of the application containing the migration.',
    });
    parser.addArgument('migrationName', {
      metavar: 'migration_name',
      help: 'Migration name to print the SQL for.',
    });
    parser.addArgument('--database', {
      default: 'default',
      help: 'Nominates a database to create SQL for. Defaults to the "default" database.',
    });
    parser.addArgument('--backwards', {
      action: 'storeTrue',
      help: 'Creates SQL to unapply the migration, rather than to apply it',
    });
  }

  /** The output is SQL: it is never coloured, BEGIN and COMMIT included. */
  override execute(options: Options<Arguments>): Promise<string | undefined> {
    return super.execute({ ...options, noColor: true, forceColor: false });
  }

  override async handle(options: Options<Arguments>): Promise<string | undefined> {
    const { connections } = require('../../../db/connections') as typeof import('../../../db/connections');
    const { MigrationLoader } =
      require('../../../db/migrations/loader') as typeof import('../../../db/migrations/loader');
    const { collectSql } =
      require('../../../db/migrations/collect') as typeof import('../../../db/migrations/collect');
    const connection = connections.get(options.database);
    const loader = await MigrationLoader.load(connection, { replaceMigrations: false });
    const { appLabel, migrationName } = options;
    requireApp(appLabel);
    if (!loader.migratedApps.has(appLabel)) {
      throw new CommandError(`App '${appLabel}' does not have migrations`);
    }
    const migration = findMigration(loader, appLabel, migrationName, ' Is it in INSTALLED_APPS?');
    this.outputTransaction = migration.atomic && connection.features.canRollbackDdl;
    const statements = await collectSql(connection, loader, migration, options.backwards);
    if (statements.length === 0 && options.verbosity >= 1) this.stderr.write('No operations found.');
    return statements.join('\n');
  }
}
