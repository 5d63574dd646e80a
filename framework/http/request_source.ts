/** What an adapter knows of a request. The core reads nothing else, and so runs on any server. */

/** The headers as node:http gives them: lower-case names, one character a byte. */
export type SourceHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * A request as it came. Adapters implement this with getters, so that only what is read is worked out.
 */
export interface RequestSource {
  readonly method: string;
  /** The request-target as on the wire: `/path?query`, or in absolute form. */
  readonly target: string;
  readonly headers: SourceHeaders;
  /** '1.0', '1.1', '2.0' */
  readonly httpVersion: string;
  readonly scheme: 'http' | 'https';
  readonly remoteAddr: string;
  readonly remotePort: number;
  readonly serverName: string;
  readonly serverPort: number;
  /** The body; `null` if there is none. Bytes that are there already are read without waiting. */
  readonly body: AsyncIterable<Uint8Array> | Uint8Array | null;
  /** A host that needs no place in ALLOWED_HOSTS: the name of the test client's server. No adapter sets it. */
  readonly trustedHost?: string;
  /** Fires when the client is gone. */
  readonly aborted?: AbortSignal | undefined;
}

/** The source of a request that nobody sent: `new HttpRequest()`. */
export const NO_SOURCE: RequestSource = Object.freeze({
  method: '',
  target: '',
  headers: Object.freeze({}),
  httpVersion: '1.1',
  scheme: 'http',
  remoteAddr: '',
  remotePort: 0,
  serverName: '',
  serverPort: 80,
  body: null,
});
