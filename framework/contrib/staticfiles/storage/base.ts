/** Django: `StaticFilesStorage` of `django.contrib.staticfiles.storage`. */
import { settings } from '../../../conf';
import { ImproperlyConfigured } from '../../../core/exceptions';
import { FileSystemStorage, type FileSystemStorageOptions } from '../../../core/files/storage/filesystem';
import { storages } from '../../../core/files/storage/handler';
import { checkSettings } from '../utils';

/** Where collectstatic puts files: the folder STATIC_ROOT, served at STATIC_URL. */
export class StaticFilesStorage extends FileSystemStorage {
  constructor(options: FileSystemStorageOptions = {}) {
    super(options);
    checkSettings(this.baseUrl);
  }

  /** @throws ImproperlyConfigured without STATIC_ROOT. */
  override get location(): string {
    const location = this.options.location ?? settings.STATIC_ROOT;
    if (!location) {
      throw new ImproperlyConfigured(
        "You're using the staticfiles app without having set the STATIC_ROOT setting to a filesystem path.",
      );
    }
    return location;
  }

  override get baseUrl(): string | null {
    const url = this.options.baseUrl === undefined ? settings.STATIC_URL : this.options.baseUrl;
    return url && !url.endsWith('/') ? `${url}/` : url;
  }

  /** Names stay as they are: a static file's name is chosen by a developer, and replaced when it changes. */
  override getValidName(name: string): string {
    return name;
  }
}

/** The storage that `{% static %}` and collectstatic use. */
export function staticfilesStorage(): StaticFilesStorage {
  return storages.get('staticfiles') as StaticFilesStorage;
}

/** What a storage did with one file after it was collected. */
export interface PostProcessed {
  name: string;
  /** The name it was stored under; `null` where it failed. */
  hashedName: string | null;
  /** Whether something was written, or what went wrong. */
  processed: boolean | Error;
}
