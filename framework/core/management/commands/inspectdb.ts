import { BaseCommand, type Options } from '../base';
import type { CommandParser } from '../parser';

interface Arguments {
  table: string[];
  database: string;
  includePartitions: boolean;
  includeViews: boolean;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#inspectdb */
export class Command extends BaseCommand<Arguments> {
  override help = 'Introspects the database tables in the given database and outputs a tsango model module.';

  /** The models that are there may be those that are to be written anew. */
  override requiresSystemChecks = [];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('table', {
      nargs: '*',
      help: 'Selects what tables or views should be introspected.',
    });
    parser.addArgument('--database', {
      default: 'default',
      help: 'Nominates a database to introspect. Defaults to using the "default" database.',
    });
    parser.addArgument('--include-partitions', {
      action: 'storeTrue',
      help: 'Also output models for partition tables.',
    });
    parser.addArgument('--include-views', {
      action: 'storeTrue',
      help: 'Also output models for database views.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<string> {
    const { connections } = require('../../../db/connections') as typeof import('../../../db/connections');
    const { inspectModels } =
      require('../../../db/inspect/models') as typeof import('../../../db/inspect/models');
    const { writeModels } =
      require('../../../db/inspect/source') as typeof import('../../../db/inspect/source');
    const { table: tables, includePartitions, includeViews } = options;
    const connection = connections.get(options.database);
    const inspected = await inspectModels(connection, { tables, includePartitions, includeViews });
    return writeModels(inspected).trimEnd();
  }
}
