/** What `block`, `extends`, `include` and `partial` call while a template renders. Part of `rt`. */
import { repr, toStr } from '../../python';
import { markSafe, SafeString } from '../../utils/safestring';
import type { Context, Layer } from '../context';
import { TemplateSyntaxError } from '../exceptions';
import { getOrMake } from '../get_or_make';
import type { BlockNode, ExtendsNode, IncludeNode } from '../loader_tags';
import type { Partial } from '../tags/partials';
import { Template } from '../template';
import { iterate } from './runtime';
import { text } from './tags';

/** The `block` variable. */
class Block {
  constructor(
    readonly name: string,
    private readonly node: BlockNode,
    private readonly context: Context | null,
  ) {}

  /** What the parent template has in this block. */
  super(): SafeString | string {
    if (this.context === null) {
      throw new TemplateSyntaxError(
        "'BlockNode' object has no attribute 'context'. Did you use {{ block.super }} in a base template?",
      );
    }
    const blocks = this.context.renderContext.get(BLOCK_CONTEXT) as BlockContext | undefined;
    if (blocks !== undefined && (blocks.get(this.name)?.length ?? 0) > 0) {
      return markSafe(block(this.context, this.node));
    }
    return '';
  }
}

/** Each block's contents, those of the template that others extend first. */
type BlockContext = Map<string, BlockNode[]>;

const BLOCK_CONTEXT = 'block_context';

function addBlocks(blocks: BlockContext, added: ReadonlyMap<string, BlockNode>): void {
  for (const [name, node] of added) {
    const found = blocks.get(name);
    if (found === undefined) blocks.set(name, [node]);
    else found.unshift(node);
  }
}

/** `{% block %}` */
export function block(context: Context, node: BlockNode): string {
  const blocks = context.renderContext.get(BLOCK_CONTEXT) as BlockContext | undefined;
  const queue = blocks?.get(node.name);
  const pushed = queue?.pop();
  const chosen = pushed ?? node;
  const made = new Block(chosen.name, chosen, blocks === undefined ? null : context);
  const compiled = chosen.nodelist.function(context);
  let result: string;
  if (compiled.needsLayer) {
    const depth = context.dicts.length;
    context.pushOwn({ __proto__: null, block: made } as unknown as Layer);
    result = compiled.render(context, made);
    context.dicts.length = depth;
  } else {
    result = compiled.render(context, made);
  }
  if (pushed !== undefined) queue?.push(pushed);
  return result;
}

function invalidParent(node: ExtendsNode, parent: unknown): TemplateSyntaxError {
  return new TemplateSyntaxError(`Invalid template name in 'extends' tag: ${repr(parent)}.${node.source}`);
}

function templateOf(value: unknown): Template | null {
  if (value instanceof Template) return value;
  if (
    typeof value === 'object' &&
    value !== null &&
    'template' in value &&
    value.template instanceof Template
  ) {
    return value.template;
  }
  return null;
}

/** `{% extends %}` */
export function extend(context: Context, node: ExtendsNode, parentName: unknown): string {
  let parent = templateOf(parentName);
  const { renderContext } = context;
  if (parent === null) {
    const name = parentName === null || parentName === undefined ? '' : toStr(parentName);
    if (name === '' || parentName === 0 || parentName === false) throw invalidParent(node, parentName);
    const history = getOrMake(
      renderContext.top as Map<unknown, Template['origin'][]>,
      'extends_context',
      () => [node.origin],
    );
    parent = (context.template as Template).engine.findTemplate(name, history);
    history.push(parent.origin);
  }
  const blocks = getOrMake(
    renderContext.top as Map<unknown, BlockContext>,
    BLOCK_CONTEXT,
    () => new Map<string, BlockNode[]>(),
  );
  addBlocks(blocks, node.blocks);
  if (!parent.isChild) addBlocks(blocks, parent.blocks);
  const before = renderContext.template;
  renderContext.template = parent;
  parent.announce(context);
  const result = parent.nodelist.render(context);
  renderContext.template = before;
  return result;
}

/** `{% include %}` */
export function include(context: Context, node: IncludeNode, named: unknown, values: Layer): string {
  const template = templateOf(named) ?? includedTemplate(context, node, named);
  if (node.isolatedContext) return template.renderIncluded(context.new(values));
  const depth = context.dicts.length;
  context.pushOwn(values);
  const result = template.renderIncluded(context);
  context.dicts.length = depth;
  return result;
}

/** What an included template can be: one of this engine, or something that renders a context. */
interface Includable {
  renderIncluded(context: Context): string;
}

function includedTemplate(context: Context, node: IncludeNode, named: unknown): Includable {
  const candidate = named as { render?: unknown };
  if (typeof named === 'object' && named !== null && typeof candidate.render === 'function') {
    const { render } = candidate as { render(context: Context): unknown };
    return { renderIncluded: (inner) => text(render.call(candidate, inner)) };
  }
  const names =
    typeof named === 'string' || named instanceof SafeString
      ? named.length > 0
        ? [node.fullName(String(named))]
        : []
      : named === null || named === undefined
        ? []
        : Array.from(iterate(named, context), toStr);
  // Django keeps what it found for the whole rendering: a loop does not ask the loaders again.
  const { root } = context.renderContext;
  const found = getOrMake(
    root as Map<unknown, Map<string, Template>>,
    node,
    () => new Map<string, Template>(),
  );
  const key = names.join('\0');
  let template = found.get(key);
  if (template === undefined) {
    template = (context.template as Template).engine.selectTemplate(names);
    found.set(key, template);
  }
  return template;
}

/** `{% partial %}` */
export function partial(context: Context, name: string, partials: ReadonlyMap<string, Partial>): string {
  const found = partials.get(name);
  if (found === undefined) {
    throw new TemplateSyntaxError(`Partial '${name}' is not defined in the current template.`);
  }
  const { renderContext } = context;
  renderContext.push();
  const result = found.nodelist.render(context);
  renderContext.pop();
  return result;
}
