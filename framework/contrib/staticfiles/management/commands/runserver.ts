import { settings } from '../../../../conf';
import type { Options } from '../../../../core/management/base';
import { Command as RunserverCommand } from '../../../../core/management/commands/runserver';
import type { CommandParser } from '../../../../core/management/parser';
import type { Listener } from '../../../../core/servers/basehttp';

interface Arguments {
  useStaticHandler: boolean;
  insecureServing: boolean;
}

/** Serves static files too. Django: https://docs.djangoproject.com/en/5.2/ref/contrib/staticfiles/#runserver */
export class Command extends RunserverCommand {
  override help = 'Starts a lightweight web server for development and also serves static files.';

  override addArguments(parser: CommandParser): void {
    super.addArguments(parser);
    parser.addArgument('--nostatic', {
      action: 'storeFalse',
      dest: 'useStaticHandler',
      help: 'Tells tsango to NOT automatically serve static files at STATIC_URL.',
    });
    parser.addArgument('--insecure', {
      action: 'storeTrue',
      dest: 'insecureServing',
      help: 'Allows serving static files even if DEBUG is False.',
    });
  }

  override getHandler(options: Parameters<RunserverCommand['getHandler']>[0]): Listener {
    const { useStaticHandler, insecureServing } = options as typeof options & Options<Arguments>;
    if (!useStaticHandler || !(settings.DEBUG || insecureServing)) return super.getHandler(options);
    const { createServerListener } =
      require('../../../../core/handlers/node') as typeof import('../../../../core/handlers/node');
    const { StaticFilesHandler } = require('../../handlers') as typeof import('../../handlers');
    return createServerListener(new StaticFilesHandler(insecureServing));
  }
}
