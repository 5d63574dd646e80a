/** Tags that print or keep one value: csrf_token, debug, firstof, lorem, now, querystring, regroup, templatetag, url, widthratio. */
import { repr, splitWords } from '../../python';
import type { Emitter } from '../compile/emitter';
import { TemplateSyntaxError } from '../exceptions';
import type { Library } from '../library';
import { matchKeyword, type Parser, tokenKwargs } from '../parser';
import type { FilterExpression } from '../variable';
import { EmittedNode } from './flow';

/** A node that prints what `code` gives, or keeps it under a name. */
export abstract class ValueNode extends EmittedNode {
  /** The name after `as`. */
  protected readonly asVar: string | null = null;

  /** JavaScript for the value: a string to print as it is, or whatever is kept. */
  protected abstract code(emitter: Emitter): string;

  override assigns(): readonly string[] {
    return this.asVar === null ? [] : [this.asVar];
  }

  override emit(emitter: Emitter): void {
    if (this.asVar === null) emitter.raw(this.code(emitter));
    else emitter.assign(this.asVar, this.code(emitter));
  }
}

class CsrfTokenNode extends EmittedNode {
  override emit(emitter: Emitter): void {
    emitter.raw('rt.csrfToken(ctx)');
  }
}

class DebugNode extends EmittedNode {
  override readsContext(): boolean {
    return true;
  }

  override emit(emitter: Emitter): void {
    emitter.raw('rt.debug(ctx)');
  }
}

class FirstOfNode extends ValueNode {
  constructor(
    private readonly values: readonly FilterExpression[],
    protected override readonly asVar: string | null,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    if (this.values.length === 0) return '""';
    const found = emitter.variable();
    const print =
      emitter.autoescape === 'ae' ? 'out' : emitter.autoescape === 'true' ? 'rt.escaped' : 'rt.plain';
    const choices = this.values.map((value) => `rt.truthy(${found} = ${emitter.ready(value, true)}, ctx)`);
    const text = `${choices.join(' || ')} ? ${print}(${found}, ctx) : ""`;
    // Printed, it is escaped already; kept, it must not be escaped once more.
    return this.asVar === null ? `(${text})` : `rt.safeIf(${emitter.autoescape}, ${text})`;
  }
}

class LoremNode extends ValueNode {
  constructor(
    private readonly count: FilterExpression,
    private readonly method: 'w' | 'p' | 'b',
    private readonly common: boolean,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    return `rt.lorem(${emitter.ready(this.count)}, "${this.method}", ${this.common})`;
  }
}

class NowNode extends ValueNode {
  constructor(
    private readonly format: string,
    protected override readonly asVar: string | null,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    return `rt.now(${emitter.quote(this.format)})`;
  }
}

class RegroupNode extends ValueNode {
  constructor(
    private readonly target: FilterExpression,
    private readonly expression: FilterExpression,
    protected override readonly asVar: string,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    const target = emitter.value(this.target, true);
    return `rt.regroup(ctx, ${target}, ${emitter.quote(this.asVar)}, () => ${emitter.ready(this.expression, true)})`;
  }
}

const TEMPLATE_TAGS: ReadonlyMap<string, string> = new Map([
  ['openblock', '{%'],
  ['closeblock', '%}'],
  ['openvariable', '{{'],
  ['closevariable', '}}'],
  ['openbrace', '{'],
  ['closebrace', '}'],
  ['opencomment', '{#'],
  ['closecomment', '#}'],
]);

class TemplateTagNode extends EmittedNode {
  constructor(private readonly text: string) {
    super();
  }

  override emit(emitter: Emitter): void {
    emitter.text(this.text);
  }
}

class URLNode extends ValueNode {
  constructor(
    private readonly viewName: FilterExpression,
    private readonly args: readonly FilterExpression[],
    private readonly kwargs: ReadonlyMap<string, FilterExpression>,
    protected override readonly asVar: string | null,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    const args = this.args.map((arg) => emitter.ready(arg));
    const kwargs = [...this.kwargs].map(
      ([name, value]) => `[${emitter.quote(name)}]: ${emitter.ready(value)}`,
    );
    const url = `rt.url(ctx, ${emitter.ready(this.viewName)}, [${args.join(', ')}], { __proto__: null, ${kwargs.join(', ')} }, ${this.asVar !== null})`;
    return this.asVar === null ? `rt.urlText(${url}, ${emitter.autoescape})` : url;
  }
}

class WidthRatioNode extends ValueNode {
  constructor(
    private readonly value: FilterExpression,
    private readonly maxValue: FilterExpression,
    private readonly maxWidth: FilterExpression,
    protected override readonly asVar: string | null,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    const values = [this.value, this.maxValue, this.maxWidth].map((value) => emitter.ready(value));
    return `rt.widthRatio(() => [${values.join(', ')}])`;
  }
}

class QuerystringNode extends ValueNode {
  constructor(
    private readonly queryDicts: readonly FilterExpression[] | null,
    private readonly kwargs: ReadonlyMap<string, FilterExpression>,
    protected override readonly asVar: string | null,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    const dicts =
      this.queryDicts === null
        ? 'null'
        : `[${this.queryDicts.map((dict) => emitter.ready(dict)).join(', ')}]`;
    const kwargs = [...this.kwargs].map(
      ([name, value]) => `[${emitter.quote(name)}, ${emitter.ready(value)}]`,
    );
    const text = `rt.querystring(ctx, ${dicts}, [${kwargs.join(', ')}])`;
    return this.asVar === null ? `rt.urlText(${text}, ${emitter.autoescape})` : text;
  }
}

/** Takes `as name` off the end. */
function takeAsVar(bits: string[]): string | null {
  if (bits.length >= 2 && bits.at(-2) === 'as') {
    return bits.splice(-2)[1] as string;
  }
  return null;
}

function argumentsOf(
  parser: Parser,
  bits: readonly string[],
): [FilterExpression[], Map<string, FilterExpression>] {
  const args: FilterExpression[] = [];
  const kwargs = new Map<string, FilterExpression>();
  for (const bit of bits) {
    const match = matchKeyword(bit);
    if (match === null) throw new TemplateSyntaxError('Malformed arguments to url tag');
    if (match[0]) kwargs.set(match[0], parser.compileFilter(match[1]));
    else args.push(parser.compileFilter(match[1]));
  }
  return [args, kwargs];
}

/** Adds the tags of this module. */
export function registerValueTags(register: Library): void {
  register.tag('csrf_token', () => new CsrfTokenNode());
  register.tag('debug', () => new DebugNode());

  register.tag('firstof', (parser, token) => {
    const bits = token.splitContents().slice(1);
    if (bits.length === 0) {
      throw new TemplateSyntaxError("'firstof' statement requires at least one argument");
    }
    const asVar = takeAsVar(bits);
    return new FirstOfNode(
      bits.map((bit) => parser.compileFilter(bit)),
      asVar,
    );
  });

  register.tag('lorem', (parser, token) => {
    const bits = token.splitContents();
    const common = bits.at(-1) !== 'random';
    if (!common) bits.pop();
    const last = bits.at(-1);
    let method: 'w' | 'p' | 'b' = 'b';
    if (last === 'w' || last === 'p' || last === 'b') {
      method = last;
      bits.pop();
    }
    const count = bits.length > 1 ? (bits.pop() as string) : '1';
    const expression = parser.compileFilter(count);
    if (bits.length !== 1) throw new TemplateSyntaxError("Incorrect format for 'lorem' tag");
    return new LoremNode(expression, method, common);
  });

  register.tag('now', (_parser, token) => {
    const bits = token.splitContents();
    const asVar = bits.length === 4 ? takeAsVar(bits) : null;
    if (bits.length !== 2) throw new TemplateSyntaxError("'now' statement takes one argument");
    return new NowNode((bits[1] as string).slice(1, -1), asVar);
  });

  register.tag('regroup', (parser, token) => {
    const bits = token.splitContents() as [string, string, string, string, string, string];
    if (bits.length !== 6) throw new TemplateSyntaxError("'regroup' tag takes five arguments");
    const target = parser.compileFilter(bits[1]);
    if (bits[2] !== 'by') throw new TemplateSyntaxError("second argument to 'regroup' tag must be 'by'");
    if (bits[4] !== 'as') {
      throw new TemplateSyntaxError("next-to-last argument to 'regroup' tag must be 'as'");
    }
    const expression = parser.compileFilter(`${bits[5]}.${bits[3]}`);
    return new RegroupNode(target, expression, bits[5]);
  });

  register.tag('templatetag', (_parser, token) => {
    const bits = splitWords(token.contents);
    if (bits.length !== 2) throw new TemplateSyntaxError("'templatetag' statement takes one argument");
    const text = TEMPLATE_TAGS.get(bits[1] as string);
    if (text === undefined) {
      throw new TemplateSyntaxError(
        `Invalid templatetag argument: '${bits[1]}'. Must be one of: ${repr([...TEMPLATE_TAGS.keys()])}`,
      );
    }
    return new TemplateTagNode(text);
  });

  register.tag('url', (parser, token) => {
    const bits = token.splitContents();
    if (bits.length < 2) {
      throw new TemplateSyntaxError("'url' takes at least one argument, a URL pattern name.");
    }
    const viewName = parser.compileFilter(bits[1] as string);
    const rest = bits.slice(2);
    const asVar = takeAsVar(rest);
    return new URLNode(viewName, ...argumentsOf(parser, rest), asVar);
  });

  register.tag('widthratio', (parser, token) => {
    const bits = token.splitContents();
    let asVar: string | null = null;
    if (bits.length === 6) {
      if (bits[4] !== 'as') {
        throw new TemplateSyntaxError("Invalid syntax in widthratio tag. Expecting 'as' keyword");
      }
      asVar = bits[5] as string;
    } else if (bits.length !== 4) {
      throw new TemplateSyntaxError('widthratio takes at least three arguments');
    }
    const [value, maxValue, maxWidth] = bits.slice(1, 4).map((bit) => parser.compileFilter(bit)) as [
      FilterExpression,
      FilterExpression,
      FilterExpression,
    ];
    return new WidthRatioNode(value, maxValue, maxWidth, asVar);
  });

  register.tag('querystring', (parser, token) => {
    const bits = token.splitContents().slice(1);
    const asVar = takeAsVar(bits);
    if (bits.at(-1) === 'as') {
      throw new TemplateSyntaxError("'querystring' tag requires a variable name after 'as'");
    }
    const dicts: FilterExpression[] = [];
    const kwargs = new Map<string, FilterExpression>();
    for (const bit of bits) {
      const given = [...tokenKwargs([bit], parser)][0];
      if (given === undefined) {
        if (kwargs.size > 0) {
          throw new TemplateSyntaxError(
            "'querystring' received some positional argument(s) after some keyword argument(s)",
          );
        }
        dicts.push(parser.compileFilter(bit));
      } else if (kwargs.has(given[0])) {
        throw new TemplateSyntaxError(
          `'querystring' received multiple values for keyword argument '${given[0]}'`,
        );
      } else {
        kwargs.set(given[0], given[1]);
      }
    }
    return new QuerystringNode(dicts.length > 0 ? dicts : null, kwargs, asVar);
  });
}
