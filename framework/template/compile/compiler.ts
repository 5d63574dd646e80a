/**
 * Turns nodes into a JavaScript function: first into nunjucks' node tree, then with nunjucks' compiler, which this
 * module teaches the tags of Django.
 *
 * The function of a template is made for speed. Names of loops and `with` become local variables, and the context
 * gets them only where code below may look for them there (`include`, `block`, third-party tags). A dotted name is
 * read by a small function of its own, so that the JavaScript engine sees one shape of object at each. Text is
 * concatenated into one string.
 */

import type { Context } from '../context';
import { getExceptionInfo, sourceOf } from '../debug';
import { TemplateSyntaxError } from '../exceptions';
import { type CompiledNodelist, type Node, type NodeList, type RenderFunction, TextNode } from '../node';
import * as runtime from '../runtime/runtime';
import { Suspend } from '../runtime/waiting';
import type { FilterExpression, Variable } from '../variable';
import type { Emitter, LoopInfo } from './emitter';
import { ExpressionWriter } from './expressions';
import { loadNunjucks, type NunjucksFrame, type NunjucksNode, type NunjucksNodeList } from './nunjucks_types';
import { UnitInfo } from './scope';

const { nodes, Compiler, runtime: nunjucksRuntime } = loadNunjucks();

/** A tag or variable in nunjucks' tree; `compileDjangoNode` below writes it. */
const DjangoNode = nodes.Node.extend('DjangoNode', { fields: ['node'] }) as unknown as new (
  lineno: number,
  colno: number,
  node: Node,
) => NunjucksNode & { node: Node };

/** Nunjucks' tree of a nodelist: neighbouring text becomes one `Output` of `TemplateData`. */
function toTree(nodelist: NodeList): NunjucksNodeList {
  const root = new nodes.Root(0, 0);
  for (const node of nodelist) {
    const line = node.token.lineno - 1;
    if (node instanceof TextNode) {
      const data = new nodes.TemplateData(line, 0, node.s);
      root.addChild(new nodes.Output(line, 0, [data]));
    } else {
      root.addChild(new DjangoNode(line, 0, node));
    }
  }
  return root;
}

/** What every function of a template is given. */
const RUNTIME = Object.freeze({ ...runtime, nunjucks: nunjucksRuntime, fail });

/** Adds the tag that failed to an error. Django: `Node.render_annotated`. */
function fail(error: unknown, context: Context, node: Node | undefined): unknown {
  if (error instanceof Suspend || typeof error !== 'object' || error === null) return error;
  if (node === undefined || 'templateDebug' in error) return error;
  const template = sourceOf(node.origin) ?? context.renderContext.template ?? context.template;
  if (template === null) return error;
  Object.defineProperty(error, 'templateDebug', {
    value: getExceptionInfo(template, error, node.token),
    configurable: true,
    writable: true,
    enumerable: false,
  });
  return error;
}

/** Writes one function. */
class TemplateCompiler extends Compiler implements Emitter {
  autoescape = 'ae';
  loop: LoopInfo | null = null;
  private readonly constants: unknown[] = [];
  private readonly variables: string[] = [];
  private readonly expressions: ExpressionWriter;
  private frame: NunjucksFrame = new nunjucksRuntime.Frame();
  private position = -1;
  private readonly positions: Node[] = [];

  constructor(
    private readonly unit: UnitInfo,
    private readonly stringIfInvalid: string,
    readonly waiting: boolean,
  ) {
    super('template', false);
    this.buffer = 'o';
    this.expressions = new ExpressionWriter(this, unit, stringIfInvalid, (name) => this.localName(name));
  }

  private localName(name: string): string | undefined {
    if (!this.unit.localises(name)) return undefined;
    const found = this.frame.lookup(name);
    return typeof found === 'string' ? found : undefined;
  }

  line(code: string): void {
    this._emitLine(code);
  }

  text(text: string): void {
    this.raw(this.quote(text));
  }

  raw(expression: string): void {
    this._emitLine(`${this.buffer} += ${expression};`);
  }

  printed(expression: string): string {
    const { autoescape } = this;
    const print = autoescape === 'true' ? 'rt.escaped' : autoescape === 'false' ? 'rt.plain' : 'out';
    return `${print}(${expression}, ctx)`;
  }

  output(expression: string): void {
    this.raw(this.printed(expression));
  }

  invalid(name: string): string {
    return this.quote(runtime.invalidText(this.stringIfInvalid, name));
  }

  filter(code: string, expression: FilterExpression): string {
    return this.expressions.filtered(code, expression.filters);
  }

  quote(text: string): string {
    const start = this.codebuf.length;
    this.compileLiteral(new nodes.Literal(0, 0, text));
    return this.codebuf.splice(start).join('').replaceAll('\u2029', '\\u2029');
  }

  constant(value: unknown): string {
    let index = this.constants.indexOf(value);
    if (index < 0) index = this.constants.push(value) - 1;
    return `k${index}`;
  }

  variable(): string {
    const name = this._tmpid();
    this.variables.push(name);
    return name;
  }

  value(expression: FilterExpression, ignoreFailures = false): string {
    return this.expressions.value(expression, ignoreFailures);
  }

  definite(expression: FilterExpression): string {
    return this.expressions.definite(expression);
  }

  ready(expression: FilterExpression, ignoreFailures = false): string {
    const code = ignoreFailures ? this.value(expression, true) : this.definite(expression);
    return /^(?:k\d+|-?[\d.]+)$/.test(code) ? code : `rt.ready(${code}, ctx)`;
  }

  lookup(variable: Variable): string {
    return this.expressions.lookup(variable);
  }

  body(nodelist: NodeList): void {
    for (const node of toTree(nodelist).children) this.compile(node, this.frame);
  }

  capture(nodelist: NodeList): string {
    const outer = this.buffer;
    const name = this.variable();
    this.buffer = name;
    this._emitLine(`${name} = "";`);
    this.body(nodelist);
    this.buffer = outer;
    return name;
  }

  scope(names: ReadonlyMap<string, string>, inner: NodeList, write: (inContext: boolean) => void): void {
    const outer = this.frame;
    const inContext = this.unit.needsContext(inner, names.keys());
    this.frame = outer.push();
    for (const [name, expression] of names) {
      if (!name.includes('.')) this.frame.set(name, expression);
    }
    if (inContext) {
      const entries = [...names].map(([name, expression]) => `${this.key(name)}: ${expression}`);
      this._emitLine(`ctx.pushOwn({ __proto__: null, ${entries.join(', ')} });`);
    }
    write(inContext);
    if (inContext) this._emitLine('ctx.pop();');
    this.frame = outer;
  }

  /** A property name in an object literal: computed, so that `__proto__` is a name like any other. */
  private key(name: string): string {
    return `[${this.quote(name)}]`;
  }

  withinLoop(loop: LoopInfo, write: () => void): void {
    const outer = this.loop;
    this.loop = loop;
    write();
    this.loop = outer;
  }

  assign(name: string, expression: string): void {
    this._emitLine(`ctx.set(${this.quote(name)}, ${expression});`);
  }

  needsContext(nodelist: NodeList): boolean {
    return this.unit.needsContext(nodelist, []);
  }

  localises(name: string): boolean {
    return this.unit.localises(name);
  }

  reserve(): (code: string) => void {
    const index = this.codebuf.push('') - 1;
    return (code) => {
      this.codebuf[index] += `${code}\n`;
    };
  }

  /** Called by nunjucks' `compile` for text. */
  compileOutput(node: NunjucksNode): void {
    for (const child of (node as NunjucksNodeList).children) {
      this.text((child as NunjucksNode & { value: string }).value);
    }
  }

  /** Called by nunjucks' `compile` for everything else. */
  compileDjangoNode({ node }: NunjucksNode & { node: Node }): void {
    const index = this.positions.push(node) - 1;
    if (this.position !== index) this._emitLine(`at = ${index};`);
    this.position = index;
    if (node.emit !== undefined) {
      node.emit(this);
    } else {
      this.raw(`rt.renderNode(${this.constant(node)}, ctx)`);
    }
  }

  /** The function of the whole unit. */
  finish(nodelist: NodeList): RenderFunction {
    if (nodelist.isBlock && this.unit.localises('block')) this.frame.set('block', 'block');
    this.body(nodelist);
    const code = [
      '"use strict";',
      ...this.constants.map((_, index) => `const k${index} = k[${index}];`),
      ...this.expressions.helpers(),
      'return function template(ctx, block) {',
      'let at = 0, o = "";',
      'const ae = ctx.autoescape, out = ae ? rt.escaped : rt.plain;',
      this.variables.length ? `let ${this.variables.join(', ')};` : '',
      'try {',
      this.getCode(),
      'return o;',
      '} catch (e) { throw rt.fail(e, ctx, nodes[at]); }',
      '}',
    ].join('\n');
    // The source is this module's: what the template's author wrote is in it only as quoted literals.
    const make = new Function('rt', 'k', 'nodes', code) as (
      rt: object,
      constants: readonly unknown[],
      positions: readonly Node[],
    ) => RenderFunction;
    return make(templateRuntime(), this.constants, this.positions);
  }
}

let complete: object | null = null;

/** The runtime with what tags add to it. Put together late: the tags' modules import this one's. */
function templateRuntime(): object {
  if (complete === null) {
    const tags = require('../runtime/tags') as typeof import('../runtime/tags');
    const loading = require('../runtime/loading') as typeof import('../runtime/loading');
    complete = Object.freeze({ ...RUNTIME, ...tags, ...loading });
  }
  return complete;
}

/** Compiles nodes; `waiting` is the form for the later attempts of a rendering that waits for something. */
export function compileNodelist(nodelist: NodeList, waiting: boolean): CompiledNodelist {
  const unit = new UnitInfo(nodelist);
  const stringIfInvalid = nodelist.template?.engine.stringIfInvalid ?? '';
  const compiler = new TemplateCompiler(unit, stringIfInvalid, waiting);
  try {
    return { render: compiler.finish(nodelist), needsLayer: unit.needsLayer };
  } catch (error) {
    // JavaScript's own parser gives up on it. Python has its recursion limit there.
    if (!(error instanceof RangeError)) throw error;
    throw new TemplateSyntaxError('An expression of the template is too long.', { cause: error });
  }
}
