/**
 * What `manage.ts` does with its arguments.
 *
 * Django: `django.core.management.ManagementUtility`.
 */
import path from 'node:path';
import { apps } from '../../apps/registry';
import { ENVIRONMENT_VARIABLE, isConfigured, settings } from '../../conf';
import { getSiteRoot, loadedModule, ModuleNotFoundError, setSiteRoot } from '../../utils/module_loading';
import { deepenStacks } from '../../utils/stack_depth';
import { ImproperlyConfigured } from '../exceptions';
import type { BaseCommand, Options } from './base';
import { colorStyle } from './color';
import { CORE, getCommands, loadCommandClass } from './discovery';
import { CommandError, SystemCheckError } from './errors';
import type { Output } from './output';
import { ParserExit } from './parser';

/** Ends the utility with a status, once everything has been said. */
class Exit extends Error {
  constructor(readonly status: number) {
    super(`exit status ${status}`);
  }
}

const NO_USERS = "add 'tsango.contrib.auth' to INSTALLED_APPS, which has it.";

/** Commands that a Django developer types, and what to do instead: another one's name would mislead. */
const NOT_HERE: Readonly<Record<string, string>> = {
  changepassword: NO_USERS,
  compilemessages: 'catalogs of translations are not read yet.',
  createsuperuser: NO_USERS,
  makemessages: 'catalogs of translations are not read yet.',
};

/** Where a utility writes; the process's streams unless a test collects. */
export interface UtilityStreams {
  stdout?: Output;
  stderr?: Output;
}

/** Runs the command that a command line asks for. */
export class ManagementUtility {
  readonly progName: string;
  private readonly argv: readonly string[];
  /** Whether the system checks ended the command: a change of the site's code mends that. */
  checksFailed = false;
  private settingsException: unknown;
  private readonly out: Output;
  private readonly err: Output;

  /** @param argv the program, then its arguments: `['manage.ts', 'migrate', '--plan']`. */
  constructor(
    argv: readonly string[],
    private readonly streams: UtilityStreams = {},
  ) {
    this.progName = path.basename(argv[0] ?? 'manage.ts');
    this.argv = argv.slice(1);
    this.out = streams.stdout ?? process.stdout;
    this.err = streams.stderr ?? process.stderr;
  }

  /** Runs the command to its end. @returns the exit status. */
  async execute(): Promise<number> {
    try {
      await this.dispatch();
      return 0;
    } catch (error) {
      if (error instanceof Exit) return error.status;
      throw error;
    }
  }

  private async dispatch(): Promise<void> {
    const subcommand = this.argv[0] ?? 'help';
    const rest = this.argv.slice(1);
    if (subcommand === 'version' || (subcommand === '--version' && rest.length === 0)) {
      return this.print((require('../../index') as typeof import('../../index')).getVersion());
    }
    if (subcommand === 'runserver' && reloads(rest)) {
      // This process only watches. The child loads the settings and shows what is wrong with them.
      const { runWithReloader } =
        require('../../utils/autoreload') as typeof import('../../utils/autoreload');
      applyDefaultOptions(rest);
      throw new Exit(await runWithReloader());
    }
    applyDefaultOptions(rest);
    this.loadSettings();
    if (subcommand === 'help' || ((subcommand === '--help' || subcommand === '-h') && rest.length === 0)) {
      const topics = rest.filter((arg) => !arg.startsWith('-'));
      if (rest.includes('--commands')) return this.print([...getCommands().keys()].sort().join('\n'));
      const [topic] = topics;
      if (topic === undefined) return this.print(this.mainHelpText());
      return this.print(this.fetchCommand(topic).createParser(this.progName, topic).help());
    }
    await this.runFromArgv(this.fetchCommand(subcommand), subcommand, rest);
  }

  private print(text: string): void {
    this.out.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Loads the settings and the apps. A fault is kept: `help` and the framework's own commands still work. */
  private loadSettings(): void {
    try {
      void settings.INSTALLED_APPS;
    } catch (error) {
      if (!(error instanceof ImproperlyConfigured) && !(error instanceof ModuleNotFoundError)) throw error;
      this.settingsException = error;
    }
    if (isConfigured()) apps.populate();
  }

  /** What `manage.ts help` prints. */
  mainHelpText(): string {
    const usage = [
      '',
      `Type '${this.progName} help <subcommand>' for help on a specific subcommand.`,
      '',
      'Available subcommands:',
    ];
    const groups = new Map<string, string[]>();
    for (const [name, app] of getCommands()) {
      const group = app === CORE ? 'tsango' : app.slice(app.lastIndexOf('.') + 1);
      groups.set(group, [...(groups.get(group) ?? []), name]);
    }
    const style = colorStyle(false, this.out);
    for (const group of [...groups.keys()].sort()) {
      usage.push('', style.NOTICE(`[${group}]`));
      for (const name of (groups.get(group) ?? []).sort()) usage.push(`    ${name}`);
    }
    if (this.settingsException !== undefined) {
      usage.push(
        style.NOTICE(
          'Note that only tsango core commands are listed as settings are not properly configured (error: ' +
            `${(this.settingsException as Error).message}).`,
        ),
      );
    }
    return usage.join('\n');
  }

  /** The command of that name; an unknown one ends the utility, saying which was likely meant. */
  fetchCommand(subcommand: string): BaseCommand<object> {
    const commands = getCommands();
    const app = commands.get(subcommand);
    if (app !== undefined) return loadCommandClass(app, subcommand);
    // It may be missing because the settings could not be loaded: then that is what to say.
    if (process.env[ENVIRONMENT_VARIABLE]) void settings.INSTALLED_APPS;
    else if (!isConfigured()) this.err.write('No tsango settings specified.\n');
    const absent = Object.hasOwn(NOT_HERE, subcommand) ? NOT_HERE[subcommand] : undefined;
    if (absent !== undefined) {
      this.err.write(`'${subcommand}' is a command of Django's that is not here: ${absent}\n`);
      throw new Exit(1);
    }
    const { getCloseMatches } = require('../../python/difflib') as typeof import('../../python/difflib');
    const [meant] = getCloseMatches(subcommand, commands.keys());
    this.err.write(
      `Unknown command: '${subcommand}'${meant === undefined ? '' : `. Did you mean ${meant}?`}\n` +
        `Type '${this.progName} help' for usage.\n`,
    );
    throw new Exit(1);
  }

  private async runFromArgv(
    command: BaseCommand<object>,
    name: string,
    args: readonly string[],
  ): Promise<void> {
    const parser = command.createParser(this.progName, name);
    let options: Options;
    try {
      options = parser.parse(args) as Options;
    } catch (error) {
      if (!(error instanceof ParserExit)) throw error;
      if (error.status === 0) {
        this.out.write(error.message);
      } else {
        this.err.write(`${parser.help().split('\n', 1)[0]}\n${error.message}`);
      }
      throw new Exit(error.status);
    }
    try {
      await command.execute({ ...options, ...this.streams });
    } catch (error) {
      if (!(error instanceof CommandError) || options.traceback) throw error;
      // SystemCheckError is formatted already.
      this.checksFailed = error instanceof SystemCheckError;
      if (this.checksFailed) command.stderr.write(error.message, (text) => text);
      else if (error.message) command.stderr.write(`${error.name}: ${error.message}`);
      throw new Exit(error.returncode);
    } finally {
      await closeConnections();
    }
  }
}

/** Takes --settings and --pythonpath out of the arguments before anything is loaded: they say what to load. */
function applyDefaultOptions(args: readonly string[]): void {
  const value = (flag: string): string | undefined => {
    for (const [index, arg] of args.entries()) {
      if (arg === '--') return undefined;
      if (arg === flag) return args[index + 1];
      if (arg.startsWith(`${flag}=`)) return arg.slice(flag.length + 1);
    }
    return undefined;
  };
  const module = value('--settings');
  if (module) process.env[ENVIRONMENT_VARIABLE] = module;
  const root = value('--pythonpath');
  if (root) setSiteRoot(path.resolve(root));
}

/** Whether `runserver` is to run under the reloader, and this process is not already its child. */
function reloads(args: readonly string[]): boolean {
  return !args.includes('--noreload') && process.env['TSANGO_RUN_MAIN'] !== 'true';
}

/** Closes what the command opened. What was never loaded is not loaded for this. */
async function closeConnections(): Promise<void> {
  const db = loadedModule('tsango.db') as { connections?: { closeAll(): unknown } } | undefined;
  await db?.connections?.closeAll();
  const cache = loadedModule('tsango.core.cache') as { caches?: { closeAll?(): unknown } } | undefined;
  await cache?.caches?.closeAll?.();
}

/**
 * Runs the command of a command line and ends the process with its exit status. The site's modules are found in
 * the folder of the script, unless `setSiteRoot` was called.
 *
 * @param argv as `process.argv`: node, the script, its arguments.
 *
 * Django: `execute_from_command_line`.
 */
export async function executeFromCommandLine(argv: readonly string[] = process.argv): Promise<void> {
  deepenStacks();
  const script = argv[1];
  if (script !== undefined && getSiteRoot() === process.cwd() && /^manage\./.test(path.basename(script))) {
    setSiteRoot(path.dirname(path.resolve(script)));
  }
  const utility = new ManagementUtility(argv.slice(1));
  let [status, mendable] = [1, true];
  try {
    status = await utility.execute();
    mendable = utility.checksFailed;
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
  }
  if (process.env['TSANGO_RUN_MAIN'] === 'true') {
    const reload = require('../../utils/autoreload') as typeof import('../../utils/autoreload');
    await (mendable ? reload.reportFailure() : reload.reportFinal());
  }
  // The command is over: whatever a library keeps open must not keep the terminal waiting.
  process.exit(status);
}

/** What an uncaught error shows: its trace, and for a wrong configuration just what is wrong. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return `Uncaught ${String(error)}`;
  if (error instanceof ImproperlyConfigured && !process.argv.includes('--traceback')) {
    return `${error.name}: ${error.message}`;
  }
  const trace = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? trace : `${trace}\nCaused by: ${describe(error.cause)}`;
}
