import { BaseCommand, type Options } from '../base';
import type { CommandParser } from '../parser';

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#sqlflush */
export class Command extends BaseCommand<{ database: string }> {
  override help =
    'Returns a list of the SQL statements required to return all tables in the database to the state they were in ' +
    'just after they were installed.';
  override outputTransaction = true;

  override addArguments(parser: CommandParser): void {
    parser.addArgument('--database', {
      default: 'default',
      help: 'Nominates a database to print the SQL for. Defaults to the "default" database.',
    });
  }

  override async handle({ database, verbosity }: Options<{ database: string }>): Promise<string> {
    const { connections } = require('../../../db/connections') as typeof import('../../../db/connections');
    const { sqlFlush } = require('../flush') as typeof import('../flush');
    const statements = await sqlFlush(connections.get(database));
    if (statements.length === 0 && verbosity >= 1) this.stderr.write('No tables found.');
    return statements.join('\n');
  }
}
