import { apps } from '../../../apps/registry';
import type { MigrationExecutor, PlanStep, Target } from '../../../db/migrations/executor';
import type { Migration } from '../../../db/migrations/migration';
import { requireApp } from '../app_labels';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import { findMigration } from '../find_migration';
import { conflicting } from '../migration_conflicts';
import type { CommandParser } from '../parser';

interface Arguments {
  appLabel: string | undefined;
  migrationName: string | undefined;
  interactive: boolean;
  database: string;
  fake: boolean;
  fakeInitial: boolean;
  plan: boolean;
  runSyncdb: boolean;
  checkUnapplied: boolean;
  prune: boolean;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#migrate */
export class Command extends BaseCommand<Arguments> {
  override help = 'Updates database schema. Manages both apps with migrations and those without.';
  // Its own --skip-checks comes first; the checks run in `handle`, for the one database.
  override requiresSystemChecks = [];

  private verbosity = 1;
  private started = 0;
  private running: { migration: Migration; backwards: boolean } | undefined;

  override addArguments(parser: CommandParser): void {
    parser.addArgument('--skip-checks', { action: 'storeTrue', help: 'Skip system checks.' });
    parser.addArgument('appLabel', {
      metavar: 'app_label',
      nargs: '?',
      help: 'App label of an application to synchronize the state.',
    });
    parser.addArgument('migrationName', {
      metavar: 'migration_name',
      nargs: '?',
      help:
        'Database state will be brought to the state after that migration. Use the name "zero" to unapply all ' +
        'migrations.',
    });
    parser.addArgument('--noinput', '--no-input', {
      action: 'storeFalse',
      dest: 'interactive',
      help: 'Tells tsango to NOT prompt the user for input of any kind.',
    });
    parser.addArgument('--database', {
      default: 'default',
      help: 'Nominates a database to synchronize. Defaults to the "default" database.',
    });
    parser.addArgument('--fake', {
      action: 'storeTrue',
      help: 'Mark migrations as run without actually running them.',
    });
    parser.addArgument('--fake-initial', {
      action: 'storeTrue',
      help:
        'Detect if tables already exist and fake-apply initial migrations if so. Make sure that the current database ' +
        'schema matches your initial migration before using this flag. Only the names of tables and columns are ' +
        'looked at.',
    });
    parser.addArgument('--plan', {
      action: 'storeTrue',
      help: 'Shows a list of the migration actions that will be performed.',
    });
    parser.addArgument('--run-syncdb', {
      action: 'storeTrue',
      help: 'Creates tables for apps without migrations.',
    });
    parser.addArgument('--check', {
      action: 'storeTrue',
      dest: 'checkUnapplied',
      help: 'Exits with a non-zero status if unapplied migrations exist and does not actually apply migrations.',
    });
    parser.addArgument('--prune', {
      action: 'storeTrue',
      help: 'Delete nonexistent migrations from the django_migrations table.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { database } = options;
    if (!options.skipChecks) await this.check({ databases: [database] });
    this.verbosity = options.verbosity;

    const { connections } = require('../../../db/connections') as typeof import('../../../db/connections');
    const { MigrationExecutor: Executor } =
      require('../../../db/migrations/executor') as typeof import('../../../db/migrations/executor');
    const connection = connections.get(database);
    const executor = await Executor.load(connection, (action, migration, fake) =>
      this.progress(action, migration, fake ?? false),
    );
    await executor.loader.checkConsistentHistory(connection);
    const conflicts = executor.loader.detectConflicts();
    if (conflicts.size > 0) throw conflicting(conflicts);
    const { targets, wholeApps } = findTargets(executor, options);
    if (options.prune) await this.prune(executor, options.appLabel);
    const plan = executor.migrationPlan(targets);

    if (options.plan) {
      this.printPlan(executor, plan);
      if (plan.length > 0 && options.checkUnapplied) throw new CommandError('', { returncode: 1 });
      return;
    }
    if (options.checkUnapplied) {
      if (plan.length > 0) throw new CommandError('', { returncode: 1 });
      return;
    }
    if (options.prune) return;

    const toSync = options.runSyncdb ? [...executor.loader.unmigratedApps].sort() : [];
    if (this.verbosity >= 1) this.printOperations(targets, wholeApps, toSync, options.appLabel);
    await this.announce('preMigrate', options, plan);
    if (toSync.length > 0) {
      const { syncApps } = require('../sync_apps') as typeof import('../sync_apps');
      if (this.verbosity >= 1) {
        this.stdout.write(this.style.MIGRATE_HEADING('Synchronizing apps without migrations:'));
      }
      await syncApps(connection, options.appLabel ? [options.appLabel] : toSync, this.verbosity, this.stdout);
    }

    if (this.verbosity >= 1) {
      this.stdout.write(this.style.MIGRATE_HEADING('Running migrations:'));
      if (plan.length === 0) await this.sayNothingToApply(executor);
    }
    try {
      await executor.migrate(targets, { plan, fake: options.fake, fakeInitial: options.fakeInitial });
    } catch (error) {
      throw this.failure(error, connection.features.canRollbackDdl);
    }
    await this.announce('postMigrate', options, plan);
  }

  /** Says that nothing is to be done, and whether that is because migrations are missing. */
  private async sayNothingToApply({ loader }: MigrationExecutor): Promise<void> {
    const { MigrationAutodetector } =
      require('../../../db/migrations/autodetector') as typeof import('../../../db/migrations/autodetector');
    const { installedState } =
      require('../../../db/migrations/model_states') as typeof import('../../../db/migrations/model_states');
    const { ProjectState } =
      require('../../../db/migrations/state') as typeof import('../../../db/migrations/state');
    this.stdout.write('  No migrations to apply.');
    const before = new ProjectState(loader.projectState().models, loader.unmigratedApps);
    const changes = await new MigrationAutodetector(before, installedState()).changes(loader.graph);
    if (changes.size === 0) return;
    const names = [...changes.keys()].sort().map((app) => `'${app}'`);
    this.stdout.write(
      this.style.NOTICE(
        `  Your models in app(s): ${names.join(', ')} have changes that are not yet reflected in a migration, and so won't ` +
          'be applied.',
      ),
    );
    this.stdout.write(
      this.style.NOTICE(
        "  Run 'manage.ts makemigrations' to make new migrations, and then re-run 'manage.ts migrate' to apply them.",
      ),
    );
  }

  /** The failure of a migration, with its name and what is left of it. */
  private failure(error: unknown, canRollback: boolean): unknown {
    if (this.running === undefined || !(error instanceof Error)) return error;
    const { migration, backwards } = this.running;
    if (this.verbosity >= 1) this.stdout.write(this.style.ERROR(' FAILED'));
    const what = `Migration ${migration.toString()} ${backwards ? 'could not be unapplied' : 'failed'}`;
    const left =
      canRollback && migration.atomic
        ? 'It was rolled back'
        : 'It ran without a transaction: what came before the failure has stayed';
    const done = describeWork(error);
    return new CommandError(`${what}: ${error.name}: ${error.message}\n${left}${done}.`, { cause: error });
  }

  private progress(action: string, migration: Migration | undefined, fake: boolean): void {
    const backwards = action.startsWith('unapply');
    if (action.endsWith('_start')) this.running = migration && { migration, backwards };
    else this.running = undefined;
    if (this.verbosity < 1) return;
    if (action.endsWith('_start')) {
      this.started = performance.now();
      const text = migration
        ? `  ${backwards ? 'Unapplying' : 'Applying'} ${migration.toString()}...`
        : '  Rendering model states...';
      this.stdout.write(text, undefined, '');
      return;
    }
    const elapsed = this.verbosity > 1 ? ` (${((performance.now() - this.started) / 1000).toFixed(3)}s)` : '';
    const word = migration === undefined ? ' DONE' : fake ? ' FAKED' : ' OK';
    this.stdout.write(this.style.SUCCESS(word + elapsed));
  }

  private printPlan(executor: MigrationExecutor, plan: readonly PlanStep[]): void {
    const { describeOperation } = require('../migration_plan') as typeof import('../migration_plan');
    const { marksOfPlan } = require('../migration_hazards') as typeof import('../migration_hazards');
    const marks = marksOfPlan(executor, plan);
    this.stdout.write('Planned operations:', this.style.MIGRATE_LABEL);
    if (plan.length === 0) this.stdout.write('  No planned migration operations.');
    for (const { migration, backwards } of plan) {
      this.stdout.write(migration.toString(), this.style.MIGRATE_HEADING);
      for (const operation of migration.operations) {
        const { message, isError } = describeOperation(operation, backwards);
        this.stdout.write(`    ${message}`, isError ? this.style.WARNING : undefined);
        for (const mark of marks.get(operation) ?? []) {
          this.stdout.write(`        # ${mark}`, this.style.WARNING);
        }
      }
    }
  }

  private printOperations(
    targets: readonly Target[],
    wholeApps: boolean,
    toSync: readonly string[],
    appLabel: string | undefined,
  ): void {
    const { MIGRATE_HEADING, MIGRATE_LABEL } = this.style;
    this.stdout.write(MIGRATE_HEADING('Operations to perform:'));
    if (toSync.length > 0) {
      this.stdout.write(
        appLabel
          ? MIGRATE_LABEL(`  Synchronize unmigrated app: ${appLabel}`)
          : MIGRATE_LABEL('  Synchronize unmigrated apps: ') + toSync.join(', '),
      );
    }
    const [target] = targets;
    if (wholeApps) {
      const labels = [...new Set(targets.map(({ app }) => app))].sort();
      this.stdout.write(MIGRATE_LABEL('  Apply all migrations: ') + (labels.join(', ') || '(none)'));
    } else if (target?.name === null) {
      this.stdout.write(MIGRATE_LABEL('  Unapply all migrations: ') + target.app);
    } else if (target) {
      this.stdout.write(
        `${MIGRATE_LABEL('  Target specific migration: ')}${target.name}, from ${target.app}`,
      );
    }
  }

  private async prune(executor: MigrationExecutor, appLabel: string | undefined): Promise<void> {
    if (!appLabel) throw new CommandError('Migrations can be pruned only when an app is specified.');
    const { MIGRATE_HEADING, MIGRATE_LABEL, NOTICE, SUCCESS } = this.style;
    const say = (text: string, ending?: string): void => {
      if (this.verbosity > 0) this.stdout.write(text, undefined, ending);
    };
    say(MIGRATE_HEADING('Pruning migrations:'));
    const { loader } = executor;
    const gone = [...loader.appliedMigrations.entries()]
      .filter(([key, { app }]) => app === appLabel && !loader.diskMigrations.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const goneKeys = new Set(gone.map(([key]) => key));
    const squashed = [...loader.replacements.entries()].filter(([, { replaces }]) =>
      replaces.some(([app = '', name = '']) => goneKeys.has(`${app}.${name}`)),
    );
    if (squashed.length > 0) {
      say(
        NOTICE(
          "  Cannot use --prune because the following squashed migrations have their 'replaces' attributes and may " +
            'not be recorded as applied:',
        ),
      );
      for (const [key] of squashed) say(`    ${key}`);
      say(
        NOTICE(
          "  Re-run 'ts-node manage.ts migrate' if they are not marked as applied, and remove 'replaces' attributes in " +
            'their Migration classes.',
        ),
      );
      return;
    }
    for (const [key, { app, name }] of gone) {
      say(MIGRATE_LABEL(`  Pruning ${key}`), '');
      await executor.recorder.recordUnapplied(app, name);
      say(SUCCESS(' OK'));
    }
    if (gone.length === 0) say('  No migrations to prune.');
  }

  private async announce(
    name: 'preMigrate' | 'postMigrate',
    options: Options<Arguments>,
    plan: readonly PlanStep[],
  ): Promise<void> {
    const signals = require('../../../db/models/signals') as typeof import('../../../db/models/signals');
    const signal = signals[name];
    const when = name === 'preMigrate' ? 'pre-migrate' : 'post-migrate';
    if (options.verbosity >= 2) {
      for (const config of apps.getAppConfigs().filter((each) => each.hasModule('models'))) {
        this.stdout.write(`Running ${when} handlers for application ${config.label}`);
      }
    }
    if (!signal.hasReceivers) return;
    const { verbosity, interactive, database: using } = options;
    for (const config of apps.getAppConfigs()) {
      await signal.send(config, { verbosity, interactive, using, plan });
    }
  }
}

/** What was done before a failure that could not be rolled back, as the end of a sentence. */
function describeWork(error: Error): string {
  const { leftBehind } =
    require('../../../db/backends/base/left_behind') as typeof import('../../../db/backends/base/left_behind');
  const work = leftBehind(error) ?? [];
  const failed = work.at(-1);
  if (failed === undefined) return '';
  const done = work.slice(0, -1).map(({ what }) => `  - ${what}: done`);
  const ran = failed.statements.map((sql) => `      ${sql};`);
  const part = ran.length > 0 ? `failed after\n${ran.join('\n')}` : 'failed, and nothing of it was done';
  const last = `  - ${failed.what}: ${part}`;
  const remedy = 'Undo that by hand, or do the rest by hand and say so with migrate --fake';
  return `:\n${[...done, last].join('\n')}\n${remedy}`;
}

/** What the arguments ask for. @throws CommandError for an app or a migration that there is not. */
function findTargets(
  executor: MigrationExecutor,
  options: Options<Arguments>,
): { targets: Target[]; wholeApps: boolean } {
  const { targetOf } =
    require('../../../db/migrations/executor') as typeof import('../../../db/migrations/executor');
  const { appLabel, migrationName, runSyncdb } = options;
  const { loader } = executor;
  if (!appLabel) return { targets: loader.graph.leafNodes().map(targetOf), wholeApps: true };
  requireApp(appLabel);
  if (runSyncdb && loader.migratedApps.has(appLabel)) {
    throw new CommandError(`Can't use run_syncdb with app '${appLabel}' as it has migrations.`);
  }
  if (!runSyncdb && !loader.migratedApps.has(appLabel)) {
    throw new CommandError(`App '${appLabel}' does not have migrations.`);
  }
  if (!migrationName) return { targets: loader.graph.leafNodes(appLabel).map(targetOf), wholeApps: true };
  if (migrationName === 'zero') return { targets: [{ app: appLabel, name: null }], wholeApps: false };
  const { name } = findMigration(loader, appLabel, migrationName);
  // A squashed migration that is applied in part is not there: the last one that it replaces is meant.
  const last = loader.graph.has(`${appLabel}.${name}`)
    ? undefined
    : loader.replacements.get(`${appLabel}.${name}`)?.replaces.at(-1);
  const [app = appLabel, target = name] = last ?? [];
  return { targets: [{ app, name: target }], wholeApps: false };
}
