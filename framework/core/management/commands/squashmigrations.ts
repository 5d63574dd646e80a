import { existsSync } from 'node:fs';
import type { MigrationLoader } from '../../../db/migrations/loader';
import type { Migration } from '../../../db/migrations/migration';
import type { Operation } from '../../../db/migrations/operations';
import { requireApp } from '../app_labels';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import { findMigration } from '../find_migration';
import { formatFiles, writeMigrationFile } from '../migration_files';
import { asking } from '../migration_questions';
import type { CommandParser } from '../parser';

interface Arguments {
  appLabel: string;
  startMigrationName: string | undefined;
  migrationName: string;
  noOptimize: boolean;
  interactive: boolean;
  squashedName: string | undefined;
  includeHeader: boolean;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#squashmigrations */
export class Command extends BaseCommand<Arguments> {
  override help =
    'Squashes an existing set of migrations (from first until specified) into a single new one.';

  private verbosity = 1;

  override addArguments(parser: CommandParser): void {
    parser.addArgument('appLabel', {
      metavar: 'app_label',
      help: 'App label of the application to squash migrations for.',
    });
    parser.addArgument('startMigrationName', {
      metavar: 'start_migration_name',
      nargs: '?',
      help: 'Migrations will be squashed starting from and including this migration.',
    });
    parser.addArgument('migrationName', {
      metavar: 'migration_name',
      help: 'Migrations will be squashed until and including this migration.',
    });
    parser.addArgument('--no-optimize', {
      action: 'storeTrue',
      help: 'Do not try to optimize the squashed operations.',
    });
    parser.addArgument('--noinput', '--no-input', {
      action: 'storeFalse',
      dest: 'interactive',
      help: 'Tells tsango to NOT prompt the user for input of any kind.',
    });
    parser.addArgument('--squashed-name', { help: 'Sets the name of the new squashed migration.' });
    parser.addArgument('--no-header', {
      action: 'storeFalse',
      dest: 'includeHeader',
      help: 'Do not add a header comment to the new squashed migration.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    this.verbosity = options.verbosity;
    requireApp(options.appLabel);
    const { MigrationLoader: Loader } =
      require('../../../db/migrations/loader') as typeof import('../../../db/migrations/loader');
    const { connections } = require('../../../db/connections') as typeof import('../../../db/connections');
    const loader = await Loader.load(connections.get());
    if (!loader.migratedApps.has(options.appLabel)) {
      throw new CommandError(
        `App '${options.appLabel}' does not have migrations (so squashmigrations on it makes no sense)`,
      );
    }
    const migrations = migrationsToSquash(loader, options);
    if (!(await this.agreed(migrations, options.interactive))) return;
    const squashed = migrations.find(({ replaces }) => replaces.length > 0);
    if (squashed) {
      throw new CommandError(
        'You cannot squash squashed migrations! Please transition it to a normal migration first: ' +
          'https://docs.djangoproject.com/en/5.2/topics/migrations/#squashing-migrations',
      );
    }
    const before = migrations.flatMap(({ operations }) => operations);
    const operations = options.noOptimize
      ? this.skipOptimizing(before)
      : this.optimized(before, options.appLabel);
    this.write(squash(migrations, operations, options), migrations, options.includeHeader);
  }

  private say(text: string): void {
    if (this.verbosity > 0) this.stdout.write(text);
  }

  /** Says what is to be squashed, and asks whether it shall be. */
  private async agreed(migrations: readonly Migration[], interactive: boolean): Promise<boolean> {
    if (this.verbosity === 0 && !interactive) return true;
    this.stdout.write(this.style.MIGRATE_HEADING('Will squash the following migrations:'));
    for (const { name } of migrations) this.stdout.write(` - ${name}`);
    if (!interactive) return true;
    const { Prompt } = require('../../../utils/prompts') as typeof import('../../../utils/prompts');
    const prompt = new Prompt({
      input: process.stdin,
      output: { write: (text) => this.stdout.write(text, (plain) => plain, '') },
    });
    return asking(prompt, () => prompt.confirm('Do you wish to proceed? [y/N]'));
  }

  private skipOptimizing(operations: readonly Operation[]): readonly Operation[] {
    this.say(this.style.MIGRATE_HEADING('(Skipping optimization.)'));
    return operations;
  }

  private optimized(before: readonly Operation[], appLabel: string): readonly Operation[] {
    const { optimize } =
      require('../../../db/migrations/optimizer') as typeof import('../../../db/migrations/optimizer');
    this.say(this.style.MIGRATE_HEADING('Optimizing...'));
    const operations = optimize(before, appLabel);
    this.say(
      operations.length === before.length
        ? '  No optimizations possible.'
        : `  Optimized from ${before.length} operations to ${operations.length} operations.`,
    );
    return operations;
  }

  private write(squashed: Migration, migrations: readonly Migration[], includeHeader: boolean): void {
    const { MigrationWriter } =
      require('../../../db/migrations/writer') as typeof import('../../../db/migrations/writer');
    const origins = new Map(
      migrations.flatMap(({ appLabel, name, operations }) =>
        operations.map((operation): [Operation, string] => [operation, `${appLabel}.migrations.${name}`]),
      ),
    );
    const writer = new MigrationWriter(squashed, { includeHeader, origins });
    if (existsSync(writer.path)) {
      throw new CommandError(`Migration ${squashed.name} already exists. Use a different name.`);
    }
    writeMigrationFile(writer.path, writer.asString());
    formatFiles([writer.path], this.stderr);
    this.say(
      `${this.style.MIGRATE_HEADING(`Created new squashed migration ${writer.path}`)}\n` +
        '  You should commit this migration but leave the old ones in place;\n' +
        '  the new migration will be used for new installs. Once you are sure\n' +
        '  all instances of the codebase have applied the migrations you squashed,\n' +
        '  you can delete them.',
    );
    if (!writer.needsManualPorting) return;
    this.say(
      `${this.style.MIGRATE_HEADING('Manual porting required')}\n` +
        '  Your migrations contained functions that must be manually copied over,\n' +
        '  as we could not safely copy their implementation.\n' +
        '  See the comment at the top of the squashed migration for details.',
    );
  }
}

/** The migrations of the app from the one that is named, or the first, until the last. @throws CommandError. */
function migrationsToSquash(loader: MigrationLoader, options: Arguments): Migration[] {
  const { keyOf } = require('../../../db/migrations/graph') as typeof import('../../../db/migrations/graph');
  const { appLabel, startMigrationName, migrationName } = options;
  const last = findMigration(loader, appLabel, migrationName);
  const key = keyOf(appLabel, last.name);
  if (!loader.graph.has(key)) {
    throw new CommandError(
      `The migration '${last.toString()}' is squashed already, or is squashed ones that are applied in part: see\n` +
        `  manage.ts showmigrations ${appLabel}`,
    );
  }
  const migrations = loader.graph
    .forwardsPlan(key)
    .map((key) => loader.diskMigrations.get(key) as Migration)
    .filter((migration) => migration.appLabel === appLabel);
  if (startMigrationName === undefined) return migrations;
  const start = findMigration(loader, appLabel, startMigrationName);
  const at = migrations.indexOf(start);
  if (at < 0) {
    throw new CommandError(
      `The migration '${start.toString()}' cannot be found. Maybe it comes after the migration '${last.toString()}'?\n` +
        `Have a look at:\n  manage.ts showmigrations ${appLabel}\nto debug this issue.`,
    );
  }
  return migrations.slice(at);
}

/** One migration for all. Of their own app only what the first one depends on is before it. */
function squash(
  migrations: readonly Migration[],
  operations: readonly Operation[],
  options: Arguments,
): Migration {
  const [first, last] = [migrations[0] as Migration, migrations.at(-1) as Migration];
  const { appLabel } = first;
  const dependencies = new Map(
    migrations.flatMap((migration) =>
      migration.dependencies
        .filter(([app]) => app !== appLabel || migration === first)
        .map((pair) => [pair.join('.'), pair]),
    ),
  );
  return last.with({
    name: nameOf(first, last, options),
    operations,
    dependencies: [...dependencies.values()],
    runBefore: migrations.flatMap(({ runBefore }) => runBefore),
    replaces: migrations.map((migration) => [appLabel, migration.name]),
    initial: options.startMigrationName === undefined ? true : null,
    atomic: migrations.every(({ atomic }) => atomic),
  });
}

function nameOf(first: Migration, last: Migration, { startMigrationName, squashedName }: Arguments): string {
  if (startMigrationName === undefined) return `0001_${squashedName ?? `squashed_${last.name}`}`;
  if (squashedName === undefined) return `${first.name}_squashed_${last.name}`;
  return `${first.name.slice(0, first.name.indexOf('_'))}_${squashedName}`;
}
