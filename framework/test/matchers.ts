/**
 * Django's assertions as jest matchers. Import this module once (in `setupFilesAfterEnv`, or in the test).
 * https://docs.djangoproject.com/en/5.2/topics/testing/tools/#assertions
 */
import { urljoin, urlsplit, urlunsplit } from '../python/urllib_parse';
import type { ClientResponse } from './client';

interface MatcherResult {
  pass: boolean;
  message(): string;
}

function result(pass: boolean, failure: string, negatedFailure: string): MatcherResult {
  return { pass, message: () => (pass ? negatedFailure : failure) };
}

/** White space between tags does not count, nor does the order of attributes. */
function normalizeHtml(html: string): string {
  return html
    .replace(
      /<([a-zA-Z][^\s/>]*)((?:\s+[^\s=>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?)*)\s*\/?>/g,
      (_, name: string, rest: string) => {
        const attributes = [...rest.matchAll(/([^\s=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g)].map(
          ([, key, double, single, bare]) => {
            const value = double ?? single ?? bare;
            const text =
              key?.toLowerCase() === 'class' ? value?.split(/\s+/).filter(Boolean).sort().join(' ') : value;
            return text === undefined ? key : `${key}="${text}"`;
          },
        );
        return `<${[name.toLowerCase(), ...attributes.sort()].join(' ')}>`;
      },
    )
    .replace(/\s+/g, ' ')
    .replace(/\s*(<[^>]*>)\s*/g, '$1')
    .trim();
}

function countOf(text: string, part: string): number {
  return part === '' ? 0 : text.split(part).length - 1;
}

function templateNames(response: ClientResponse): string[] {
  return response.templates.map(({ name }) => String(name));
}

/** How the expected text of a response is looked for. */
export interface ContentOptions {
  /** How many times it is there; at least once if absent. */
  count?: number;
  /** The status; 200 if absent. */
  statusCode?: number;
}

/** How a redirect is looked at. */
export interface RedirectOptions {
  /** 302 if absent. */
  statusCode?: number;
  /** The status where it leads, 200 if absent; `false`: it is not requested. */
  targetStatusCode?: number | false;
}

function contains(
  response: ClientResponse,
  part: string,
  options: ContentOptions,
  html: boolean,
): MatcherResult {
  const { count, statusCode = 200 } = options;
  if (response.statusCode !== statusCode) {
    return result(
      false,
      `Couldn't retrieve content: Response code was ${response.statusCode} (expected ${statusCode})`,
      '',
    );
  }
  const found = html
    ? countOf(normalizeHtml(response.text), normalizeHtml(part))
    : countOf(response.text, part);
  const pass = count === undefined ? found > 0 : found === count;
  return result(
    pass,
    count === undefined
      ? `Couldn't find '${part}' in the following response\n${response.text}`
      : `Found ${found} instances of '${part}' (expected ${count}) in the following response\n${response.text}`,
    `'${part}' unexpectedly found in the following response\n${response.text}`,
  );
}

/** The matchers, for `expect.extend()`. */
export const matchers = {
  /** Django: `assertRedirects`. */
  async toRedirectTo(
    response: ClientResponse,
    expectedUrl: string,
    options: RedirectOptions = {},
  ): Promise<MatcherResult> {
    const { statusCode = 302, targetStatusCode = 200 } = options;
    let url: string;
    let status: number;
    let target: number | undefined;
    const [first] = response.redirectChain;
    if (first !== undefined) {
      status = first[1];
      url = response.redirectChain.at(-1)?.[0] ?? '';
      target = response.statusCode;
    } else {
      status = response.statusCode;
      url = response.headers.get('Location', '');
    }
    if (status !== statusCode) {
      return result(
        false,
        `Response didn't redirect as expected: Response code was ${status} (expected ${statusCode})`,
        '',
      );
    }
    const absolute = urljoin(response.request.path, url);
    if (first === undefined && targetStatusCode !== false && urlsplit(absolute).netloc === '') {
      const { path, query } = urlsplit(absolute);
      target = (await response.client.get(query ? `${path}?${query}` : path)).statusCode;
    }
    if (targetStatusCode !== false && target !== undefined && target !== targetStatusCode) {
      return result(
        false,
        `Couldn't retrieve redirection page '${absolute}': response code was ${target} (expected ${targetStatusCode})`,
        '',
      );
    }
    const wanted = urljoin(response.request.path, expectedUrl);
    return result(
      sameUrl(absolute, wanted),
      `Response redirected to '${url}', expected '${expectedUrl}'`,
      `Response redirected to '${url}'`,
    );
  },

  /** The text is in the content. Django: `assertContains`. */
  toContainText(response: ClientResponse, text: string, options: ContentOptions = {}): MatcherResult {
    return contains(response, text, options, false);
  },

  /** The HTML is in the content, but for white space and the order of attributes. `assertContains(html=True)`. */
  toContainHtml(response: ClientResponse, html: string, options: ContentOptions = {}): MatcherResult {
    return contains(response, html, options, true);
  },

  /** Two pieces of HTML are the same. Django: `assertHTMLEqual`. */
  toEqualHtml(actual: string, expected: string): MatcherResult {
    const [first, second] = [normalizeHtml(actual), normalizeHtml(expected)];
    return result(first === second, `${first}\nis not\n${second}`, `${first}\nis the same HTML`);
  },

  /** A template was used, once at least or so many times. Django: `assertTemplateUsed`. */
  toHaveUsedTemplate(response: ClientResponse, name: string, count?: number): MatcherResult {
    const names = templateNames(response);
    const used = names.filter((candidate) => candidate === name).length;
    return result(
      count === undefined ? used > 0 : used === count,
      names.length === 0
        ? 'No templates used to render the response'
        : `Template '${name}' was not a template used to render the response. Actual template(s) used: ${names.join(', ')}`,
      `Template '${name}' was used unexpectedly in rendering the response`,
    );
  },

  /** The response sets a cookie, of that value if it is given. */
  toSetCookie(response: ClientResponse, name: string, value?: string): MatcherResult {
    const cookie = response.cookies.get(name);
    return result(
      cookie !== undefined && (value === undefined || cookie.value === value),
      `The response sets ${cookie === undefined ? `no cookie '${name}'` : `'${name}' to '${cookie.value}', expected '${value}'`}`,
      `The response sets the cookie '${name}'`,
    );
  },
};

/** The order of a query's parameters does not count; the order of one parameter's values does. */
function sameUrl(first: string, second: string): boolean {
  const normal = (url: string): string => {
    const parts = urlsplit(url);
    const query = [...new URLSearchParams(parts.query)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return urlunsplit({ ...parts, query: new URLSearchParams(query).toString() });
  };
  return normal(first) === normal(second);
}

interface TsangoMatchers<R> {
  toRedirectTo(expectedUrl: string, options?: RedirectOptions): Promise<R>;
  toContainText(text: string, options?: ContentOptions): R;
  toContainHtml(html: string, options?: ContentOptions): R;
  toEqualHtml(expected: string): R;
  toHaveUsedTemplate(name: string, count?: number): R;
  toSetCookie(name: string, value?: string): R;
}

declare global {
  namespace jest {
    interface Matchers<R> extends TsangoMatchers<R> {}
  }
}

/** jest's global, where jest runs. */
const { expect } = globalThis as { expect?: { extend(all: object): void } };
expect?.extend(matchers);
