/** Makes nodes of tokens. Django: `Parser` and `token_kwargs` of `django.template.base`. */
import { KeyError } from '../core/exceptions';
import { splitWords } from '../python';
import { getTextList } from '../utils/text';
import { TemplateSyntaxError } from './exceptions';
import type { Filter, Library, TagCompiler } from './library';
import { type Node, NodeList, TextNode, VariableNode } from './node';
import { Origin, UNKNOWN_SOURCE } from './origin';
import { type Token, TokenType } from './token';
import { FilterExpression } from './variable';

/** How deep tags may nest. Python stops at its recursion limit, at about a third of this. */
const MAX_DEPTH = 500;

const errorTokens = new WeakMap<object, Token>();

/** The token that an error arose at, if the parser knows it. */
export function tokenOf(error: unknown): Token | undefined {
  return typeof error === 'object' && error !== null ? errorTokens.get(error) : undefined;
}

/** Where the libraries that `{% load %}` names come from. */
export interface LibrarySource {
  get(name: string): Library | undefined;
  /** Not a `MapIterator`: the declarations would need TypeScript 5.6. */
  keys(): Iterable<string>;
}

/** Reads tokens and makes nodes. Compilation functions of tags are given one. */
export class Parser {
  readonly tags = new Map<string, TagCompiler>();
  readonly filters = new Map<string, Filter>();
  /** What tags keep for the template, by a name of theirs. Django: `Parser.extra_data` (6.0). */
  readonly extraData = new Map<string, unknown>();
  /** Every nodelist made, for the template to adopt. */
  readonly nodelists: NodeList[] = [];
  private readonly commandStack: [string, Token][] = [];
  /** Whether an expression since the last node began names `block`. */
  private namesBlock = false;
  private readonly tokens: Token[];

  constructor(
    tokens: readonly Token[],
    readonly libraries: LibrarySource = new Map(),
    builtins: readonly Library[] = [],
    readonly origin: Origin = new Origin(UNKNOWN_SOURCE),
  ) {
    this.tokens = [...tokens].reverse();
    for (const library of builtins) this.addLibrary(library);
  }

  /**
   * Makes nodes up to one of the tags named (which stays the next token), or up to the end.
   *
   * @throws TemplateSyntaxError in Django's words.
   */
  parse(parseUntil: readonly string[] = []): NodeList {
    const nodelist = new NodeList();
    this.nodelists.push(nodelist);
    let outside = this.namesBlock;
    for (let token = this.tokens.pop(); token !== undefined; token = this.tokens.pop()) {
      this.namesBlock = false;
      if (token.tokenType === TokenType.TEXT) {
        this.extendNodelist(nodelist, new TextNode(token.contents), token);
      } else if (token.tokenType === TokenType.VAR) {
        if (!token.contents) throw this.error(token, `Empty variable tag on line ${token.lineno}`);
        this.extendNodelist(nodelist, this.variableNode(token), token);
      } else if (token.tokenType === TokenType.BLOCK) {
        const command = splitWords(token.contents)[0];
        if (command === undefined) throw this.error(token, `Empty block tag on line ${token.lineno}`);
        if (parseUntil.includes(command)) {
          this.prependToken(token);
          this.namesBlock = outside;
          return nodelist;
        }
        this.extendNodelist(nodelist, this.tagNode(command, token, parseUntil), token);
      }
      outside ||= this.namesBlock;
    }
    this.namesBlock = outside;
    if (parseUntil.length > 0) this.unclosedBlockTag(parseUntil);
    return nodelist;
  }

  private variableNode(token: Token): Node {
    try {
      return new VariableNode(this.compileFilter(token.contents));
    } catch (error) {
      throw this.error(token, error);
    }
  }

  private tagNode(command: string, token: Token, parseUntil: readonly string[]): Node {
    this.commandStack.push([command, token]);
    if (this.commandStack.length > MAX_DEPTH) {
      throw this.error(token, `Tags are nested more than ${MAX_DEPTH} deep on line ${token.lineno}`);
    }
    const compile = this.tags.get(command);
    if (compile === undefined) this.invalidBlockTag(token, command, parseUntil);
    let node: Node;
    try {
      node = compile(this, token);
    } catch (error) {
      throw this.error(token, error);
    }
    this.commandStack.pop();
    return node;
  }

  /** Drops everything up to a tag. */
  skipPast(endtag: string): void {
    for (let token = this.tokens.pop(); token !== undefined; token = this.tokens.pop()) {
      if (token.tokenType === TokenType.BLOCK && token.contents === endtag) return;
    }
    this.unclosedBlockTag([endtag]);
  }

  private extendNodelist(nodelist: NodeList, node: Node, token: Token): void {
    if (node.mustBeFirst && nodelist.containsNontext) {
      const name = this.origin.templateName ? `'${this.origin.templateName}'` : 'the template';
      throw this.error(token, `{% ${token.contents} %} must be the first tag in ${name}.`);
    }
    if (!(node instanceof TextNode)) nodelist.containsNontext = true;
    node.namesBlock = this.namesBlock;
    node.token = token;
    node.origin = this.origin;
    nodelist.nodes.push(node);
  }

  /** An error that knows its token; the innermost one stays. */
  error(token: Token, error: unknown): Error {
    const made = error instanceof Error ? error : new TemplateSyntaxError(String(error));
    if (!errorTokens.has(made)) errorTokens.set(made, token);
    return made;
  }

  /** @throws TemplateSyntaxError, always. */
  invalidBlockTag(token: Token, command: string, parseUntil: readonly string[] = []): never {
    const expected = parseUntil.length
      ? `, expected ${getTextList(
          parseUntil.map((name) => `'${name}'`),
          'or',
        )}`
      : '';
    throw this.error(
      token,
      `Invalid block tag on line ${token.lineno}: '${command}'${expected}. Did you forget to register or load this tag?`,
    );
  }

  /** @throws TemplateSyntaxError, always. */
  unclosedBlockTag(parseUntil: readonly string[]): never {
    const [command, token] = this.commandStack.pop() as [string, Token];
    throw this.error(
      token,
      `Unclosed tag on line ${token.lineno}: '${command}'. Looking for one of: ${parseUntil.join(', ')}.`,
    );
  }

  nextToken(): Token {
    const token = this.tokens.pop();
    if (token === undefined) throw new TemplateSyntaxError('Unexpected end of the template.');
    return token;
  }

  prependToken(token: Token): void {
    this.tokens.push(token);
  }

  deleteFirstToken(): void {
    this.tokens.pop();
  }

  addLibrary(library: Pick<Library, 'tags' | 'filters'>): void {
    for (const [name, tag] of library.tags) this.tags.set(name, tag);
    for (const [name, filter] of library.filters) this.filters.set(name, filter);
  }

  /** A variable or literal with its filters. */
  compileFilter(source: string): FilterExpression {
    if (source.includes('block')) this.namesBlock = true;
    return new FilterExpression(source, this);
  }

  findFilter(name: string): Filter {
    const filter = this.filters.get(name);
    if (filter === undefined) throw new TemplateSyntaxError(`Invalid filter: '${name}'`);
    return filter;
  }

  /** What a tag keeps under a name, made by `create` the first time. */
  keep<T>(name: string, create: () => T): T {
    if (!this.extraData.has(name)) this.extraData.set(name, create());
    return this.extraData.get(name) as T;
  }

  /** What a tag keeps under a name. */
  kept<T>(name: string): T {
    if (!this.extraData.has(name)) throw new KeyError(name);
    return this.extraData.get(name) as T;
  }
}

const KEYWORD = /^(?:([\p{L}\p{N}_]+)=)?([^\n]+)/u;

/** `name=value` in two, or only the value; `null` if the word is neither. */
export function matchKeyword(bit: string): [name: string | undefined, value: string] | null {
  const match = KEYWORD.exec(bit);
  return match ? [match[1], match[2] as string] : null;
}

/**
 * Takes `name=value` words off the front of `bits`, or with `supportLegacy` `value as name [and …]`.
 *
 * Django: `token_kwargs`.
 */
export function tokenKwargs(
  bits: string[],
  parser: Parser,
  supportLegacy = false,
): Map<string, FilterExpression> {
  const kwargs = new Map<string, FilterExpression>();
  const first = bits[0];
  if (first === undefined) return kwargs;
  const keywordFormat = Boolean(matchKeyword(first)?.[0]);
  if (!keywordFormat && (!supportLegacy || bits.length < 3 || bits[1] !== 'as')) return kwargs;
  while (bits.length > 0) {
    let key: string;
    let value: string;
    if (keywordFormat) {
      const match = matchKeyword(bits[0] as string);
      if (!match?.[0]) return kwargs;
      [key, value] = match as [string, string];
      bits.splice(0, 1);
    } else {
      if (bits.length < 3 || bits[1] !== 'as') return kwargs;
      key = bits[2] as string;
      value = bits[0] as string;
      bits.splice(0, 3);
    }
    kwargs.set(key, parser.compileFilter(value));
    if (bits.length > 0 && !keywordFormat) {
      if (bits[0] !== 'and') return kwargs;
      bits.splice(0, 1);
    }
  }
  return kwargs;
}
