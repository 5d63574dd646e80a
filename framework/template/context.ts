/**
 * The variables that a template sees.
 *
 * Django: `django.template.context`; https://docs.djangoproject.com/en/5.2/ref/templates/api/#playing-with-context-objects
 */
import { KeyError } from '../core/exceptions';
import type { HttpRequest } from '../http/request';
import { Dict } from '../python/dict';
import { forEach, isPromise, type MaybePromise } from '../utils/maybe_promise';
import type { Engine } from './engine';
import { RenderContext } from './render_context';
import type { Waiting } from './runtime/waiting';
import type { Template } from './template';

/** A context's variables as one gives them. */
export type ContextValues = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

/** One layer of a context. */
export type Layer = Record<string, unknown>;

/** `pop()` was called more often than `push()`. */
export class ContextPopException extends Error {
  override readonly name = 'ContextPopException';
}

/** What adds variables to the context of every request: a function of TEMPLATES' `context_processors`. */
export type ContextProcessor = (request: HttpRequest) => MaybePromise<Readonly<Record<string, unknown>>>;

const BUILTINS: Layer = Object.freeze({ __proto__: null, True: true, False: false, None: null });

/** Marks the layers that a context may write to: it made them itself, or they were left to it. */
const OWN: unique symbol = Symbol('own layer');

/** An empty layer of the context's own. It inherits nothing but the mark. */
const OwnLayer = function OwnLayer() {} as unknown as { new (): Layer; prototype: object };
OwnLayer.prototype = Object.freeze({ __proto__: null, [OWN]: true });

function isOwn(layer: Layer): boolean {
  return (layer as { [OWN]?: true })[OWN] === true;
}

/** Stands where variables may come later; written to, it is replaced. */
const EMPTY: Layer = Object.freeze(Object.create(null) as Layer);

function layerOf(values: ContextValues | undefined): Layer {
  if (values === undefined) return new OwnLayer();
  if (values instanceof Map) return toLayer(values.entries());
  return values as Layer;
}

function toLayer(entries: Iterable<readonly [string, unknown]>): Layer {
  const layer = new OwnLayer();
  for (const [key, value] of entries) layer[key] = value;
  return layer;
}

/** A stack of variables; the top one hides those below. */
export class Context {
  /** The layers, lowest first. */
  dicts: Layer[];
  autoescape: boolean;
  useL10n: boolean | null;
  useTz: boolean | null;
  templateName: string | null = 'unknown';
  renderContext = new RenderContext();
  /** The template that rendering began with. */
  template: Template | null = null;
  readonly request: HttpRequest | null = null;
  /** @internal What has been waited for in this rendering. */
  waiting: Waiting | null = null;

  constructor(
    values?: ContextValues,
    options: { autoescape?: boolean; useL10n?: boolean | null; useTz?: boolean | null } = {},
  ) {
    this.autoescape = options.autoescape ?? true;
    this.useL10n = options.useL10n ?? null;
    this.useTz = options.useTz ?? null;
    this.dicts = values === undefined ? [BUILTINS] : [BUILTINS, layerOf(values)];
  }

  /** @internal The value of a name as it is kept. Only for names that no JavaScript object has of itself. */
  fetch(name: string): unknown {
    const dicts = this.dicts;
    for (let i = dicts.length - 1; i >= 0; i--) {
      const value = (dicts[i] as Layer)[name];
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** @internal The value of any name as it is kept. */
  fetchOwn(name: string): unknown {
    for (let i = this.dicts.length - 1; i >= 0; i--) {
      const layer = this.dicts[i] as Layer;
      if (Object.hasOwn(layer, name) && layer[name] !== undefined) return layer[name];
    }
    return undefined;
  }

  /** A variable, or `otherwise`. Python: `context.get(key, otherwise)`. */
  get(name: string, otherwise: unknown = null): unknown {
    const value = this.fetchOwn(name);
    return value === undefined ? otherwise : value;
  }

  /** A variable. @throws KeyError if there is none. Python: `context[key]`. */
  getItem(name: string): unknown {
    const value = this.fetchOwn(name);
    if (value === undefined) throw new KeyError(name);
    return value;
  }

  /** Whether there is such a variable. Python: `key in context`. */
  has(name: string): boolean {
    return this.fetchOwn(name) !== undefined;
  }

  /** Sets a variable in the top layer. Python: `context[key] = value`. */
  set(name: string, value: unknown): void {
    this.write(this.dicts.length - 1, name, value);
  }

  /** Sets a variable in the layer that has it, or else in the top one. Django: `set_upward`. */
  setUpward(name: string, value: unknown): void {
    for (let i = this.dicts.length - 1; i >= 0; i--) {
      if (Object.hasOwn(this.dicts[i] as Layer, name)) {
        this.write(i, name, value);
        return;
      }
    }
    this.set(name, value);
  }

  private write(index: number, name: string, value: unknown): void {
    this.writable(index)[name] = value === undefined ? null : value;
  }

  /** What the caller gave stays as it is: a template's assignments go into a copy. */
  private writable(index: number): Layer {
    let layer = this.dicts[index] as Layer;
    if (!isOwn(layer)) {
      layer = toLayer(Object.entries(layer));
      this.dicts[index] = layer;
    }
    return layer;
  }

  /** Removes a variable from the top layer. Python: `del context[key]`. */
  delete(name: string): void {
    delete this.writable(this.dicts.length - 1)[name];
  }

  /** A variable; `otherwise`, which is then set, where there is none. */
  setdefault(name: string, otherwise: unknown = null): unknown {
    const value = this.fetchOwn(name);
    if (value !== undefined) return value;
    this.set(name, otherwise);
    return otherwise;
  }

  /** Puts a layer on top. With `body`, takes it off again whatever happens, and returns what `body` returns. */
  push(values?: ContextValues): void;
  push<T>(values: ContextValues | undefined, body: () => MaybePromise<T>): MaybePromise<T>;
  push<T>(values?: ContextValues, body?: () => MaybePromise<T>): MaybePromise<T> | undefined {
    const depth = this.dicts.length;
    this.dicts.push(layerOf(values));
    if (body === undefined) return undefined;
    let result: MaybePromise<T>;
    try {
      result = body();
    } catch (error) {
      this.dicts.length = depth;
      throw error;
    }
    if (isPromise(result)) {
      return result.finally(() => {
        this.dicts.length = depth;
      });
    }
    this.dicts.length = depth;
    return result;
  }

  /** @internal Puts a layer on top that the caller leaves to this context. */
  pushOwn(layer: Layer): void {
    (layer as { [OWN]?: true })[OWN] = true;
    this.dicts.push(layer);
  }

  /** Takes the top layer off. */
  pop(): Layer {
    if (this.dicts.length <= 1) throw new ContextPopException();
    return this.dicts.pop() as Layer;
  }

  /** Puts a layer with these variables on top. */
  update(values: ContextValues | Context): void {
    this.push(values instanceof Context ? values.flatten() : values);
  }

  /** All variables in one object. */
  flatten(): Layer {
    const flat: Layer = new Dict();
    for (const layer of this.dicts) for (const key of Object.keys(layer)) flat[key] = layer[key];
    return flat;
  }

  /** A context with the same settings and only these variables. */
  new(values?: ContextValues): Context {
    const fresh = this.copy();
    fresh.dicts = values === undefined ? [BUILTINS] : [BUILTINS, layerOf(values)];
    return fresh;
  }

  /** A context with the same layers, to which others can be added. */
  copy(): Context {
    const twin = Object.create(Object.getPrototypeOf(this) as object) as Context;
    Object.assign(twin, this);
    twin.dicts = [...this.dicts];
    return twin;
  }

  /** @internal Called when rendering begins. */
  bindTemplate(template: Template): MaybePromise<void> {
    if (this.template !== null) throw new Error('Context is already bound to a template');
    this.template = template;
  }

  /** @internal Called when rendering ends. */
  unbindTemplate(): void {
    this.template = null;
  }

  [Symbol.iterator](): IterableIterator<Layer> {
    return [...this.dicts].reverse()[Symbol.iterator]();
  }
}

/** A context with a request: context processors add their variables when rendering begins. */
export class RequestContext extends Context {
  override readonly request: HttpRequest | null;
  private readonly processors: readonly ContextProcessor[];
  /** Which layer is the processors'. */
  private readonly processorsIndex: number;

  constructor(
    request: HttpRequest | null,
    values?: ContextValues,
    options: {
      autoescape?: boolean;
      useL10n?: boolean | null;
      useTz?: boolean | null;
      processors?: readonly ContextProcessor[];
    } = {},
  ) {
    super(undefined, options);
    this.request = request;
    this.processors = options.processors ?? [];
    this.processorsIndex = this.dicts.length;
    this.dicts.push(EMPTY);
    if (values !== undefined) this.dicts.push(layerOf(values));
  }

  override bindTemplate(template: Template): MaybePromise<void> {
    void super.bindTemplate(template);
    const request = this.request;
    if (request === null) return undefined;
    const engine: Engine = template.engine;
    const layer = new OwnLayer();
    this.dicts[this.processorsIndex] = layer;
    const { templateContextProcessors: processors } = engine;
    return forEach(
      this.processors.length === 0 ? processors : [...processors, ...this.processors],
      (processor) => {
        const values = processor(request);
        return isPromise(values) ? values.then((found) => merge(layer, found)) : merge(layer, values);
      },
    );
  }

  override unbindTemplate(): void {
    super.unbindTemplate();
    this.dicts[this.processorsIndex] = EMPTY;
  }

  override new(values?: ContextValues): Context {
    const fresh = super.new(values) as RequestContext;
    // As in Django: not bound again, so the processors' variables are not there either.
    return fresh;
  }
}

function merge(layer: Layer, values: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(values)) layer[key] = values[key];
}

/** Makes a context of what a view gives. Django: `make_context`. @throws TypeError if it is no object. */
export function makeContext(
  values: ContextValues | null | undefined,
  request: HttpRequest | null = null,
  options: { autoescape?: boolean } = {},
): Context {
  if (values !== null && values !== undefined && (typeof values !== 'object' || Array.isArray(values))) {
    const kind = Array.isArray(values) ? 'Array' : typeof values;
    throw new TypeError(`context must be a dict rather than ${kind}.`);
  }
  const given = values ?? undefined;
  if (request === null) return new Context(given, options);
  const context = new RequestContext(request, undefined, options);
  if (given !== undefined) context.dicts.push(layerOf(given));
  return context;
}
