/** Named parts of a template that can be used several times: partialdef, partial. Django 6.0. */
import { splitWords } from '../../python';
import type { Emitter } from '../compile/emitter';
import { TemplateSyntaxError } from '../exceptions';
import type { Library } from '../library';
import type { NodeList } from '../node';
import type { Parser } from '../parser';
import { EmittedNode } from './flow';

/** The parts of one template, by name. */
export const PARTIALS = 'tsango.partials';

class PartialDefNode extends EmittedNode {
  constructor(
    private readonly isInline: boolean,
    readonly nodelist: NodeList,
  ) {
    super();
  }

  override inlined(): readonly NodeList[] {
    return this.isInline ? [this.nodelist] : [];
  }

  override emit(emitter: Emitter): void {
    if (this.isInline) emitter.body(this.nodelist);
  }
}

class PartialNode extends EmittedNode {
  constructor(
    private readonly partialName: string,
    private readonly partials: ReadonlyMap<string, unknown>,
  ) {
    super();
  }

  override readsContext(): boolean {
    return true;
  }

  override emit(emitter: Emitter): void {
    emitter.raw(`rt.partial(ctx, ${emitter.quote(this.partialName)}, ${emitter.constant(this.partials)})`);
  }
}

/** One part. */
export interface Partial {
  readonly nodelist: NodeList;
  readonly start: number;
  readonly end: number;
}

function partialsOf(parser: Parser): Map<string, Partial> {
  return parser.keep(PARTIALS, () => new Map<string, Partial>());
}

/** Adds the tags of this module. */
export function registerPartialTags(register: Library): void {
  register.tag('partialdef', (parser, token) => {
    const bits = splitWords(token.contents);
    const name = bits[1];
    if (name === undefined) throw new TemplateSyntaxError("'partialdef' tag requires a name");
    if (bits.length > 3) throw new TemplateSyntaxError("'partialdef' tag takes at most 2 arguments");
    if (bits.length === 3 && bits[2] !== 'inline') {
      throw new TemplateSyntaxError(
        "The 'inline' argument does not have any parameters; either use 'inline' or remove it completely.",
      );
    }
    const ends = ['endpartialdef', `endpartialdef ${name}`];
    const nodelist = parser.parse(ends);
    const end = parser.nextToken();
    if (!ends.includes(end.contents)) parser.invalidBlockTag(end, 'endpartialdef', ends);
    const partials = partialsOf(parser);
    if (partials.has(name)) {
      throw new TemplateSyntaxError(
        `Partial '${name}' is already defined in the '${parser.origin.name}' template.`,
      );
    }
    partials.set(name, { nodelist, start: token.start, end: end.end });
    return new PartialDefNode(bits.length === 3, nodelist);
  });

  register.tag('partial', (parser, token) => {
    const bits = token.splitContents();
    const name = bits[1];
    if (bits.length !== 2 || name === undefined) {
      throw new TemplateSyntaxError("'partial' tag requires a single argument");
    }
    return new PartialNode(name, partialsOf(parser));
  });
}
