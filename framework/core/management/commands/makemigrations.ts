import { existsSync } from 'node:fs';
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import type { DetectedMigrations } from '../../../db/migrations/autodetector';
import type { MigrationLoader } from '../../../db/migrations/loader';
import type { MigrationQuestioner } from '../../../db/migrations/questioner';
import { refuseUnknownLabels } from '../app_labels';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import { type Arguments, MigrationReport } from '../makemigrations/writing';
import { conflicting } from '../migration_conflicts';
import { asking } from '../migration_questions';
import type { CommandParser } from '../parser';

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#makemigrations */
export class Command extends BaseCommand<Arguments> {
  override help = 'Creates new migration(s) for apps.';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('appLabel', {
      metavar: 'app_label',
      nargs: '*',
      help: 'Specify the app label(s) to create migrations for.',
    });
    parser.addArgument('--dry-run', {
      action: 'storeTrue',
      help: "Just show what migrations would be made; don't actually write them.",
    });
    parser.addArgument('--merge', { action: 'storeTrue', help: 'Enable fixing of migration conflicts.' });
    parser.addArgument('--rebase', {
      action: 'storeTrue',
      help: 'Put a branch of migrations that is not applied behind the other one: they get the numbers after it.',
    });
    parser.addArgument('--empty', { action: 'storeTrue', help: 'Create an empty migration.' });
    parser.addArgument('--noinput', '--no-input', {
      action: 'storeFalse',
      dest: 'interactive',
      help: 'Tells tsango to NOT prompt the user for input of any kind.',
    });
    parser.addArgument('--name', '-n', { help: 'Use this name for migration file(s).' });
    parser.addArgument('--no-header', {
      action: 'storeFalse',
      dest: 'includeHeader',
      help: 'Do not add header comments to new migration file(s).',
    });
    parser.addArgument('--check', {
      action: 'storeTrue',
      dest: 'checkChanges',
      help: "Exit with a non-zero status if model changes are missing migrations and don't actually write them.",
    });
    parser.addArgument('--scriptable', {
      action: 'storeTrue',
      help: 'Divert log output and input prompts to stderr, writing only paths of generated migration files to stdout.',
    });
    parser.addArgument('--update', {
      action: 'storeTrue',
      help: 'Merge model changes into the latest migration and optimize the resulting operations.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { name } = options;
    if (name !== undefined && !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
      throw new CommandError('The migration name must be a valid identifier.');
    }
    // Where only paths are for programs, what people read on stderr is no error.
    if (options.scriptable) this.stderr.styleFunc = undefined;
    refuseUnknownLabels(options.appLabel, this.stderr);
    const asked = new Set(options.appLabel);
    const report = new MigrationReport(options, this.stdout, this.stderr, this.style);
    const loader = await this.load();
    const conflicts = new Map(
      [...loader.detectConflicts()].filter(([app]) => asked.size === 0 || asked.has(app)),
    );
    if (options.merge || options.rebase) {
      await this.resolve(report, loader, conflicts);
      return;
    }
    if (conflicts.size > 0) throw conflicting(conflicts);
    const changes = await this.changes(report, loader, asked);
    if (changes.size === 0) {
      if (options.verbosity >= 1) report.log(noChanges(options.appLabel));
      return;
    }
    if (options.update) {
      const { updateLastMigrations } =
        require('../makemigrations/update') as typeof import('../makemigrations/update');
      await updateLastMigrations(report, changes);
    } else {
      report.write(changes, loader.projectState());
    }
    if (options.checkChanges && !options.empty) throw new CommandError('', { returncode: 1 });
  }

  /** The migrations on disk; of what is applied only whether it can be. */
  private async load(): Promise<MigrationLoader> {
    const { MigrationLoader: Loader } =
      require('../../../db/migrations/loader') as typeof import('../../../db/migrations/loader');
    const { OperationalError } = require('../../../db/errors') as typeof import('../../../db/errors');
    const loader = await Loader.load(null, { ignoreNoMigrations: true });
    for (const connection of migratedConnections()) {
      try {
        await loader.checkConsistentHistory(connection);
      } catch (error) {
        if (!(error instanceof OperationalError)) throw error;
        this.stderr.write(
          'Got an error checking a consistent migration history performed for database connection ' +
            `'${connection.alias}': ${error.message}`,
        );
      }
    }
    return loader;
  }

  /** What the models need. */
  private async changes(
    report: MigrationReport,
    loader: MigrationLoader,
    asked: ReadonlySet<string>,
  ): Promise<DetectedMigrations> {
    const { MigrationAutodetector } =
      require('../../../db/migrations/autodetector') as typeof import('../../../db/migrations/autodetector');
    const { ProjectState } =
      require('../../../db/migrations/state') as typeof import('../../../db/migrations/state');
    const { installedState } =
      require('../../../db/migrations/model_states') as typeof import('../../../db/migrations/model_states');
    const { empty, name } = report.options;
    if (empty && asked.size === 0) {
      throw new CommandError('You must supply at least one app label when using --empty.');
    }
    const questioner = this.questioner(report, asked);
    const before = new ProjectState(loader.projectState().models, loader.unmigratedApps);
    const detector = new MigrationAutodetector(before, installedState(), questioner);
    return asking(questioner, () =>
      empty
        ? detector.arrangeForGraph(emptyChanges(asked), loader.graph, name)
        : detector.changes(loader.graph, {
            ...(asked.size > 0 && { trimToApps: asked, convertApps: asked }),
            ...(name !== undefined && { migrationName: name }),
          }),
    );
  }

  private questioner(report: MigrationReport, asked: ReadonlySet<string>): MigrationQuestioner {
    const { InteractiveMigrationQuestioner, NonInteractiveMigrationQuestioner } =
      require('../../../db/migrations/terminal_questioner') as typeof import('../../../db/migrations/terminal_questioner');
    const questioner = report.options.interactive
      ? new InteractiveMigrationQuestioner(asked, report.dryRun, report.terminal)
      : new NonInteractiveMigrationQuestioner(asked, (text) => report.log(text));
    // An app whose folder of migrations is there and empty waits for its first one.
    questioner.askInitial = (app) => asked.has(app) || hasEmptyFolder(app);
    return questioner;
  }

  /** Makes one way of the two that the migrations of apps go. */
  private async resolve(
    report: MigrationReport,
    loader: MigrationLoader,
    conflicts: ReadonlyMap<string, readonly string[]>,
  ): Promise<void> {
    const { merge, interactive } = report.options;
    if (conflicts.size === 0) {
      report.log(`No conflicts detected to ${merge ? 'merge' : 'rebase'}.`);
    } else if (merge) {
      const { mergeBranches } =
        require('../makemigrations/merge') as typeof import('../makemigrations/merge');
      const questioner = interactive ? this.questioner(report, new Set()) : undefined;
      await asking(questioner, () => mergeBranches(report, loader, conflicts, questioner));
    } else {
      const { rebaseBranches } =
        require('../makemigrations/rebase') as typeof import('../makemigrations/rebase');
      const { Prompt } = require('../../../utils/prompts') as typeof import('../../../utils/prompts');
      const prompt = interactive ? new Prompt(report.terminal) : undefined;
      const applied = await appliedAnywhere();
      await asking(prompt, () =>
        rebaseBranches(report, loader, conflicts, applied, async (app, branches) => {
          const leaves = branches.map(({ leaf }) => leaf.name);
          if (prompt === undefined) {
            throw new CommandError(
              `Cannot rebase '${app}' with --no-input: none of the branches ${leaves.join(', ')} is applied, and only ` +
                'you know which one is to come first.',
            );
          }
          return (await prompt.choose(`Which branch of '${app}' comes first?`, leaves)) - 1;
        }),
      );
    }
  }
}

/** The databases whose history is looked at: beyond the default one only where routers may send models there. */
function migratedConnections(): DatabaseWrapper[] {
  const { connections } = require('../../../db/connections') as typeof import('../../../db/connections');
  const { router } = require('../../../db/router') as typeof import('../../../db/router');
  const { installedModels } =
    require('../../../db/models/registry') as typeof import('../../../db/models/registry');
  const aliases = router.routers.length > 0 ? connections.aliases().sort() : ['default'];
  const models = installedModels.all();
  return aliases
    .filter((alias) => models.some((model) => router.allowMigrateModel(alias, model)))
    .map((alias) => connections.get(alias));
}

/** What is applied to any of the databases. */
async function appliedAnywhere(): Promise<Set<string>> {
  const { MigrationRecorder } =
    require('../../../db/migrations/recorder') as typeof import('../../../db/migrations/recorder');
  const applied = await Promise.all(
    migratedConnections().map((connection) => new MigrationRecorder(connection).appliedMigrations()),
  );
  return new Set(applied.flatMap((each) => [...each.keys()]));
}

function emptyChanges(asked: ReadonlySet<string>): DetectedMigrations {
  const { Migration } =
    require('../../../db/migrations/migration') as typeof import('../../../db/migrations/migration');
  return new Map([...asked].map((app) => [app, [new Migration('custom', app)]]));
}

function hasEmptyFolder(app: string): boolean {
  const { MigrationWriter } =
    require('../../../db/migrations/writer') as typeof import('../../../db/migrations/writer');
  const { Migration } =
    require('../../../db/migrations/migration') as typeof import('../../../db/migrations/migration');
  const { migrationNames } =
    require('../../../db/migrations/disk') as typeof import('../../../db/migrations/disk');
  const { folder } = new MigrationWriter(new Migration('any', app));
  return existsSync(folder) && migrationNames(folder).length === 0;
}

function noChanges(labels: readonly string[]): string {
  if (labels.length === 0) return 'No changes detected';
  return `No changes detected in app${labels.length === 1 ? '' : 's'} '${labels.join("', '")}'`;
}
