/** Tags about repetition: for, cycle, resetcycle, ifchanged. */
import type { Emitter, LoopInfo } from '../compile/emitter';
import { TemplateSyntaxError } from '../exceptions';
import type { Library } from '../library';
import { NodeList } from '../node';
import type { FilterExpression } from '../variable';
import { EmittedNode } from './flow';

class ForNode extends EmittedNode {
  override readonly childNodelists = ['nodelistLoop', 'nodelistEmpty'];

  constructor(
    private readonly loopvars: readonly string[],
    private readonly sequence: FilterExpression,
    private readonly isReversed: boolean,
    readonly nodelistLoop: NodeList,
    readonly nodelistEmpty: NodeList,
  ) {
    super();
  }

  override inlined(): readonly NodeList[] {
    return [this.nodelistLoop, this.nodelistEmpty];
  }

  override emit(emitter: Emitter): void {
    const [items, length, index, object] = [
      emitter.variable(),
      emitter.variable(),
      emitter.variable(),
      emitter.variable(),
    ] as [string, string, string, string];
    emitter.line(
      `${items} = rt.iterate(${emitter.value(this.sequence, true)}, ctx); ${length} = ${items}.length;`,
    );
    emitter.line(`if (${length} > 0) {`);
    const start = emitter.reserve();
    const depth = emitter.waiting ? emitter.variable() : '';
    const locals = this.loopvars.map(() => emitter.variable());
    const names = new Map(this.loopvars.map((name, position) => [name, locals[position] as string]));
    const parent = emitter.loop;
    let hasObject = false;
    let advance: (code: string) => void = () => undefined;
    const needObject = (): void => {
      if (hasObject) return;
      hasObject = true;
      parent?.needObject();
      const outer = parent === null ? 'rt.outerLoop(ctx)' : parent.object;
      start(`${object} = rt.forloop(${outer}, ${length});`);
      advance(`rt.advance(${object}, ${index}, ${length});`);
    };
    const loop: LoopInfo = { index, length, parent, object, needObject, atStart: start };
    const all = new Map([['forloop', object], ...names]);
    // The layer is pushed once and its values replaced in each round.
    emitter.scope(all, this.nodelistLoop, (inContext) => {
      const layer = inContext ? emitter.variable() : '';
      if (inContext) emitter.line(`${layer} = ctx.dicts[ctx.dicts.length - 1];`);
      if (depth) emitter.line(`${depth} = ctx.dicts.length;`);
      emitter.line(`for (${index} = 0; ${index} < ${length}; ${index}++) {`);
      if (depth) emitter.line('try {');
      advance = emitter.reserve();
      const at = this.isReversed ? `${length} - 1 - ${index}` : index;
      this.bind(emitter, `${items}[${at}]`, locals);
      if (inContext) {
        needObject();
        for (const [name, local] of names) emitter.line(`${layer}[${emitter.quote(name)}] = ${local};`);
      }
      emitter.withinLoop(loop, () => emitter.body(this.nodelistLoop));
      if (depth) emitter.line(`} catch (e) { rt.skip(e, ctx, ${depth}); }`);
      emitter.line('}');
    });
    if (this.nodelistEmpty.length > 0) {
      emitter.line('} else {');
      emitter.body(this.nodelistEmpty);
    }
    emitter.line('}');
  }

  private bind(emitter: Emitter, item: string, locals: readonly string[]): void {
    if (locals.length === 1) {
      emitter.line(`${locals[0]} = ${item}; if (${locals[0]} === undefined) ${locals[0]} = null;`);
      return;
    }
    const values = emitter.variable();
    emitter.line(`${values} = rt.unpack(${item}, ${locals.length}, ctx);`);
    for (const [position, local] of locals.entries()) emitter.line(`${local} = ${values}[${position}];`);
  }
}

/** `{% cycle %}`; each use of a named one is the same node. */
class CycleNode extends EmittedNode {
  constructor(
    private readonly values: readonly FilterExpression[],
    readonly variableName: string | null = null,
    private readonly silent = false,
  ) {
    super();
  }

  override assigns(): readonly string[] {
    return this.variableName === null ? [] : [this.variableName];
  }

  override emit(emitter: Emitter): void {
    const index = emitter.variable();
    const value = emitter.variable();
    emitter.line(`${index} = rt.cycle(ctx, ${emitter.constant(this)}, ${this.values.length});`);
    const choices = this.values.map(
      (expression, i) => `${index} === ${i} ? ${emitter.definite(expression)} : `,
    );
    emitter.line(`${value} = ${choices.join('')}"";`);
    if (this.variableName !== null) {
      emitter.line(`ctx.setUpward(${emitter.quote(this.variableName)}, ${value});`);
    }
    if (!this.silent) emitter.output(value);
  }
}

class ResetCycleNode extends EmittedNode {
  constructor(private readonly node: CycleNode) {
    super();
  }

  override emit(emitter: Emitter): void {
    emitter.line(`rt.resetCycle(ctx, ${emitter.constant(this.node)});`);
  }
}

class IfChangedNode extends EmittedNode {
  override readonly childNodelists = ['nodelistTrue', 'nodelistFalse'];

  constructor(
    readonly nodelistTrue: NodeList,
    readonly nodelistFalse: NodeList,
    private readonly values: readonly FilterExpression[],
  ) {
    super();
  }

  override inlined(): readonly NodeList[] {
    return [this.nodelistTrue, this.nodelistFalse];
  }

  override emit(emitter: Emitter): void {
    const state = this.state(emitter);
    const isNew = emitter.variable();
    if (this.values.length > 0) {
      const now = emitter.variable();
      emitter.line(`${now} = [${this.values.map((value) => emitter.ready(value, true)).join(', ')}];`);
      emitter.line(`if ((${isNew} = rt.changed(${state}, ${now}))) {`);
      emitter.line(`${state}.last = ${now};`);
      emitter.body(this.nodelistTrue);
    } else {
      const round = emitter.variable();
      emitter.line(`for (${round} = 0; ${round} < 2; ${round}++) {`);
      const output = emitter.capture(this.nodelistTrue);
      emitter.line(`if (${round} > 0) break;`);
      emitter.line(`if ((${isNew} = rt.changed(${state}, ${output}))) ${state}.last = ${output};`);
      // Django renders what gave nothing once more, which a silent cycle in it shows.
      emitter.line(`if (!${isNew} || ${output} !== "") break;`);
      emitter.line('}');
      emitter.line(`if (${isNew}) {`);
      emitter.raw(output);
    }
    if (this.nodelistFalse.length > 0) {
      emitter.line('} else {');
      emitter.body(this.nodelistFalse);
    }
    emitter.line('}');
  }

  /** What was seen last: by the innermost loop, wherever that is. */
  private state(emitter: Emitter): string {
    const state = emitter.variable();
    if (emitter.loop !== null && emitter.localises('forloop')) {
      emitter.loop.atStart(`${state} = { last: null };`);
    } else {
      emitter.line(`${state} = rt.loopState(ctx, ${emitter.constant(this)});`);
    }
    return state;
  }
}

const INVALID_NAME = /[ "'|]/;
const NAMED_CYCLES = 'tsango.namedCycles';
const LAST_CYCLE = 'tsango.lastCycle';

/** Adds the tags of this module. */
export function registerLoopTags(register: Library): void {
  register.tag('for', (parser, token) => {
    const bits = token.splitContents();
    if (bits.length < 4) {
      throw new TemplateSyntaxError(`'for' statements should have at least four words: ${token.contents}`);
    }
    const isReversed = bits[bits.length - 1] === 'reversed';
    const inIndex = bits.length - (isReversed ? 3 : 2);
    if (bits[inIndex] !== 'in') {
      throw new TemplateSyntaxError(`'for' statements should use the format 'for x in y': ${token.contents}`);
    }
    const loopvars = bits
      .slice(1, inIndex)
      .join(' ')
      .split(',')
      .map((name, i, all) => trimSpaces(name, i > 0, i < all.length - 1));
    for (const name of loopvars) {
      if (name === '' || INVALID_NAME.test(name)) {
        throw new TemplateSyntaxError(`'for' tag received an invalid argument: ${token.contents}`);
      }
    }
    const sequence = parser.compileFilter(bits[inIndex + 1] as string);
    const nodelistLoop = parser.parse(['empty', 'endfor']);
    let nodelistEmpty = new NodeList();
    if (parser.nextToken().contents === 'empty') {
      nodelistEmpty = parser.parse(['endfor']);
      parser.deleteFirstToken();
    }
    return new ForNode(loopvars, sequence, isReversed, nodelistLoop, nodelistEmpty);
  });

  register.tag('cycle', (parser, token) => {
    let args = token.splitContents();
    if (args.length < 2) throw new TemplateSyntaxError("'cycle' tag requires at least two arguments");
    const named = parser.extraData.get(NAMED_CYCLES) as Map<string, CycleNode> | undefined;
    if (args.length === 2) {
      const name = args[1] as string;
      if (named === undefined) {
        throw new TemplateSyntaxError(`No named cycles in template. '${name}' is not defined`);
      }
      const node = named.get(name);
      if (node === undefined) throw new TemplateSyntaxError(`Named cycle '${name}' does not exist`);
      return node;
    }
    let name: string | null = null;
    let silent = false;
    if (args.length > 4) {
      if (args.at(-3) === 'as') {
        if (args.at(-1) !== 'silent') {
          throw new TemplateSyntaxError(
            `Only 'silent' flag is allowed after cycle's name, not '${args.at(-1)}'.`,
          );
        }
        silent = true;
        args = args.slice(0, -1);
        name = args.at(-1) as string;
      } else if (args.at(-2) === 'as') {
        name = args.at(-1) as string;
      }
    }
    const values = args.slice(1, name === null ? undefined : -2).map((arg) => parser.compileFilter(arg));
    const node = new CycleNode(values, name, silent);
    if (name !== null) parser.keep(NAMED_CYCLES, () => new Map<string, CycleNode>()).set(name, node);
    parser.extraData.set(LAST_CYCLE, node);
    return node;
  });

  register.tag('resetcycle', (parser, token) => {
    const args = token.splitContents();
    if (args.length > 2) throw new TemplateSyntaxError("'resetcycle' tag accepts at most one argument.");
    const name = args[1];
    if (name !== undefined) {
      const node = (parser.extraData.get(NAMED_CYCLES) as Map<string, CycleNode> | undefined)?.get(name);
      if (node === undefined) throw new TemplateSyntaxError(`Named cycle '${name}' does not exist.`);
      return new ResetCycleNode(node);
    }
    const last = parser.extraData.get(LAST_CYCLE) as CycleNode | undefined;
    if (last === undefined) throw new TemplateSyntaxError('No cycles in template.');
    return new ResetCycleNode(last);
  });

  register.tag('ifchanged', (parser, token) => {
    const bits = token.splitContents();
    const nodelistTrue = parser.parse(['else', 'endifchanged']);
    let nodelistFalse = new NodeList();
    if (parser.nextToken().contents === 'else') {
      nodelistFalse = parser.parse(['endifchanged']);
      parser.deleteFirstToken();
    }
    const values = bits.slice(1).map((bit) => parser.compileFilter(bit));
    return new IfChangedNode(nodelistTrue, nodelistFalse, values);
  });
}

/** The name without the spaces next to a comma. */
function trimSpaces(name: string, before: boolean, after: boolean): string {
  let text = name;
  while (before && text.startsWith(' ')) text = text.slice(1);
  while (after && text.endsWith(' ')) text = text.slice(0, -1);
  return text;
}
