/**
 * What the journeys share: the site of `site/` behind its own command line, and a browser in front of it.
 *
 * The comment on top of each journey names the pages of docs/ that it follows; tests/docs/journeys.test.ts reads it.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import http, { createServer } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launch } from '../../support/browser';
import { describeWith, type Need } from '../../support/services';
import { freePort } from '../../support/site';
import { manage, type Running } from '../../support/temporary_site';

/** The folder of the site. */
export const SITE = path.join(__dirname, 'site');

/** How the site runs. */
export interface SiteOptions {
  /** Settings that differ from the site's own. */
  settings?: Readonly<Record<string, unknown>>;
  /** The server: `runserver` unless given. */
  command?: readonly string[];
  /** Commands before; the database is migrated already unless they are given. */
  before?: readonly (readonly string[])[];
  /** Another folder with a `manage.ts`. */
  root?: string;
  env?: NodeJS.ProcessEnv;
}

async function run(root: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { status, stdout, stderr } = await manage(root, args, env).ended;
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`);
}

// A browser on a busy machine takes its time.
jest.setTimeout(60_000);

const DATABASE = 'db.sqlite3';
let migratedFolder: string | undefined;

/** A database that has been migrated: once for all the sites of a file. */
async function migrated(): Promise<string> {
  if (migratedFolder === undefined) {
    const folder = mkdtempSync(path.join(tmpdir(), 'tsango-journey-'));
    await run(SITE, ['migrate', '--verbosity', '0'], { SITE_DATA: folder });
    migratedFolder = folder;
  }
  return path.join(migratedFolder, DATABASE);
}

afterAll(() => {
  if (migratedFolder !== undefined) rmSync(migratedFolder, { recursive: true, force: true });
});

/** A site that runs. */
export class JourneySite {
  private constructor(
    readonly port: number,
    readonly server: Running,
    /** The folder of its database, uploads and sessions. */
    readonly data: string,
    private readonly scheme: string,
  ) {}

  static async start({
    settings = {},
    command,
    before,
    root = SITE,
    env,
  }: SiteOptions = {}): Promise<JourneySite> {
    const data = mkdtempSync(path.join(tmpdir(), 'tsango-journey-'));
    const port = await freePort();
    const variables = { SITE_DATA: data, SITE_SETTINGS: JSON.stringify(settings), ...env };
    if (before === undefined) cpSync(await migrated(), path.join(data, DATABASE));
    for (const args of before ?? []) await run(root, args, variables);
    const [name = '', ...options] = command ?? ['runserver', '--noreload', '--insecure'];
    const server = manage(root, [name, `127.0.0.1:${port}`, ...options], variables);
    const scheme = options.includes('--tls-cert') ? 'https' : 'http';
    const site = new JourneySite(port, server, data, scheme);
    try {
      await site.answers();
    } catch (error) {
      await site.stop();
      throw new Error(`${server.stdout}${server.stderr}`, { cause: error });
    }
    return site;
  }

  /** An address of the site; any name that ends in `.example` leads to it. */
  url(target = '/', host = '127.0.0.1'): string {
    return `${this.scheme}://${host}:${this.port}${target}`;
  }

  /** Waits for the first answer. `serve` listens once before, only to see whether it may. */
  private async answers(): Promise<void> {
    const { get } = this.scheme === 'https' ? https : http;
    const answers = (): Promise<boolean> =>
      new Promise((resolve) => {
        const request = get(this.url(), { rejectUnauthorized: false, agent: false }, (response) => {
          response.resume();
          response.once('end', () => resolve(true));
        });
        request.once('error', () => resolve(false));
      });
    for (let tries = 0; !(await answers()); tries++) {
      if (this.server.child.exitCode !== null || tries > 1500) throw new Error('The site does not answer.');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** A browser that tests share; each has windows of its own. */
export class Visitors {
  private browser: Browser | undefined;
  private shared: BrowserContext | undefined;
  private sharedPage: Page | undefined;
  private readonly contexts: BrowserContext[] = [];
  private told: string[] = [];

  /** What the consoles of this test's tabs said of errors, and what their scripts threw. */
  get errors(): readonly string[] {
    return this.told;
  }

  async start(): Promise<void> {
    this.browser = await launch();
  }

  /** A tab of the window that most tests share, with no cookies. */
  async page(): Promise<Page> {
    this.shared ??= await this.window({});
    this.sharedPage ??= await this.tab(this.shared);
    await this.shared.clearCookies();
    return this.sharedPage;
  }

  /** Another person's window, with cookies and a cache of its own. */
  async open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.window(options);
    this.contexts.push(context);
    return this.tab(context);
  }

  private async window(options: BrowserContextOptions): Promise<BrowserContext> {
    if (this.browser === undefined) throw new Error('The browser has not been started.');
    const context = await this.browser.newContext(options);
    context.setDefaultTimeout(10_000);
    return context;
  }

  /** Another tab of the same person. */
  async tab(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    // Consoles speak late: what a tab says is told to the test that opened it, not to the next.
    const { told } = this;
    page.on('console', (message) => {
      if (message.type() === 'error') told.push(message.text());
    });
    page.on('pageerror', (error) => told.push(String(error)));
    return page;
  }

  async leave(): Promise<void> {
    this.told = [];
    await Promise.all([this.sharedPage?.close(), ...this.contexts.splice(0).map((each) => each.close())]);
    this.sharedPage = undefined;
  }

  async stop(): Promise<void> {
    await this.browser?.close();
  }
}

/** Tests in a browser; skipped, with the reason, where there is none. */
export function journey(
  title: string,
  body: (visitors: Visitors) => void,
  needs: readonly Need[] = [],
): void {
  describeWith(['chromium', ...needs], title, () => {
    const visitors = new Visitors();
    beforeAll(() => visitors.start(), 60_000);
    afterEach(() => visitors.leave());
    afterAll(() => visitors.stop());
    body(visitors);
  });
}

/** The site for the tests around. */
export function siteFor(options: SiteOptions | (() => SiteOptions) = {}): () => JourneySite {
  let site: JourneySite | undefined;
  beforeAll(async () => {
    site = await JourneySite.start(typeof options === 'function' ? options() : options);
  }, 60_000);
  afterAll(() => site?.stop());
  return () => {
    if (site === undefined) throw new Error('The site has not been started.');
    return site;
  };
}

/** A copy of the site's sources, to be changed. Inside of the repository, so that its packages are found. */
export function copyOfSite(): { root: string; remove(): void } {
  const root = mkdtempSync(path.join(__dirname, '..', '..', '.site-'));
  cpSync(SITE, root, { recursive: true });
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Another site, under a name that ends in `.example`: it has this one page. */
export async function otherSite(page: () => string): Promise<{ url(host: string): string; close(): void }> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(page());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (host) => `http://${host}:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What a person reads there. */
// biome-ignore lint/performance/useDomNodeTextContent: hidden text is not read.
export const seen = (page: Page, selector: string): Promise<string> => page.locator(selector).innerText();

/** How far the page is wider than the screen. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** A cookie that the browser still sends. */
export const cookieOf = async (page: Page, name = 'sessionid') =>
  (await page.context().cookies()).find(
    (cookie) => cookie.name === name && (cookie.expires === -1 || cookie.expires > Date.now() / 1000),
  );
