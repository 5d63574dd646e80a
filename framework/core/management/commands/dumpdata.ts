/** Django: `django.core.management.commands.dumpdata`. */
import { BaseCommand, type Options } from '../base';
import type { DumpOptions } from '../fixtures/dumping';
import type { CommandParser } from '../parser';

/** Writes the rows of models as a fixture: Django's text. */
export class Command extends BaseCommand<DumpOptions> {
  override help =
    "Output the contents of the database as a fixture of the given format (using each model's default manager unless " +
    '--all is specified).';

  override addArguments(parser: CommandParser): void {
    const { connections } = require('../../../db') as typeof import('../../../db');
    parser.addArgument('appLabels', {
      metavar: 'app_label[.ModelName]',
      nargs: '*',
      help: 'Restricts dumped data to the specified app_label or app_label.ModelName.',
    });
    parser.addArgument('--format', {
      default: 'json',
      help: 'Specifies the output serialization format for fixtures.',
    });
    parser.addArgument('--indent', {
      type: 'int',
      help: 'Specifies the indent level to use when pretty-printing output.',
    });
    parser.addArgument('--database', {
      default: 'default',
      choices: connections.aliases(),
      help: 'Nominates a specific database to dump fixtures from. Defaults to the "default" database.',
    });
    parser.addArgument('-e', '--exclude', {
      action: 'append',
      help:
        'An app_label or app_label.ModelName to exclude (use multiple --exclude to exclude multiple ' +
        'apps/models).',
    });
    parser.addArgument('--natural-foreign', {
      action: 'storeTrue',
      dest: 'useNaturalForeignKeys',
      help: 'Use natural foreign keys if they are available.',
    });
    parser.addArgument('--natural-primary', {
      action: 'storeTrue',
      dest: 'useNaturalPrimaryKeys',
      help: 'Use natural primary keys if they are available.',
    });
    parser.addArgument('-a', '--all', {
      action: 'storeTrue',
      dest: 'useBaseManager',
      help:
        'Use the base manager to dump all models stored in the database, including those that would otherwise be ' +
        'filtered or modified by a custom manager.',
    });
    parser.addArgument('--pks', {
      dest: 'primaryKeys',
      help:
        'Only dump objects with given primary keys. Accepts a comma-separated list of keys. This option only works ' +
        'when you specify one model.',
    });
    parser.addArgument('-o', '--output', { help: 'Specifies file to which the output is written.' });
  }

  override async handle(options: Options<DumpOptions>): Promise<void> {
    const { dumpData } = require('../fixtures/dumping') as typeof import('../fixtures/dumping');
    await dumpData(this, options);
  }
}
