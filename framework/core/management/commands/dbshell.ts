/** Django: `django.core.management.commands.dbshell`. */
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

interface Arguments {
  database: string;
  parameters: string[];
}

/** Starts the database's own client. */
export class Command extends BaseCommand<Arguments> {
  override help =
    'Runs the command-line client for specified database, or the default database if none is provided.';
  override requiresSystemChecks = [];

  override addArguments(parser: CommandParser): void {
    const { connections } = require('../../../db') as typeof import('../../../db');
    parser.addArgument('--database', {
      default: 'default',
      choices: connections.aliases(),
      help: 'Nominates a database onto which to open a shell. Defaults to the "default" database.',
    });
    parser.addArgument('parameters', { nargs: '*', help: 'What the client is told, behind `--`.' });
  }

  override async handle({ database, parameters }: Options<Arguments>): Promise<void> {
    const { connections } = require('../../../db') as typeof import('../../../db');
    const { ClientFailure } =
      require('../../../db/backends/base/client') as typeof import('../../../db/backends/base/client');
    const { client } = connections.get(database);
    try {
      await client.runshell(parameters);
    } catch (error) {
      if (!(error instanceof ClientFailure)) throw error;
      if (error.status === undefined) {
        throw new CommandError(
          `You appear not to have the '${client.executableName}' program installed or on your path.`,
          { cause: error },
        );
      }
      throw new CommandError(`"${error.command.join(' ')}" returned non-zero exit status ${error.status}.`, {
        returncode: error.status ?? 1,
        cause: error,
      });
    }
  }
}
