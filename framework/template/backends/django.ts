/** The backend of Django's own language. Django: `django.template.backends.django`. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { apps } from '../../apps';
import { settings, type TemplateSettings } from '../../conf';
import type { HttpRequest } from '../../http/request';
import { attempt, type MaybePromise } from '../../utils/maybe_promise';
import { type Context, type ContextValues, makeContext } from '../context';
import { Engine, type EngineOptions } from '../engine';
import { TemplateDoesNotExist } from '../exceptions';
import type { Library } from '../library';
import type { Template as DjangoTemplate } from '../template';
import { type BackendTemplate, BaseEngine } from './base';
import { ForeignTemplate } from './foreign';

const OPTIONS: ReadonlySet<string> = new Set([
  'autoescape',
  'builtins',
  'context_processors',
  'debug',
  'file_charset',
  'libraries',
  'loaders',
  'string_if_invalid',
]);

/** Templates in Django's language. */
export class DjangoTemplates extends BaseEngine {
  override readonly appDirname = 'templates';
  readonly engine: Engine;

  constructor(params: Required<TemplateSettings>) {
    super(params);
    const options = params.OPTIONS as EngineOptions;
    this.refuseOptions(params.OPTIONS, OPTIONS);
    this.engine = new Engine({
      ...options,
      dirs: this.dirs,
      app_dirs: this.appDirs,
      autoescape: options.autoescape ?? true,
      debug: options.debug ?? settings.DEBUG,
      file_charset: options.file_charset ?? 'utf-8',
      libraries: { ...getInstalledLibraries(), ...options.libraries },
    });
  }

  override joinOthers(others: () => readonly BaseEngine[]): void {
    const foreign = (): BaseEngine[] => others().filter((other) => !(other instanceof DjangoTemplates));
    this.engine.isAlone = () => foreign().length === 0;
    this.engine.elsewhere = (name) => {
      for (const other of foreign()) {
        try {
          return new ForeignTemplate(other.getTemplate(name), name, this.engine);
        } catch (error) {
          if (!(error instanceof TemplateDoesNotExist)) throw error;
        }
      }
      return null;
    };
  }

  override fromString(source: string): Template {
    return new Template(this.engine.fromString(source), this);
  }

  override getTemplate(name: string): Template {
    try {
      const found = this.engine.getTemplate(name);
      if (found instanceof ForeignTemplate) throw new TemplateDoesNotExist(name);
      return new Template(found, this);
    } catch (error) {
      throw withBackend(error, this);
    }
  }

  override lacks(name: string): boolean {
    return this.engine.lacks(name);
  }

  override reset(): void {
    this.engine.reset();
  }
}

function withBackend(error: unknown, backend: DjangoTemplates): unknown {
  if (!(error instanceof TemplateDoesNotExist)) return error;
  const { message, tried, chain, templateDebug, stack } = error;
  const known = new TemplateDoesNotExist(message, { tried, chain, backend });
  if (stack !== undefined) known.stack = stack;
  // Which template asked for it, and where.
  if (templateDebug !== undefined) known.templateDebug = templateDebug;
  return known;
}

/** What views get: it renders with a dictionary and a request. */
export class Template implements BackendTemplate {
  constructor(
    readonly template: DjangoTemplate,
    readonly backend: DjangoTemplates,
  ) {}

  get origin(): DjangoTemplate['origin'] {
    return this.template.origin;
  }

  render(values?: ContextValues | Context | null, request: HttpRequest | null = null): MaybePromise<string> {
    const context = makeContext(values as ContextValues | null | undefined, request, {
      autoescape: this.backend.engine.autoescape,
    });
    return attempt(
      () => this.template.render(context),
      (error) => {
        throw withBackend(error, this.backend);
      },
    );
  }
}

/** The libraries that `{% load %}` finds: the framework's, then those of installed apps, by module name. */
export function getInstalledLibraries(): Record<string, string | Library> {
  const libraries: Record<string, string> = Object.create(null) as Record<string, string>;
  const roots: (readonly [name: string, folder: string])[] = [
    ['tsango.templatetags', path.join(__dirname, '..', '..', 'templatetags')],
  ];
  if (apps.ready) {
    for (const config of apps.getAppConfigs()) {
      roots.push([`${config.name}.templatetags`, path.join(config.path, 'templatetags')]);
    }
  }
  for (const [name, folder] of roots) {
    if (!existsSync(folder) || !statSync(folder).isDirectory()) continue;
    for (const file of readdirSync(folder)) {
      const module = /^([A-Za-z_]\w*)\.(?:ts|js|cjs)$/.exec(file)?.[1];
      if (module !== undefined && module !== 'index' && !file.endsWith('.d.ts')) {
        libraries[module] = `${name}.${module}`;
      }
    }
  }
  return libraries;
}
