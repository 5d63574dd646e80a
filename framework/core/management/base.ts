/**
 * The base of every command of `manage.ts`.
 *
 * Django: `django.core.management.base`; https://docs.djangoproject.com/en/5.2/howto/custom-management-commands/
 */
import type { AppConfig } from '../../apps/config';
import type { MaybePromise } from '../../utils/maybe_promise';
import { colorStyle, noStyle, type Style } from './color';
import { CommandError } from './errors';
import { type Output, OutputWrapper } from './output';
import { CommandParser } from './parser';

/** The value of `requiresSystemChecks` that asks for all of them. */
export const ALL_CHECKS = '__all__';

/** What every command is told. */
export interface CommonOptions {
  /** 0: minimal output, 1: normal, 2: verbose, 3: very verbose. */
  verbosity: number;
  settings?: string | undefined;
  pythonpath?: string | undefined;
  traceback: boolean;
  noColor: boolean;
  forceColor: boolean;
  /** Only where the command requires system checks. */
  skipChecks?: boolean;
  /** Where the output goes instead of the process's streams. */
  stdout?: Output | undefined;
  stderr?: Output | undefined;
}

/** What `handle` is given: the common options and the command's own arguments, by their names in camelCase. */
export type Options<Arguments extends object = Record<string, unknown>> = CommonOptions & Arguments;

/** What a command's work results in: text to print, or nothing. */
export type Printable = MaybePromise<string | undefined> | MaybePromise<void>;

/** What `BaseCommand.check` looks at, and when it fails. */
export interface CheckOptions {
  appConfigs?: readonly AppConfig[] | undefined;
  tags?: readonly string[] | undefined;
  displayNumErrors?: boolean;
  includeDeploymentChecks?: boolean | undefined;
  /** The level from which the command fails; default ERROR. */
  failLevel?: number | undefined;
  databases?: readonly string[] | undefined;
}

/**
 * A command. Its module, `<app>/management/commands/<name>.ts`, exports it as `Command`.
 *
 * @example
 * ```ts
 * export class Command extends BaseCommand<{ pollIds: number[]; delete: boolean }> {
 *   override help = 'Closes the specified poll for voting';
 *   override addArguments(parser: CommandParser) {
 *     parser.addArgument('pollIds', { nargs: '+', type: 'int' });
 *     parser.addArgument('--delete', { action: 'storeTrue', help: 'Delete poll instead of closing it' });
 *   }
 *   override async handle({ pollIds }: Options<{ pollIds: number[] }>) {
 *     this.stdout.write(this.style.SUCCESS(`Closed ${pollIds.length} polls`));
 *   }
 * }
 * ```
 */
export abstract class BaseCommand<Arguments extends object = Record<string, unknown>> {
  /** A short description, for the help. */
  help = '';
  /** The tags of the checks that must pass before `handle`; none: `[]`. */
  requiresSystemChecks: readonly string[] | typeof ALL_CHECKS = ALL_CHECKS;
  /** Warns of migrations that are not applied. */
  requiresMigrationsChecks = false;
  /** What `handle` returns is SQL and is printed within BEGIN and COMMIT. */
  outputTransaction = false;
  /** What to say when the command is called without the arguments that it needs. */
  missingArgsMessage: string | undefined;
  /** Options of `callCommand` that no argument declares. */
  stealthOptions: readonly string[] = [];

  stdout: OutputWrapper;
  stderr: OutputWrapper;
  style: Style;

  constructor(
    options: {
      stdout?: Output | undefined;
      stderr?: Output | undefined;
      noColor?: boolean;
      forceColor?: boolean;
    } = {},
  ) {
    const { noColor = false, forceColor = false } = options;
    if (noColor && forceColor) {
      throw new CommandError("'noColor' and 'forceColor' can't be used together.");
    }
    this.stdout = new OutputWrapper(options.stdout ?? process.stdout);
    this.stderr = new OutputWrapper(options.stderr ?? process.stderr);
    this.style = noColor ? noStyle() : colorStyle(forceColor);
    if (!noColor) this.stderr.styleFunc = this.style.ERROR;
  }

  /** The version that `--version` prints: the framework's, unless a site's command has its own. */
  getVersion(): string {
    return (require('../../index') as typeof import('../../index')).getVersion();
  }

  /** Declares the command's own arguments. */
  addArguments(_parser: CommandParser): void {}

  /** What the command does. What it returns is printed. */
  abstract handle(options: Options<Arguments>): Printable;

  /** The parser of the command line. */
  createParser(progName: string, subcommand: string): CommandParser {
    const parser = new CommandParser({
      prog: `${progName} ${subcommand}`.trim(),
      description: this.help,
      version: this.getVersion(),
      missingArgsMessage: this.missingArgsMessage,
    });
    parser.addCommonArguments(() => addCommonArguments(parser, this.requiresSystemChecks.length > 0));
    this.addArguments(parser);
    return parser;
  }

  /**
   * Runs the command: checks what it requires, calls `handle` and prints what that returns.
   *
   * @throws CommandError where the command cannot do what it was asked.
   */
  async execute(options: Options<Arguments>): Promise<string | undefined> {
    if (options.stdout) this.stdout = new OutputWrapper(options.stdout);
    if (options.stderr) {
      const styleFunc = this.stderr.styleFunc;
      this.stderr = new OutputWrapper(options.stderr);
      this.stderr.styleFunc = styleFunc;
    }
    if (options.forceColor && options.noColor) {
      throw new CommandError("The --no-color and --force-color options can't be used together.");
    }
    if (options.forceColor) {
      this.style = colorStyle(true);
    } else if (options.noColor) {
      this.style = noStyle();
      this.stderr.styleFunc = undefined;
    }
    if (this.requiresSystemChecks.length > 0 && !options.skipChecks) {
      await this.check(
        this.requiresSystemChecks === ALL_CHECKS
          ? {}
          : { tags: this.requiresSystemChecks as readonly string[] },
      );
    }
    if (this.requiresMigrationsChecks) await this.checkMigrations();
    const output = (await (this.handle(options) as MaybePromise<string | undefined>)) || undefined;
    if (output) this.stdout.write(this.outputTransaction ? this.wrapTransaction(output) : output);
    return output;
  }

  private wrapTransaction(sql: string): string {
    const { SQL_KEYWORD } = this.style;
    return `${SQL_KEYWORD('BEGIN;')}\n${sql}\n${SQL_KEYWORD('COMMIT;')}`;
  }

  /**
   * Runs the system checks and prints what they find.
   *
   * @throws SystemCheckError for anything of the fail level, formatted already.
   */
  async check(options: CheckOptions = {}): Promise<void> {
    const { reportChecks } = require('./check_report') as typeof import('./check_report');
    await reportChecks(this, options);
  }

  /** Warns of the migrations that are not applied to the default database. */
  async checkMigrations(): Promise<void> {
    const { reportMigrations } = require('./check_report') as typeof import('./check_report');
    await reportMigrations(this);
  }
}

function addCommonArguments(parser: CommandParser, withChecks: boolean): void {
  parser.addArgument('-v', '--verbosity', {
    type: 'int',
    default: 1,
    choices: [0, 1, 2, 3],
    help: 'Verbosity level; 0=minimal output, 1=normal output, 2=verbose output, 3=very verbose output',
  });
  parser.addArgument('--settings', {
    help:
      'The dotted path to a settings module, e.g. "mysite.settings". If this isn\'t provided, the ' +
      'TSANGO_SETTINGS_MODULE environment variable will be used.',
  });
  parser.addArgument('--pythonpath', {
    help: 'The folder that the site\'s modules are found below, e.g. "/home/projects/mysite".',
  });
  parser.addArgument('--traceback', {
    action: 'storeTrue',
    help: 'Display a full stack trace on CommandError exceptions.',
  });
  parser.addArgument('--no-color', { action: 'storeTrue', help: "Don't colorize the command output." });
  parser.addArgument('--force-color', {
    action: 'storeTrue',
    help: 'Force colorization of the command output.',
  });
  if (withChecks) parser.addArgument('--skip-checks', { action: 'storeTrue', help: 'Skip system checks.' });
}
