/** The template engine: its options, libraries and loaders. Django: `django.template.engine`. */
import { ImproperlyConfigured } from '../core/exceptions';
import type { MaybePromise } from '../utils/maybe_promise';
import { importModule, importSetting, ModuleNotFoundError } from '../utils/module_loading';
import { Context, type ContextProcessor, type ContextValues, makeContext } from './context';
import { InvalidTemplateLibrary, TemplateDoesNotExist } from './exceptions';
import { firstTemplate } from './first_template';
import { Library } from './library';
import type { Loader } from './loaders/base';
import type { Origin } from './origin';
import { Template } from './template';

/** A loader as OPTIONS names it: a dotted string or class, or a list of it and its arguments. */
export type LoaderOption = string | (new (engine: Engine, ...args: never[]) => Loader) | readonly unknown[];

/** Django's arguments of an `Engine`; TEMPLATES' OPTIONS are these. */
export interface EngineOptions {
  dirs?: readonly string[];
  app_dirs?: boolean;
  context_processors?: readonly (string | ContextProcessor)[];
  debug?: boolean;
  loaders?: readonly LoaderOption[];
  string_if_invalid?: string;
  file_charset?: string;
  /** Library name to dotted module, or a `Library` itself. */
  libraries?: Readonly<Record<string, string | Library>>;
  builtins?: readonly (string | Library)[];
  autoescape?: boolean;
}

const DEFAULT_BUILTINS = [
  'tsango.template.defaulttags',
  'tsango.template.defaultfilters',
  'tsango.template.loader_tags',
];

/** The library that a module exports as `register`. @throws InvalidTemplateLibrary. */
export function importLibrary(name: string): Library {
  let module: Record<string, unknown>;
  try {
    module = importModule(name);
  } catch (error) {
    if (!(error instanceof ModuleNotFoundError)) throw error;
    throw new InvalidTemplateLibrary(
      `Invalid template library specified. ImportError raised when trying to load '${name}': ${error.message}`,
      { cause: error },
    );
  }
  const register = module['register'];
  if (!(register instanceof Library)) {
    throw new InvalidTemplateLibrary(
      `Module  ${name} does not have a variable named 'register'. Export \`register = new Library()\` from it.`,
    );
  }
  return register;
}

/** The libraries of an engine; each module is loaded when a template first asks for it. */
class LazyLibraries {
  private readonly loaded = new Map<string, Library>();

  constructor(private readonly modules: Readonly<Record<string, string | Library>>) {}

  get(name: string): Library | undefined {
    let library = this.loaded.get(name);
    if (library === undefined && Object.hasOwn(this.modules, name)) {
      const given = this.modules[name] as string | Library;
      library = typeof given === 'string' ? importLibrary(given) : given;
      this.loaded.set(name, library);
    }
    return library;
  }

  keys(): Iterable<string> {
    return new Map(Object.entries(this.modules)).keys();
  }
}

/** Loads and renders templates. */
export class Engine {
  readonly dirs: readonly string[];
  readonly appDirs: boolean;
  readonly autoescape: boolean;
  readonly debug: boolean;
  readonly stringIfInvalid: string;
  readonly fileCharset: string;
  readonly contextProcessors: readonly (string | ContextProcessor)[];
  readonly templateLibraries: LazyLibraries;
  /** @internal Asked for a template that no loader has: the other engines of TEMPLATES. */
  elsewhere: ((name: string) => Template | null) | null = null;
  /** @internal Whether there are such engines. */
  isAlone: () => boolean = () => this.elsewhere === null;
  private readonly builtins: readonly (string | Library)[];
  private readonly loaderOptions: readonly LoaderOption[];
  private loaders: readonly Loader[] | null = null;
  private processors: readonly ContextProcessor[] | null = null;
  private libraries: readonly Library[] | null = null;

  /** @throws ImproperlyConfigured if both `app_dirs` and `loaders` are given. */
  constructor(options: EngineOptions = {}) {
    const appDirs = options.app_dirs ?? false;
    if (options.loaders !== undefined && appDirs) {
      throw new ImproperlyConfigured('app_dirs must not be set when loaders is defined.');
    }
    this.dirs = options.dirs ?? [];
    this.appDirs = appDirs;
    this.autoescape = options.autoescape ?? true;
    this.debug = options.debug ?? false;
    this.stringIfInvalid = options.string_if_invalid ?? '';
    this.fileCharset = options.file_charset ?? 'utf-8';
    this.contextProcessors = options.context_processors ?? [];
    this.templateLibraries = new LazyLibraries(options.libraries ?? {});
    this.builtins = [...DEFAULT_BUILTINS, ...(options.builtins ?? [])];
    this.loaderOptions = options.loaders ?? defaultLoaders(appDirs, this.debug);
  }

  /** The first Django engine of TEMPLATES. @throws ImproperlyConfigured if there is none. */
  static getDefault(): Engine {
    const { engines } = require('./utils') as typeof import('./utils');
    const { DjangoTemplates } = require('./backends/django') as typeof import('./backends/django');
    for (const backend of engines.all()) if (backend instanceof DjangoTemplates) return backend.engine;
    throw new ImproperlyConfigured('No DjangoTemplates backend is configured.');
  }

  get templateBuiltins(): readonly Library[] {
    this.libraries ??= this.builtins.map((entry) =>
      typeof entry === 'string' ? importLibrary(entry) : entry,
    );
    return this.libraries;
  }

  get templateContextProcessors(): readonly ContextProcessor[] {
    this.processors ??= ['tsango.template.context_processors.csrf', ...this.contextProcessors].map((entry) =>
      importSetting<ContextProcessor>(entry as string | ContextProcessor),
    );
    return this.processors;
  }

  get templateLoaders(): readonly Loader[] {
    this.loaders ??= this.getTemplateLoaders(this.loaderOptions);
    return this.loaders;
  }

  /** @internal Makes loaders of what OPTIONS has. */
  getTemplateLoaders(options: readonly LoaderOption[]): Loader[] {
    return options.map((option) => {
      const [entry, ...args] = (Array.isArray(option) ? option : [option]) as [string, ...unknown[]];
      const LoaderClass = importSetting<unknown>(entry);
      if (typeof LoaderClass !== 'function') {
        throw new ImproperlyConfigured(`Invalid value in template loaders configuration: ${String(entry)}`);
      }
      return new (LoaderClass as new (engine: Engine, ...rest: unknown[]) => Loader)(this, ...args);
    });
  }

  /** @internal Looks a template up, past those in `skip`. @throws TemplateDoesNotExist */
  findTemplate(name: string, skip: readonly Origin[] | null = null): Template {
    const tried: TemplateDoesNotExist['tried'][number][] = [];
    for (const loader of this.templateLoaders) {
      try {
        return loader.getTemplate(name, skip);
      } catch (error) {
        if (!(error instanceof TemplateDoesNotExist)) throw error;
        tried.push(...error.tried);
      }
    }
    const other = skip === null || skip.length <= 1 ? this.elsewhere?.(name) : null;
    if (other) return other;
    throw new TemplateDoesNotExist(name, { tried });
  }

  /** @internal Whether it is known already, without looking, that no engine has such a template. */
  lacks(name: string): boolean {
    return this.templateLoaders.every((loader) => loader.lacks(name)) && this.isAlone();
  }

  /** Makes a template of a source. */
  fromString(source: string): Template {
    return new Template(source, null, null, this);
  }

  /** A template by name; `name#part` is one of its partials. @throws TemplateDoesNotExist */
  getTemplate(name: string): Template {
    const hash = name.indexOf('#');
    if (hash < 0) return this.findTemplate(name);
    if (hash === 0) throw new TemplateDoesNotExist(name);
    const whole = this.findTemplate(name.slice(0, hash));
    const part = name.slice(hash + 1);
    if (part === '') return whole;
    const partial = whole.partial(part);
    if (partial === null)
      throw new TemplateDoesNotExist(part, { tried: [[whole.origin, name.slice(0, hash)]] });
    return partial;
  }

  /** The first template that exists. @throws TemplateDoesNotExist naming all of them. */
  selectTemplate(names: readonly string[]): Template {
    if (names.length === 0) throw new TemplateDoesNotExist('No template names provided');
    return firstTemplate(names, [this], (chain) => {
      const [only] = chain;
      if (chain.length === 1 && only !== undefined) return only;
      return new TemplateDoesNotExist([...new Set(chain.map(({ message }) => message))].join(', '), {
        chain,
      });
    });
  }

  /** Renders a template by name. Django: `Engine.render_to_string`. */
  renderToString(name: string | readonly string[], values?: ContextValues | Context): MaybePromise<string> {
    const template = typeof name === 'string' ? this.getTemplate(name) : this.selectTemplate(name);
    const context =
      values instanceof Context ? values : makeContext(values, null, { autoescape: this.autoescape });
    return template.render(context);
  }

  /** Forgets every template. For tests and the reloader. */
  reset(): void {
    for (const loader of this.templateLoaders) loader.reset();
  }
}

function defaultLoaders(appDirs: boolean, debug: boolean): LoaderOption[] {
  const loaders: LoaderOption[] = ['tsango.template.loaders.filesystem.Loader'];
  if (appDirs) loaders.push('tsango.template.loaders.app_directories.Loader');
  return debug ? loaders : [['tsango.template.loaders.cached.Loader', loaders]];
}
