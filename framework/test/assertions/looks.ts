/** What assertions and matchers find out about a response: undefined where it is as expected, else why not. */
import { urljoin, urlsplit, urlunsplit } from '../../python/urllib_parse';
import type { ClientResponse } from '../client';
import { parsed } from './html';

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
  /** The status where it leads, 200 if absent; `false`: it is not requested. Django: `fetch_redirect_response`. */
  targetStatusCode?: number | false;
}

/** Why the status is another. */
export function statusFailure({ statusCode }: ClientResponse, expected: number): string | undefined {
  return statusCode === expected
    ? undefined
    : `Couldn't retrieve content: Response code was ${statusCode} (expected ${expected})`;
}

/** How often a text, or a piece of HTML, is in the content. */
export function countIn(response: ClientResponse, part: string, html: boolean): number {
  if (!html) return part === '' ? 0 : response.text.split(part).length - 1;
  return parsed(response.text, "Response's content").count(parsed(part, 'Second argument'));
}

/** Why a text is not in the content so many times. */
export function contentFailure(
  response: ClientResponse,
  part: string,
  { count, statusCode = 200 }: ContentOptions,
  html: boolean,
): string | undefined {
  const wrong = statusFailure(response, statusCode);
  if (wrong !== undefined) return wrong;
  const found = countIn(response, part, html);
  const where = `in the following response\n${response.text}`;
  if (count === undefined) return found > 0 ? undefined : `Couldn't find '${part}' ${where}`;
  return found === count ? undefined : `Found ${found} instances of '${part}' (expected ${count}) ${where}`;
}

/** Why a response does not redirect there; it is requested, unless that is not wanted. */
export async function redirectFailure(
  response: ClientResponse,
  expectedUrl: string,
  { statusCode = 302, targetStatusCode = 200 }: RedirectOptions,
): Promise<string | undefined> {
  const [first] = response.redirectChain;
  const status = first?.[1] ?? response.statusCode;
  const url = response.redirectChain.at(-1)?.[0] ?? response.headers.get('Location', '');
  if (status !== statusCode) {
    const which = first === undefined ? "Response didn't" : "Initial response didn't";
    return `${which} redirect as expected: Response code was ${status} (expected ${statusCode})`;
  }
  const absolute = urljoin(response.request.path, url);
  if (targetStatusCode !== false) {
    const target = first === undefined ? await targetStatus(response, absolute) : response.statusCode;
    if (target !== undefined && target !== targetStatusCode) {
      return `Couldn't retrieve redirection page '${absolute}': response code was ${target} (expected ${targetStatusCode})`;
    }
  }
  return sameUrl(absolute, urljoin(response.request.path, expectedUrl))
    ? undefined
    : `Response redirected to '${url}', expected '${expectedUrl}'`;
}

/** The status where a redirect within the site leads. */
async function targetStatus({ client }: ClientResponse, url: string): Promise<number | undefined> {
  const { netloc, path, query, scheme } = urlsplit(url);
  if (netloc !== '' && netloc !== 'testserver') return undefined;
  const response = await client.get(query ? `${path}?${query}` : path, null, { secure: scheme === 'https' });
  return response.statusCode;
}

/** Whether two URLs are the same, but for the order of parameters of different names. */
export function sameUrl(first: string, second: string): boolean {
  const normal = (url: string): string => {
    const parts = urlsplit(url);
    const query = [...new URLSearchParams(parts.query)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return urlunsplit({ ...parts, query: new URLSearchParams(query).toString() });
  };
  return normal(first) === normal(second);
}

/** The names of templates, in the order in which they were rendered. */
export function templateNames(templates: readonly { name?: unknown }[]): string[] {
  return templates.flatMap(({ name }) => (name === undefined || name === null ? [] : [String(name)]));
}

/** Why a template is not among these, or not so many times. */
export function templateFailure(names: readonly string[], name: string, count?: number): string | undefined {
  if (names.length === 0) return 'No templates used to render the response';
  const used = names.filter((candidate) => candidate === name).length;
  if (used === 0) {
    return `Template '${name}' was not a template used to render the response. Actual template(s) used: ${names.join(', ')}`;
  }
  return count === undefined || used === count
    ? undefined
    : `Template '${name}' was expected to be rendered ${count} time(s) but was actually rendered ${used} time(s).`;
}
