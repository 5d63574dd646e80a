import type { AppConfig } from '../../../apps/config';
import { apps } from '../../../apps/registry';
import * as checks from '../../checks';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

const { CRITICAL, ERROR, WARNING, INFO, DEBUG } = checks;
const LEVELS = { CRITICAL, ERROR, WARNING, INFO, DEBUG };

interface Arguments {
  appLabels: string[];
  tags: string[] | undefined;
  listTags: boolean;
  deploy: boolean;
  failLevel: keyof typeof LEVELS;
  databases: string[] | undefined;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#check */
export class Command extends BaseCommand<Arguments> {
  override help = 'Checks the entire tsango project for potential problems.';
  override requiresSystemChecks = [];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('appLabels', { metavar: 'app_label', nargs: '*' });
    parser.addArgument('--tag', '-t', {
      action: 'append',
      dest: 'tags',
      metavar: 'tag',
      help: 'Run only checks labeled with given tag.',
    });
    parser.addArgument('--list-tags', { action: 'storeTrue', help: 'List available tags.' });
    parser.addArgument('--deploy', { action: 'storeTrue', help: 'Check deployment settings.' });
    parser.addArgument('--fail-level', {
      default: 'ERROR',
      choices: Object.keys(LEVELS),
      help: 'Message level that will cause the command to exit with a non-zero status. Default is ERROR.',
    });
    parser.addArgument('--database', {
      action: 'append',
      dest: 'databases',
      metavar: 'alias',
      help: 'Run database related checks against these aliases.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { deploy, tags, databases } = options;
    if (options.listTags) {
      this.stdout.write([...checks.tagsAvailable(deploy)].sort().join('\n'));
      return;
    }
    const appConfigs = options.appLabels.length > 0 ? options.appLabels.map(appConfig) : undefined;
    const invalid = tags?.find((tag) => !checks.tagExists(tag, deploy));
    if (invalid !== undefined) {
      throw new CommandError(`There is no system check with the "${invalid}" tag.`);
    }
    await this.check({
      appConfigs,
      tags,
      displayNumErrors: true,
      includeDeploymentChecks: deploy,
      failLevel: LEVELS[options.failLevel],
      databases,
    });
  }
}

function appConfig(label: string): AppConfig {
  try {
    return apps.getAppConfig(label);
  } catch (error) {
    throw new CommandError((error as Error).message, { cause: error });
  }
}
