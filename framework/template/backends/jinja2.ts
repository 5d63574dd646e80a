/**
 * The second template language, in the place of Django's Jinja2 backend: nunjucks as it is.
 *
 * Django: `django.template.backends.jinja2`. OPTIONS: `environment` (a function that is given nunjucks' options and
 * returns an `Environment`), `context_processors`, and nunjucks' own options.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Environment, Template as NunjucksTemplate } from 'nunjucks';
import { settings, type TemplateSettings } from '../../conf';
import type { HttpRequest } from '../../http/request';
import { forEach, isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import { importSetting } from '../../utils/module_loading';
import { SafeString } from '../../utils/safestring';
import { Context, type ContextProcessor, type ContextValues } from '../context';
import { TemplateDoesNotExist, TemplateSyntaxError, type Tried } from '../exceptions';
import { Origin } from '../origin';
import { type BackendTemplate, BaseEngine } from './base';
import { csrfInput, csrfToken } from './utils';

type Nunjucks = typeof import('nunjucks');

function nunjucks(): Nunjucks {
  return require('nunjucks') as Nunjucks;
}

/** What OPTIONS' `environment` is. */
export type EnvironmentFactory = (options: Record<string, unknown>) => Environment;

/** Templates in nunjucks' language (Jinja2's). */
export class Jinja2 extends BaseEngine {
  override readonly appDirname = 'jinja2';
  readonly env: Environment;
  private readonly contextProcessors: readonly (string | ContextProcessor)[];
  private processors: readonly ContextProcessor[] | null = null;
  private others: () => readonly BaseEngine[] = () => [];

  constructor(params: Required<TemplateSettings>) {
    super(params);
    const { context_processors, environment, ...rest } = params.OPTIONS;
    this.contextProcessors = (context_processors as readonly (string | ContextProcessor)[] | undefined) ?? [];
    const options: Record<string, unknown> = {
      autoescape: true,
      noCache: settings.DEBUG,
      throwOnUndefined: false,
      ...rest,
    };
    options['loader'] ??= this.loader(options['noCache'] === true);
    const factory = importSetting<EnvironmentFactory>(
      (environment as string | EnvironmentFactory | undefined) ?? defaultEnvironment,
    );
    this.env = factory(options);
  }

  /** Reads this engine's folders, then asks the other engines, whose templates appear as calls to them. */
  private loader(noCache: boolean): object {
    const backend = this;
    const { Loader } = nunjucks();
    const BridgeLoader = (
      Loader as unknown as { extend(properties: object): new () => { noCache: boolean } }
    ).extend({
      getSource(name: string) {
        const file = backend.find(name);
        if (file === null) return null;
        return { src: readFileSync(file, 'utf8').replace(/\r\n?/g, '\n'), path: file, noCache };
      },
    });
    return new BridgeLoader();
  }

  private find(name: string): string | null {
    for (const folder of this.templateDirs) {
      const root = path.resolve(folder) + path.sep;
      const file = path.resolve(root, name);
      if (file.startsWith(root) && existsSync(file)) return file;
    }
    return null;
  }

  override joinOthers(others: () => readonly BaseEngine[]): void {
    this.others = others;
    bridge(this.env, (name) => this.foreign(name));
  }

  private foreign(name: string): BackendTemplate | null {
    for (const other of this.others()) {
      if (other instanceof Jinja2) continue;
      try {
        return other.getTemplate(name);
      } catch (error) {
        if (!(error instanceof TemplateDoesNotExist)) throw error;
      }
    }
    return null;
  }

  get templateContextProcessors(): readonly ContextProcessor[] {
    this.processors ??= this.contextProcessors.map((entry) => importSetting<ContextProcessor>(entry));
    return this.processors;
  }

  override fromString(source: string): Template {
    const { Template: Compiled } = nunjucks();
    return new Template(new Compiled(source, this.env), this, new Origin('<template>'));
  }

  override getTemplate(name: string): Template {
    const file = this.find(name);
    if (file === null) {
      const tried = this.templateDirs.map<Tried>((folder) => [
        new Origin(path.join(folder, name), name),
        'Source does not exist',
      ]);
      throw new TemplateDoesNotExist(name, { tried, backend: this });
    }
    let compiled: NunjucksTemplate;
    try {
      compiled = this.env.getTemplate(name, true);
    } catch (error) {
      throw new TemplateSyntaxError((error as Error).message, { cause: error });
    }
    return new Template(compiled, this, new Origin(file, name));
  }

  override reset(): void {
    const { loaders } = this.env as unknown as { loaders: { cache?: Record<string, unknown> }[] };
    for (const loader of loaders) loader.cache = {};
  }
}

function defaultEnvironment(options: Record<string, unknown>): Environment {
  const { Environment: Env } = nunjucks();
  const { loader, ...rest } = options;
  return new Env(loader as never, rest);
}

/** Lets nunjucks' `include` and `import` find templates of other engines. */
function bridge(env: Environment, foreign: (name: string) => BackendTemplate | null): void {
  type Callback = (error: unknown, template?: unknown) => void;
  type Lookup = (...args: unknown[]) => unknown;
  const target = env as unknown as { getTemplate: Lookup };
  const original = target.getTemplate;
  target.getTemplate = function getTemplate(this: unknown, ...args: unknown[]): unknown {
    const [name] = args;
    const callback = args.at(-1);
    if (typeof name !== 'string' || typeof callback !== 'function') return original.apply(this, args);
    const answer = callback as Callback;
    args[args.length - 1] = ((error: unknown, template?: unknown) => {
      const missing =
        error !== null && error !== undefined && /^template not found: /.test((error as Error).message);
      const found = missing ? foreign(name) : null;
      if (found === null) answer(error, template);
      else answer(null, new BridgedTemplate(found));
    }) satisfies Callback;
    return original.apply(this, args);
  };
}

/** Looks like a template of nunjucks to nunjucks. */
class BridgedTemplate {
  constructor(private readonly template: BackendTemplate) {}

  render(values: ContextValues, _frame: unknown, callback: (error: unknown, text?: string) => void): void {
    let text: MaybePromise<string>;
    try {
      text = this.template.render(values);
    } catch (error) {
      callback(error);
      return;
    }
    if (isPromise(text)) text.then((value) => callback(null, value), callback);
    else callback(null, text);
  }
}

/** A template of nunjucks. */
export class Template implements BackendTemplate {
  constructor(
    readonly template: NunjucksTemplate,
    readonly backend: Jinja2,
    readonly origin: Origin,
  ) {}

  render(values?: ContextValues | Context | null, request: HttpRequest | null = null): MaybePromise<string> {
    const context: Record<string, unknown> = {
      ...(values instanceof Context
        ? values.flatten()
        : values instanceof Map
          ? Object.fromEntries(values)
          : values),
    };
    if (request === null) return this.run(context);
    context['request'] = request;
    context['csrf_input'] = lazily(() => csrfInput(request));
    context['csrf_token'] = lazily(() => csrfToken(request));
    const filled = forEach(this.backend.templateContextProcessors, (processor) =>
      then(processor(request), (added) => void Object.assign(context, added)),
    );
    return then(filled, () => this.run(context));
  }

  private run(context: Record<string, unknown>): MaybePromise<string> {
    const { runtime } = nunjucks() as unknown as { runtime: { markSafe(text: string): unknown } };
    for (const [name, value] of Object.entries(context)) {
      if (value instanceof SafeString) context[name] = runtime.markSafe(value.value);
    }
    const compiled = this.template as unknown as Parameters<typeof renderNow>[0] & { compile(): void };
    compiled.compile();
    // Nunjucks calls back at once or, where an asynchronous filter or tag is used, later.
    let settle: ((error: unknown, text: string | null) => void) | null = null;
    let answer: { error: unknown; text: string | null } | null = null as typeof answer;
    renderNow(compiled, context, (error, text) => {
      if (settle === null) answer = { error, text };
      else settle(error, text);
    });
    if (answer === null) {
      return new Promise((resolve, reject) => {
        settle = (error, text) => (error ? reject(error as Error) : resolve(text ?? ''));
      });
    }
    if (answer.error) throw answer.error;
    return answer.text ?? '';
  }
}

/** Renders with the callback called as soon as the text is there. */
function renderNow(
  template: {
    render(values: object, frame: unknown, callback: (error: unknown, text: string | null) => void): void;
  },
  context: object,
  done: (error: unknown, text: string | null) => void,
): void {
  const { Frame } = require('nunjucks/src/runtime') as { Frame: new () => object };
  // With a frame nunjucks takes itself to be called by another template, and does not defer the callback.
  template.render(context, new Frame(), done);
}

/** A value that is made when it is printed. */
function lazily(make: () => unknown): object {
  return { toString: () => String(make()), valueOf: () => String(make()) };
}
