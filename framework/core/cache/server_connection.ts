/**
 * One connection to a cache's server: opened when first needed, opened again after it is lost, and never waited for
 * longer than its timeouts.
 *
 * Clients that reconnect by themselves queue commands while a server is away, without bound or without saying so.
 * Here a command that finds no server fails at once, and one of the next tries to connect again.
 */
import { getLogger } from '../../utils/log';
import { CacheConnectionError } from './exceptions';

/** How long to wait, in milliseconds. */
export interface Timeouts {
  readonly connect: number;
  readonly command: number;
}

const BACKOFF_MIN = 50;
const BACKOFF_MAX = 1000;

interface Connected<C> {
  readonly client: C;
}

/** What a client of a server must be able to do. `destroy` may throw where there is nothing to destroy. */
export interface Client {
  connect(): Promise<unknown>;
  destroy(): void;
}

/** Opens, watches and reopens a client. */
export class ServerConnection<C extends Client> {
  private current: Connected<C> | undefined;
  private opening: Promise<Connected<C>> | undefined;
  private retryAt = 0;
  private backoff = BACKOFF_MIN;
  private lastError: CacheConnectionError | undefined;

  /**
   * @param name how the server is called in messages; no password.
   * @param create makes a client that is not connected yet, and calls `lost` when its connection breaks.
   * @param isAnswer whether an error is a reply, after which the connection is as good as before.
   */
  constructor(
    private readonly name: string,
    private readonly timeouts: Timeouts,
    private readonly create: (lost: (error: unknown) => void) => C,
    private readonly isAnswer: (error: Error) => boolean,
  ) {}

  /** Runs one command. @throws CacheConnectionError if the server cannot be reached or does not answer in time. */
  run<R>(command: (client: C) => Promise<R>): Promise<R> {
    return this.current ? this.send(this.current, command) : this.open().then((c) => this.send(c, command));
  }

  /** Closes it; the next command opens it again. */
  close(): void {
    const { current } = this;
    this.current = undefined;
    this.backoff = BACKOFF_MIN;
    this.retryAt = 0;
    if (current) destroy(current.client);
  }

  private send<R>(connected: Connected<C>, command: (client: C) => Promise<R>): Promise<R> {
    return new Promise((resolve, reject) => {
      // The only thing that keeps the process alive while a reply is awaited: the socket itself does not.
      const timer = setTimeout(() => {
        const error = new CacheConnectionError(
          `${this.name} did not answer within ${this.timeouts.command / 1000} seconds.`,
        );
        this.drop(connected, error);
        reject(error);
      }, this.timeouts.command);
      command(connected.client).then(
        (reply) => {
          clearTimeout(timer);
          resolve(reply);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(this.wrap(connected, error));
        },
      );
    });
  }

  private wrap(connected: Connected<C>, error: unknown): unknown {
    // A reply that says no is an answer; everything else means that the connection is of no use.
    if (error instanceof Error && this.isAnswer(error)) return error;
    const wrapped = this.unreachable(error);
    this.drop(connected, wrapped);
    return wrapped;
  }

  private drop(connected: Connected<C>, error: CacheConnectionError): void {
    if (this.current !== connected) return;
    this.current = undefined;
    this.lastError = error;
    getLogger('tsango.core.cache').error(`Lost the connection to ${this.name}. ${error.message}`);
    destroy(connected.client);
  }

  private open(): Promise<Connected<C>> {
    if (this.opening !== undefined) return this.opening;
    if (this.lastError && Date.now() < this.retryAt) return Promise.reject(this.lastError);
    this.opening = this.connect().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  private async connect(): Promise<Connected<C>> {
    let connected: Connected<C> | undefined;
    const client = this.create((error) => {
      if (connected) this.drop(connected, this.unreachable(error));
    });
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no connection within ${this.timeouts.connect / 1000} seconds`)),
        this.timeouts.connect,
      );
    });
    try {
      await Promise.race([client.connect(), tooLate]);
    } catch (error) {
      destroy(client);
      throw this.failed(error);
    } finally {
      clearTimeout(timer);
    }
    connected = { client };
    this.current = connected;
    if (this.lastError) getLogger('tsango.core.cache').info(`Connected to ${this.name} again.`);
    this.lastError = undefined;
    this.backoff = BACKOFF_MIN;
    return connected;
  }

  private failed(cause: unknown): CacheConnectionError {
    const error = this.unreachable(cause);
    if (this.lastError === undefined) getLogger('tsango.core.cache').error(error.message);
    this.lastError = error;
    this.retryAt = Date.now() + this.backoff;
    this.backoff = Math.min(this.backoff * 2, BACKOFF_MAX);
    return error;
  }

  private unreachable(cause: unknown): CacheConnectionError {
    const { message, code } = cause as Partial<NodeJS.ErrnoException>;
    const reason = message || code || String(cause);
    return new CacheConnectionError(`${this.name} cannot be reached: ${reason}`, { cause });
  }
}

function destroy(client: { destroy(): void }): void {
  try {
    client.destroy();
  } catch {
    // It was closed already; there is nothing left to do.
  }
}
