/** `{% load i18n %}`: texts in the active language. Django: `django.templatetags.i18n`. */
import { settings } from '../conf';
import { isNumber, repr, splitLines, splitWords, strip, toStr } from '../python';
import type { Emitter } from '../template/compile/emitter';
import { TemplateSyntaxError } from '../template/exceptions';
import { getLanguageInfo, getLanguageInfoOf } from '../template/languages';
import { Library } from '../template/library';
import { NodeList } from '../template/node';
import { type Parser, tokenKwargs } from '../template/parser';
import { OverrideNode } from '../template/tags/flow';
import { ValueNode } from '../template/tags/values';
import { type Token, TokenType } from '../template/token';
import { type FilterExpression, Variable } from '../template/variable';
import { markSafe } from '../utils/safestring';
import * as translation from '../utils/translation';

export const register = new Library();

/** A tag that keeps what a function gives under a name. */
class KeepNode extends ValueNode {
  constructor(
    private readonly fn: (argument: unknown) => unknown,
    private readonly argument: FilterExpression | null,
    protected override readonly asVar: string,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    const argument = this.argument === null ? '' : emitter.ready(this.argument);
    return `${emitter.constant(this.fn)}(${argument})`;
  }
}

for (const [tag, fn] of [
  [
    'get_available_languages',
    () => settings.LANGUAGES.map(([code, name]) => [code, translation.gettext(name)]),
  ],
  ['get_current_language', () => translation.getLanguage()],
  ['get_current_language_bidi', () => translation.getLanguageBidi()],
] as const) {
  register.tag(tag, (_parser, token) => {
    const words = splitWords(token.contents);
    if (words.length !== 3 || words[1] !== 'as') {
      throw new TemplateSyntaxError(`'${tag}' requires 'as variable' (got ${repr(words)})`);
    }
    return new KeepNode(fn, null, words[2] as string);
  });
}

for (const [tag, what, fn] of [
  ['get_language_info', 'string', (code: unknown) => getLanguageInfo(toStr(code))],
  [
    'get_language_info_list',
    'sequence',
    (languages: unknown) => Array.from(languages as Iterable<unknown>, getLanguageInfoOf),
  ],
] as const) {
  register.tag(tag, (parser, token) => {
    const words = token.splitContents();
    if (words.length !== 5 || words[1] !== 'for' || words[3] !== 'as') {
      throw new TemplateSyntaxError(
        `'${tag}' requires 'for ${what} as variable' (got ${repr(words.slice(1))})`,
      );
    }
    return new KeepNode(fn, parser.compileFilter(words[2] as string), words[4] as string);
  });
}

register.filter('language_name', (code: unknown) => getLanguageInfo(toStr(code)).name);
register.filter('language_name_translated', (code: unknown) =>
  translation.gettext(getLanguageInfo(toStr(code)).name),
);
register.filter('language_name_local', (code: unknown) => getLanguageInfo(toStr(code)).name_local);
register.filter('language_bidi', (code: unknown) => getLanguageInfo(toStr(code)).bidi);

/** The text as it is read: what came through the catalog has its percent signs doubled. */
function singlePercents(text: string): string {
  return text.replaceAll('%%', '%');
}

class TranslateNode extends ValueNode {
  constructor(
    private readonly expression: FilterExpression,
    private readonly noop: boolean,
    protected override readonly asVar: string | null,
    private readonly messageContext: FilterExpression | null,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    const { variable } = this.expression;
    const isLookup = variable instanceof Variable && variable.lookups !== null;
    const message = isLookup
      ? `rt.orElse(${emitter.lookup(variable)}, "")`
      : emitter.constant(variable instanceof Variable ? variable.literal : variable.constant);
    const context = this.messageContext === null ? '' : `, ${emitter.ready(this.messageContext)}`;
    const text = this.noop ? message : `rt.translate(rt.ready(${message}, ctx)${context})`;
    const printed = `${emitter.constant(singlePercents)}(${emitter.printed(emitter.filter(text, this.expression))})`;
    return this.asVar === null ? printed : `rt.safeIf(${emitter.autoescape}, ${printed})`;
  }
}

function doTranslate(parser: Parser, token: Token): TranslateNode {
  const bits = token.splitContents();
  const tag = bits[0] as string;
  if (bits.length < 2) throw new TemplateSyntaxError(`'${tag}' takes at least one argument`);
  const expression = parser.compileFilter(bits[1] as string);
  const rest = bits.slice(2);
  const seen = new Set<string>();
  let asVar: string | null = null;
  let messageContext: FilterExpression | null = null;
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    if (seen.has(option))
      throw new TemplateSyntaxError(`The '${option}' option was specified more than once.`);
    if (option === 'context' || option === 'as') {
      const value = rest.shift();
      if (value === undefined) {
        throw new TemplateSyntaxError(`No argument provided to the '${tag}' tag for the ${option} option.`);
      }
      if (option === 'as') {
        asVar = value;
      } else if (value === 'as' || value === 'noop') {
        throw new TemplateSyntaxError(
          `Invalid argument '${value}' provided to the '${tag}' tag for the context option`,
        );
      } else {
        messageContext = parser.compileFilter(value);
      }
    } else if (option !== 'noop') {
      throw new TemplateSyntaxError(
        `Unknown argument for '${tag}' tag: '${option}'. The only options available are 'noop', 'context' "xxx", and 'as VAR'.`,
      );
    }
    seen.add(option);
  }
  return new TranslateNode(expression, seen.has('noop'), asVar, messageContext);
}

register.tag('translate', doTranslate);
register.tag('trans', doTranslate);

/** A text with places for values: `%(name)s`. */
interface Message {
  readonly text: string;
  readonly names: readonly string[];
}

function messageOf(tokens: readonly Token[], trimmed: boolean): Message {
  const names: string[] = [];
  let text = '';
  for (const token of tokens) {
    if (token.tokenType === TokenType.VAR) {
      text += `%(${token.contents})s`;
      names.push(token.contents);
    } else {
      text += token.contents.replaceAll('%', '%%');
    }
  }
  if (trimmed)
    text = splitLines(strip(text))
      .map((line) => strip(line))
      .join(' ');
  return { text, names };
}

/** Puts values into a text. @throws TemplateSyntaxError if it has other places. */
function interpolate(text: string, values: ReadonlyMap<string, string>): string | null {
  let failed = false;
  const result = text.replace(
    /%(?:\(([^()]*)\)s|(.?))/gs,
    (_, name: string | undefined, other: string | undefined) => {
      if (name !== undefined && values.has(name)) return values.get(name) as string;
      if (other === '%') return '%';
      failed = true;
      return '';
    },
  );
  return failed ? null : result;
}

function translatedBlock(
  tag: string,
  singular: string,
  plural: string | null,
  count: number,
  messageContext: unknown,
  values: ReadonlyMap<string, string>,
): string {
  const context = messageContext === null || messageContext === '' ? null : toStr(messageContext);
  const find = (): string => {
    if (plural !== null) {
      return context === null
        ? translation.ngettext(singular, plural, count)
        : translation.npgettext(context, singular, plural, count);
    }
    return context === null ? translation.gettext(singular) : translation.pgettext(context, singular);
  };
  // A broken translation is no reason for a broken page: the text as it was written is the next best.
  const result = interpolate(find(), values) ?? interpolate(translation.override(null, find), values);
  if (result === null) {
    throw new TemplateSyntaxError(
      `'${tag}' is unable to format string returned by gettext: ${repr(find())} using ${repr(values)}`,
    );
  }
  return result;
}

function countOf(value: unknown, name: string, tag: string): number {
  if (!isNumber(value)) throw new TemplateSyntaxError(`'${name}' argument to '${tag}' tag must be a number.`);
  return Number(value);
}

const SIMPLE_NAME = /^[\p{L}\p{N}_]+$/u;

class BlockTranslateNode extends ValueNode {
  constructor(
    private readonly tag: string,
    private readonly singular: Message,
    private readonly plural: Message | null,
    private readonly options: BlockOptions,
    protected override readonly asVar: string | null,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    const { extraContext, count, messageContext } = this.options;
    const names = new Map<string, string>();
    for (const [name, expression] of extraContext) {
      const local = emitter.variable();
      emitter.line(`${local} = ${emitter.definite(expression)};`);
      names.set(name, local);
    }
    const result = emitter.variable();
    const context = messageContext === null ? 'null' : emitter.ready(messageContext);
    // The number is read where the names of `with` are known, whichever of the two was written first.
    emitter.scope(names, new NodeList(), () => {
      if (count === null) {
        this.message(emitter, result, '0', context);
        return;
      }
      const number = emitter.variable();
      const [name, expression] = count;
      const check = `${emitter.constant(countOf)}(${emitter.ready(expression)}, ${emitter.quote(name)}, ${emitter.quote(this.tag)})`;
      emitter.line(`${number} = ${check};`);
      emitter.scope(new Map([[name, number]]), new NodeList(), () =>
        this.message(emitter, result, number, context),
      );
    });
    // Its values are escaped already: what is kept must not be escaped once more.
    return this.asVar === null ? result : `${emitter.constant(markSafe)}(${result})`;
  }

  private message(emitter: Emitter, result: string, number: string, context: string): void {
    const mentioned = new Set([...this.singular.names, ...(this.plural?.names ?? [])]);
    const values = [...mentioned].map((name) => `[${emitter.quote(name)}, ${this.print(emitter, name)}]`);
    const plural = this.plural === null ? 'null' : emitter.quote(this.plural.text);
    emitter.line(
      `${result} = ${emitter.constant(translatedBlock)}(${emitter.quote(this.tag)}, ${emitter.quote(this.singular.text)}, ${plural}, ${number}, ${context}, new Map([${values.join(', ')}]));`,
    );
  }

  private print(emitter: Emitter, name: string): string {
    // Only plain names mean something here; anything else is a variable that does not exist.
    const found =
      SIMPLE_NAME.test(name) && !/^[\d_]/.test(name) ? emitter.lookup(new Variable(name)) : 'undefined';
    return emitter.printed(`rt.orElse(${found}, ${emitter.invalid(name)})`);
  }
}

interface BlockOptions {
  readonly extraContext: ReadonlyMap<string, FilterExpression>;
  readonly count: readonly [string, FilterExpression] | null;
  readonly messageContext: FilterExpression | null;
}

function collect(parser: Parser, until: Token[]): Token {
  for (;;) {
    const token = parser.nextToken();
    if (token.tokenType === TokenType.BLOCK || token.tokenType === TokenType.COMMENT) return token;
    until.push(token);
  }
}

function doBlockTranslate(parser: Parser, token: Token): BlockTranslateNode {
  const bits = token.splitContents();
  const tag = bits[0] as string;
  const rest = bits.slice(1);
  const seen = new Set<string>();
  let extraContext: ReadonlyMap<string, FilterExpression> = new Map();
  let count: readonly [string, FilterExpression] | null = null;
  let messageContext: FilterExpression | null = null;
  let asVar: string | null = null;
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    if (seen.has(option))
      throw new TemplateSyntaxError(`The '${option}' option was specified more than once.`);
    seen.add(option);
    if (option === 'with') {
      extraContext = tokenKwargs(rest, parser, true);
      if (extraContext.size === 0) {
        throw new TemplateSyntaxError(`"with" in '${tag}' tag needs at least one keyword argument.`);
      }
    } else if (option === 'count') {
      const values = [...tokenKwargs(rest, parser, true)];
      if (values.length !== 1) {
        throw new TemplateSyntaxError(`"count" in '${tag}' tag expected exactly one keyword argument.`);
      }
      count = values[0] as [string, FilterExpression];
    } else if (option === 'context') {
      try {
        messageContext = parser.compileFilter(rest.shift() as string);
      } catch {
        throw new TemplateSyntaxError(`"context" in '${tag}' tag expected exactly one argument.`);
      }
    } else if (option === 'asvar') {
      asVar = rest.shift() ?? null;
      if (asVar === null) {
        throw new TemplateSyntaxError(`No argument provided to the '${tag}' tag for the asvar option.`);
      }
    } else if (option !== 'trimmed') {
      throw new TemplateSyntaxError(`Unknown argument for '${tag}' tag: '${option}'.`);
    }
  }
  const trimmed = seen.has('trimmed');
  const singular: Token[] = [];
  const plural: Token[] = [];
  let end = collect(parser, singular);
  if (count !== null) {
    if (end.contents !== 'plural') {
      throw new TemplateSyntaxError(`'${tag}' doesn't allow other block tags inside it`);
    }
    end = collect(parser, plural);
  }
  if (end.contents !== `end${tag}`) {
    throw new TemplateSyntaxError(
      `'${tag}' doesn't allow other block tags (seen '${end.contents}') inside it`,
    );
  }
  return new BlockTranslateNode(
    tag,
    messageOf(singular, trimmed),
    count === null ? null : messageOf(plural, trimmed),
    { extraContext, count, messageContext },
    asVar,
  );
}

register.tag('blocktranslate', doBlockTranslate);
register.tag('blocktrans', doBlockTranslate);

register.tag('language', (parser, token) => {
  const bits = token.splitContents();
  if (bits.length !== 2) throw new TemplateSyntaxError("'language' takes one argument (language)");
  const language = parser.compileFilter(bits[1] as string);
  const nodelist = parser.parse(['endlanguage']);
  parser.deleteFirstToken();
  return new OverrideNode(translation.override, language, nodelist);
});
