import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DetectedMigrations } from '../../../db/migrations/autodetector';
import type { MigrationLoader } from '../../../db/migrations/loader';
import type { MigrationQuestioner } from '../../../db/migrations/questioner';
import { getSiteRoot } from '../../../utils/module_loading';
import { refuseUnknownLabels } from '../app_labels';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

interface Arguments {
  appLabel: string[];
  dryRun: boolean;
  empty: boolean;
  interactive: boolean;
  name: string | undefined;
  checkChanges: boolean;
  includeHeader: boolean;
  scriptable: boolean;
}

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
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { name } = options;
    if (name !== undefined && !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
      throw new CommandError('The migration name must be a valid identifier.');
    }
    refuseUnknownLabels(options.appLabel, this.stderr);
    const loader = await this.load();
    const asked = new Set(options.appLabel);
    refuseConflicts(loader, asked);
    const { MigrationAutodetector } =
      require('../../../db/migrations/autodetector') as typeof import('../../../db/migrations/autodetector');
    const { ProjectState } =
      require('../../../db/migrations/state') as typeof import('../../../db/migrations/state');
    const questioner = this.questioner(options, asked);
    const before = new ProjectState(loader.projectState().models, loader.unmigratedApps);
    const detector = new MigrationAutodetector(before, currentState(), questioner);
    const changes = await this.asking(questioner, () =>
      options.empty
        ? detector.arrangeForGraph(emptyChanges(asked), loader.graph, name)
        : detector.changes(loader.graph, {
            ...(asked.size > 0 && { trimToApps: asked, convertApps: asked }),
            ...(name !== undefined && { migrationName: name }),
          }),
    );
    if (changes.size === 0) {
      if (options.verbosity >= 1) this.log(options, noChanges(options.appLabel));
      return;
    }
    this.write(changes, options);
    if (options.checkChanges) throw new CommandError('', { returncode: 1 });
  }

  /** The migrations on disk; of what is applied only whether it can be. */
  private async load(): Promise<MigrationLoader> {
    const { MigrationLoader: Loader } =
      require('../../../db/migrations/loader') as typeof import('../../../db/migrations/loader');
    const { connections } = require('../../../db/connections') as typeof import('../../../db/connections');
    const connection = connections.get();
    try {
      (await Loader.load(connection, { ignoreNoMigrations: true })).checkConsistentHistory(connection);
    } catch (error) {
      const { OperationalError } = require('../../../db/errors') as typeof import('../../../db/errors');
      if (!(error instanceof OperationalError)) throw error;
      this.stderr.write(
        'Got an error checking a consistent migration history performed for database connection ' +
          `'${connection.alias}': ${error.message}`,
      );
    }
    return Loader.load(null, { ignoreNoMigrations: true });
  }

  private questioner(options: Options<Arguments>, asked: ReadonlySet<string>): MigrationQuestioner {
    const terminal =
      require('../../../db/migrations/terminal_questioner') as typeof import('../../../db/migrations/terminal_questioner');
    const dryRun = options.dryRun || options.checkChanges;
    const output = options.scriptable ? process.stderr : process.stdout;
    const questioner = options.interactive
      ? new terminal.InteractiveMigrationQuestioner(asked, dryRun, { input: process.stdin, output })
      : new terminal.NonInteractiveMigrationQuestioner(asked, (text) => this.log(options, text));
    // An app whose folder of migrations is there and empty waits for its first one.
    questioner.askInitial = (app) => asked.has(app) || hasEmptyFolder(app);
    return questioner;
  }

  private async asking<T>(questioner: MigrationQuestioner, body: () => Promise<T>): Promise<T> {
    const { InteractiveMigrationQuestioner, QuestionerExit } =
      require('../../../db/migrations/terminal_questioner') as typeof import('../../../db/migrations/terminal_questioner');
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof QuestionerExit)) throw error;
      throw new CommandError(error.message, { returncode: error.status });
    } finally {
      if (questioner instanceof InteractiveMigrationQuestioner) questioner.close();
    }
  }

  private log(options: Options<Arguments>, text: string): void {
    (options.scriptable ? this.stderr : this.stdout).write(text, (plain) => plain);
  }

  private write(changes: DetectedMigrations, options: Options<Arguments>): void {
    const { MigrationWriter } =
      require('../../../db/migrations/writer') as typeof import('../../../db/migrations/writer');
    const written: string[] = [];
    for (const [app, migrations] of changes) {
      if (options.verbosity >= 1) this.log(options, this.style.MIGRATE_HEADING(`Migrations for '${app}':`));
      for (const migration of migrations) {
        const writer = new MigrationWriter(migration, options.includeHeader);
        const shown = relative(writer.path);
        if (options.verbosity >= 1) {
          this.log(options, `  ${this.style.MIGRATE_LABEL(shown)}`);
          for (const operation of migration.operations)
            this.log(options, `    ${operation.formattedDescription()}`);
          if (options.scriptable) this.stdout.write(shown);
        }
        if (!options.dryRun && !options.checkChanges) {
          const text = writer.asString();
          mkdirSync(writer.folder, { recursive: true });
          writeFileSync(writer.path, text);
          written.push(writer.path);
        } else if (options.verbosity === 3) {
          this.log(options, this.style.MIGRATE_HEADING(`Full migrations file '${writer.filename}':`));
          this.log(options, writer.asString());
        }
      }
    }
    if (written.length > 0) format(written);
  }
}

/** The models of the installed apps, as they are. */
function currentState(): import('../../../db/migrations/state').ProjectState {
  const { installedModels } =
    require('../../../db/models/registry') as typeof import('../../../db/models/registry');
  const { projectStateOf } =
    require('../../../db/migrations/model_states') as typeof import('../../../db/migrations/model_states');
  return projectStateOf(installedModels.all());
}

function emptyChanges(asked: ReadonlySet<string>): DetectedMigrations {
  if (asked.size === 0) throw new CommandError('You must supply at least one app label when using --empty.');
  const { Migration } =
    require('../../../db/migrations/migration') as typeof import('../../../db/migrations/migration');
  return new Map([...asked].map((app) => [app, [new Migration('custom', app)]]));
}

function refuseConflicts(loader: MigrationLoader, asked: ReadonlySet<string>): void {
  const conflicts = [...loader.detectConflicts()].filter(([app]) => asked.size === 0 || asked.has(app));
  if (conflicts.length === 0) return;
  const list = conflicts.map(([app, names]) => `${names.join(', ')} in ${app}`).join('; ');
  throw new CommandError(
    `Conflicting migrations detected; multiple leaf nodes in the migration graph: (${list}).\nWrite one with ` +
      "'makemigrations --empty' that depends on all of them.",
  );
}

function hasEmptyFolder(app: string): boolean {
  const { MigrationWriter } =
    require('../../../db/migrations/writer') as typeof import('../../../db/migrations/writer');
  const { Migration } =
    require('../../../db/migrations/migration') as typeof import('../../../db/migrations/migration');
  const { folder } = new MigrationWriter(new Migration('any', app));
  return existsSync(folder) && !readdirSync(folder).some((name) => /^[^_~.][^.]*\.(?:ts|js|cjs)$/.test(name));
}

function noChanges(labels: readonly string[]): string {
  if (labels.length === 0) return 'No changes detected';
  return `No changes detected in app${labels.length === 1 ? '' : 's'} '${labels.join("', '")}'`;
}

/** A path as people see it: from where they are, unless it is elsewhere. */
function relative(file: string): string {
  const shown = path.relative(process.cwd(), file);
  return shown.startsWith('..') ? file : shown;
}

const FORMATTERS = [
  ['biome', 'format', '--write'],
  ['prettier', '--write'],
] as const;

/** Has the project's own formatter lay the files out; without one, or where it fails, they stay as they are. */
function format(files: readonly string[]): void {
  for (const [name, ...args] of FORMATTERS) {
    const program = path.join(getSiteRoot(), 'node_modules', '.bin', name);
    if (!existsSync(program)) continue;
    try {
      execFileSync(program, [...args, ...files], { cwd: getSiteRoot(), stdio: 'ignore' });
    } catch {
      // It has been written all the same.
    }
    return;
  }
}
