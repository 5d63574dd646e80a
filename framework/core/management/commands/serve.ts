import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { settings } from '../../../conf';
import { getLogger } from '../../../utils/log';
import { parseAddrport } from '../../servers/address';
import { claimAddress, claimPidFile, describeListen, releasePidFile } from '../../servers/claims';
import { heartbeat, Supervisor, type SupervisorMessage, type WorkerMessage } from '../../servers/supervisor';
import type { ProductionWorker, WorkerOptions } from '../../servers/worker';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

interface Arguments {
  addrport: string | undefined;
  workers: number | undefined;
  socketMode: string | undefined;
  timeout: number;
  pid: string | undefined;
  accessLog: string | undefined;
  gracefulTimeout: number;
  requestTimeout: number;
  headersTimeout: number;
  keepAlive: number;
  sendTimeout: number;
  backlog: number;
  maxConnections: number | undefined;
  maxRequests: number | undefined;
  maxRequestsJitter: number;
  maxMemory: number | undefined;
  healthz: string | undefined;
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  static: boolean;
  allowDebug: boolean;
}

const NUMBERS: readonly [flag: string, fallback: number | undefined, help: string][] = [
  [
    '--timeout',
    30,
    'Seconds that a worker may be silent, as one in an endless loop, until it is killed; 0: for ever.',
  ],
  ['--graceful-timeout', 30, 'Seconds that requests may go on when a worker is told to stop.'],
  ['--request-timeout', 60, 'Seconds until a whole request must be there.'],
  ['--headers-timeout', 15, "Seconds until a request's headers must be there."],
  ['--keep-alive', 75, "Seconds that an idle connection is kept; keep it above the proxy's own."],
  ['--send-timeout', 60, 'Seconds that a client may leave unread what it asked for; 0: for ever.'],
  ['--backlog', 511, 'How many connections may wait to be accepted.'],
  ['--max-connections', undefined, 'How many connections a worker has at once; more are refused.'],
  ['--max-requests', undefined, 'Replaces a worker after so many requests.'],
  [
    '--max-requests-jitter',
    0,
    'Adds up to so many requests, by chance, so that workers are not replaced at once.',
  ],
  ['--max-memory', undefined, 'Replaces a worker that has more MiB of memory.'],
];

/** What an exit status means. */
const FAILURES = new Map([
  [1, 'Not every request could be answered before the server ended.'],
  [3, 'No worker could start.'],
]);

/** Serves the site in production. Not in Django, whose sites have Gunicorn for that; the options are named as its are. */
export class Command extends BaseCommand<Arguments> {
  override help =
    'Serves the site in production: worker processes, graceful reload (SIGHUP) and stop (SIGTERM).';

  override addArguments(parser: CommandParser): void {
    parser.addArgument('addrport', {
      nargs: '?',
      help: 'Port number, ipaddr:port, or unix:/path of a socket. Default: 127.0.0.1:8000',
    });
    parser.addArgument('-w', '--workers', {
      type: 'int',
      help: 'How many worker processes; 0: one process, without a supervisor. Default: one for each processor.',
    });
    parser.addArgument('--socket-mode', {
      metavar: 'MODE',
      help: 'The permissions of a unix: socket, as 660. Default: what the umask leaves.',
    });
    parser.addArgument('--pid', { metavar: 'FILE', help: "A file for the server's process id." });
    parser.addArgument('--access-log', {
      metavar: 'FILE',
      help: "A file for a line a request; '-': standard output.",
    });
    for (const [flag, fallback, help] of NUMBERS) {
      parser.addArgument(flag, {
        type: 'int',
        help,
        ...(fallback === undefined ? {} : { default: fallback }),
      });
    }
    parser.addArgument('--healthz', {
      metavar: 'PATH',
      help: 'A path that is answered with 200 while the server takes requests, and 503 as it stops.',
    });
    parser.addArgument('--tls-cert', {
      metavar: 'FILE',
      help: 'Serves https with this certificate chain (PEM).',
    });
    parser.addArgument('--tls-key', { metavar: 'FILE', help: "The certificate's key (PEM)." });
    parser.addArgument('--static', {
      action: 'storeTrue',
      help: 'Serves STATIC_ROOT at STATIC_URL too (needs the package sirv).',
    });
    parser.addArgument('--allow-debug', { action: 'storeTrue', help: 'Serves although DEBUG is on.' });
  }

  override async handle(options: Options<Arguments>): Promise<void> {
    if (settings.DEBUG && !options.allowDebug) {
      throw new CommandError(
        'DEBUG is on: every error would show the source and the settings to whoever asks. Set DEBUG to false in ' +
          'the settings of production, or say --allow-debug.',
      );
    }
    if (!settings.DEBUG && settings.ALLOWED_HOSTS.length === 0) {
      throw new CommandError('You must set settings.ALLOWED_HOSTS if DEBUG is False.');
    }
    const workerOptions = toWorkerOptions(options);
    const status = cluster.isWorker
      ? await this.work(workerOptions, options)
      : await this.serve(workerOptions, options);
    if (status !== 0) {
      throw new CommandError(FAILURES.get(status) ?? 'The server ended with an error.', {
        returncode: status,
      });
    }
  }

  /** Serves with a supervisor, or from this process alone. @returns the exit status. */
  private async serve(workerOptions: WorkerOptions, options: Options<Arguments>): Promise<number> {
    const { pid, workers = availableParallelism() } = options;
    if (pid !== undefined) claimPidFile(pid);
    try {
      await claimAddress(workerOptions.listen);
      if (workers === 0) return await this.work(workerOptions, options);
      const where = describeListen(workerOptions.listen);
      this.stdout.write(`tsango version ${this.getVersion()}, serving on ${where}`);
      return await new Supervisor({
        workers,
        gracefulTimeout: options.gracefulTimeout,
        timeout: options.timeout,
        log: (message) => this.stderr.write(message, (text) => text),
      }).run();
    } finally {
      if (pid !== undefined) releasePidFile(pid);
    }
  }

  /** Serves until a signal says stop. @returns the exit status: 0 where every request was answered. */
  private async work(options: WorkerOptions, { timeout }: Options<Arguments>): Promise<number> {
    const { ProductionWorker } = require('../../servers/worker') as typeof import('../../servers/worker');
    // A supervisor that is gone cannot be told, and need not.
    const tell = (tsango: WorkerMessage['tsango']): void => {
      if (process.connected) process.send?.({ tsango }, undefined, undefined, () => undefined);
    };
    if (cluster.worker) {
      // Otherwise node ends the process at once when its supervisor is gone, whatever it is answering.
      cluster.worker.exitedAfterDisconnect = true;
      if (timeout > 0) setInterval(() => tell('alive'), heartbeat(timeout)).unref();
    }
    let worker: ProductionWorker | undefined;
    const status = new Promise<number>((resolve) => {
      let stopping = false;
      const stop = (code: number): void => {
        if (stopping) return;
        stopping = true;
        Promise.resolve(worker?.stop() ?? true).then(
          (complete) => resolve(complete ? code : 1),
          () => resolve(1),
        );
      };
      process.on('SIGTERM', () => stop(0));
      // Ctrl-C reaches the whole group: a supervised worker waits for the supervisor's word.
      process.on('SIGINT', () => (cluster.isWorker ? undefined : stop(0)));
      process.on('SIGHUP', () => undefined);
      process.on('disconnect', () => stop(0));
      const reopen = (): void => worker?.reopenLogs();
      // Without a listener node would open its debugger.
      process.on('SIGUSR1', reopen);
      process.on('message', (message: SupervisorMessage) => {
        if (message?.tsango === 'reopen') reopen();
      });
      const logger = getLogger('tsango.server');
      process.on('unhandledRejection', (error) => logger.error('Unhandled promise rejection', { error }));
      process.on('uncaughtException', (error) => {
        // What state this process is in, nobody knows: it finishes what it has, and another takes its place.
        logger.critical('Uncaught exception; this worker is replaced', { error });
        tell('failed');
        stop(1);
      });
      worker = new ProductionWorker(options, {
        onReady: () => tell('ready'),
        onRetire: () => (cluster.isWorker ? tell('retire') : stop(0)),
      });
    });
    await worker?.start();
    return status.finally(() => {
      if (cluster.isWorker) cluster.worker?.disconnect();
    });
  }
}

/** @throws CommandError for numbers and modes that mean nothing. */
function refuseNonsense(options: Options<Arguments>): void {
  const values = options as unknown as Record<string, unknown>;
  for (const flag of ['--workers', ...NUMBERS.map(([name]) => name)]) {
    const value = values[flag.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
    if (typeof value === 'number' && value < 0) throw new CommandError(`${flag} must be 0 or more.`);
  }
  if (options.socketMode !== undefined && !/^0?[0-7]{3}$/.test(options.socketMode)) {
    throw new CommandError(`--socket-mode must be permissions such as 660, not "${options.socketMode}".`);
  }
}

function toWorkerOptions(options: Options<Arguments>): WorkerOptions {
  const { addrport, maxRequests, maxRequestsJitter, tlsCert, tlsKey, requestTimeout } = options;
  refuseNonsense(options);
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new CommandError('--tls-cert and --tls-key go together.');
  }
  return {
    listen: addrport?.startsWith('unix:') ? { path: addrport.slice(5) } : address(addrport),
    socketMode: options.socketMode === undefined ? undefined : Number.parseInt(options.socketMode, 8),
    backlog: options.backlog,
    maxConnections: options.maxConnections,
    requestTimeout,
    // A request is never there before its headers.
    headersTimeout: Math.min(options.headersTimeout, requestTimeout || Number.POSITIVE_INFINITY),
    keepAlive: options.keepAlive,
    sendTimeout: options.sendTimeout,
    gracefulTimeout: options.gracefulTimeout,
    maxRequests:
      maxRequests === undefined
        ? undefined
        : maxRequests + Math.floor(Math.random() * (maxRequestsJitter + 1)),
    maxMemory: options.maxMemory,
    healthz: options.healthz,
    accessLog: options.accessLog,
    tls: tlsCert !== undefined && tlsKey !== undefined ? { cert: tlsCert, key: tlsKey } : undefined,
    before: options.static ? staticFiles() : undefined,
  };
}

function address(addrport: string | undefined): { host: string; port: number } {
  const { addr, port } = parseAddrport(addrport, false);
  return { host: addr, port };
}

/** @throws ImproperlyConfigured without STATIC_ROOT, STATIC_URL or the package sirv. */
function staticFiles(): WorkerOptions['before'] {
  const { staticServer } = require('../../servers/static') as typeof import('../../servers/static');
  return staticServer();
}
