/** The test client. https://docs.djangoproject.com/en/5.2/topics/testing/tools/#the-test-client */
import { settings } from '../conf';
import type { AbstractBaseUser } from '../contrib/auth/base_user';
import type { SessionBase } from '../contrib/sessions/backends/base';
import { ValueError } from '../core/exceptions';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { ResolverMatch } from '../urls/resolvers';
import { importModule } from '../utils/module_loading';
import { ClientHandler, type Rendered } from './client_handler';
import { readUploads, type TestData } from './encoding';
import { followRedirects } from './redirects';
import {
  type BodyOptions,
  type FactoryOptions,
  RequestMethods,
  type RequestOptions,
} from './request_factory';

/** What a client's request can be given. */
export interface ClientOptions extends RequestOptions {
  /** Goes where redirects lead; the response is the last one, `redirectChain` says how it came to be. */
  follow?: boolean;
}

/** What a test knows of a response, besides the response itself. */
export interface TestAttributes {
  readonly client: Client;
  /** The request that led to it. */
  readonly request: HttpRequest;
  /** The templates that were rendered, in order. */
  readonly templates: readonly { name?: unknown }[];
  /** The context of the first template; of several, in order, in `contexts`. */
  readonly context: unknown;
  readonly contexts: readonly unknown[];
  readonly resolverMatch: ResolverMatch | null;
  /** The URLs and statuses of the redirects that were followed. */
  redirectChain: [url: string, status: number][];
  /** What the view threw, if `raiseRequestException` is off. */
  readonly error: unknown;
  /** The content as JSON. @throws ValueError if the response does not say that it is. */
  json<T = unknown>(): T;
}

/** The response of a test client. Streamed content is read, so `content` and `text` are there in any case. */
export type ClientResponse = HttpResponse & TestAttributes;

/** A session as tests use it: a dictionary that is saved explicitly. */
export type TestSession = Record<string, unknown> & {
  readonly sessionKey: string | null;
  save(): Promise<void>;
};

interface SessionStore {
  new (sessionKey?: string | null): TestSession & { load(): Promise<unknown> };
}

const JSON_TYPE = /^application\/(?:.+\+)?json/;

/**
 * A browser without a window: sends requests through the middleware to the views, and keeps the cookies.
 *
 * @example
 * ```ts
 * const client = new Client();
 * const response = await client.get('/set_session/');
 * expect(response.text).toBe('set successfully');
 * ```
 */
export class Client extends RequestMethods<Promise<ClientResponse>, ClientOptions> {
  /** What a view throws and nothing handles is thrown at the test; otherwise the test gets the 500. */
  raiseRequestException: boolean;
  readonly handler: ClientHandler;

  constructor(
    options: FactoryOptions & { enforceCsrfChecks?: boolean; raiseRequestException?: boolean } = {},
  ) {
    const { enforceCsrfChecks = false, raiseRequestException = true, ...rest } = options;
    super(rest);
    this.raiseRequestException = raiseRequestException;
    this.handler = new ClientHandler(enforceCsrfChecks);
  }

  async generic(
    method: string,
    path: string,
    data: TestData = '',
    options: ClientOptions & BodyOptions = {},
  ): Promise<ClientResponse> {
    const body = await readUploads(data);
    const response = await this.request(this.makeRequest(method, path, body, options));
    return options.follow ? followRedirects(this, response, body, options) : response;
  }

  /** Sends a request that was made elsewhere. */
  async request(request: HttpRequest): Promise<ClientResponse> {
    const { response, error, rendered } = await this.handler.handle(request);
    if (error !== undefined && this.raiseRequestException) throw error;
    for (const [key, morsel] of response.cookies) this.cookies.set(key, morsel);
    return Object.assign(
      response as HttpResponse,
      attributesOf(this, request, response as HttpResponse, rendered, error),
    ) as ClientResponse;
  }

  /**
   * The session of the client's cookie; a new one, with its cookie, if there is none. Call `save()` after changes.
   */
  get session(): Promise<TestSession> {
    return this.openSession();
  }

  private async openSession(): Promise<TestSession> {
    const { SessionStore } = importModule(settings.SESSION_ENGINE) as unknown as {
      SessionStore: SessionStore;
    };
    const cookie = this.cookies.get(settings.SESSION_COOKIE_NAME);
    if (cookie !== undefined && cookie.value !== '') {
      const session = new SessionStore(cookie.value);
      await session.load();
      return session;
    }
    const session = new SessionStore();
    await session.save();
    this.cookies.setValue(settings.SESSION_COOKIE_NAME, session.sessionKey ?? '');
    return session;
  }

  /**
   * Logs in whose credentials these are, as a log-in page would: `await client.login({ username: 'ada', password: '…' })`.
   *
   * @returns whether a backend took them.
   */
  async login(credentials: Readonly<Record<string, unknown>>): Promise<boolean> {
    const { authenticate } = require('../contrib/auth') as typeof import('../contrib/auth');
    const user = await authenticate(null, credentials);
    if (user === null) return false;
    await this.enter(user);
    return true;
  }

  /** Logs a user in whoever it is: no password is asked for. @param backend its name. Default: the first that has users. */
  async forceLogin(user: AbstractBaseUser, backend?: string): Promise<void> {
    const { getBackendsByPath } = require('../contrib/auth/load') as typeof import('../contrib/auth/load');
    const first = [...getBackendsByPath()].find(([, { getUser }]) => getUser !== undefined)?.[0];
    await this.enter(user, backend ?? first);
  }

  /** Makes the session of the client's cookie a user's. */
  private async enter(user: AbstractBaseUser, backend?: string): Promise<void> {
    const { login } = require('../contrib/auth') as typeof import('../contrib/auth');
    const request = this.makeRequest('GET', '/', '');
    const session = (await this.session) as unknown as SessionBase;
    request.session = session;
    await login(request, user, backend);
    await session.save();
    this.cookies.setValue(settings.SESSION_COOKIE_NAME, session.sessionKey ?? '');
  }

  /** Forgets the cookies, and the session that they lead to. */
  async logout(): Promise<void> {
    if ((this.cookies.get(settings.SESSION_COOKIE_NAME)?.value ?? '') !== '') {
      const session = (await this.session) as TestSession & { flush?(): Promise<unknown> };
      await session.flush?.();
    }
    this.cookies.clear();
  }
}

function attributesOf(
  client: Client,
  request: HttpRequest,
  response: HttpResponse,
  rendered: readonly Rendered[],
  error: unknown,
): TestAttributes {
  return {
    client,
    request,
    templates: rendered.map(({ template }) => template),
    context: rendered[0]?.context,
    contexts: rendered.map(({ context }) => context),
    resolverMatch: request.resolverMatch,
    redirectChain: [],
    error,
    json: <T>() => {
      const type = response.headers.get('Content-Type', '');
      if (!JSON_TYPE.test(type)) {
        throw new ValueError(`Content-Type header is "${type}", not "application/json"`);
      }
      return JSON.parse(response.text) as T;
    },
  };
}
