/** Commands that take app labels, or any labels. Django: `AppCommand` and `LabelCommand`. */

import type { AppConfig } from '../../apps/config';
import { apps, type LookupError } from '../../apps/registry';
import { BaseCommand, type Options, type Printable } from './base';
import { CommandError } from './errors';
import type { CommandParser } from './parser';

/** A command that does its work once for each app that it is given. */
export abstract class AppCommand extends BaseCommand<{ appLabels: string[] }> {
  override missingArgsMessage: string | undefined = 'Enter at least one application label.';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('appLabels', {
      metavar: 'app_label',
      nargs: '+',
      help: 'One or more application label.',
    });
  }

  /** Does the work for one app. What it returns is printed. */
  abstract handleAppConfig(appConfig: AppConfig, options: Options<{ appLabels: string[] }>): Printable;

  override async handle(options: Options<{ appLabels: string[] }>): Promise<string> {
    let configs: AppConfig[];
    try {
      configs = options.appLabels.map((label) => apps.getAppConfig(label));
    } catch (error) {
      throw new CommandError(
        `${(error as LookupError).message}. Are you sure your INSTALLED_APPS setting is correct?`,
        { cause: error },
      );
    }
    const output: string[] = [];
    for (const config of configs) {
      const text = await this.handleAppConfig(config, options);
      if (text) output.push(text);
    }
    return output.join('\n');
  }
}

/** A command that does its work once for each label that it is given. */
export abstract class LabelCommand extends BaseCommand<{ labels: string[] }> {
  /** What a label is called in the help. */
  label = 'label';
  override missingArgsMessage: string | undefined = 'Enter at least one label.';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('labels', { metavar: this.label, nargs: '+' });
  }

  /** Does the work for one label. What it returns is printed. */
  abstract handleLabel(label: string, options: Options<{ labels: string[] }>): Printable;

  override async handle(options: Options<{ labels: string[] }>): Promise<string> {
    const output: string[] = [];
    for (const label of options.labels) {
      const text = await this.handleLabel(label, options);
      if (text) output.push(text);
    }
    return output.join('\n');
  }
}
