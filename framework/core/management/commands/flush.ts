import { apps } from '../../../apps/registry';
import type { DatabaseWrapper } from '../../../db/backends/base/base';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

interface Arguments {
  interactive: boolean;
  database: string;
  /** Given by `callCommand` alone: apps do not make their rows again. Django: `inhibit_post_migrate`. */
  inhibitPostMigrate?: boolean;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#flush */
export class Command extends BaseCommand<Arguments> {
  override help =
    'Removes ALL DATA from the database, including data added during migrations. Does not achieve a "fresh install" state.';

  override readonly stealthOptions: readonly string[] = ['inhibitPostMigrate'];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('--noinput', '--no-input', {
      action: 'storeFalse',
      dest: 'interactive',
      help: 'Tells tsango to NOT prompt the user for input of any kind.',
    });
    parser.addArgument('--database', {
      default: 'default',
      help: 'Nominates a database to flush. Defaults to the "default" database.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { connections } = require('../../../db/connections') as typeof import('../../../db/connections');
    const { executeFlush, sqlFlush } = require('../flush') as typeof import('../flush');
    const connection = connections.get(options.database);
    const statements = await sqlFlush(connection);
    if (options.interactive && !(await this.confirmed(connection))) {
      this.stdout.write('Flush cancelled.');
      return;
    }
    try {
      await executeFlush(connection, statements);
    } catch (error) {
      throw new CommandError(
        `Database ${connection.settingsDict.NAME} couldn't be flushed. Possible reasons:\n` +
          "  * The database isn't running or isn't configured correctly.\n" +
          "  * At least one of the expected database tables doesn't exist.\n" +
          '  * The SQL was invalid.\n' +
          "Hint: Look at the output of 'ts-node manage.ts sqlflush'. That's the SQL this command wasn't able to run.",
        { cause: error },
      );
    }
    if (statements.length > 0 && options.inhibitPostMigrate !== true) await this.announce(options);
  }

  private async confirmed({ settingsDict }: DatabaseWrapper): Promise<boolean> {
    const { Prompt } = require('../../../utils/prompts') as typeof import('../../../utils/prompts');
    const prompt = new Prompt();
    try {
      const answer = await prompt.ask(
        `You have requested a flush of the database.\nThis will IRREVERSIBLY DESTROY all data currently in the ` +
          `"${settingsDict.NAME}" database,\nand return each table to an empty state.\nAre you sure you want to do this?\n\n` +
          "    Type 'yes' to continue, or 'no' to cancel: ",
      );
      return answer === 'yes';
    } catch (error) {
      throw new CommandError((error as Error).message, { cause: error });
    } finally {
      prompt.close();
    }
  }

  /** Apps do again what they do after migrations: content types are such rows. */
  private async announce({ verbosity, interactive, database: using }: Options<Arguments>): Promise<void> {
    const { postMigrate } =
      require('../../../db/models/signals') as typeof import('../../../db/models/signals');
    if (!postMigrate.hasReceivers) return;
    for (const config of apps.getAppConfigs()) {
      await postMigrate.send(config, { verbosity, interactive, using, plan: [] });
    }
  }
}
