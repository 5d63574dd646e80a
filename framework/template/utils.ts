/** The engines of TEMPLATES. Django: `django.template.utils`. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { apps } from '../apps';
import { settings, type TemplateSettings } from '../conf';
import { ImproperlyConfigured } from '../core/exceptions';
import { settingChanged } from '../core/signals';
import { importString } from '../utils/module_loading';
import type { BaseEngine } from './backends/base';

/** TEMPLATES names no engine of that alias. */
export class InvalidTemplateEngineError extends ImproperlyConfigured {}

type Backend = new (settings: Required<TemplateSettings>) => BaseEngine;

/** The engines, made when first asked for. */
export class EngineHandler {
  private settings: Map<string, Required<TemplateSettings>> | null = null;
  private readonly engines = new Map<string, BaseEngine>();

  constructor(private readonly given?: readonly TemplateSettings[]) {}

  /** TEMPLATES with every key, by alias. @throws ImproperlyConfigured for an alias that is used twice. */
  get templates(): ReadonlyMap<string, Required<TemplateSettings>> {
    if (this.settings !== null) return this.settings;
    const found = new Map<string, Required<TemplateSettings>>();
    for (const entry of this.given ?? settings.TEMPLATES) {
      const name = entry.NAME ?? defaultName(entry.BACKEND);
      if (found.has(name)) {
        throw new ImproperlyConfigured(
          `Template engine aliases aren't unique, duplicates: ${name}. Set a unique NAME for each engine in settings.TEMPLATES.`,
        );
      }
      found.set(name, {
        BACKEND: entry.BACKEND,
        NAME: name,
        DIRS: entry.DIRS ?? [],
        APP_DIRS: entry.APP_DIRS ?? false,
        OPTIONS: entry.OPTIONS ?? {},
      });
    }
    this.settings = found;
    return found;
  }

  /** The engine of an alias. @throws InvalidTemplateEngineError if there is none. */
  get(alias: string): BaseEngine {
    let engine = this.engines.get(alias);
    if (engine === undefined) {
      const params = this.templates.get(alias);
      if (params === undefined) {
        throw new InvalidTemplateEngineError(`Could not find config for '${alias}' in settings.TEMPLATES`);
      }
      engine = new (backendClass(params.BACKEND))(params);
      this.engines.set(alias, engine);
      engine.joinOthers(() => this.all().filter((other) => other !== engine));
    }
    return engine;
  }

  /** Every engine, in the order of TEMPLATES. */
  all(): BaseEngine[] {
    return [...this.templates.keys()].map((alias) => this.get(alias));
  }

  /** Forgets the engines, so that they are made anew. */
  reset(): void {
    this.settings = null;
    this.engines.clear();
    appDirs.clear();
  }
}

function defaultName(backend: TemplateSettings['BACKEND']): string {
  if (typeof backend !== 'string') return backend.name;
  const parts = backend.split('.');
  const name = parts.at(-2);
  if (name === undefined) {
    throw new ImproperlyConfigured(
      `Invalid BACKEND for a template engine: ${backend}. Check your TEMPLATES setting.`,
    );
  }
  return name;
}

function backendClass(backend: TemplateSettings['BACKEND']): Backend {
  return (typeof backend === 'string' ? importString(backend) : backend) as Backend;
}

const appDirs = new Map<string, readonly string[]>();

/** The folders of that name in installed apps. Django: `get_app_template_dirs`. */
export function getAppTemplateDirs(folder: string): readonly string[] {
  let dirs = appDirs.get(folder);
  if (dirs === undefined) {
    dirs = apps
      .getAppConfigs()
      .map((config) => path.join(config.path, folder))
      .filter((dir) => existsSync(dir) && statSync(dir).isDirectory());
    appDirs.set(folder, dirs);
  }
  return dirs;
}

/** The engines of TEMPLATES. */
export const engines = new EngineHandler();

settingChanged.connect(({ setting }) => {
  if (['TEMPLATES', 'DEBUG', 'INSTALLED_APPS'].includes(setting)) engines.reset();
});
