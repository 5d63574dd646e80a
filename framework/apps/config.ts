/** Django: `django.apps.config`. */
import path from 'node:path';
import { ImproperlyConfigured } from '../core/exceptions';
import {
  canonicalName,
  importModule,
  importString,
  ModuleNotFoundError,
  moduleExists,
  packagePath,
} from '../utils/module_loading';

/**
 * An installed application. An app that needs more than its defaults exports a subclass from its `apps.ts`.
 *
 * https://docs.djangoproject.com/en/5.2/ref/applications/
 */
export class AppConfig {
  /** The dotted name: `tsango.contrib.sessions`. */
  readonly name: string;
  /** The short name, unique in the site: `sessions`. */
  label: string;
  /** The name that people read. */
  verboseName: string;
  /** The app's folder. */
  readonly path: string;
  /** The type of automatic primary keys of its models. */
  defaultAutoField: string | undefined;

  constructor(name: string, folder: string) {
    this.name = name;
    this.path = folder;
    this.label = name.slice(name.lastIndexOf('.') + 1);
    // Python: `label.title()`.
    this.verboseName = this.label.replace(
      /\p{L}+/gu,
      (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase(),
    );
  }

  /** Called once when every app is known; connect signals and register checks here. Stays synchronous. */
  ready(): void {}

  /** Whether the app has that module: `models`, `urls`, `templatetags`. */
  hasModule(name: string): boolean {
    return moduleExists(`${this.name}.${name}`);
  }

  /** Loads a module of the app. */
  importModule(name: string): Record<string, unknown> {
    return importModule(`${this.name}.${name}`);
  }

  /**
   * The app of an entry of INSTALLED_APPS: a dotted name of its folder, of its AppConfig, or the class itself.
   *
   * @throws ImproperlyConfigured if there is no such app.
   */
  static create(entry: string | AppConfigClass): AppConfig {
    if (typeof entry !== 'string') {
      if (!entry.appName) {
        throw new ImproperlyConfigured(`'${entry.name}' must supply a static appName, its dotted name.`);
      }
      return instantiate(entry, entry.appName);
    }
    const name = canonicalName(entry);
    const folder = packagePath(name);
    if (folder === undefined || path.basename(folder) !== lastSegment(name)) {
      // Not a folder: the dotted path of a class in some apps.ts, as Django also allows.
      if (/\.[A-Z]\w*$/.test(name)) {
        const cls = importString(name) as AppConfigClass;
        return instantiate(cls, cls.appName ?? name.replace(/\.apps\.\w+$/, ''));
      }
      throw new ImproperlyConfigured(
        `Cannot import '${entry}'. Check that INSTALLED_APPS names the folder of an app` +
          `${folder === undefined ? '. One that is written in Python cannot run here: leave it out' : `; found ${folder}`}.`,
      );
    }
    return instantiate(configClass(name), name);
  }
}

/** A subclass of AppConfig. `appName` is needed only where INSTALLED_APPS has the class itself. */
export interface AppConfigClass {
  new (name: string, folder: string): AppConfig;
  readonly name: string;
  readonly appName?: string;
  readonly default?: boolean;
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function instantiate(cls: AppConfigClass, name: string): AppConfig {
  const folder = packagePath(name);
  if (folder === undefined) {
    throw new ImproperlyConfigured(`Cannot import '${name}'. Check that '${cls.name}.appName' is correct.`);
  }
  return new cls(canonicalName(name), folder);
}

function configClass(name: string): AppConfigClass {
  let module: Record<string, unknown>;
  try {
    module = importModule(`${name}.apps`);
  } catch (error) {
    if (error instanceof ModuleNotFoundError && error.module === `${name}.apps`) return AppConfig;
    throw error;
  }
  const classes = Object.values(module).filter(
    (value): value is AppConfigClass =>
      typeof value === 'function' && value.prototype instanceof AppConfig && value !== AppConfig,
  );
  const chosen = classes.filter((cls) => cls.default === true);
  if (chosen.length > 1) {
    throw new ImproperlyConfigured(
      `'${name}.apps' declares more than one default AppConfig: ${chosen.map((cls) => cls.name).join(', ')}.`,
    );
  }
  return chosen[0] ?? (classes.length === 1 ? (classes[0] as AppConfigClass) : AppConfig);
}
