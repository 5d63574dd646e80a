/** Where in a template an error arose. Django: `Template.get_exception_info`. */
import type { TemplateDebug } from './exceptions';
import type { Origin } from './origin';
import type { Token } from './token';

const CONTEXT_LINES = 10;

/** A template as far as its errors need it. */
interface Source {
  readonly source: string;
  readonly origin: Origin;
}

const sources = new WeakMap<Origin, Source>();

/** A tag knows where it comes from; the text there is looked up when it fails. */
export function rememberSource(template: Source): void {
  sources.set(template.origin, template);
}

/** The template that a tag stands in: a block of a child is rendered by its parent. */
export function sourceOf(origin: Origin): Source | undefined {
  return sources.get(origin);
}

/** The template's lines around a tag, for the debug page. */
export function getExceptionInfo(
  template: Source,
  error: unknown,
  token: Pick<Token, 'start' | 'end'>,
): TemplateDebug {
  const { source, origin } = template;
  const { start, end } = token;
  const ends: number[] = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) ends.push(at + 1);
  ends.push(source.length + 1);
  const lines: [number, string][] = [];
  let line = 0;
  let upto = 0;
  let [before, during, after] = ['', '', ''];
  for (const [number, next] of ends.entries()) {
    if (start >= upto && end <= next) {
      line = number;
      before = source.slice(upto, start);
      during = source.slice(start, end);
      after = source.slice(end, next);
    }
    lines.push([number, source.slice(upto, next)]);
    upto = next;
  }
  const total = lines.length;
  const top = Math.max(1, line - CONTEXT_LINES);
  const bottom = Math.min(total, line + 1 + CONTEXT_LINES);
  return {
    message: error instanceof Error ? error.message : String(error),
    source_lines: lines.slice(top, bottom),
    before,
    during,
    after,
    top,
    bottom,
    total,
    line,
    name: origin.name,
    start,
    end,
  };
}
