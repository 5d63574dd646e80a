/**
 * A connection to memcached in its text protocol (memcached's doc/protocol.txt). Written here because the npm
 * clients either have no compare-and-swap or no flags, and Django's clients need both; it is a small protocol.
 */
import { connect as connectNet, type Socket } from 'node:net';

/** An item as memcached returns it. */
export interface Item {
  readonly key: string;
  /** What the writer's client says of the data. */
  readonly flags: number;
  readonly data: Buffer;
  /** For compare-and-swap; empty where it was not asked for. */
  readonly cas: string;
}

/** memcached's refusal of a command: `SERVER_ERROR …`, `CLIENT_ERROR …`. */
export class MemcachedError extends Error {
  override readonly name = 'MemcachedError';
}

interface Pending {
  /** Whether items come before the last line. */
  readonly items: Item[] | undefined;
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

interface Reply {
  readonly line: string;
  readonly items: Item[];
}

const CRLF = Buffer.from('\r\n');
const ERROR_LINE = /^(?:ERROR$|CLIENT_ERROR |SERVER_ERROR )/;
/** An item that memcached announces; the numbers are bounded, for they come from the network. */
const VALUE_LINE = /^VALUE (\S{1,250}) (\d{1,10}) (\d{1,10})(?: (\d{1,20}))?$/;

/** Where a server is: a TCP address, or a Unix socket. */
export type ServerAddress = { readonly host: string; readonly port: number } | { readonly path: string };

export class MemcachedClient {
  private socket: Socket | undefined;
  private readonly pending: Pending[] = [];
  private chunks: Buffer[] = [];
  private buffered = 0;
  /** No reply can be complete before so many bytes are there. */
  private needed = 1;
  private corked = false;

  constructor(
    private readonly address: ServerAddress,
    private readonly lost: (error: unknown) => void,
  ) {}

  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connectNet(this.address);
      this.socket = socket;
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 5000);
      // An idle cache must not keep a finished command from exiting.
      socket.unref();
      socket.on('error', (error) => {
        reject(error);
        this.fail(error);
      });
      socket.on('close', () => this.fail(new Error('the server closed the connection')));
      socket.on('data', (chunk) => this.receive(chunk));
      socket.once('connect', resolve);
    });
  }

  destroy(): void {
    this.socket?.destroy();
    this.reject(new Error('the connection was closed'));
  }

  /** A command that is answered by one line. @throws MemcachedError for a refusal. */
  async command(line: string, data?: Uint8Array): Promise<string> {
    return (await this.send(line, data, undefined)).line;
  }

  /** A command that is answered by items. */
  async items(line: string): Promise<Item[]> {
    return (await this.send(line, undefined, [])).items;
  }

  private send(line: string, data: Uint8Array | undefined, items: Item[] | undefined): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { socket } = this;
      if (socket === undefined || socket.destroyed) {
        reject(new Error('the connection is closed'));
        return;
      }
      this.pending.push({ items, resolve, reject });
      this.cork(socket);
      socket.write(`${line}\r\n`);
      if (data) {
        socket.write(data);
        socket.write(CRLF);
      }
    });
  }

  /** What is asked for in the same turn goes out in one packet. */
  private cork(socket: Socket): void {
    if (this.corked) return;
    this.corked = true;
    socket.cork();
    process.nextTick(() => {
      this.corked = false;
      socket.uncork();
    });
  }

  private fail(error: Error): void {
    this.reject(error);
    this.lost(error);
  }

  private reject(error: Error): void {
    for (const { reject } of this.pending.splice(0)) reject(error);
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    if (this.buffered < this.needed) return;
    const data = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.buffered);
    let rest: number;
    try {
      rest = this.parse(data);
    } catch (error) {
      this.socket?.destroy(error as Error);
      return;
    }
    this.chunks = rest < data.length ? [data.subarray(rest)] : [];
    this.buffered = data.length - rest;
  }

  /** Answers what can be answered; returns how far it came. */
  private parse(data: Buffer): number {
    let pos = 0;
    this.needed = 1;
    while (pos < data.length) {
      const end = data.indexOf(CRLF, pos);
      if (end < 0) {
        if (data.length - pos > 2048) throw new Error('memcached sent a line without an end');
        this.needed = data.length - pos + 1;
        return pos;
      }
      const line = data.toString('utf8', pos, end);
      const value = VALUE_LINE.exec(line);
      if (value === null) {
        this.answer(line);
        pos = end + 2;
        continue;
      }
      const from = end + 2;
      const to = from + Number(value[3]);
      if (to + 2 > data.length) {
        this.needed = to + 2 - pos;
        return pos;
      }
      this.pending[0]?.items?.push({
        key: value[1] as string,
        flags: Number(value[2]),
        data: data.subarray(from, to),
        cas: value[4] ?? '',
      });
      pos = to + 2;
    }
    return pos;
  }

  private answer(line: string): void {
    const pending = this.pending.shift();
    if (pending === undefined) throw new Error('memcached answered what was not asked');
    if (ERROR_LINE.test(line)) pending.reject(new MemcachedError(line));
    else pending.resolve({ line, items: pending.items ?? [] });
  }
}
