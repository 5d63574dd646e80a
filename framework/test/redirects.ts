/** Following redirects. Django: `_handle_redirects` of `django.test.client`. */
import { urljoin, urlsplit } from '../python/urllib_parse';
import type { Client, ClientOptions, ClientResponse } from './client';
import type { TestData } from './encoding';
import type { BodyOptions } from './request_factory';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 20;

/** Redirects that lead in a circle, or are too many. */
export class RedirectCycleError extends Error {
  override readonly name = 'RedirectCycleError';
  constructor(
    message: string,
    readonly lastResponse: ClientResponse,
  ) {
    super(message);
  }

  get redirectChain(): readonly [string, number][] {
    return this.lastResponse.redirectChain;
  }
}

/**
 * Requests where a response redirects to, until one does not.
 *
 * @throws RedirectCycleError.
 */
export async function followRedirects(
  client: Client,
  first: ClientResponse,
  data: TestData,
  options: ClientOptions & BodyOptions,
): Promise<ClientResponse> {
  const chain: [string, number][] = [];
  let response = first;
  let body = data;
  let current: ClientOptions & BodyOptions = { ...options, follow: false };
  while (REDIRECTS.has(response.statusCode)) {
    const url = response.headers.get('Location', '');
    const repeated = chain.some(([seen, status]) => seen === url && status === response.statusCode);
    chain.push([url, response.statusCode]);
    response.redirectChain = chain;
    if (repeated) throw new RedirectCycleError('Redirect loop detected.', response);
    if (chain.length > MAX_REDIRECTS) throw new RedirectCycleError('Too many redirects.', response);

    const preserves = response.statusCode === 307 || response.statusCode === 308;
    const method = preserves || response.request.method === 'HEAD' ? response.request.method : 'GET';
    if (!preserves) {
      body = '';
      const { contentType: _, ...rest } = current;
      current = rest;
    }
    current = { ...current, ...placeOf(url, current) };
    response = await client.generic(method, targetOf(url, response, preserves, current), body, current);
    response.redirectChain = chain;
  }
  response.redirectChain = chain;
  return response;
}

/** The server that a URL names, as entries of META. */
function placeOf(url: string, options: ClientOptions): ClientOptions {
  const { scheme, netloc } = urlsplit(url);
  const extra: Record<string, string> = { ...options.extra };
  const host = /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(netloc);
  if (host?.[1]) {
    extra['SERVER_NAME'] = host[1];
    extra['SERVER_PORT'] = host[2] || (scheme === 'https' ? '443' : '80');
    delete extra['HTTP_HOST'];
  }
  return { extra, ...(scheme ? { secure: scheme === 'https' } : {}) };
}

function targetOf(url: string, response: ClientResponse, preserves: boolean, options: ClientOptions): string {
  const { netloc, path, query } = urlsplit(url);
  // RFC 3986, 6.2.3: an empty path is the root.
  let target = path || (netloc ? '/' : '');
  if (!target.startsWith('/')) target = urljoin(response.request.pathInfo, target);
  if (!preserves) delete (options as { queryParams?: unknown }).queryParams;
  return query ? `${target}?${query}` : target;
}
