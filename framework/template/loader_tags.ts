/** Tags that use other templates: block, extends, include. Django: `django.template.loader_tags`. */
import path from 'node:path';
import { splitWords } from '../python';
import type { Emitter } from './compile/emitter';
import { TemplateSyntaxError } from './exceptions';
import { Library } from './library';
import type { NodeList } from './node';
import { tokenKwargs } from './parser';
import { EmittedNode } from './tags/flow';
import { type FilterExpression, Variable } from './variable';

/** `{% block name %}` */
export class BlockNode extends EmittedNode {
  constructor(
    readonly name: string,
    readonly nodelist: NodeList,
  ) {
    super();
    nodelist.isBlock = true;
  }

  override readsContext(): boolean {
    return true;
  }

  override emit(emitter: Emitter): void {
    emitter.raw(`rt.block(ctx, ${emitter.constant(this)})`);
  }
}

/** `{% extends parent %}`, with everything that follows it. */
export class ExtendsNode extends EmittedNode {
  override readonly mustBeFirst = true;
  /** The blocks that this template fills. */
  readonly blocks: ReadonlyMap<string, BlockNode>;

  constructor(
    readonly nodelist: NodeList,
    readonly parentName: FilterExpression,
  ) {
    super();
    this.blocks = new Map(nodelist.getNodesByType(BlockNode).map((block) => [block.name, block]));
  }

  override readsContext(): boolean {
    return true;
  }

  override emit(emitter: Emitter): void {
    emitter.raw(`rt.extend(ctx, ${emitter.constant(this)}, ${emitter.ready(this.parentName)})`);
  }

  /** What an error says of where the name came from. */
  get source(): string {
    const { variable, filters, token } = this.parentName;
    return filters.length > 0 || variable instanceof Variable
      ? ` Got this from the '${token}' variable.`
      : '';
  }
}

/** `{% include template %}` */
export class IncludeNode extends EmittedNode {
  constructor(
    private readonly template: FilterExpression,
    private readonly extraContext: ReadonlyMap<string, FilterExpression>,
    readonly isolatedContext: boolean,
  ) {
    super();
  }

  override readsContext(): boolean {
    return !this.isolatedContext;
  }

  override emit(emitter: Emitter): void {
    const template = emitter.variable();
    emitter.line(`${template} = ${emitter.ready(this.template)};`);
    const values = [...this.extraContext].map(
      ([name, expression]) => `[${emitter.quote(name)}]: ${emitter.definite(expression)}`,
    );
    const layer = `{ __proto__: null, ${values.join(', ')} }`;
    emitter.raw(`rt.include(ctx, ${emitter.constant(this)}, ${template}, ${layer})`);
  }

  /** A name in the template, as a full name. */
  fullName(name: string): string {
    return constructRelativePath(this.origin.templateName, name);
  }
}

/**
 * A name that starts with `./` or `../` becomes a full one.
 *
 * @throws TemplateSyntaxError if it leaves the root, or is the template itself and `allowRecursion` is off.
 */
export function constructRelativePath(
  currentName: string | null,
  relativeName: string,
  allowRecursion = false,
): string {
  const quoted = /^["']/.test(relativeName);
  const bare = quoted ? relativeName.replace(/^["']+|["']+$/g, '') : relativeName;
  if (currentName === null || !(bare.startsWith('./') || bare.startsWith('../'))) return relativeName;
  const current = currentName.replace(/^\/+/, '');
  const full = path.posix.normalize(path.posix.join(path.posix.dirname(current), bare));
  if (full.startsWith('../')) {
    throw new TemplateSyntaxError(
      `The relative path '${relativeName}' points outside the file hierarchy that template '${currentName}' is in.`,
    );
  }
  if (!allowRecursion && current === full) {
    throw new TemplateSyntaxError(
      `The relative path '${relativeName}' was translated to template name '${full}', the same template in which the tag appears.`,
    );
  }
  return quoted ? `"${full}"` : full;
}

const LOADED_BLOCKS = 'tsango.loadedBlocks';

export const register = new Library();

register.tag('block', (parser, token) => {
  const bits = splitWords(token.contents);
  const name = bits[1];
  if (bits.length !== 2 || name === undefined) {
    throw new TemplateSyntaxError("'block' tag takes only one argument");
  }
  const loaded = parser.keep(LOADED_BLOCKS, () => new Set<string>());
  if (loaded.has(name)) {
    throw new TemplateSyntaxError(`'block' tag with name '${name}' appears more than once`);
  }
  loaded.add(name);
  const nodelist = parser.parse(['endblock']);
  const end = parser.nextToken();
  const ends = ['endblock', `endblock ${name}`];
  if (!ends.includes(end.contents)) parser.invalidBlockTag(end, 'endblock', ends);
  return new BlockNode(name, nodelist);
});

register.tag('extends', (parser, token) => {
  const bits = token.splitContents();
  if (bits.length !== 2) throw new TemplateSyntaxError("'extends' takes one argument");
  const parentName = parser.compileFilter(
    constructRelativePath(parser.origin.templateName, bits[1] as string),
  );
  const nodelist = parser.parse();
  if (nodelist.getNodesByType(ExtendsNode).length > 0) {
    throw new TemplateSyntaxError("'extends' cannot appear more than once in the same template");
  }
  return new ExtendsNode(nodelist, parentName);
});

register.tag('include', (parser, token) => {
  const bits = token.splitContents();
  if (bits.length < 2) {
    throw new TemplateSyntaxError(
      "'include' tag takes at least one argument: the name of the template to be included.",
    );
  }
  let extraContext: ReadonlyMap<string, FilterExpression> | null = null;
  let isolated = false;
  const rest = bits.slice(2);
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    if ((option === 'with' && extraContext !== null) || (option === 'only' && isolated)) {
      throw new TemplateSyntaxError(`The '${option}' option was specified more than once.`);
    }
    if (option === 'with') {
      extraContext = tokenKwargs(rest, parser, false);
      if (extraContext.size === 0) {
        throw new TemplateSyntaxError('"with" in \'include\' tag needs at least one keyword argument.');
      }
    } else if (option === 'only') {
      isolated = true;
    } else {
      throw new TemplateSyntaxError(`Unknown argument for 'include' tag: '${option}'.`);
    }
  }
  const name = constructRelativePath(parser.origin.templateName, bits[1] as string, true);
  return new IncludeNode(parser.compileFilter(name), extraContext ?? new Map(), isolated);
});
