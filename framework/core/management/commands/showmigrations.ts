import type { DatabaseWrapper } from '../../../db/backends/base/base';
import type { MigrationLoader } from '../../../db/migrations/loader';
import { refuseUnknownLabels } from '../app_labels';
import { BaseCommand, type Options } from '../base';
import type { CommandParser } from '../parser';

interface Arguments {
  appLabel: string[];
  database: string;
  format: 'list' | 'plan' | undefined;
}

/** https://docs.djangoproject.com/en/5.2/ref/django-admin/#showmigrations */
export class Command extends BaseCommand<Arguments> {
  override help = 'Shows all available migrations for the current project';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('appLabel', {
      metavar: 'app_label',
      nargs: '*',
      help: 'App labels of applications to limit the output to.',
    });
    parser.addArgument('--database', {
      default: 'default',
      help: 'Nominates a database to show migrations for. Defaults to the "default" database.',
    });
    parser.addArgument('--list', '-l', {
      action: 'storeConst',
      dest: 'format',
      const: 'list',
      help:
        'Shows a list of all migrations and which are applied. With a verbosity level of 2 or above, the applied ' +
        'datetimes will be included.',
    });
    parser.addArgument('--plan', '-p', {
      action: 'storeConst',
      dest: 'format',
      const: 'plan',
      help:
        'Shows all migrations in the order they will be applied. With a verbosity level of 2 or above all direct ' +
        'migration dependencies and reverse dependencies (runBefore) will be included.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { connections } = require('../../../db/connections') as typeof import('../../../db/connections');
    const connection = connections.get(options.database);
    if (options.format === 'plan') await this.showPlan(connection, options);
    else await this.showList(connection, options);
  }

  private async load(connection: DatabaseWrapper, ignoreNoMigrations: boolean): Promise<MigrationLoader> {
    const { MigrationLoader: Loader } =
      require('../../../db/migrations/loader') as typeof import('../../../db/migrations/loader');
    return Loader.load(connection, { ignoreNoMigrations });
  }

  private async showList(connection: DatabaseWrapper, options: Options<Arguments>): Promise<void> {
    const { graph, appliedMigrations, migratedApps } = await this.load(connection, true);
    refuseUnknownLabels(options.appLabel, this.stderr);
    const labels = options.appLabel.length > 0 ? options.appLabel : [...migratedApps].sort();
    const { formatIsoDatetime } =
      require('../../../db/backends/datetimes') as typeof import('../../../db/backends/datetimes');
    for (const label of labels) {
      this.stdout.write(label, this.style.MIGRATE_LABEL);
      const keys = new Set(
        graph
          .leafNodes(label)
          .flatMap((leaf) => graph.forwardsPlan(leaf))
          .filter((key) => graph.nodes.get(key)?.appLabel === label),
      );
      for (const key of keys) {
        const migration = graph.nodes.get(key);
        if (migration === undefined) continue;
        const { length } = migration.replaces;
        const title = migration.name + (length > 0 ? ` (${length} squashed migrations)` : '');
        const applied = appliedMigrations.get(key);
        const when =
          applied && options.verbosity >= 2
            ? ` (applied at ${formatIsoDatetime(applied.applied).slice(0, 19)})`
            : '';
        this.stdout.write(` [${applied ? 'X' : ' '}] ${title}${when}`);
      }
      if (keys.size === 0) this.stdout.write(' (no migrations)', this.style.ERROR);
    }
  }

  private async showPlan(connection: DatabaseWrapper, options: Options<Arguments>): Promise<void> {
    const { graph, appliedMigrations } = await this.load(connection, false);
    refuseUnknownLabels(options.appLabel, this.stderr);
    const leaves =
      options.appLabel.length > 0
        ? options.appLabel.flatMap((label) => graph.leafNodes(label)).sort()
        : graph.leafNodes();
    const plan = new Set(leaves.flatMap((leaf) => graph.forwardsPlan(leaf)));
    for (const key of plan) {
      const parents = [...(graph.nodeMap.get(key)?.parents ?? [])].map((node) => node.key).sort();
      const dependencies = options.verbosity >= 2 && parents.length > 0 ? ` ... (${parents.join(', ')})` : '';
      this.stdout.write(`[${appliedMigrations.has(key) ? 'X' : ' '}]  ${key}${dependencies}`);
    }
    if (plan.size === 0) this.stdout.write('(no migrations)', this.style.ERROR);
  }
}
