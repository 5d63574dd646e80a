import { apps } from '../../../apps/registry';
import { settings } from '../../../conf';
import { BaseCommand, type Options } from '../base';
import type { CommandParser } from '../parser';

interface Arguments {
  command: string | undefined;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#shell */
export class Command extends BaseCommand<Arguments> {
  override help =
    'Runs a JavaScript prompt with the site loaded: settings, apps and every model by its name.';
  override requiresSystemChecks = [];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('-c', '--command', {
      help: 'Instead of opening a prompt, run code and exit. await is allowed.',
    });
  }

  override async handle({ command }: Options<Arguments>): Promise<void> {
    const names = this.namespace();
    if (command !== undefined) {
      const AsyncFunction = (async () => undefined).constructor as new (
        ...parts: string[]
      ) => (...values: unknown[]) => Promise<unknown>;
      const run = new AsyncFunction('require', ...Object.keys(names), command);
      await run(require, ...Object.values(names));
      return;
    }
    const { start } = require('node:repl') as typeof import('node:repl');
    this.stdout.write(`tsango ${this.getVersion()}. Imported: ${Object.keys(names).join(', ')}`);
    const prompt = start({ prompt: '> ' });
    Object.assign(prompt.context, names);
    await new Promise((resolve) => prompt.once('exit', resolve));
  }

  /** What code in the shell finds without importing it. The first model of a name wins. */
  private namespace(): Record<string, unknown> {
    const names: Record<string, unknown> = { settings, apps };
    for (const config of apps.getAppConfigs()) {
      if (!config.hasModule('models')) continue;
      for (const [name, value] of Object.entries(config.importModule('models'))) {
        if (typeof value === 'function' && /^[A-Z]/.test(name)) names[name] ??= value;
      }
    }
    return names;
  }
}
