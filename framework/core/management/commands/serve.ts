import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import { settings } from '../../../conf';
import { getLogger } from '../../../utils/log';
import { parseAddrport } from '../../servers/address';
import type { WorkerMessage } from '../../servers/supervisor';
import type { ProductionWorker, WorkerOptions } from '../../servers/worker';
import { BaseCommand, type Options } from '../base';
import { CommandError } from '../errors';
import type { CommandParser } from '../parser';

interface Arguments {
  addrport: string | undefined;
  workers: number | undefined;
  pid: string | undefined;
  accessLog: string | undefined;
  gracefulTimeout: number;
  requestTimeout: number;
  headersTimeout: number;
  keepAlive: number;
  backlog: number;
  maxConnections: number | undefined;
  maxRequests: number | undefined;
  maxRequestsJitter: number;
  healthz: string | undefined;
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  static: boolean;
  allowDebug: boolean;
}

const NUMBERS: readonly [flag: string, fallback: number | undefined, help: string][] = [
  ['--graceful-timeout', 30, 'Seconds that requests may go on when a worker is told to stop.'],
  ['--request-timeout', 60, 'Seconds until a whole request must be there.'],
  ['--headers-timeout', 15, "Seconds until a request's headers must be there."],
  ['--keep-alive', 75, "Seconds that an idle connection is kept; keep it above the proxy's own."],
  ['--backlog', 511, 'How many connections may wait to be accepted.'],
  ['--max-connections', undefined, 'How many connections a worker has at once; more are refused.'],
  ['--max-requests', undefined, 'Replaces a worker after so many requests.'],
  [
    '--max-requests-jitter',
    0,
    'Adds up to so many requests, by chance, so that workers are not replaced at once.',
  ],
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
    const workers = options.workers ?? availableParallelism();
    if (workers < 0) throw new CommandError('--workers must be 0 or more.');
    const alone = workers === 0 || cluster.isWorker;
    const status = alone
      ? await this.work(workerOptions)
      : await this.supervise(workers, options, workerOptions);
    if (status !== 0) {
      throw new CommandError(FAILURES.get(status) ?? 'The server ended with an error.', {
        returncode: status,
      });
    }
  }

  private async supervise(
    workers: number,
    options: Options<Arguments>,
    { listen }: WorkerOptions,
  ): Promise<number> {
    const { Supervisor } = require('../../servers/supervisor') as typeof import('../../servers/supervisor');
    const where = 'path' in listen ? `unix:${listen.path}` : `${listen.host}:${listen.port}`;
    this.stdout.write(`tsango version ${this.getVersion()}, serving on ${where}`);
    return new Supervisor({
      workers,
      gracefulTimeout: options.gracefulTimeout,
      pidFile: options.pid,
      log: (message) => this.stderr.write(message, (text) => text),
    }).run();
  }

  /** Serves until a signal says stop. @returns the exit status: 0 where every request was answered. */
  private async work(options: WorkerOptions): Promise<number> {
    const { ProductionWorker } = require('../../servers/worker') as typeof import('../../servers/worker');
    const tell = (message: WorkerMessage): void => void process.send?.(message);
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
      const logger = getLogger('tsango.server');
      process.on('unhandledRejection', (error) => logger.error('Unhandled promise rejection', { error }));
      process.on('uncaughtException', (error) => {
        // What state this process is in, nobody knows: it finishes what it has, and another takes its place.
        logger.critical('Uncaught exception; this worker is replaced', { error });
        stop(1);
      });
      worker = new ProductionWorker(options, {
        onReady: () => tell({ tsango: 'ready' }),
        onRetire: () => (cluster.isWorker ? tell({ tsango: 'retire' }) : stop(0)),
      });
    });
    await worker?.start();
    return status.finally(() => {
      if (cluster.isWorker) cluster.worker?.disconnect();
    });
  }
}

function toWorkerOptions(options: Options<Arguments>): WorkerOptions {
  const { addrport, maxRequests, maxRequestsJitter, tlsCert, tlsKey } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new CommandError('--tls-cert and --tls-key go together.');
  }
  return {
    listen: addrport?.startsWith('unix:') ? { path: addrport.slice(5) } : address(addrport),
    backlog: options.backlog,
    maxConnections: options.maxConnections,
    requestTimeout: options.requestTimeout,
    headersTimeout: options.headersTimeout,
    keepAlive: options.keepAlive,
    gracefulTimeout: options.gracefulTimeout,
    maxRequests:
      maxRequests === undefined
        ? undefined
        : maxRequests + Math.floor(Math.random() * (maxRequestsJitter + 1)),
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
