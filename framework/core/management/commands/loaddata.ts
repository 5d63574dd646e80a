/** Django: `django.core.management.commands.loaddata`. */
import { BaseCommand, type Options } from '../base';
import type { LoadOptions } from '../fixtures/loading';
import type { CommandParser } from '../parser';

type Arguments = LoadOptions;

/** Installs fixtures: Django's files, messages and rules. */
export class Command extends BaseCommand<Arguments> {
  override help = 'Installs the named fixture(s) in the database.';
  override missingArgsMessage: string | undefined =
    'No database fixture specified. Please provide the path of at least one fixture in the command line.';
  override stealthOptions = ['stdin'];

  override addArguments(parser: CommandParser): void {
    const { connections } = require('../../../db') as typeof import('../../../db');
    parser.addArgument('fixtures', { metavar: 'fixture', nargs: '+', help: 'Fixture labels.' });
    parser.addArgument('--database', {
      default: 'default',
      choices: connections.aliases(),
      help: 'Nominates a specific database to load fixtures into. Defaults to the "default" database.',
    });
    parser.addArgument('--app', { dest: 'appLabel', help: 'Only look for fixtures in the specified app.' });
    parser.addArgument('-i', '--ignorenonexistent', {
      action: 'storeTrue',
      dest: 'ignore',
      help: 'Ignores entries in the serialized data for fields that do not currently exist on the model.',
    });
    parser.addArgument('-e', '--exclude', {
      action: 'append',
      help: 'An app_label or app_label.ModelName to exclude. Can be used multiple times.',
    });
    parser.addArgument('--format', { help: 'Format of serialized data when reading from stdin.' });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const { connections } = require('../../../db') as typeof import('../../../db');
    const { FixtureLoading } = require('../fixtures/loading') as typeof import('../fixtures/loading');
    const connection = connections.get(options.database);
    const isOutermost = !connection.inAtomicBlock;
    await connection.atomic(() => new FixtureLoading(this, options).run(), {
      disableConstraints: isOutermost,
    });
  }
}
