/** Django: `django.contrib.staticfiles.checks`. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { settings } from '../../conf';
import { Error as CheckError, type CheckMessage, Warning } from '../../core/checks/messages';
import { register, Tags } from '../../core/checks/registry';

function checkDirs(): CheckMessage[] {
  return settings.STATICFILES_DIRS.flatMap((entry) => {
    const [prefix, folder] = typeof entry === 'string' ? ['', entry] : entry;
    const found: CheckMessage[] = [];
    if (prefix.endsWith('/')) {
      found.push(
        new CheckError(`The prefix '${prefix}' in the STATICFILES_DIRS setting must not end with a slash.`, {
          id: 'staticfiles.E003',
        }),
      );
    }
    if (settings.STATIC_ROOT && path.resolve(folder) === path.resolve(settings.STATIC_ROOT)) {
      found.push(
        new CheckError('The STATICFILES_DIRS setting should not contain the STATIC_ROOT setting.', {
          id: 'staticfiles.E002',
        }),
      );
    }
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      found.push(
        new Warning(`The directory '${folder}' in the STATICFILES_DIRS setting does not exist.`, {
          id: 'staticfiles.W004',
        }),
      );
    }
    return found;
  });
}

function checkStorage(): CheckMessage[] {
  if ('staticfiles' in settings.STORAGES) return [];
  return [
    new CheckError("The STORAGES setting must define a 'staticfiles' storage.", { id: 'staticfiles.E005' }),
  ];
}

register(() => [...checkDirs(), ...checkStorage()], Tags.staticfiles);
