/** Packages that only some sites need: loaded when they are first used. */
import { ImproperlyConfigured } from '../core/exceptions';

/**
 * Loads an optional package.
 *
 * @param neededBy what needs it, as the site's developer wrote it: a setting's value, an option.
 * @throws ImproperlyConfigured naming the command that installs it.
 */
export function optionalRequire<T>(name: string, neededBy: string): T {
  try {
    return require(name) as T;
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND' ||
      !String(error).includes(`'${name}'`)
    ) {
      throw error;
    }
    throw new ImproperlyConfigured(
      `${neededBy} needs the package ${name}, which is not installed. Run: npm install ${name}`,
      {
        cause: error,
      },
    );
  }
}
