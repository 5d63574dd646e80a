/**
 * Django's assertions as matchers of jest and vitest. Import this module once (in `setupFilesAfterEnv`, or in the test).
 * https://docs.djangoproject.com/en/5.2/topics/testing/tools/#assertions
 */
import {
  type ContentOptions,
  contentFailure,
  type RedirectOptions,
  redirectFailure,
  templateFailure,
  templateNames,
} from './assertions/looks';
import type { ClientResponse } from './client';
import { parseHtml } from './html';

export type { ContentOptions, RedirectOptions };

interface MatcherResult {
  pass: boolean;
  message(): string;
}

function result(failure: string | undefined, negatedFailure: string): MatcherResult {
  return { pass: failure === undefined, message: () => failure ?? negatedFailure };
}

function unexpectedly(part: string, response: ClientResponse): string {
  return `'${part}' unexpectedly found in the following response\n${response.text}`;
}

/** The matchers, for `expect.extend()`. */
export const matchers = {
  /** Django: `assertRedirects`. */
  async toRedirectTo(
    response: ClientResponse,
    expectedUrl: string,
    options: RedirectOptions = {},
  ): Promise<MatcherResult> {
    const failure = await redirectFailure(response, expectedUrl, options);
    return result(failure, `Response redirected to '${expectedUrl}'`);
  },

  /** The text is in the content. Django: `assertContains`. */
  toContainText(response: ClientResponse, text: string, options: ContentOptions = {}): MatcherResult {
    return result(contentFailure(response, text, options, false), unexpectedly(text, response));
  },

  /** The HTML is in the content, but for white space and the order of attributes. `assertContains(html=True)`. */
  toContainHtml(response: ClientResponse, html: string, options: ContentOptions = {}): MatcherResult {
    return result(contentFailure(response, html, options, true), unexpectedly(html, response));
  },

  /** Two pieces of HTML are the same. Django: `assertHTMLEqual`. */
  toEqualHtml(actual: string, expected: string): MatcherResult {
    const [first, second] = [parseHtml(actual), parseHtml(expected)];
    return result(
      first.equals(second) ? undefined : `${String(first)}\nis not\n${String(second)}`,
      `${String(first)}\nis the same HTML`,
    );
  },

  /** A template was used, once at least or so many times. Django: `assertTemplateUsed`. */
  toHaveUsedTemplate(response: ClientResponse, name: string, count?: number): MatcherResult {
    const failure = templateFailure(templateNames(response.templates), name, count);
    return result(failure, `Template '${name}' was used unexpectedly in rendering the response`);
  },

  /** The response sets a cookie, of that value if it is given. */
  toSetCookie(response: ClientResponse, name: string, value?: string): MatcherResult {
    const cookie = response.cookies.get(name);
    const failure =
      cookie === undefined
        ? `The response sets no cookie '${name}'`
        : value !== undefined && cookie.value !== value
          ? `The response sets '${name}' to '${cookie.value}', expected '${value}'`
          : undefined;
    return result(failure, `The response sets the cookie '${name}'`);
  },
};

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

/** The global of jest, and of vitest with `globals`; elsewhere: `expect.extend(matchers)`. */
const { expect } = globalThis as { expect?: { extend(all: object): void } };
expect?.extend(matchers);
