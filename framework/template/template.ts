/** A compiled template. Django: `django.template.base.Template`. */
import { templateRendered } from '../core/signals';
import { isPromise, type MaybePromise, then } from '../utils/maybe_promise';
import type { Context } from './context';
import { getExceptionInfo, rememberSource } from './debug';
import type { Engine } from './engine';
import { RecursionError, TemplateSyntaxError } from './exceptions';
import { Lexer } from './lexer';
import type { BlockNode } from './loader_tags';
import { type NodeList, TextNode } from './node';
import { Origin, UNKNOWN_SOURCE } from './origin';
import { Parser, tokenOf } from './parser';
import { RenderContext } from './render_context';
import { Suspend, Waiting } from './runtime/waiting';
import { PARTIALS, type Partial } from './tags/partials';

/** How deep templates may include one another. Python's recursion limit comes earlier. */
const MAX_DEPTH = 400;

/** A source, parsed; made into JavaScript when it is first rendered. */
export class Template {
  readonly source: string;
  readonly nodelist: NodeList;
  readonly origin: Origin;
  readonly name: string | null;
  readonly engine: Engine;
  /** What tags kept while the source was parsed. */
  readonly extraData: ReadonlyMap<string, unknown>;
  private ownBlocks: ReadonlyMap<string, BlockNode> | null = null;
  private child: boolean | null = null;

  /** @throws TemplateSyntaxError with `templateDebug`, if the source is not the template language. */
  constructor(
    source: string,
    origin?: Origin | null,
    name: string | null = null,
    engine?: Engine,
    nodelist?: NodeList,
  ) {
    this.engine = engine ?? defaultEngine();
    this.origin = origin ?? new Origin(UNKNOWN_SOURCE);
    this.name = name;
    this.source = source;
    if (nodelist !== undefined) {
      this.nodelist = nodelist;
      this.extraData = new Map();
      return;
    }
    const parser = new Parser(
      new Lexer(source).tokenize(),
      this.engine.templateLibraries,
      this.engine.templateBuiltins,
      this.origin,
    );
    try {
      this.nodelist = parser.parse();
    } catch (error) {
      throw this.explain(error);
    }
    rememberSource(this);
    for (const part of parser.nodelists) part.template = this;
    this.extraData = parser.extraData;
  }

  private explain(error: unknown): unknown {
    const cause =
      error instanceof RangeError
        ? new TemplateSyntaxError('The template is nested too deeply.', { cause: error })
        : error;
    const token = tokenOf(error);
    if (token !== undefined && typeof cause === 'object' && cause !== null && !('templateDebug' in cause)) {
      Object.defineProperty(cause, 'templateDebug', {
        value: getExceptionInfo(this, cause, token),
        configurable: true,
        writable: true,
        enumerable: false,
      });
    }
    return cause;
  }

  /**
   * Renders with a context. A string at once where everything in the context is there; a promise where something
   * has to be waited for.
   */
  render(context: Context): MaybePromise<string> {
    if (context.template !== null) return this.renderIncluded(context);
    const { renderContext } = context;
    const depth = renderContext.depth;
    renderContext.push();
    renderContext.template = this;
    const finish = (): void => {
      renderContext.cut(depth);
      renderContext.template = null;
      context.waiting = null;
      context.unbindTemplate();
    };
    let result: MaybePromise<string>;
    try {
      result = then(context.bindTemplate(this), () => {
        context.templateName = this.name;
        this.announce(context);
        return this.attempts(context);
      });
    } catch (error) {
      finish();
      throw error;
    }
    if (isPromise(result)) return result.finally(finish);
    finish();
    return result;
  }

  /** @internal Tells the test client which templates a response is made of. */
  announce(context: Context): void {
    if (templateRendered.hasListeners(this)) {
      void templateRendered.send(this, { template: this, context: context.flatten() });
    }
  }

  private attempts(context: Context): MaybePromise<string> {
    const waiting = new Waiting();
    context.waiting = waiting;
    const { dicts, autoescape, useTz, useL10n } = context;
    const layers = [...dicts];
    try {
      return this.nodelist.render(context);
    } catch (error) {
      if (!(error instanceof Suspend)) {
        dicts.length = layers.length;
        context.autoescape = autoescape;
        throw error;
      }
    }
    const restore = (): void => {
      context.dicts = [...layers];
      Object.assign(context, { autoescape, useTz, useL10n });
      context.renderContext = new RenderContext();
      context.renderContext.push();
      context.renderContext.template = this;
    };
    const outer = context.renderContext;
    return this.wait(context, waiting, restore).finally(() => {
      context.renderContext = outer;
    });
  }

  private async wait(context: Context, waiting: Waiting, restore: () => void): Promise<string> {
    for (;;) {
      await waiting.next();
      restore();
      try {
        const output = this.nodelist.render(context);
        if (!waiting.incomplete) {
          await waiting.finish();
          return output;
        }
      } catch (error) {
        // While something is missing, an error may come of that.
        if (!waiting.incomplete) throw error;
      }
    }
  }

  /** @internal Renders inside of another template. */
  renderIncluded(context: Context): string {
    const { renderContext } = context;
    if (renderContext.depth > MAX_DEPTH) throw new RecursionError('maximum recursion depth exceeded');
    const outer = renderContext.template;
    renderContext.push();
    renderContext.template = this;
    this.announce(context);
    let result: string;
    if (context.template === null) {
      // `include … only`: a context of its own, which no context processor fills.
      context.template = this;
      result = this.nodelist.render(context);
      context.template = null;
    } else {
      result = this.nodelist.render(context);
    }
    renderContext.pop();
    renderContext.template = outer;
    return result;
  }

  /** @internal The blocks defined here. */
  get blocks(): ReadonlyMap<string, BlockNode> {
    if (this.ownBlocks === null) {
      const { BlockNode: Block } = require('./loader_tags') as typeof import('./loader_tags');
      this.ownBlocks = new Map(this.nodelist.getNodesByType(Block).map((block) => [block.name, block]));
    }
    return this.ownBlocks;
  }

  /** @internal Whether this template extends another. */
  get isChild(): boolean {
    if (this.child === null) {
      const { ExtendsNode } = require('./loader_tags') as typeof import('./loader_tags');
      const first = this.nodelist.nodes.find((node) => !(node instanceof TextNode));
      this.child = first instanceof ExtendsNode;
    }
    return this.child;
  }

  /** A named part as a template of its own: `template.html#name`. */
  partial(name: string): Template | null {
    const partials = this.extraData.get(PARTIALS) as ReadonlyMap<string, Partial> | undefined;
    const found = partials?.get(name);
    if (found === undefined) return null;
    return new PartialTemplate(this, name, found);
  }
}

/** One `partialdef` of a template. Django: `PartialTemplate`. */
class PartialTemplate extends Template {
  constructor(whole: Template, name: string, partial: Partial) {
    super(whole.source, whole.origin, name, whole.engine, partial.nodelist);
  }
}

function defaultEngine(): Engine {
  const { Engine: Default } = require('./engine') as typeof import('./engine');
  return Default.getDefault();
}
