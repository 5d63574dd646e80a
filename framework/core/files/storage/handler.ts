/** Django: `django.core.files.storage.handler`. */
import { settings } from '../../../conf';
import { importSetting } from '../../../utils/module_loading';
import { ImproperlyConfigured } from '../../exceptions';
import { settingChanged } from '../../signals';
import type { Storage } from './base';

/** STORAGES has no such alias. */
export class InvalidStorageError extends ImproperlyConfigured {}

const opened = new Map<string, Storage>();

settingChanged.connect(({ setting }) => {
  if (/^(STORAGES|STATIC_|MEDIA_|FILE_UPLOAD_)/.test(setting)) opened.clear();
});

/** The storages of STORAGES, each made when it is first asked for. */
export const storages = {
  /** @throws InvalidStorageError if STORAGES has no such alias. */
  get(alias: string): Storage {
    let storage = opened.get(alias);
    if (!storage) {
      const entry = settings.STORAGES[alias];
      if (!entry) {
        throw new InvalidStorageError(`Could not find config for '${alias}' in settings.STORAGES.`);
      }
      const Backend = importSetting(entry.BACKEND) as unknown as new (options: object) => Storage;
      storage = new Backend(entry.OPTIONS ?? {});
      opened.set(alias, storage);
    }
    return storage;
  },
};

/** The storage of uploaded files. */
export function defaultStorage(): Storage {
  return storages.get('default');
}
