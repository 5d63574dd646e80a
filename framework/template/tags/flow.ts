/** Tags that decide what is rendered and how: if, with, autoescape, filter, spaceless, comment, verbatim, load. */

import { repr, splitWords, toStr } from '../../python';
import type { Emitter } from '../compile/emitter';
import type { Context } from '../context';
import { TemplateSyntaxError } from '../exceptions';
import { Library } from '../library';
import { Node, NodeList } from '../node';
import { type Parser, tokenKwargs } from '../parser';
import { type Condition, TemplateIfParser } from '../smartif';
import type { FilterExpression } from '../variable';

/** A node that is written into its template's function and has no `render` of its own. */
export abstract class EmittedNode extends Node {
  abstract override emit(emitter: Emitter): void;

  override render(context: Context): string {
    const nodelist = new NodeList();
    nodelist.nodes.push(this);
    nodelist.template = context.template;
    return nodelist.render(context);
  }
}

/** A tag whose body is written where the tag stands. */
export abstract class EnclosingNode extends EmittedNode {
  constructor(readonly nodelist: NodeList) {
    super();
  }

  override inlined(): readonly NodeList[] {
    return [this.nodelist];
  }
}

/** A tag whose body is rendered within something else than the rest: a language, a time zone; none where it is null. */
export class OverrideNode extends EnclosingNode {
  constructor(
    private readonly override: (value: string | null, body: () => void) => void,
    private readonly value: FilterExpression,
    nodelist: NodeList,
  ) {
    super(nodelist);
  }

  override emit(emitter: Emitter): void {
    const within = (value: unknown, body: () => void): void =>
      this.override(value === null ? null : toStr(value), body);
    emitter.line(`${emitter.constant(within)}(${emitter.ready(this.value)}, () => {`);
    emitter.body(this.nodelist);
    emitter.line('});');
  }
}

/** A tag that leaves nothing in the page. */
export class SilentNode extends EmittedNode {
  override emit(): void {
    // It did its work when it was parsed.
  }
}

class IfNode extends EmittedNode {
  constructor(private readonly conditions: readonly (readonly [Condition | null, NodeList])[]) {
    super();
  }

  override inlined(): readonly NodeList[] {
    return this.conditions.map(([, nodelist]) => nodelist);
  }

  override getNodesByType<T extends Node>(type: abstract new (...args: never[]) => T): T[] {
    return [
      ...super.getNodesByType(type),
      ...this.inlined().flatMap((nodelist) => nodelist.getNodesByType(type)),
    ];
  }

  override emit(emitter: Emitter): void {
    let open = 0;
    for (const [condition, nodelist] of this.conditions) {
      if (condition === null) {
        emitter.body(nodelist);
        continue;
      }
      if (condition.isOperator || condition.risky) {
        const result = emitter.variable();
        const rescue = condition.isOperator ? 'failed' : 'missing';
        emitter.line(
          `try { ${result} = ${condition.test(emitter)}; } catch (e) { ${result} = rt.${rescue}(e); }`,
        );
        emitter.line(`if (${result}) {`);
      } else {
        emitter.line(`if (${condition.test(emitter)}) {`);
      }
      emitter.body(nodelist);
      emitter.line('} else {');
      open++;
    }
    emitter.line('}'.repeat(open));
  }
}

class WithNode extends EnclosingNode {
  constructor(
    private readonly extraContext: ReadonlyMap<string, FilterExpression>,
    nodelist: NodeList,
  ) {
    super(nodelist);
  }

  override emit(emitter: Emitter): void {
    const names = new Map<string, string>();
    for (const [name, expression] of this.extraContext) {
      const local = emitter.variable();
      emitter.line(`${local} = ${emitter.definite(expression)};`);
      names.set(name, local);
    }
    emitter.scope(names, this.nodelist, () => emitter.body(this.nodelist));
  }
}

class AutoEscapeControlNode extends EnclosingNode {
  constructor(
    private readonly setting: boolean,
    nodelist: NodeList,
  ) {
    super(nodelist);
  }

  override emit(emitter: Emitter): void {
    const outer = emitter.autoescape;
    emitter.autoescape = String(this.setting);
    // Included templates and third-party tags look there.
    emitter.line(`ctx.autoescape = ${this.setting};`);
    emitter.body(this.nodelist);
    emitter.autoescape = outer;
    emitter.line(`ctx.autoescape = ${outer};`);
  }
}

class FilterNode extends EnclosingNode {
  constructor(
    private readonly filterExpression: FilterExpression,
    nodelist: NodeList,
  ) {
    super(nodelist);
  }

  override emit(emitter: Emitter): void {
    const output = emitter.capture(this.nodelist);
    emitter.line(`${output} = rt.safe(${output});`);
    emitter.scope(new Map([['var', output]]), new NodeList(), () => {
      emitter.raw(`rt.text(${emitter.ready(this.filterExpression)})`);
    });
  }
}

class SpacelessNode extends EnclosingNode {
  override emit(emitter: Emitter): void {
    emitter.raw(`rt.spaceless(${emitter.capture(this.nodelist)})`);
  }
}

class VerbatimNode extends EmittedNode {
  constructor(private readonly content: string) {
    super();
  }

  override emit(emitter: Emitter): void {
    emitter.text(this.content);
  }
}

function findLibrary(parser: Parser, name: string): Library {
  const library = parser.libraries.get(name);
  if (library === undefined) {
    const names = [...parser.libraries.keys()].sort().join('\n');
    throw new TemplateSyntaxError(`'${name}' is not a registered tag library. Must be one of:\n${names}`);
  }
  return library;
}

function loadFromLibrary(library: Library, label: string, names: readonly string[]): Library {
  const subset = new Library();
  for (const name of names) {
    const tag = library.tags.get(name);
    const filter = library.filters.get(name);
    if (tag) subset.tags.set(name, tag);
    if (filter) subset.filters.set(name, filter);
    if (!tag && !filter) {
      throw new TemplateSyntaxError(`'${name}' is not a valid tag or filter in tag library '${label}'`);
    }
  }
  return subset;
}

/** Adds the tags of this module. */
export function registerFlowTags(register: Library): void {
  register.tag('if', (parser, token) => {
    const conditions: [Condition | null, NodeList][] = [];
    let words = token.splitContents().slice(1);
    let next = token;
    do {
      const condition = new TemplateIfParser(parser, words).parse();
      conditions.push([condition, parser.parse(['elif', 'else', 'endif'])]);
      next = parser.nextToken();
      words = next.splitContents().slice(1);
    } while (next.contents.startsWith('elif'));
    if (next.contents === 'else') {
      conditions.push([null, parser.parse(['endif'])]);
      next = parser.nextToken();
    }
    if (next.contents !== 'endif') {
      throw new TemplateSyntaxError(`Malformed template tag at line ${next.lineno}: "${next.contents}"`);
    }
    return new IfNode(conditions);
  });

  register.tag('with', (parser, token) => {
    const bits = token.splitContents();
    const rest = bits.slice(1);
    const extraContext = tokenKwargs(rest, parser, true);
    if (extraContext.size === 0) {
      throw new TemplateSyntaxError("'with' expected at least one variable assignment");
    }
    if (rest.length > 0) {
      throw new TemplateSyntaxError(`'with' received an invalid token: ${repr(rest[0])}`);
    }
    const nodelist = parser.parse(['endwith']);
    parser.deleteFirstToken();
    return new WithNode(extraContext, nodelist);
  });

  register.tag('autoescape', (parser, token) => {
    const words = splitWords(token.contents);
    if (words.length !== 2) {
      throw new TemplateSyntaxError("'autoescape' tag requires exactly one argument.");
    }
    const setting = words[1];
    if (setting !== 'on' && setting !== 'off') {
      throw new TemplateSyntaxError("'autoescape' argument should be 'on' or 'off'");
    }
    const nodelist = parser.parse(['endautoescape']);
    parser.deleteFirstToken();
    return new AutoEscapeControlNode(setting === 'on', nodelist);
  });

  register.tag('filter', (parser, token) => {
    const rest = token.contents.slice('filter'.length).trimStart();
    if (rest === '') throw new TemplateSyntaxError("'filter' tag requires at least one filter.");
    const expression = parser.compileFilter(`var|${rest}`);
    for (const { filter } of expression.filters) {
      if (filter.name === 'escape' || filter.name === 'safe') {
        throw new TemplateSyntaxError(
          `"filter ${filter.name}" is not permitted.  Use the "autoescape" tag instead.`,
        );
      }
    }
    const nodelist = parser.parse(['endfilter']);
    parser.deleteFirstToken();
    return new FilterNode(expression, nodelist);
  });

  register.tag('spaceless', (parser) => {
    const nodelist = parser.parse(['endspaceless']);
    parser.deleteFirstToken();
    return new SpacelessNode(nodelist);
  });

  register.tag('comment', (parser) => {
    parser.skipPast('endcomment');
    return new SilentNode();
  });

  register.tag('verbatim', (parser) => {
    const nodelist = parser.parse(['endverbatim']);
    parser.deleteFirstToken();
    return new VerbatimNode(nodelist.nodes.map((node) => node.token.contents).join(''));
  });

  register.tag('load', (parser, token) => {
    const bits = splitWords(token.contents);
    if (bits.length >= 4 && bits[bits.length - 2] === 'from') {
      const name = bits[bits.length - 1] as string;
      parser.addLibrary(loadFromLibrary(findLibrary(parser, name), name, bits.slice(1, -2)));
    } else {
      for (const name of bits.slice(1)) parser.addLibrary(findLibrary(parser, name));
    }
    return new SilentNode();
  });
}
