/** Tags made of functions: `simpleTag`, `simpleBlockTag`, `inclusionTag`. Django: `django.template.library`. */
import { conditionalEscape } from '../utils/html';
import { isPromise, then } from '../utils/maybe_promise';
import { once } from '../utils/module_loading';
import type { Context, ContextValues } from './context';
import { TemplateSyntaxError } from './exceptions';
import type { TagCompiler } from './library';
import { Node, type NodeList, type Rendered } from './node';
import { type Parser, tokenKwargs } from './parser';
import { parseSignature, type Signature } from './runtime/signature';
import type { Template } from './template';
import type { FilterExpression } from './variable';

// Asked for at each page: a module that others have loaded is looked for anew at each `require`.
const safestring = once(() => require('../utils/safestring') as typeof import('../utils/safestring'));

/** How a tag's function is called. */
export interface SimpleOptions {
  /** Its first parameter is the `Context`. */
  takesContext?: boolean;
  /**
   * The tag's arguments, written as Python parameters: `'one, two=1, *args, kw, **kwargs'` (what a default is does
   * not matter). Left out, it is read from the function's source.
   *
   * The function is given positional arguments in order; then, if it takes keywords that are no positional
   * parameter, an object of them; then the rest of `*args`.
   */
  signature?: string;
}

/** What an inclusion tag renders. */
export interface InclusionOptions extends SimpleOptions {
  template: string | readonly string[] | Template;
}

interface Arguments {
  readonly args: readonly FilterExpression[];
  readonly kwargs: ReadonlyMap<string, FilterExpression>;
}

type AnyFunction = (...args: never[]) => unknown;

/** Sorts a tag's words into arguments. Django: `parse_bits`. */
function parseBits(parser: Parser, bits: readonly string[], signature: Signature, name: string): Arguments {
  const args: FilterExpression[] = [];
  const kwargs = new Map<string, FilterExpression>();
  const unhandled = signature.positional.map((parameter) => parameter.name);
  const unhandledKeywords = new Set(
    signature.keywords.filter((parameter) => !parameter.optional).map((parameter) => parameter.name),
  );
  const isKeyword = (param: string): boolean =>
    signature.keywords.some((parameter) => parameter.name === param);
  for (const bit of bits) {
    const keyword = [...tokenKwargs([bit], parser)][0];
    if (keyword !== undefined) {
      const [param, value] = keyword;
      const isParam = signature.positional.some((parameter) => parameter.name === param);
      if (!isParam && !isKeyword(param) && !signature.anyKeyword) {
        throw new TemplateSyntaxError(`'${name}' received unexpected keyword argument '${param}'`);
      }
      if (kwargs.has(param)) {
        throw new TemplateSyntaxError(`'${name}' received multiple values for keyword argument '${param}'`);
      }
      kwargs.set(param, value);
      const at = unhandled.indexOf(param);
      if (at >= 0) unhandled.splice(at, 1);
      unhandledKeywords.delete(param);
    } else {
      if (kwargs.size > 0) {
        throw new TemplateSyntaxError(
          `'${name}' received some positional argument(s) after some keyword argument(s)`,
        );
      }
      args.push(parser.compileFilter(bit));
      if (unhandled.length > 0) unhandled.shift();
      else if (!signature.rest)
        throw new TemplateSyntaxError(`'${name}' received too many positional arguments`);
    }
  }
  const missing = unhandled.filter(
    (param) => !signature.positional.find((parameter) => parameter.name === param)?.optional,
  );
  missing.push(...unhandledKeywords);
  if (missing.length > 0) {
    const names = missing.map((param) => `'${param}'`).join(', ');
    throw new TemplateSyntaxError(`'${name}' did not receive value(s) for the argument(s): ${names}`);
  }
  return { args, kwargs };
}

abstract class HelperNode extends Node {
  override readonly childNodelists: readonly string[] = [];

  constructor(
    protected readonly fn: AnyFunction,
    protected readonly options: SimpleOptions,
    private readonly signature: Signature,
    private readonly given: Arguments,
  ) {
    super();
  }

  /** Calls the function; `first` stands before the tag's own arguments. */
  protected call(context: Context, first: readonly unknown[]): unknown {
    const { positional, keywords, anyKeyword } = this.signature;
    const args: unknown[] = this.given.args.map((arg) => arg.resolve(context));
    const named: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const placed = args.splice(0, positional.length);
    for (const [name, expression] of this.given.kwargs) {
      const at = positional.findIndex((parameter) => parameter.name === name);
      const value = expression.resolve(context);
      if (at >= 0) placed[at] = value;
      else named[name] = value;
    }
    const list: unknown[] = [...(this.options.takesContext ? [context] : []), ...first];
    if (keywords.length > 0 || anyKeyword) {
      for (let i = 0; i < positional.length; i++) list.push(placed[i]);
      list.push(named);
    } else if (args.length > 0) {
      for (let i = 0; i < positional.length; i++) list.push(placed[i]);
    } else {
      list.push(...Array.from(placed));
    }
    list.push(...args);
    return (this.fn as (...all: unknown[]) => unknown)(...list);
  }
}

class SimpleNode extends HelperNode {
  override readonly childNodelists: readonly string[] = ['nodelist'];

  constructor(
    fn: AnyFunction,
    options: SimpleOptions,
    signature: Signature,
    given: Arguments,
    private readonly targetVar: string | null,
    readonly nodelist: NodeList | null,
  ) {
    super(fn, options, signature, given);
  }

  override render(context: Context): Rendered {
    const { markSafe } = safestring();
    const content = this.nodelist === null ? [] : [markSafe(this.nodelist.render(context))];
    const output = this.call(context, content);
    if (this.targetVar !== null) {
      const name = this.targetVar;
      // A promise is kept as it is: whoever reads the variable waits for it.
      if (isPromise(output)) context.set(name, context.waiting?.again(this, () => output) ?? output);
      else context.set(name, output ?? null);
      return '';
    }
    return then(output, (value) => {
      const shown = value === undefined ? null : value;
      if (context.autoescape) return conditionalEscape(shown);
      const { toStr } = require('../python') as typeof import('../python');
      return toStr(shown);
    });
  }
}

class InclusionNode extends HelperNode {
  constructor(
    fn: AnyFunction,
    options: SimpleOptions,
    signature: Signature,
    given: Arguments,
    private readonly template: InclusionOptions['template'],
  ) {
    super(fn, options, signature, given);
  }

  override render(context: Context): Rendered {
    const { waiting } = context;
    const made = this.call(context, []);
    const values = (isPromise(made) && waiting !== null ? waiting.take(made) : made) as ContextValues;
    const fresh = context.new(values);
    // Inclusion tags are often forms.
    const token = context.get('csrf_token');
    if (token !== null) fresh.set('csrf_token', token);
    return this.target(context).renderIncluded(fresh);
  }

  private target(context: Context): Template {
    const { top } = context.renderContext;
    let template = top.get(this) as Template | undefined;
    if (template === undefined) {
      const { Template: TemplateClass } = require('./template') as typeof import('./template');
      const { engine } = context.template as Template;
      const name = this.template;
      if (name instanceof TemplateClass) template = name;
      else if (typeof name === 'string') template = engine.getTemplate(name);
      else if ('template' in name) template = (name as unknown as { template: Template }).template;
      else template = engine.selectTemplate(name as readonly string[]);
      top.set(this, template);
    }
    return template;
  }
}

function splitTarget(bits: string[], name: string): string | null {
  let target: string | null = null;
  if (bits.length >= 2 && bits.at(-2) === 'as') target = bits.splice(-2)[1] as string;
  if (bits.at(-1) === 'as')
    throw new TemplateSyntaxError(`'${name}' tag requires a variable name after 'as'`);
  return target;
}

/** The compilation function of a simple tag; of a block tag if there is an end. */
export function simpleCompiler(
  name: string,
  fn: AnyFunction,
  options: SimpleOptions,
  endName: string | null,
): TagCompiler {
  const lead = (options.takesContext ? 1 : 0) + (endName === null ? 0 : 1);
  const signature = parseSignature(fn, options.signature, lead);
  return (parser, token) => {
    const bits = token.splitContents().slice(1);
    const target = splitTarget(bits, name);
    let nodelist: NodeList | null = null;
    if (endName !== null) {
      nodelist = parser.parse([endName]);
      parser.deleteFirstToken();
    }
    const given = parseBits(parser, bits, signature, name);
    return new SimpleNode(fn, options, signature, given, target, nodelist);
  };
}

/** The compilation function of an inclusion tag. */
export function inclusionCompiler(name: string, fn: AnyFunction, options: InclusionOptions): TagCompiler {
  const signature = parseSignature(fn, options.signature, options.takesContext ? 1 : 0);
  return (parser, token) => {
    const given = parseBits(parser, token.splitContents().slice(1), signature, name);
    return new InclusionNode(fn, options, signature, given, options.template);
  };
}
