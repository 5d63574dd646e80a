import type { AppConfig } from '../../../apps';
import type { Options } from '../base';
import type { CommandParser } from '../parser';
import { AppCommand } from '../variants';

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#sqlsequencereset */
export class Command extends AppCommand {
  override help = 'Prints the SQL statements for resetting sequences for the given app name(s).';
  override outputTransaction = true;

  override addArguments(parser: CommandParser): void {
    super.addArguments(parser);
    parser.addArgument('--database', {
      default: 'default',
      help: 'Nominates a database to print the SQL for. Defaults to the "default" database.',
    });
  }

  handleAppConfig(appConfig: AppConfig, options: Options<{ appLabels: string[] }>): string {
    const { connections } = require('../../../db/connections') as typeof import('../../../db/connections');
    const { installedModels } =
      require('../../../db/models/registry') as typeof import('../../../db/models/registry');
    const { withOwnTables } = require('../flush') as typeof import('../flush');
    const { database } = options as unknown as { database: string };
    const models = installedModels.getModels(appConfig).flatMap((cls) => withOwnTables(cls._meta));
    const statements = connections.get(database).ops.sequenceResetSql(models);
    if (statements.length === 0 && options.verbosity >= 1) this.stderr.write('No sequences found.');
    return statements.join('\n');
  }
}
