/** Django: `django.core.management.commands.testserver`. */
import { BaseCommand, type Options } from '../base';
import { callCommand } from '../call';
import type { CommandParser } from '../parser';

interface Arguments {
  fixtures: string[];
  interactive: boolean;
  addrport: string;
  useIpv6: boolean;
}

/** Serves the site on a test database that holds fixtures. */
export class Command extends BaseCommand<Arguments> {
  override help = 'Runs a development server with data from the given fixture(s).';
  override requiresSystemChecks = [];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('fixtures', {
      metavar: 'fixture',
      nargs: '*',
      help: 'Path(s) to fixtures to load before running the server.',
    });
    parser.addArgument('--noinput', '--no-input', {
      action: 'storeFalse',
      dest: 'interactive',
      help: 'Accepted for compatibility: a test database that is there already is made anew without a question.',
    });
    parser.addArgument('--addrport', {
      default: '',
      help: 'Port number or ipaddr:port to run the server on.',
    });
    parser.addArgument('-6', '--ipv6', {
      action: 'storeTrue',
      dest: 'useIpv6',
      help: 'Tells tsango to use an IPv6 address.',
    });
  }

  override async handle({ fixtures, verbosity, addrport, useIpv6 }: Options<Arguments>): Promise<void> {
    const { setupDatabases } = require('../../../test/databases') as typeof import('../../../test/databases');
    const { connections } = require('../../../db') as typeof import('../../../db');
    if (verbosity >= 1) this.stdout.write('Creating test databases...');
    await setupDatabases();
    const { NAME } = connections.get().settingsDict;
    const { stdout, stderr } = this;
    const streams = {
      stdout: { write: (text: string) => stdout.write(text, null, '') },
      stderr: { write: (text: string) => stderr.write(text, null, '') },
    };
    if (fixtures.length > 0) await callCommand('loaddata', ...fixtures, { verbosity, ...streams });
    await callCommand('runserver', ...(addrport === '' ? [] : [addrport]), {
      // One that starts anew would lose a database in memory.
      useReloader: false,
      useIpv6,
      shutdownMessage: `\nServer stopped.\nNote that the test database, '${NAME}', has not been deleted. You can explore it on your own.`,
      ...streams,
    });
  }
}
