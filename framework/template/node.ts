/**
 * What a template is parsed into, and the base of every tag's node.
 *
 * Django: `Node`, `NodeList`, `TextNode`, `VariableNode` of `django.template.base`.
 */

import type { MaybePromise } from '../utils/maybe_promise';
import type { SafeString } from '../utils/safestring';
import type { Emitter } from './compile/emitter';
import type { Context } from './context';
import type { Origin } from './origin';
import type { Template } from './template';
import type { Token } from './token';
import type { FilterExpression } from './variable';

/** What a node renders to. A promise is awaited; text that is not a `SafeString` is *not* escaped, as in Django. */
export type Rendered = MaybePromise<string | SafeString>;

/**
 * A tag in a template.
 *
 * A tag of your own returns one from its compilation function and overrides `render`. What stands between a tag
 * and its `end` tag is a `NodeList` (`parser.parse(['endmine'])`); `nodelist.render(context)` gives its text.
 * `render` may return a promise; and where `nodelist.render` meets one, the engine waits and calls `render` anew.
 *
 * The engine's own tags override `emit` instead, which writes JavaScript into the function of the template.
 */
export abstract class Node {
  /** The tag must be the first in its template, as `extends` must. */
  readonly mustBeFirst: boolean = false;
  /** The names of this node's properties that hold a `NodeList`. */
  readonly childNodelists: readonly string[] = ['nodelist'];
  /** Set by the parser: what this node was made of. */
  token!: Token;
  /** Set by the parser: the template's place. */
  origin!: Origin;

  /**
   * Set by the parser: an expression in it names `block`. `block.super` renders the parent's block with the names that
   * are in sight here.
   */
  namesBlock = false;

  /** The text of this node. Never stores anything on the node: one node renders in many requests at once. */
  abstract render(context: Context): Rendered;

  /** Writes this node into its template's function. Only for the engine's own tags; see `Emitter`. */
  emit?(emitter: Emitter): void;

  /** Which of this node's bodies `emit` writes into the same function. */
  inlined(): readonly NodeList[] {
    return [];
  }

  /** Names that `emit`ted code sets in the context. */
  assigns(): readonly string[] {
    return [];
  }

  /** Whether `emit`ted code hands the context to code that may read any variable. */
  readsContext(): boolean {
    return this.emit === undefined;
  }

  /** Every node of that class in this node. Django: `get_nodes_by_type`. */
  getNodesByType<T extends Node>(type: abstract new (...args: never[]) => T): T[] {
    const found: T[] = [];
    if (this instanceof type) found.push(this);
    for (const name of this.childNodelists) {
      const nodelist = (this as unknown as Record<string, unknown>)[name];
      if (nodelist instanceof NodeList) found.push(...nodelist.getNodesByType(type));
    }
    return found;
  }
}

/** A function made of a nodelist. `block` is the `block` variable, where it is the body of one. */
export type RenderFunction = (context: Context, block?: unknown) => string;

/** @internal What the compiler makes of a nodelist. */
export interface CompiledNodelist {
  readonly render: RenderFunction;
  /** It sets variables or lets others look for them, so it needs a layer of the context for its own. */
  readonly needsLayer: boolean;
}

/** The nodes between two tags. */
export class NodeList {
  readonly nodes: Node[] = [];
  /** Whether it has more than text. */
  containsNontext = false;
  /** The template that this is part of; set by the parser when the whole is parsed. */
  template: Template | null = null;
  /** Whether it is what stands in a `{% block %}`. */
  isBlock = false;
  private compiled: CompiledNodelist | null = null;
  private compiledWaiting: CompiledNodelist | null = null;

  get length(): number {
    return this.nodes.length;
  }

  [Symbol.iterator](): IterableIterator<Node> {
    return this.nodes[Symbol.iterator]();
  }

  /**
   * The text of these nodes, safe as it is HTML already. It is a `string`, ready at once: where a value in it has
   * still to be waited for, the engine interrupts the rendering and starts it again when the value is there.
   */
  render(context: Context): string {
    return this.function(context).render(context);
  }

  /** @internal What these nodes are compiled into, on the first call. */
  function(context: Context): CompiledNodelist {
    const waiting = context.waiting !== null && context.waiting.attempts > 0;
    let compiled = waiting ? this.compiledWaiting : this.compiled;
    if (compiled === null) {
      const { compileNodelist } = require('./compile/compiler') as typeof import('./compile/compiler');
      compiled = compileNodelist(this, waiting);
      if (waiting) this.compiledWaiting = compiled;
      else this.compiled = compiled;
    }
    return compiled;
  }

  /** Every node of that class in these nodes and their bodies. */
  getNodesByType<T extends Node>(type: abstract new (...args: never[]) => T): T[] {
    const found: T[] = [];
    for (const node of this.nodes) found.push(...node.getNodesByType(type));
    return found;
  }
}

/** Text outside of tags. */
export class TextNode extends Node {
  constructor(readonly s: string) {
    super();
  }

  override render(): string {
    return this.s;
  }

  override emit(emitter: Emitter): void {
    emitter.text(this.s);
  }
}

/** `{{ … }}` */
export class VariableNode extends Node {
  constructor(readonly filterExpression: FilterExpression) {
    super();
  }

  override render(context: Context): string {
    const { renderValueInContext } = require('./runtime/runtime') as typeof import('./runtime/runtime');
    return renderValueInContext(this.filterExpression.resolve(context), context);
  }

  override emit(emitter: Emitter): void {
    emitter.output(emitter.value(this.filterExpression));
  }
}
