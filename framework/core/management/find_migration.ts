/** The migration that a command line names. */
import type { MigrationLoader } from '../../db/migrations/loader';
import type { Migration } from '../../db/migrations/migration';
import { KeyError } from '../exceptions';
import { CommandError } from './errors';

/**
 * The migration whose name starts so.
 *
 * @param hint what is said besides where there is none.
 * @throws CommandError if there is none, or several.
 */
export function findMigration(
  loader: MigrationLoader,
  appLabel: string,
  prefix: string,
  hint = '',
): Migration {
  const { AmbiguityError } =
    require('../../db/migrations/exceptions') as typeof import('../../db/migrations/exceptions');
  try {
    return loader.getMigrationByPrefix(appLabel, prefix);
  } catch (error) {
    if (error instanceof AmbiguityError) {
      throw new CommandError(
        `More than one migration matches '${prefix}' in app '${appLabel}'. Please be more specific.`,
      );
    }
    if (!(error instanceof KeyError)) throw error;
    throw new CommandError(`Cannot find a migration matching '${prefix}' from app '${appLabel}'.${hint}`);
  }
}
