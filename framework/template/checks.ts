/** Checks of the engines and of their tag libraries: what Django finds when it makes the engines. */
import { settings, type TemplateSettings } from '../conf';
import { Error as CheckError, type CheckMessage, Warning } from '../core/checks/messages';
import { refused } from '../core/checks/named';
import { register, Tags } from '../core/checks/registry';
import { hasBoth } from '../core/checks/templates';
import { importString } from '../utils/module_loading';
import { InvalidTemplateLibrary } from './exceptions';

/** The modules of template tags by the name that `{% load %}` has for them: those of apps, and those that OPTIONS names. */
function tagModules({ OPTIONS = {} }: TemplateSettings): Map<string, Set<string>> {
  const { getInstalledLibraries } = require('./backends/django') as typeof import('./backends/django');
  const found = new Map<string, Set<string>>();
  for (const libraries of [getInstalledLibraries(), Object(OPTIONS['libraries'] ?? {}) as object]) {
    for (const [name, module] of Object.entries(libraries)) {
      if (typeof module === 'string') found.set(name, (found.get(name) ?? new Set()).add(module));
    }
  }
  return found;
}

function checkLibraries(conf: TemplateSettings): CheckMessage[] {
  const { importLibrary } = require('./engine') as typeof import('./engine');
  const named = tagModules(conf);
  const builtins = (conf.OPTIONS?.['builtins'] ?? []) as readonly unknown[];
  // The framework's own are known to be right, and are loaded when a template asks for them.
  const modules = [...[...named.values()].flatMap((each) => [...each]), ...builtins].filter(
    (module): module is string => typeof module === 'string' && !/^(django|tsango)\./.test(module),
  );
  const broken = [...new Set(modules)].flatMap((module) => {
    try {
      importLibrary(module);
      return [];
    } catch (error) {
      if (!(error instanceof InvalidTemplateLibrary)) throw error;
      return [new CheckError(error.message, { id: 'templates.E901' })];
    }
  });
  const repeated = [...named].flatMap(([name, each]) =>
    each.size < 2
      ? []
      : [
          new Warning(
            `'${name}' is used for multiple template tag modules: ${[...each]
              .sort()
              .map((module) => `'${module}'`)
              .join(', ')}`,
            { id: 'templates.W003' },
          ),
        ],
  );
  return [...broken, ...repeated];
}

function canLoad(name: unknown): boolean {
  return typeof name !== 'string' || refused('', () => importString(name)).length === 0;
}

// The engines refuse options that they do not know, and two of one name. Misspelt backends are a matter of their own.
register(() => {
  const { EngineHandler } = require('./utils') as typeof import('./utils');
  const usable = settings.TEMPLATES.filter(({ BACKEND }) => canLoad(BACKEND)).filter(
    (conf) => !hasBoth(conf),
  );
  return refused('templates.E902', () => new EngineHandler(usable).all(), 'TEMPLATES cannot be used: ');
}, Tags.templates);

const DJANGO_TEMPLATES = /^(?:django|tsango)\.template\.backends\.django\.DjangoTemplates$/;

register(
  () =>
    settings.TEMPLATES.filter(
      ({ BACKEND }) => typeof BACKEND === 'string' && DJANGO_TEMPLATES.test(BACKEND),
    ).flatMap(checkLibraries),
  Tags.templates,
);
