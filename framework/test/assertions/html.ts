/** HTML and text in it. https://docs.djangoproject.com/en/5.2/topics/testing/tools/#django.test.SimpleTestCase.assertHTMLEqual */
import { type HTMLElement, HTMLParseError, parseHtml } from '../html';
import { fail, failIf, failUnequal, type MessageOptions } from './fail';

/** The tree of a text. @throws AssertionError where it is none. */
export function parsed(html: string, what: string): HTMLElement {
  try {
    return parseHtml(html);
  } catch (error) {
    if (!(error instanceof HTMLParseError)) throw error;
    return fail(`${what} is not valid HTML:\n${error.message}`);
  }
}

/**
 * Two texts are the same HTML: white space between tags, the order of attributes and of classes, quotes and references do
 * not count. It does not close elements whose end tag may be left out. Django: `assertHTMLEqual`.
 *
 * @throws AssertionError.
 */
export function assertHTMLEqual(html1: string, html2: string, options: MessageOptions = {}): void {
  const [first, second] = [parsed(html1, 'First argument'), parsed(html2, 'Second argument')];
  if (first.equals(second)) return;
  const [one, two] = [String(first), String(second)];
  failUnequal(`${one}\n!=\n${two}`, one, two, options);
}

/** Two texts are not the same HTML. Django: `assertHTMLNotEqual`. @throws AssertionError. */
export function assertHTMLNotEqual(html1: string, html2: string, options: MessageOptions = {}): void {
  const [first, second] = [parsed(html1, 'First argument'), parsed(html2, 'Second argument')];
  if (first.equals(second)) fail(`${String(first)}\n==\n${String(second)}`, options);
}

/** A piece of HTML is in another, `count` times if it is given. Django: `assertInHTML`. @throws AssertionError. */
export function assertInHTML(
  needle: string,
  haystack: string,
  { count, ...options }: MessageOptions & { count?: number } = {},
): void {
  const found = parsed(haystack, 'Second argument').count(parsed(needle, 'First argument'));
  const where = `in the following response\n'${haystack}'`;
  if (count === undefined) failIf(found > 0 ? undefined : `Couldn't find '${needle}' ${where}`, options);
  else if (count === 0) failIf(found === 0 ? undefined : `'${needle}' unexpectedly found ${where}`, options);
  else if (found !== count)
    failUnequal(
      `Found ${found} instances of '${needle}' (expected ${count}) ${where}`,
      found,
      count,
      options,
    );
}

/** A piece of HTML is not in another. Django: `assertNotInHTML`. @throws AssertionError. */
export function assertNotInHTML(needle: string, haystack: string, options: MessageOptions = {}): void {
  assertInHTML(needle, haystack, { ...options, count: 0 });
}
