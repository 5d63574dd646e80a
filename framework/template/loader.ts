/** Finds templates in every engine. Django: `django.template.loader`. */
import type { HttpRequest } from '../http/request';
import type { MaybePromise } from '../utils/maybe_promise';
import type { BackendTemplate, BaseEngine } from './backends/base';
import type { ContextValues } from './context';
import { TemplateDoesNotExist } from './exceptions';
import { firstTemplate } from './first_template';
import { engines } from './utils';

function engineList(using: string | null | undefined): readonly BaseEngine[] {
  return using === null || using === undefined ? engines.all() : [engines.get(using)];
}

function first(names: readonly string[], using?: string | null): BackendTemplate {
  return firstTemplate(
    names,
    engineList(using),
    (chain) => new TemplateDoesNotExist(names.join(', '), { chain }),
  );
}

/**
 * A template by name, of the first engine that has it.
 *
 * @param using only this engine: its alias in TEMPLATES.
 * @throws TemplateDoesNotExist
 */
export function getTemplate(name: string, using?: string | null): BackendTemplate {
  return first([name], using);
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
  return first(names, using);
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
