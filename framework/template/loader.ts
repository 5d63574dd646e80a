/** Finds templates in every engine. Django: `django.template.loader`. */
import type { HttpRequest } from '../http/request';
import type { MaybePromise } from '../utils/maybe_promise';
import type { BackendTemplate, BaseEngine } from './backends/base';
import type { ContextValues } from './context';
import { TemplateDoesNotExist } from './exceptions';
import { engines } from './utils';

function engineList(using: string | null | undefined): readonly BaseEngine[] {
  return using === null || using === undefined ? engines.all() : [engines.get(using)];
}

/**
 * A template by name, of the first engine that has it.
 *
 * @param using only this engine: its alias in TEMPLATES.
 * @throws TemplateDoesNotExist
 */
export function getTemplate(name: string, using?: string | null): BackendTemplate {
  return firstTemplate([name], using);
}

/** The first of several templates that exists. @throws TemplateDoesNotExist naming all of them. */
export function selectTemplate(names: readonly string[], using?: string | null): BackendTemplate {
  if (typeof names === 'string') {
    throw new TypeError(
      `selectTemplate() takes an iterable of template names but got a string: '${String(names)}'. ` +
        'Use getTemplate() if you want to load a single template by name.',
    );
  }
  if (names.length === 0) throw new TemplateDoesNotExist('No template names provided');
  return firstTemplate(names, using);
}

function firstTemplate(names: readonly string[], using?: string | null): BackendTemplate {
  const list = engineList(using);
  if (names.length === 1) return found(names, list, false) as BackendTemplate;
  // Most of several are missing at each rendering: the error of one, with its stack, is made where somebody gets it.
  return found(names, list, true) ?? (found(names, list, false) as BackendTemplate);
}

/** @returns null where none exists and some were passed over. @throws TemplateDoesNotExist naming all of them. */
function found(
  names: readonly string[],
  list: readonly BaseEngine[],
  passOver: boolean,
): BackendTemplate | null {
  const chain: TemplateDoesNotExist[] = [];
  let passed = false;
  for (const name of names) {
    for (const engine of list) {
      if (passOver && engine.lacks(name)) {
        passed = true;
        continue;
      }
      try {
        return engine.getTemplate(name);
      } catch (error) {
        if (!(error instanceof TemplateDoesNotExist)) throw error;
        chain.push(error);
      }
    }
  }
  if (passed) return null;
  throw new TemplateDoesNotExist(names.join(', '), { chain });
}

/**
 * Renders a template by name: a string at once, or a promise where the context has something to wait for.
 *
 * @param name one name, or several of which the first that exists is taken.
 */
export function renderToString(
  name: string | readonly string[],
  context?: ContextValues | null,
  request?: HttpRequest | null,
  using?: string | null,
): MaybePromise<string> {
  const template = typeof name === 'string' ? getTemplate(name, using) : selectTemplate(name, using);
  return template.render(context, request);
}
