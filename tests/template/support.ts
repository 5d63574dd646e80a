/** Engines and shorthands for the tests of templates. */
import { Context, type ContextValues } from 'tsango/template/context';
import { Engine, type EngineOptions } from 'tsango/template/engine';

/** An engine whose templates are these. */
export function engineOf(templates: Record<string, string> = {}, options: EngineOptions = {}): Engine {
  const names = ['cache', 'i18n', 'l10n', 'static', 'tz'];
  return new Engine({
    loaders: [
      ['tsango.template.loaders.cached.Loader', [['tsango.template.loaders.locmem.Loader', templates]]],
    ],
    ...options,
    libraries: {
      ...Object.fromEntries(names.map((name) => [name, `tsango.templatetags.${name}`])),
      ...options.libraries,
    },
  });
}

/** Renders a source; it has to be ready at once. */
export function render(source: string, values?: ContextValues, options?: EngineOptions): string {
  const output = engineOf({}, options).fromString(source).render(new Context(values));
  if (typeof output !== 'string') throw new Error('The template had to wait for something.');
  return output;
}

/** Renders one of several templates. */
export function renderAmong(templates: Record<string, string>, name: string, values?: ContextValues): string {
  const output = engineOf(templates).getTemplate(name).render(new Context(values));
  if (typeof output !== 'string') throw new Error('The template had to wait for something.');
  return output;
}

/** The error that `body` throws. */
export function errorOf(body: () => unknown): Error & { templateDebug?: Record<string, unknown> } {
  try {
    body();
  } catch (error) {
    return error as Error;
  }
  throw new Error('There was no error.');
}
