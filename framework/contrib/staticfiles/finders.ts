/**
 * Where the static files of a site and of its apps are.
 *
 * Django: `django.contrib.staticfiles.finders`.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { apps } from '../../apps/registry';
import { settings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';
import { settingChanged } from '../../core/signals';
import { safeJoin } from '../../utils/_os';
import { importSetting, once } from '../../utils/module_loading';
import { matchesPatterns } from './utils';

const storage = once(() => require('../../core/files/storage') as typeof import('../../core/files/storage'));

/** A static file that a finder knows. */
export interface FoundFile {
  /** The name below STATIC_URL, with slashes. */
  name: string;
  /** The file. */
  path: string;
}

/** A folder with static files, and the prefix that their names have. */
interface Root {
  prefix: string;
  folder: string;
}

/** What a STATICFILES_FINDERS entry is. Subclass it to find files elsewhere. */
export abstract class BaseFinder {
  /** Every folder, in order: the first that has a file wins. */
  protected abstract roots(): Iterable<Root>;

  /** The file of a name; `undefined` if this finder has none. `searched` is told every folder that was looked in. */
  find(name: string, searched?: string[]): string | undefined {
    for (const file of this.findAll(name, searched)) return file;
    return undefined;
  }

  /** Every file of a name. */
  *findAll(name: string, searched?: string[]): Iterable<string> {
    for (const { prefix, folder } of this.roots()) {
      searched?.push(folder);
      if (prefix && !name.startsWith(`${prefix}/`)) continue;
      const file = safeJoin(folder, prefix ? name.slice(prefix.length + 1) : name);
      if (existsSync(file)) yield file;
    }
  }

  /** Every file that the finder knows, less those whose name matches a pattern. */
  *list(ignorePatterns: readonly string[] = []): Iterable<FoundFile> {
    for (const { prefix, folder } of this.roots()) {
      if (existsSync(folder)) yield* walk(folder, prefix, '', ignorePatterns);
    }
  }
}

function* walk(
  folder: string,
  prefix: string,
  below: string,
  ignored: readonly string[],
): Iterable<FoundFile> {
  for (const entry of readdirSync(path.join(folder, below), { withFileTypes: true })) {
    const relative = below ? `${below}/${entry.name}` : entry.name;
    if (matchesPatterns(entry.name, ignored) || matchesPatterns(relative, ignored)) continue;
    const file = path.join(folder, below, entry.name);
    if (entry.isDirectory()) yield* walk(folder, prefix, relative, ignored);
    else if (existsSync(file)) yield { name: prefix ? `${prefix}/${relative}` : relative, path: file };
  }
}

/** Finds the files of STATICFILES_DIRS. */
export class FileSystemFinder extends BaseFinder {
  protected override *roots(): Iterable<Root> {
    for (const entry of settings.STATICFILES_DIRS) {
      const [prefix, folder] = typeof entry === 'string' ? ['', entry] : entry;
      if (settings.STATIC_ROOT && path.resolve(folder) === path.resolve(settings.STATIC_ROOT)) {
        throw new ImproperlyConfigured(
          'The STATICFILES_DIRS setting should not contain the STATIC_ROOT setting.',
        );
      }
      if (prefix.endsWith('/')) {
        throw new ImproperlyConfigured(
          `The prefix '${prefix}' in the STATICFILES_DIRS setting must not end with a slash.`,
        );
      }
      yield { prefix, folder };
    }
  }
}

/** Finds the files in the `static` folder of each installed app. */
export class AppDirectoriesFinder extends BaseFinder {
  protected override *roots(): Iterable<Root> {
    for (const config of apps.getAppConfigs()) {
      const folder = path.join(config.path, 'static');
      if (existsSync(folder)) yield { prefix: '', folder };
    }
  }
}

/** Finds the files of the storage of uploads: what users put there is served as static files are. */
export class DefaultStorageFinder extends BaseFinder {
  /** @throws ImproperlyConfigured where that storage keeps its files in no folder. */
  protected override *roots(): Iterable<Root> {
    const { defaultStorage, FileSystemStorage } = storage();
    const kept = defaultStorage();
    if (!(kept instanceof FileSystemStorage) || !kept.hasLocation) {
      throw new ImproperlyConfigured(
        `The storage backend of the staticfiles finder ${this.constructor.name} doesn't have a valid location. ` +
          'Set MEDIA_ROOT, or leave the finder out of STATICFILES_FINDERS.',
      );
    }
    yield { prefix: '', folder: kept.location };
  }
}

let finders: readonly BaseFinder[] | undefined;

settingChanged.connect(({ setting }) => {
  if (setting === 'STATICFILES_FINDERS') finders = undefined;
});

/**
 * The finders of STATICFILES_FINDERS.
 *
 * @throws ImproperlyConfigured for an entry that is no finder.
 */
export function getFinders(): readonly BaseFinder[] {
  finders ??= settings.STATICFILES_FINDERS.map((entry) => {
    const Finder = importSetting(entry) as unknown as new () => BaseFinder;
    if (!(Finder.prototype instanceof BaseFinder)) {
      throw new ImproperlyConfigured(`Finder "${String(entry)}" is not a subclass of "BaseFinder"`);
    }
    return new Finder();
  });
  return finders;
}

/** The file of a static name: that of the first finder that has one. */
export function find(name: string, searched?: string[]): string | undefined {
  for (const finder of getFinders()) {
    const file = finder.find(name, searched);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** Every file of a static name, in the finders' order. */
export function findAll(name: string, searched?: string[]): string[] {
  return getFinders().flatMap((finder) => [...finder.findAll(name, searched)]);
}
