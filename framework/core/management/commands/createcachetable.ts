/** Django: `django.core.management.commands.createcachetable`. */
import type { DatabaseWrapper } from '../../../db';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

interface Arguments {
  tableName: string[];
  database: string;
  dryRun: boolean;
}

/** Creates the tables of the database caches, unless they exist: Django's tables, and Django's messages. */
export class Command extends BaseCommand<Arguments> {
  override help = 'Creates the tables needed to use the SQL cache backend.';
  override requiresSystemChecks: readonly string[] = [];

  override addArguments(parser: CommandParser): void {
    parser.addArgument('tableName', {
      nargs: '*',
      help: 'Optional table names. Otherwise, settings.CACHES is used to find cache tables.',
    });
    parser.addArgument('--database', {
      default: 'default',
      help: 'Nominates a database onto which the cache tables will be installed. Defaults to the "default" database.',
    });
    parser.addArgument('--dry-run', {
      action: 'storeTrue',
      help: 'Does not create the table, just prints the SQL that would be run.',
    });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    const tables = options.tableName.length > 0 ? options.tableName : this.tablesOfSettings(options.database);
    for (const table of tables) await this.createTable(table, options);
  }

  /** The tables of the caches in CACHES that are in that database. */
  private tablesOfSettings(database: string): string[] {
    const { caches } = require('../../cache/handler') as typeof import('../../cache/handler');
    const { DatabaseCache } = require('../../cache/backends/db') as typeof import('../../cache/backends/db');
    return caches
      .all()
      .filter((cache) => cache instanceof DatabaseCache)
      .filter((cache) => cache.database === database)
      .map((cache) => cache.table);
  }

  private async createTable(
    table: string,
    { database, dryRun, verbosity }: Options<Arguments>,
  ): Promise<void> {
    const { connections, DatabaseError } = require('../../../db') as typeof import('../../../db');
    const { router } = require('../../../db/router') as typeof import('../../../db/router');
    // Django's names for what a router is asked about.
    if (!router.allowMigrate(database, 'django_cache', { modelName: 'cacheentry' })) return;
    const connection = connections.get(database);
    if ((await connection.introspection.tableNames()).includes(table)) {
      if (verbosity > 0) this.stdout.write(`Cache table '${table}' already exists.`);
      return;
    }
    const [create, index] = statements(connection, table);
    if (dryRun) {
      this.stdout.write(create);
      this.stdout.write(index);
      return;
    }
    await connection.atomic(async () => {
      try {
        await connection.execute(create);
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        throw new CommandError(
          `Cache table '${table}' could not be created.\nThe error was: ${error.message}.`,
        );
      }
      await connection.execute(index);
    });
    if (verbosity > 1) this.stdout.write(`Cache table '${table}' created.`);
  }
}

/** The table's and the index' statement. "key" is a reserved word in MySQL, hence `cache_key`. */
function statements(connection: DatabaseWrapper, table: string): [create: string, index: string] {
  const quote = (name: string): string => connection.ops.quoteName(name);
  const type = (field: string): string =>
    (connection.dataTypes[field] ?? '').replace('%(max_length)s', '255');
  const create = [
    `CREATE TABLE ${quote(table)} (`,
    `    ${quote('cache_key')} ${type('CharField')} NOT NULL PRIMARY KEY,`,
    `    ${quote('value')} ${type('TextField')} NOT NULL,`,
    `    ${quote('expires')} ${type('DateTimeField')} NOT NULL`,
    ');',
  ].join('\n');
  return [create, `CREATE INDEX ${quote(`${table}_expires`)} ON ${quote(table)} (${quote('expires')});`];
}
