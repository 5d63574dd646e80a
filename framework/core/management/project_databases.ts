/** The databases that `startproject --database` knows: what the settings say, and what has to be installed. */
import { CommandError } from './errors';

/** What of a project's package.json depends on its database. */
export interface DatabasePackages {
  dependencies?: Record<string, string>;
  allowScripts?: Record<string, boolean>;
}

/** A database of a new project. */
export interface ProjectDatabase {
  /** The entry of DATABASES, a line each. */
  settings: readonly string[];
  packages: DatabasePackages;
}

/** A server: where it is, is said by the environment of the site. */
function server(engine: string, port: string, user: string, packages: DatabasePackages): ProjectDatabase {
  return {
    settings: [
      `ENGINE: '${engine}',`,
      "NAME: process.env['DB_NAME'] ?? '{{ project_name }}',",
      `USER: process.env['DB_USER'] ?? '${user}',`,
      "PASSWORD: process.env['DB_PASSWORD'] ?? '',",
      "HOST: process.env['DB_HOST'] ?? '127.0.0.1',",
      `PORT: process.env['DB_PORT'] ?? '${port}',`,
    ],
    packages,
  };
}

function sqlite(engine: string, packages: DatabasePackages): ProjectDatabase {
  return { settings: [`ENGINE: '${engine}',`, "NAME: path.join(BASE_DIR, 'db.sqlite3'),"], packages };
}

/** The names that the option takes. */
export const PROJECT_DATABASES = ['sqlite3', 'postgresql', 'mysql'];

/**
 * A database by its name.
 *
 * @param compiled whether SQLite is a package, because Node has none of its own.
 * @throws CommandError for a name that is none of PROJECT_DATABASES.
 */
export function projectDatabase(name: string, compiled: boolean): ProjectDatabase {
  switch (name) {
    case 'postgresql':
      return server('postgresql', '5432', 'postgres', { dependencies: { pg: '^8.23.1' } });
    case 'mysql':
      return server('mysql', '3306', 'root', { dependencies: { mysql2: '^3.24.6' } });
    case 'sqlite3':
      return compiled
        ? sqlite('better-sqlite3', {
            dependencies: { 'better-sqlite3': '^12.11.1' },
            allowScripts: { 'better-sqlite3': true },
          })
        : sqlite('node:sqlite', {});
    default:
      throw new CommandError(
        `'${name}' is no database that a project starts with: ${PROJECT_DATABASES.join(', ')}`,
      );
  }
}
