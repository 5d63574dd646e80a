/** What the engine's tags call while a template renders. Part of `rt` in compiled templates. */
import { settings } from '../../conf';
import { OverflowError, pyEquals, repr, strip, toFloat, toInt, toStr } from '../../python';
import { escapeHtml, escapeToText } from '../../utils/html';
import { isPromise } from '../../utils/maybe_promise';
import { once } from '../../utils/module_loading';
import { markSafe, SafeString } from '../../utils/safestring';
import type { Context } from '../context';
import { TemplateSyntaxError, VariableDoesNotExist } from '../exceptions';
import { getOrMake } from '../get_or_make';
import type { Node } from '../node';
import { getMember } from './lookup';
import { equal, iterate } from './runtime';

const filters = once(() => require('../defaultfilters') as typeof import('../defaultfilters'));
const timezone = once(() => require('../../utils/timezone') as typeof import('../../utils/timezone'));

const urls = once(() => require('../../urls/base') as typeof import('../../urls/base'));

export { markSafe as safe } from '../../utils/safestring';

/** A third-party tag. */
export function renderNode(node: Node, context: Context): string {
  const { waiting } = context;
  const rendered = waiting === null ? node.render(context) : waiting.again(node, () => node.render(context));
  if (typeof rendered === 'string') return rendered;
  if (isPromise(rendered)) {
    if (waiting === null)
      throw new TypeError('A tag that renders a promise needs a template that is rendering.');
    const value = waiting.print(rendered);
    return value === undefined ? '' : text(value);
  }
  return text(rendered);
}

/** Python's `str()`. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : toStr(value);
}

/** A safe string if autoescaping is on, and so it was escaped. */
export function safeIf(autoescape: boolean, value: string): string | SafeString {
  return autoescape ? markSafe(value) : value;
}

/** The `forloop` of a loop. */
export function forloop(parentloop: unknown, length: number): Record<string, unknown> {
  return {
    parentloop,
    length,
    counter0: 0,
    counter: 1,
    revcounter: length,
    revcounter0: length - 1,
    first: true,
    last: length === 1,
  };
}

/** Sets the counters of `forloop`. */
export function advance(loop: Record<string, unknown>, index: number, length: number): void {
  loop['counter0'] = index;
  loop['counter'] = index + 1;
  loop['revcounter'] = length - index;
  loop['revcounter0'] = length - index - 1;
  loop['first'] = index === 0;
  loop['last'] = index === length - 1;
}

/** The loop that an including template is in. */
export function outerLoop(context: Context): unknown {
  return context.fetch('forloop') ?? {};
}

/** Which value a `cycle` is at, and moves it on. */
export function cycle(context: Context, node: unknown, count: number): number {
  const state = context.renderContext.top;
  const index = (state.get(node) as number | undefined) ?? 0;
  state.set(node, index + 1 === count ? 0 : index + 1);
  return index;
}

export function resetCycle(context: Context, node: unknown): void {
  context.renderContext.top.set(node, 0);
}

const loopStates = new WeakMap<object, Map<unknown, { last: unknown }>>();

/** What an `ifchanged` that is in no loop of its own template saw last. */
export function loopState(context: Context, node: unknown): { last: unknown } {
  const loop = context.fetch('forloop');
  let states: Map<unknown, unknown> = context.renderContext.top;
  if (typeof loop === 'object' && loop !== null) {
    states = loopStates.get(loop) ?? new Map();
    loopStates.set(loop, states as Map<unknown, { last: unknown }>);
  }
  return getOrMake(states as Map<unknown, { last: unknown }>, node, () => ({ last: null }));
}

/** Whether `ifchanged` sees something new. */
export function changed(state: { last: unknown }, now: unknown): boolean {
  const { last } = state;
  if (typeof now === 'string') return now !== last;
  if (last === null || !Array.isArray(now)) return true;
  return now.some((value, i) => !pyEquals(value, (last as unknown[])[i]));
}

/** `{% spaceless %}` */
export function spaceless(html: string): string {
  const { stripSpacesBetweenTags } = require('../../utils/html') as typeof import('../../utils/html');
  return String(stripSpacesBetweenTags(strip(html)));
}

/** `{% csrf_token %}` */
export function csrfToken(context: Context): string {
  let token = context.fetch('csrf_token');
  if (typeof token === 'function') token = (token as () => unknown)();
  const value = token === undefined || token === null ? '' : toStr(token);
  if (value === '' || value === 'NOTPROVIDED') return '';
  return `<input type="hidden" name="csrfmiddlewaretoken" value="${escapeHtml(value)}">`;
}

/** `{% debug %}`: the variables, only while DEBUG is on. */
export function debug(context: Context): string {
  if (!settings.DEBUG) return '';
  const layers = [...context].map((layer) => escapeHtml(repr({ ...layer })));
  return `${layers.join('')}\n\n`;
}

/** `{% now %}` */
export function now(format: string): string {
  const { date } = filters();
  const { now: current, localtime } = timezone();
  return toStr(date(settings.USE_TZ ? localtime(current()) : current(), format));
}

/** `{% lorem %}` */
export function lorem(count: unknown, method: 'w' | 'p' | 'b', common: boolean): string {
  const { words, paragraphs } =
    require('../../utils/lorem_ipsum') as typeof import('../../utils/lorem_ipsum');
  let amount = 1;
  try {
    amount = Number(toInt(count));
  } catch {
    // As Django: what is no number is one.
  }
  if (method === 'w') return words(amount, common);
  const texts = paragraphs(amount, common);
  return (method === 'p' ? texts.map((paragraph) => `<p>${paragraph}</p>`) : texts).join('\n\n');
}

/** One group of `{% regroup %}`: a pair, with names. */
export class GroupedResult extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  get grouper(): unknown {
    return this[0];
  }

  get list(): unknown {
    return this[1];
  }

  repr(): string {
    return `GroupedResult(grouper=${repr(this[0])}, list=${repr(this[1])})`;
  }
}

/** `{% regroup %}`: neighbours with the same key. `key` reads it of the item that stands under `name`. */
export function regroup(
  context: Context,
  target: unknown,
  name: string,
  key: () => unknown,
): GroupedResult[] {
  const groups: GroupedResult[] = [];
  if (target === null) return groups;
  for (const item of Array.from(iterate(target, context))) {
    context.set(name, item);
    const grouper = key();
    const group = groups.at(-1);
    if (group !== undefined && equal(group[0], grouper)) {
      (group[1] as unknown[]).push(item);
    } else {
      const made = new GroupedResult();
      made.push(grouper, [item]);
      groups.push(made);
    }
  }
  return groups;
}

/** `{% widthratio %}` */
export function widthRatio(values: () => unknown[]): string {
  let value: unknown;
  let maxValue: unknown;
  let width: unknown;
  let maxWidth: number;
  try {
    [value, maxValue, width] = values();
  } catch (error) {
    if (error instanceof VariableDoesNotExist) return '';
    throw error;
  }
  try {
    maxWidth = Number(toInt(width));
  } catch {
    throw new TemplateSyntaxError('widthratio final argument must be a number');
  }
  try {
    const [numerator, denominator] = [toFloat(value), toFloat(maxValue)];
    if (denominator === 0) return '0';
    const ratio = roundHalfEven((numerator / denominator) * maxWidth);
    if (!Number.isFinite(ratio)) return '';
    return toStr(ratio === 0 ? 0 : ratio);
  } catch (error) {
    if (error instanceof OverflowError || error instanceof Error) return '';
    throw error;
  }
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** `{% url %}`. A view that cannot be reversed is an error, but empty where the result is kept. */
export function url(
  context: Context,
  viewName: unknown,
  args: unknown[],
  kwargs: Record<string, unknown>,
  kept: boolean,
): string {
  const { reverse, tryReverse } = urls();
  const request = context.request as {
    currentApp?: string | null;
    resolverMatch?: { namespace?: string } | null;
  } | null;
  const currentApp =
    request?.currentApp !== undefined ? request.currentApp : request?.resolverMatch?.namespace;
  const name = viewName instanceof SafeString ? viewName.value : (viewName as string);
  const options = { args, kwargs, ...(currentApp ? { currentApp } : {}) };
  if (!kept) return reverse(name, options);
  const found = tryReverse(name, options);
  return typeof found === 'string' ? found : '';
}

/** A URL as it stands in a page. */
export function urlText(value: unknown, autoescape: boolean): string {
  return autoescape ? escapeToText(value) : text(value);
}

interface QueryDictLike {
  pop(key: string, otherwise: null): unknown;
  setlist(key: string, values: readonly unknown[]): unknown;
  urlencode(): string;
  lists?(): Iterable<readonly [string, readonly unknown[]]>;
}

/** `{% querystring %}` */
export function querystring(
  context: Context,
  dicts: readonly unknown[] | null,
  kwargs: readonly (readonly [string, unknown])[],
): string {
  const { QueryDict } = require('../../http') as typeof import('../../http');
  const sources = dicts ?? [(context.request as { GET?: unknown } | null)?.GET];
  if (dicts === null && sources[0] === undefined) {
    throw new TypeError(
      "'Context' object has no attribute 'request'. {% querystring %} needs a RequestContext.",
    );
  }
  const params = new QueryDict('', { mutable: true }) as unknown as QueryDictLike;
  const put = (key: string, value: unknown): void => {
    if (value === null || value === undefined) params.pop(key, null);
    else if (isList(value)) params.setlist(key, Array.from(value, toStr));
    else params.setlist(key, [toStr(value)]);
  };
  for (const source of sources) {
    if (source === null || source === undefined) continue;
    const lists = (source as QueryDictLike).lists;
    if (typeof lists === 'function') {
      for (const [key, values] of lists.call(source)) params.setlist(key, [...values]);
    } else {
      for (const [key, value] of entriesOf(source)) put(key, value);
    }
  }
  for (const [key, value] of kwargs) put(key, value);
  const encoded = params.urlencode();
  return `?${encoded}`;
}

function isList(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === 'object' && value !== null && !(value instanceof SafeString) && Symbol.iterator in value
  );
}

function entriesOf(source: unknown): [string, unknown][] {
  const items = getMember(source, 'items');
  const list = typeof items === 'function' ? (items as () => unknown).call(source) : items;
  if (typeof list !== 'object' || list === null) {
    throw new TemplateSyntaxError('querystring requires mappings for positional arguments.');
  }
  return Array.from(list as Iterable<[unknown, unknown]>, ([key, value]) => [toStr(key), value]);
}
