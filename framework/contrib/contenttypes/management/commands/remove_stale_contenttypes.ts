import { createInterface } from 'node:readline/promises';
import { apps } from '../../../../apps/registry';
import { BaseCommand, type Options } from '../../../../core/management/base';
import type { CommandParser } from '../../../../core/management/parser';
import { connections } from '../../../../db/connections';
import { Collector } from '../../../../db/models/deletion';
import { ContentType } from '../../models';

interface Arguments {
  interactive: boolean;
  database: string;
  includeStaleApps: boolean;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#remove-stale-contenttypes */
export class Command extends BaseCommand<Arguments> {
  override help = 'Deletes stale content types in the database.';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('--noinput', '--no-input', {
      action: 'storeFalse',
      dest: 'interactive',
      help: 'Tells tsango to NOT prompt the user for input of any kind.',
    });
    parser.addArgument('--database', {
      default: 'default',
      help: 'Nominates the database to use. Defaults to the "default" database.',
    });
    parser.addArgument('--include-stale-apps', {
      action: 'storeTrue',
      help:
        'Deletes stale content types including ones from previously installed apps that have been removed from ' +
        'INSTALLED_APPS.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { database, interactive, includeStaleApps, verbosity } = options;
    ContentType.objects.clearCache();
    const installed = new Set(apps.getAppConfigs().map(({ label }) => label));
    const byApp = new Map<string, ContentType[]>();
    for (const type of await ContentType.objects.using(database).orderBy('appLabel', 'model')) {
      if (type.modelClass() !== null || !(includeStaleApps || installed.has(type.appLabel))) continue;
      byApp.set(type.appLabel, [...(byApp.get(type.appLabel) ?? []), type]);
    }
    for (const stale of byApp.values()) {
      if (interactive && !(await this.confirm(stale, database))) {
        if (verbosity >= 2) this.stdout.write('Stale content types remain.');
        continue;
      }
      for (const type of stale) {
        if (verbosity >= 2) {
          this.stdout.write(`Deleting stale content type '${type.appLabel} | ${type.model}'`);
        }
        await type.delete({ using: database });
      }
    }
  }

  /** Asks, with everything that would go. */
  private async confirm(stale: readonly ContentType[], database: string): Promise<boolean> {
    const lines: string[] = [];
    for (const type of stale) {
      lines.push(`    - Content type for ${type.appLabel}.${type.model}`);
      const collector = new Collector(connections.get(database), type, true);
      await collector.collect([type]);
      for (const [model, rows] of collector.data) {
        if (model !== ContentType._meta) lines.push(`    - ${rows.values().length} ${model.label} object(s)`);
      }
    }
    this.stdout.write(
      'Some content types in your database are stale and can be deleted.\n' +
        'Any objects that depend on these content types will also be deleted.\n' +
        'The content types and dependent objects that would be deleted are:\n\n' +
        `${lines.join('\n')}\n\n` +
        "This list doesn't include any cascade deletions to data outside of the site's\n" +
        'models (uncommon).\n\n' +
        'Are you sure you want to delete these content types?\n' +
        "If you're unsure, answer 'no'.",
    );
    return (await this.ask("Type 'yes' to continue, or 'no' to cancel: ")) === 'yes';
  }

  /** What somebody answers. */
  protected async ask(question: string): Promise<string> {
    const reader = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await reader.question(question);
    } finally {
      reader.close();
    }
  }
}
