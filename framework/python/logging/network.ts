/** Handlers that send records elsewhere. What cannot be sent is lost, and nobody waits. Python: `logging.handlers`. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket as DatagramSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { Handler } from './handlers';
import { LEVELS, type LogRecord } from './record';

/** A record as JSON, in one line: what it says, and who said it. Python sends its own pickle, which only Python reads. */
function asJson(handler: Handler, record: LogRecord): string {
  const { name, level, levelName, time } = record;
  return JSON.stringify({
    name,
    levelno: level,
    levelname: levelName,
    created: time / 1000,
    message: handler.formatter.format(record),
  });
}

/** Bytes that wait for a connection, at most. */
const MOST_WAITING = 1_000_000;
/** Milliseconds until a connection is tried again, which doubles up to the last. */
const FIRST_RETRY = 1000;
const LAST_RETRY = 30_000;

/** A connection that is made when it is needed, and again when it is lost. */
class Stream {
  private socket: Socket | undefined;
  private retryAt = 0;
  private pause = FIRST_RETRY;

  constructor(
    private readonly address: { host: string; port: number } | { path: string },
    private readonly failed: (error: NodeJS.ErrnoException) => void = () => undefined,
  ) {}

  write(data: Buffer): void {
    const socket = this.socket ?? this.open();
    if (socket !== undefined && socket.writableLength < MOST_WAITING) socket.write(data);
  }

  private open(): Socket | undefined {
    if (Date.now() < this.retryAt) return undefined;
    const socket = connect(this.address);
    this.socket = socket;
    // A log keeps no process from ending.
    socket.unref();
    socket.on('connect', () => {
      this.pause = FIRST_RETRY;
    });
    socket.on('error', this.failed);
    socket.on('close', () => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      this.retryAt = Date.now() + this.pause;
      this.pause = Math.min(this.pause * 2, LAST_RETRY);
    });
    return socket;
  }

  end(): void {
    const { socket } = this;
    this.socket = undefined;
    socket?.end();
  }
}

/** Where a handler sends to. */
export interface SocketOptions {
  host: string;
  port: number;
}

/** A line of JSON for each record, over TCP. */
export class SocketHandler extends Handler {
  private readonly stream: Stream;

  constructor({ host, port }: SocketOptions) {
    super();
    this.stream = new Stream({ host, port });
  }

  emit(record: LogRecord): void {
    this.stream.write(Buffer.from(`${asJson(this, record)}\n`));
  }

  override close(): void {
    this.stream.end();
  }
}

/** Sends packets over UDP. */
class Datagrams {
  private socket: DatagramSocket | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  send(data: Buffer): void {
    if (this.socket === undefined) {
      const { createSocket } = require('node:dgram') as typeof import('node:dgram');
      this.socket = createSocket(this.host.includes(':') ? 'udp6' : 'udp4').unref();
      this.socket.on('error', () => undefined);
    }
    this.socket.send(data, this.port, this.host, () => undefined);
  }

  close(): void {
    this.socket?.close();
    this.socket = undefined;
  }
}

/** A packet of JSON for each record, over UDP. */
export class DatagramHandler extends Handler {
  private readonly datagrams: Datagrams;

  constructor({ host, port }: SocketOptions) {
    super();
    this.datagrams = new Datagrams(host, port);
  }

  emit(record: LogRecord): void {
    this.datagrams.send(Buffer.from(asJson(this, record)));
  }

  override close(): void {
    this.datagrams.close();
  }
}

const FACILITIES = (
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp security console solaris-cron ' +
  'local0 local1 local2 local3 local4 local5 local6 local7'
).split(' ');

/** How a `SysLogHandler` sends. */
export interface SysLogOptions {
  /** Host and port, or the path of a socket: `/dev/log`. Default: `['localhost', 514]`. */
  address?: readonly [host: string, port: number] | string;
  /** Default: `user`. */
  facility?: string | number;
  /** `ext://socket.SOCK_STREAM` is TCP. */
  socktype?: string | number | null;
  /** Stands in front of the message. */
  ident?: string;
  /** Whether a NUL follows the message, as in Python. Default: yes. */
  appendNul?: boolean;
}

/** RFC 5424, 6.2.1. */
function severity(level: number): number {
  if (level >= LEVELS.CRITICAL) return 2;
  if (level >= LEVELS.ERROR) return 3;
  if (level >= LEVELS.WARNING) return 4;
  return level >= LEVELS.INFO ? 6 : 7;
}

/**
 * The system's log: over UDP or TCP, or by a socket of the system. Node cannot write datagrams to a path, as `/dev/log` of
 * most systems wants them: there the system's program `logger` does it.
 */
export class SysLogHandler extends Handler {
  private readonly facility: number;
  private readonly ident: string;
  private readonly end: string;
  private readonly sender: { send(message: string): void; close(): void };

  /** @throws TypeError for a facility or an address that is none. */
  constructor(options: SysLogOptions = {}) {
    super();
    const {
      address = ['localhost', 514],
      facility = 'user',
      socktype,
      ident = '',
      appendNul = true,
    } = options;
    this.facility = typeof facility === 'number' ? facility : FACILITIES.indexOf(facility);
    if (!(this.facility >= 0 && this.facility < FACILITIES.length)) {
      throw new TypeError(
        `A SysLogHandler of LOGGING has no facility '${facility}': it is one of ${FACILITIES.join(', ')}.`,
      );
    }
    this.ident = ident;
    this.end = appendNul ? '\0' : '\n';
    this.sender = senderTo(address, /STREAM/.test(String(socktype)) || socktype === 1);
  }

  emit(record: LogRecord): void {
    const priority = this.facility * 8 + severity(record.level);
    // A line each: what reads from a program or a stream takes every line for a message.
    const text = this.formatter.format(record).replaceAll('\n', ' | ');
    this.sender.send(`<${priority}>${this.ident}${text}${this.end}`);
  }

  override close(): void {
    this.sender.close();
  }
}

function senderTo(
  address: SysLogOptions['address'],
  stream: boolean,
): { send(message: string): void; close(): void } {
  if (typeof address === 'string') return new SystemSocket(address);
  const [host, port] = address ?? [];
  if (typeof host !== 'string' || typeof port !== 'number') {
    throw new TypeError(
      "A SysLogHandler of LOGGING needs an 'address' like ['localhost', 514] or '/dev/log'.",
    );
  }
  if (!stream) {
    const datagrams = new Datagrams(host, port);
    return { send: (message) => datagrams.send(Buffer.from(message)), close: () => datagrams.close() };
  }
  const connection = new Stream({ host, port });
  return { send: (message) => connection.write(Buffer.from(message)), close: () => connection.end() };
}

/** A socket by its path: of the kind of a stream, else by `logger`. */
class SystemSocket {
  private program: ChildProcess | undefined;
  private isDatagram = false;
  private unsent: string[] = [];
  private readonly stream: Stream;

  constructor(private readonly path: string) {
    this.stream = new Stream({ path }, (error) => {
      if (error.code !== 'EPROTOTYPE') return;
      this.isDatagram = true;
      for (const message of this.unsent.splice(0)) this.send(message);
    });
  }

  send(message: string): void {
    if (!this.isDatagram) {
      // Until it is known what kind it is.
      if (this.unsent.length < 100) this.unsent.push(message);
      this.stream.write(Buffer.from(message));
      return;
    }
    const { stdin } = this.start();
    if (stdin !== null && stdin.writableLength < MOST_WAITING)
      stdin.write(`${message.replace(/[\0\n]$/, '')}\n`);
  }

  private start(): ChildProcess {
    if (this.program === undefined) {
      const args = ['--socket', this.path, '--prio-prefix', '--tag', 'tsango'];
      const program = spawn('logger', args, { stdio: ['pipe', 'ignore', 'ignore'] });
      this.program = program;
      program.unref();
      (program.stdin as Socket | null)?.unref();
      program.stdin?.on('error', () => undefined);
      const gone = (): void => {
        if (this.program === program) this.program = undefined;
      };
      program.on('error', gone);
      program.on('exit', gone);
    }
    return this.program;
  }

  close(): void {
    this.stream.end();
    this.program?.stdin?.end();
    this.program = undefined;
  }
}
