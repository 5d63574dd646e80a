/**
 * One process that serves a site in production: node:http (or https) around the site's handler, with limits, an
 * access log, a health answer, and an end that loses no request.
 */
import { chmodSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Server as NetServer, type Socket } from 'node:net';
import { getLogger } from '../../utils/log';
import { NodeHandler } from '../handlers/node';
import { AccessLog } from './access_log';
import { CountedResponse, limitSending, notice, refuse } from './basehttp';
import type { Listen } from './claims';

/** How long idle connections are kept open when the worker stops. */
const LINGER_MS = 1000;
const IDLE_CHECK_MS = 50;
const MEMORY_CHECK_MS = 1000;

/** Where and how a worker serves. Times in seconds. */
export interface WorkerOptions {
  listen: Listen;
  /** Who may use the Unix socket; undefined: whom the umask leaves. */
  socketMode: number | undefined;
  backlog: number;
  maxConnections: number | undefined;
  /** Until the whole request is there. */
  requestTimeout: number;
  /** Until its headers are there. */
  headersTimeout: number;
  /** How long an idle connection is kept. */
  keepAlive: number;
  /** How long a client may leave unread what it asked for; 0: for ever. */
  sendTimeout: number;
  /** How long requests may go on when the worker is told to stop. */
  gracefulTimeout: number;
  /** The worker asks to be replaced after so many requests. */
  maxRequests: number | undefined;
  /** The worker asks to be replaced when it has more MiB of memory. */
  maxMemory: number | undefined;
  /** The path that is answered with `ok`, and with 503 as soon as the worker is to stop. */
  healthz: string | undefined;
  /** A file, or `-` for standard output. */
  accessLog: string | undefined;
  tls: { cert: string; key: string } | undefined;
  /** Answers a request itself, or calls `next`: for static files. */
  before: ((message: IncomingMessage, reply: ServerResponse, next: () => void) => void) | undefined;
}

/** What the worker says to whoever started it. */
export interface WorkerEvents {
  /** It takes requests. */
  onReady(): void;
  /** It has reached `maxRequests` or `maxMemory` and wants to be replaced. */
  onRetire(): void;
}

/** A server that runs until `stop()`. */
export class ProductionWorker {
  private readonly handler = new NodeHandler();
  private readonly accessLog: AccessLog | undefined;
  private server: Server | undefined;
  private served = 0;
  private memoryCheck: NodeJS.Timeout | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly options: WorkerOptions,
    private readonly events: WorkerEvents,
  ) {
    this.accessLog = options.accessLog === undefined ? undefined : new AccessLog(options.accessLog);
  }

  /** Begins to take requests. @throws the system's error where the address cannot be used. */
  async start(): Promise<void> {
    const { options } = this;
    this.handler.loadMiddleware();
    const settings = {
      requestTimeout: options.requestTimeout * 1000,
      headersTimeout: options.headersTimeout * 1000,
      connectionsCheckingInterval: checkingInterval(options),
      keepAliveTimeout: options.keepAlive * 1000,
      ...(this.accessLog ? { ServerResponse: CountedResponse } : {}),
    };
    const listener = this.listener();
    const server = options.tls
      ? createTlsServer(
          { ...settings, cert: readFileSync(options.tls.cert), key: readFileSync(options.tls.key) },
          listener,
        )
      : createServer(settings, listener);
    // The body is asked for when the view reads it: the handler sends "100 Continue" then.
    server.on('checkContinue', listener);
    server.on('clientError', refuse);
    limitSending(server, options.sendTimeout);
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ ...options.listen, backlog: options.backlog }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.server = server as Server;
    if ('path' in options.listen && options.socketMode !== undefined) {
      chmodSync(options.listen.path, options.socketMode);
    }
    if (options.maxMemory !== undefined) this.watchMemory(options.maxMemory * 2 ** 20);
    this.events.onReady();
  }

  /** Opens the access log anew. */
  reopenLogs(): void {
    this.accessLog?.reopen();
  }

  private watchMemory(limit: number): void {
    this.memoryCheck = setInterval(() => {
      if (process.memoryUsage.rss() <= limit) return;
      clearInterval(this.memoryCheck);
      this.events.onRetire();
    }, MEMORY_CHECK_MS).unref();
  }

  /** The function for each request; only what the options ask for is in it. */
  private listener(): (message: IncomingMessage, reply: ServerResponse) => void {
    const { handler, accessLog } = this;
    const { healthz, maxRequests, before } = this.options;
    let answer = (message: IncomingMessage, reply: ServerResponse): void => {
      notice(message);
      handler.handle(message, reply);
    };
    if (before) {
      const site = answer;
      answer = (message, reply) => before(message, reply, () => site(message, reply));
    }
    if (healthz !== undefined) {
      const site = answer;
      answer = (message, reply) => (message.url === healthz ? this.health(reply) : site(message, reply));
    }
    if (maxRequests !== undefined) {
      const site = answer;
      answer = (message, reply) => {
        this.served++;
        if (this.served === maxRequests) this.events.onRetire();
        site(message, reply);
      };
    }
    if (accessLog) {
      const site = answer;
      answer = (message, reply) => {
        accessLog.watch(message, reply as CountedResponse);
        site(message, reply);
      };
    }
    return answer;
  }

  private health(reply: ServerResponse): void {
    const [status, text] = this.handler.closing ? [503, 'stopping\n'] : [200, 'ok\n'];
    reply.writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': text.length,
      'Cache-Control': 'no-store',
      ...(this.handler.closing ? { Connection: 'close' } : {}),
    });
    reply.end(text);
  }

  /** Closes what waits for a request. Node counts only connections that have had one; clients open others ahead. */
  private closeIdle(server: Server): void {
    server.closeIdleConnections();
    for (const socket of this.sockets) {
      if (socket.bytesRead === 0) socket.destroy();
    }
  }

  /**
   * Takes no more connections, answers what is being asked, then closes what the site opened.
   *
   * @returns whether every request was answered in time.
   */
  async stop(): Promise<boolean> {
    const { server, handler } = this;
    if (!server || handler.closing) return true;
    handler.closing = true;
    clearInterval(this.memoryCheck);
    let complete = true;
    const deadline = setTimeout(() => {
      complete = false;
      server.closeAllConnections();
    }, this.options.gracefulTimeout * 1000);
    // Only the listening ends at once: a connection that is idle now may have a request under way, which is
    // answered with "Connection: close". http.Server's own close() would cut it off. Later ones become idle as their
    // answers end.
    let idle: NodeJS.Timeout | undefined;
    const linger = setTimeout(
      () => {
        this.closeIdle(server);
        idle = setInterval(() => this.closeIdle(server), IDLE_CHECK_MS);
      },
      Math.min(LINGER_MS, this.options.gracefulTimeout * 500),
    );
    await new Promise<void>((resolve) => {
      NetServer.prototype.close.call(server, () => resolve());
    });
    clearTimeout(linger);
    clearInterval(idle);
    server.close();
    clearTimeout(deadline);
    this.accessLog?.close();
    await closeResources();
    return complete;
  }
}

/** How often node looks for requests that take too long: its own 30 seconds would double the timeouts. */
function checkingInterval({ headersTimeout, requestTimeout }: WorkerOptions): number {
  return Math.min(5000, ...[headersTimeout, requestTimeout].filter(Boolean).map((seconds) => seconds * 250));
}

/** Closes the connections that the site opened: those that were never opened stay unloaded. */
async function closeResources(): Promise<void> {
  const parts: (() => Promise<void>)[] = [
    async () => (require('../../db') as typeof import('../../db')).connections.closeAll(),
    async () => {
      await (require('../cache') as typeof import('../cache')).caches.closeAll();
    },
  ];
  for (const close of parts) {
    try {
      await close();
    } catch (error) {
      getLogger('tsango.server').error('A connection could not be closed', { error });
    }
  }
}
