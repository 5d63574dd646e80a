/**
 * The process that keeps a production server's workers alive: restart, reload, shutdown.
 *
 * Workers are processes of node:cluster that run the same command line. What the signals mean is what they mean to
 * Gunicorn, the server that Django sites know: TERM and INT stop gracefully, QUIT at once, HUP reloads, USR1 opens
 * the logs anew.
 */
import cluster, { type Worker } from 'node:cluster';

/** How a supervisor behaves. Times in seconds. */
export interface SupervisorOptions {
  /** How many workers, at least 1. */
  workers: number;
  /** How long a worker may take to finish its requests before it is killed. */
  gracefulTimeout: number;
  /** How long a worker may be silent before it is killed; 0: for ever. */
  timeout: number;
  /** Says what happens, a line a time. */
  log(message: string): void;
}

/**
 * What a worker tells the supervisor: it takes requests; it lives; it has done its share and wants a successor; it is
 * broken and stops.
 */
export type WorkerMessage = { tsango: 'ready' | 'alive' | 'retire' | 'failed' };

/** What the supervisor tells a worker. */
export type SupervisorMessage = { tsango: 'reopen' };

/** Exit status where something that was being answered had to be cut off. */
export const CUT_OFF = 1;
/** Exit status where no worker could start. Gunicorn's `WORKER_BOOT_ERROR`. */
export const BOOT_ERROR = 3;

/** So many starts in a row that end before the worker is ready mean that none ever will. */
const MAX_FAILED_STARTS = 5;
/** A worker that ends sooner than this is followed by a pause. */
const SHORT_LIFE_MS = 5000;
const LONGEST_PAUSE_MS = 5000;
/** What a worker whose time is up has for closing what the site opened. */
const CLOSING_MS = 1000;

/** How often a worker says that it lives, in milliseconds. */
export function heartbeat(timeout: number): number {
  return Math.min(1000, timeout * 250);
}

/** A worker, and what is known of it. */
interface Kept {
  readonly worker: Worker;
  readonly startedAt: number;
  lastSeen: number;
  ready: boolean;
  /** It was told to stop. */
  retiring: boolean;
  /** Another was arranged for. */
  succeeded: boolean;
  /** It stops the worker in whose place it comes when it is ready. */
  replaces: Kept | undefined;
}

/** Keeps workers running until it is told to stop. */
export class Supervisor {
  private readonly kept = new Set<Kept>();
  private failedStarts = 0;
  private shortLives = 0;
  private status: number | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();
  private finish: (status: number) => void = () => undefined;

  constructor(private readonly options: SupervisorOptions) {}

  /** Runs until the last worker is gone. @returns the exit status. */
  async run(): Promise<number> {
    const { workers, log } = this.options;
    const signals: [NodeJS.Signals, () => void][] = [
      ['SIGTERM', () => this.stop()],
      ['SIGINT', () => this.stop()],
      ['SIGQUIT', () => this.quit()],
      ['SIGHUP', () => this.reload()],
      // Without a listener node would open its debugger.
      ['SIGUSR1', () => this.reopenLogs()],
    ];
    for (const [signal, listener] of signals) process.on(signal, listener);
    // Each worker accepts for itself, as in other servers that fork. Under cluster's own choice the supervisor hands
    // connections over, and one that is on its way to a worker that dies is never answered and never closed.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({ execArgv: process.execArgv, args: process.argv.slice(2), silent: false });
    const watchdog = this.watch();
    try {
      log(`Supervisor ${process.pid} starts ${workers} worker${workers === 1 ? '' : 's'}`);
      return await new Promise<number>((resolve) => {
        this.finish = resolve;
        for (let count = 0; count < workers; count++) this.start();
      });
    } finally {
      for (const [signal, listener] of signals) process.off(signal, listener);
      clearInterval(watchdog);
      for (const timer of this.timers) clearTimeout(timer);
    }
  }

  private start(replaces?: Kept): void {
    const now = performance.now();
    const worker = cluster.fork();
    const kept: Kept = {
      worker,
      startedAt: now,
      lastSeen: now,
      ready: false,
      retiring: false,
      succeeded: false,
      replaces,
    };
    this.kept.add(kept);
    worker.on('message', (message: WorkerMessage) => this.told(kept, message));
    worker.once('exit', (code, signal) => this.exited(kept, code, signal));
  }

  private told(kept: Kept, message: WorkerMessage): void {
    kept.lastSeen = performance.now();
    switch (message?.tsango) {
      case 'ready':
        kept.ready = true;
        this.failedStarts = 0;
        if (kept.replaces) this.retire(kept.replaces);
        kept.replaces = undefined;
        break;
      case 'retire':
        // The next worker answers before this one stops.
        this.replace(kept, 0);
        break;
      case 'failed':
        this.replace(kept, this.pauseAfter(kept));
        break;
      default:
    }
  }

  /** Starts a worker that comes in the place of another. */
  private replace(old: Kept, pause: number): void {
    if (old.succeeded || old.retiring || this.status !== undefined) return;
    old.succeeded = true;
    this.later(pause, () => {
      if (this.status === undefined) this.start(this.kept.has(old) ? old : undefined);
    });
  }

  /** Asks a worker to finish what it has; kills it when its time is up. */
  private retire(kept: Kept): void {
    if (kept.retiring) return;
    kept.retiring = true;
    kept.worker.process.kill('SIGTERM');
    this.later(this.options.gracefulTimeout * 1000 + CLOSING_MS, () => {
      if (this.kept.has(kept)) this.kill(kept, 'did not finish in time');
    });
  }

  private kill(kept: Kept, why: string): void {
    this.options.log(`Worker ${kept.worker.process.pid} ${why} and is killed`);
    kept.worker.process.kill('SIGKILL');
  }

  private later(milliseconds: number, action: () => void): void {
    if (milliseconds === 0) {
      action();
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, milliseconds);
    this.timers.add(timer);
  }

  /** How long to wait before a worker is followed by another: longer each time that they end soon. */
  private pauseAfter(kept: Kept): number {
    this.shortLives = performance.now() - kept.startedAt < SHORT_LIFE_MS ? this.shortLives + 1 : 0;
    return this.shortLives <= 1 ? 0 : Math.min(100 * 2 ** this.shortLives, LONGEST_PAUSE_MS);
  }

  private exited(kept: Kept, code: number | null, signal: string | null): void {
    this.kept.delete(kept);
    if (this.status !== undefined) {
      if (this.status === 0 && kept.ready && code !== 0) this.status = CUT_OFF;
      if (this.kept.size === 0) this.finish(this.status);
      return;
    }
    // Whoever was to come in its place is now a worker as any other.
    for (const other of this.kept) if (other.replaces === kept) other.replaces = undefined;
    if (kept.retiring) return;
    const ended = `Worker ${kept.worker.process.pid} ended (${signal ?? `status ${code}`})`;
    if (kept.succeeded) {
      this.options.log(`${ended}; another was started`);
    } else if (kept.replaces) {
      // What runs goes on: code that does not start must not take a site down that does.
      this.options.log(`${ended} before it was ready; worker ${kept.replaces.worker.process.pid} stays`);
      kept.replaces.succeeded = false;
    } else if (kept.ready) {
      this.options.log(`${ended}; another is started`);
      this.later(this.pauseAfter(kept), () => this.startUnlessStopping());
    } else {
      this.startFailed(ended);
    }
  }

  private startUnlessStopping(): void {
    if (this.status === undefined) this.start();
  }

  private startFailed(ended: string): void {
    this.failedStarts++;
    const hopeless = this.failedStarts >= MAX_FAILED_STARTS && ![...this.kept].some(({ ready }) => ready);
    if (!hopeless) {
      this.options.log(`${ended} before it was ready; another is started`);
      const pause = Math.min(100 * 2 ** this.failedStarts, LONGEST_PAUSE_MS);
      this.later(pause, () => this.startUnlessStopping());
      return;
    }
    this.options.log(`${ended}. No worker could start, ${MAX_FAILED_STARTS} times in a row; giving up`);
    this.status = BOOT_ERROR;
    this.endAll('SIGTERM');
  }

  /** Replaces every worker by one with the code as it is now; each old one stops when a new one answers. */
  private reload(): void {
    if (this.status !== undefined) return;
    this.options.log('Reloading');
    for (const kept of [...this.kept]) {
      if (kept.ready || kept.retiring) continue;
      // It may be starting with the old code, and answers nobody yet.
      const { replaces } = kept;
      kept.retiring = true;
      kept.worker.process.kill('SIGKILL');
      if (replaces) replaces.succeeded = false;
      else this.start();
    }
    for (const kept of [...this.kept]) if (kept.ready) this.replace(kept, 0);
  }

  private reopenLogs(): void {
    const message: SupervisorMessage = { tsango: 'reopen' };
    // A worker that is ending cannot be told, and need not.
    for (const { worker } of this.kept) if (worker.isConnected()) worker.send(message, () => undefined);
  }

  /** Kills workers that say nothing: something in them keeps the event loop for itself, and they answer nobody. */
  private watch(): NodeJS.Timeout | undefined {
    const { timeout } = this.options;
    if (timeout === 0) return undefined;
    const every = heartbeat(timeout);
    let last = performance.now();
    return setInterval(() => {
      const now = performance.now();
      // This process itself stood still, and what the workers said meanwhile is not read yet.
      const late = now - last > 3 * every;
      last = now;
      for (const kept of this.kept) {
        if (!late && now - kept.lastSeen <= timeout * 1000) continue;
        kept.lastSeen = now;
        if (!late) this.kill(kept, `was silent for ${timeout} seconds`);
      }
    }, every);
  }

  private stop(): void {
    if (this.status === undefined) this.options.log('Stopping');
    this.status ??= 0;
    this.endAll('SIGTERM');
  }

  private quit(): void {
    this.options.log('Stopping at once');
    this.status ??= 0;
    this.endAll('SIGKILL');
  }

  private endAll(signal: 'SIGTERM' | 'SIGKILL'): void {
    for (const kept of this.kept) {
      if (signal === 'SIGTERM') this.retire(kept);
      else kept.worker.process.kill('SIGKILL');
    }
    if (this.kept.size === 0 && this.status !== undefined) this.finish(this.status);
  }
}
