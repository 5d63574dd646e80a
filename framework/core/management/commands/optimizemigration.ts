import { requireApp } from '../app_labels';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import { findMigration } from '../find_migration';
import { formatFiles, writeMigrationFile } from '../migration_files';
import type { CommandParser } from '../parser';

interface Arguments {
  appLabel: string;
  migrationName: string;
  check: boolean;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#optimizemigration */
export class Command extends BaseCommand<Arguments> {
  override help = 'Optimizes the operations for the named migration.';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('appLabel', {
      metavar: 'app_label',
      help: 'App label of the application to optimize the migration for.',
    });
    parser.addArgument('migrationName', {
      metavar: 'migration_name',
      help: 'Migration name to optimize the operations for.',
    });
    parser.addArgument('--check', {
      action: 'storeTrue',
      help: 'Exit with a non-zero status if the migration can be optimized.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { MigrationLoader } =
      require('../../../db/migrations/loader') as typeof import('../../../db/migrations/loader');
    const { optimize } =
      require('../../../db/migrations/optimizer') as typeof import('../../../db/migrations/optimizer');
    const { MigrationWriter } =
      require('../../../db/migrations/writer') as typeof import('../../../db/migrations/writer');
    const { appLabel, verbosity } = options;
    const say = (text: string): void => (verbosity > 0 ? this.stdout.write(text) : undefined);
    requireApp(appLabel);
    const loader = await MigrationLoader.load(null);
    if (!loader.migratedApps.has(appLabel)) {
      throw new CommandError(`App '${appLabel}' does not have migrations.`);
    }
    const migration = findMigration(loader, appLabel, options.migrationName);
    const operations = optimize(migration.operations, appLabel);
    if (operations.length === migration.operations.length) {
      say('No optimizations possible.');
      return;
    }
    say(`Optimizing from ${migration.operations.length} operations to ${operations.length} operations.`);
    if (options.check) throw new CommandError('', { returncode: 1 });

    const origin = `${appLabel}.migrations.${migration.name}`;
    const origins = new Map(migration.operations.map((operation) => [operation, origin]));
    let writer = new MigrationWriter(migration.with({ operations }), { origins });
    let text = writer.asString();
    const needsPorting = writer.needsManualPorting;
    if (needsPorting) {
      if (migration.replaces.length > 0) {
        throw new CommandError(
          'Migration will require manual porting but is already a squashed migration.\nTransition to a normal migration ' +
            'first: https://docs.djangoproject.com/en/5.2/topics/migrations/#squashing-migrations',
        );
      }
      const name = `${migration.name}_optimized`;
      writer = new MigrationWriter(
        migration.with({ name, operations, initial: null, replaces: [[appLabel, migration.name]] }),
        { origins },
      );
      text = writer.asString();
      say(
        `${this.style.MIGRATE_HEADING('Manual porting required')}\n  Your migrations contained functions that must be ` +
          'manually copied over,\n  as we could not safely copy their implementation.\n  See the comment at the top of ' +
          'the optimized migration for details.',
      );
    }
    writeMigrationFile(writer.path, text);
    formatFiles([writer.path], this.stderr);
    say(this.style.MIGRATE_HEADING(`Optimized migration ${writer.path}`));
  }
}
