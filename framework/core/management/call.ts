import { apps } from '../../apps/registry';
import type { BaseCommand, CommonOptions, Options } from './base';
import { getCommands, loadCommandClass } from './discovery';
import { CommandError } from './errors';
import { asCommandError, ParserExit } from './parser';

/** The options of `callCommand`: the common ones and the command's own, by their names in camelCase. */
export type CallOptions = Partial<CommonOptions> & Record<string, unknown>;
type Argument = string | number | readonly (string | number)[];

const BASE_STEALTH_OPTIONS = ['stdout', 'stderr', 'skipChecks'];

function split(args: readonly (Argument | CallOptions)[]): [string[], CallOptions] {
  const positional: string[] = [];
  let options: CallOptions = {};
  for (const arg of args) {
    if (typeof arg === 'string' || typeof arg === 'number') positional.push(String(arg));
    else if (Array.isArray(arg)) positional.push(...arg.map(String));
    else options = arg as CallOptions;
  }
  return [positional, options];
}

/**
 * Calls a command from code, without a command line: in tests, views, other commands. System checks are skipped
 * unless `skipChecks: false`.
 *
 * @example
 * ```ts
 * await callCommand('migrate', 'sessions', { verbosity: 0, database: 'other' });
 * ```
 * @returns what the command's `handle` returns.
 * @throws CommandError for an unknown command, wrong arguments, and what the command itself refuses.
 *
 * https://docs.djangoproject.com/en/5.2/ref/django-admin/#running-management-commands-from-your-code
 */
export async function callCommand(
  command: string | BaseCommand<object>,
  ...args: (Argument | CallOptions)[]
): Promise<string | undefined> {
  const [positional, options] = split(args);
  const [name, instance] = typeof command === 'string' ? [command, find(command)] : ['command', command];
  const parser = instance.createParser('', name);
  const given: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(options)) {
    const dest = parser.destination(key);
    const stealth = BASE_STEALTH_OPTIONS.includes(key) || instance.stealthOptions.includes(key);
    if (dest === undefined && !stealth) unknown.push(key);
    else if (value !== undefined) given[dest ?? key] = value;
  }
  if (unknown.length > 0) {
    const valid = [...new Set([...parser.destinations, ...BASE_STEALTH_OPTIONS, ...instance.stealthOptions])];
    throw new TypeError(
      `Unknown option(s) for ${name} command: ${unknown.sort().join(', ')}. ` +
        `Valid options are: ${valid.sort().join(', ')}.`,
    );
  }
  let parsed: Record<string, unknown>;
  try {
    parsed = parser.parse(positional, given);
  } catch (error) {
    throw error instanceof ParserExit ? asCommandError(error) : error;
  }
  return instance.execute({ ...parsed, skipChecks: true, ...given } as Options<object>);
}

function find(name: string): BaseCommand<object> {
  if (!apps.ready) apps.populate();
  const appName = getCommands().get(name);
  if (appName === undefined) throw new CommandError(`Unknown command: '${name}'`);
  return loadCommandClass(appName, name);
}
