/** Tests with a server that browsers can reach. Django: `LiveServerTestCase`. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { settings } from '../../conf';
import { convertExceptionToResponse } from '../../core/handlers/exception';
import { createServerListener, NodeHandler } from '../../core/handlers/node';
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import { FileResponse } from '../../http/response_file';
import type { MaybePromise } from '../../utils/maybe_promise';
import { serve } from '../../views/static';
import { modifySettings } from '../override_settings';
import { outside } from './simple';
import { TransactionTestCase, type TransactionTestCaseOptions } from './transaction';

/** What a `LiveServerTestCase` can be given. */
export interface LiveServerTestCaseOptions extends TransactionTestCaseOptions {
  /** Where the server listens; default: `localhost`. */
  host?: string;
  /** Default: one that is free. */
  port?: number;
}

/** Files of STATIC_ROOT and MEDIA_ROOT, and the site. */
class LiveHandler extends NodeHandler {
  private readonly answerFile = convertExceptionToResponse((request) => {
    const file = fileOf(request.path);
    return file === undefined ? super.getResponse(request) : serve(request, file);
  });

  override getResponse(request: HttpRequest): MaybePromise<HttpResponseBase> {
    if (fileOf(request.path) === undefined) return super.getResponse(request);
    const response = this.answerFile(request);
    if (response instanceof FileResponse) response.applyRequest(request);
    return response;
  }
}

/** The folder and the name of a file that a path means. */
function fileOf(path: string): { path: string; documentRoot: string } | undefined {
  for (const [url, documentRoot] of [
    [settings.MEDIA_URL, settings.MEDIA_ROOT],
    [settings.STATIC_URL, settings.STATIC_ROOT],
  ] as const) {
    if (!url || url === '/' || !documentRoot || /^([a-z]+:)?\/\//i.test(url)) continue;
    const prefix = url.startsWith('/') ? url : `/${url}`;
    if (path.startsWith(prefix)) return { path: path.slice(prefix.length), documentRoot };
  }
  return undefined;
}

/**
 * Tests with a server in this process, for a browser or any other client: it sees the rows that the tests make. They are
 * deleted after each test, as those of a `TransactionTestCase`. It serves MEDIA_ROOT, and STATIC_ROOT as `collectstatic`
 * left it; `StaticLiveServerTestCase` of `tsango/contrib/staticfiles/testing` finds static files where they are.
 *
 * @example
 * ```ts
 * describe('the log-in page', () => {
 *   const test = new LiveServerTestCase();
 *
 *   it('lets users in', async () => {
 *     await page.goto(`${test.liveServerUrl}/accounts/login/`);
 *   });
 * });
 * ```
 * https://docs.djangoproject.com/en/5.2/topics/testing/tools/#liveservertestcase
 */
export class LiveServerTestCase extends TransactionTestCase {
  private server: Server | undefined;
  private readonly host: string;
  private readonly port: number;
  private restore: (() => Promise<void>) | undefined;

  constructor(options: LiveServerTestCaseOptions = {}) {
    super(options);
    this.host = options.host ?? 'localhost';
    this.port = options.port ?? 0;
  }

  /** Where the server is: `http://localhost:41234`. @throws Error outside of a test. */
  get liveServerUrl(): string {
    if (this.server === undefined) throw outside('liveServerUrl');
    return `http://${this.host}:${(this.server.address() as AddressInfo).port}`;
  }

  /** What answers the requests. */
  protected makeHandler(): NodeHandler {
    return new LiveHandler();
  }

  protected override async setUpCase(): Promise<void> {
    await super.setUpCase();
    this.restore = modifySettings({ ALLOWED_HOSTS: { append: this.host } });
    const server = createServer(createServerListener(this.makeHandler()));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, this.host, resolve);
    });
    this.server = server;
  }

  protected override async tearDownCase(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server !== undefined) {
      // A browser keeps its connections open.
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    }
    await this.restore?.();
    await super.tearDownCase();
  }
}
