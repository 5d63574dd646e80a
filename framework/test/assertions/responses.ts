/** What a response holds and where it leads. https://docs.djangoproject.com/en/5.2/topics/testing/tools/#assertions */
import { templateRendered } from '../../core/signals';
import type { MaybePromise } from '../../utils/maybe_promise';
import type { ClientResponse } from '../client';
import { failIf, type MessageOptions } from './fail';
import {
  type ContentOptions,
  contentFailure,
  countIn,
  type RedirectOptions,
  redirectFailure,
  sameUrl,
  statusFailure,
  templateFailure,
  templateNames,
} from './looks';

/** How `assertContains` looks. */
export interface ContainsOptions extends ContentOptions, MessageOptions {
  /** Whether the text is HTML, in which white space and the order of attributes do not count. */
  html?: boolean;
}

/**
 * The response has that status and the text is in its content. Django: `assertContains`.
 *
 * @example
 * ```ts
 * assertContains(await client.get('/authors/'), 'Ada', { count: 2 });
 * ```
 * @throws AssertionError with the content.
 */
export function assertContains(response: ClientResponse, text: string, options: ContainsOptions = {}): void {
  const { html = false } = options;
  failIf(contentFailure(response, text, options, html), options);
}

/** The response has that status and the text is not in its content. Django: `assertNotContains`. @throws AssertionError. */
export function assertNotContains(
  response: ClientResponse,
  text: string,
  options: Omit<ContainsOptions, 'count'> = {},
): void {
  const { statusCode = 200, html = false } = options;
  failIf(statusFailure(response, statusCode), options);
  const found = countIn(response, text, html) > 0;
  failIf(
    found ? `'${text}' unexpectedly found in the following response\n${response.text}` : undefined,
    options,
  );
}

/**
 * The response redirects there, and there is a page. Django: `assertRedirects`.
 *
 * @example
 * ```ts
 * await assertRedirects(await client.post('/authors/', data), '/authors/1/');
 * ```
 * @throws AssertionError.
 */
export async function assertRedirects(
  response: ClientResponse,
  expectedUrl: string,
  options: RedirectOptions & MessageOptions = {},
): Promise<void> {
  failIf(await redirectFailure(response, expectedUrl, options), options);
}

/** Two URLs are the same, but for the order of parameters of different names. Django: `assertURLEqual`. @throws AssertionError. */
export function assertURLEqual(url1: string, url2: string, options: MessageOptions = {}): void {
  failIf(sameUrl(url1, url2) ? undefined : `Expected '${url1}' to equal '${url2}'.`, options);
}

/** What templates are looked for in: a response, or code that renders. */
type Rendering = ClientResponse | (() => MaybePromise<unknown>);

/**
 * A template was rendered for the response, or by the function. Django: `assertTemplateUsed`.
 *
 * @example
 * ```ts
 * await assertTemplateUsed(response, 'authors/list.html');
 * await assertTemplateUsed(() => render(request, 'a.html'), 'a.html', { count: 1 });
 * ```
 * @throws AssertionError.
 */
export async function assertTemplateUsed(
  rendering: Rendering,
  templateName: string,
  { count, ...options }: MessageOptions & { count?: number } = {},
): Promise<void> {
  failIf(templateFailure(await namesOf(rendering), templateName, count), options);
}

/** A template was not rendered. Django: `assertTemplateNotUsed`. @throws AssertionError. */
export async function assertTemplateNotUsed(
  rendering: Rendering,
  templateName: string,
  options: MessageOptions = {},
): Promise<void> {
  const used = (await namesOf(rendering)).includes(templateName);
  failIf(
    used ? `Template '${templateName}' was used unexpectedly in rendering the response` : undefined,
    options,
  );
}

async function namesOf(rendering: Rendering): Promise<string[]> {
  if (typeof rendering !== 'function') return templateNames(rendering.templates);
  const templates: { name?: unknown }[] = [];
  const onRender = ({ template }: { template: { name?: unknown } }): void => void templates.push(template);
  templateRendered.connect(onRender);
  try {
    await rendering();
  } finally {
    templateRendered.disconnect(onRender);
  }
  return templateNames(templates);
}
