/**
 * The process that keeps a production server's workers alive: restart, reload, shutdown.
 *
 * Workers are processes of node:cluster that run the same command line. What the signals mean is what they mean to
 * Gunicorn, the server that Django sites know: TERM and INT stop gracefully, QUIT at once, HUP reloads.
 */
import cluster, { type Worker } from 'node:cluster';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { CommandError } from '../management/errors';

/** How a supervisor behaves. Times in seconds. */
export interface SupervisorOptions {
  /** How many workers, at least 1. */
  workers: number;
  /** How long a worker may take to finish its requests before it is killed. */
  gracefulTimeout: number;
  /** A file that holds the process id while the server runs. */
  pidFile?: string | undefined;
  /** Says what happens, a line a time. */
  log(message: string): void;
}

/** What a worker tells the supervisor. */
export type WorkerMessage = { tsango: 'ready' } | { tsango: 'retire' };

/** Exit status where no worker could start. Gunicorn's `WORKER_BOOT_ERROR`. */
export const BOOT_ERROR = 3;

/** So many starts in a row that end before the worker is ready mean that none ever will. */
const MAX_FAILED_STARTS = 5;
const LONGEST_PAUSE_MS = 5000;

/** Keeps workers running until it is told to stop. */
export class Supervisor {
  private readonly ready = new Set<number>();
  private readonly retiring = new Set<number>();
  private failedStarts = 0;
  private status: number | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();
  private finish: (status: number) => void = () => undefined;

  constructor(private readonly options: SupervisorOptions) {}

  /** Runs until the last worker is gone. @returns the exit status. */
  async run(): Promise<number> {
    const { pidFile, workers, log } = this.options;
    if (pidFile) claimPidFile(pidFile);
    const signals: [NodeJS.Signals, () => void][] = [
      ['SIGTERM', () => this.stop('SIGTERM')],
      ['SIGINT', () => this.stop('SIGTERM')],
      ['SIGQUIT', () => this.stop('SIGKILL')],
      ['SIGHUP', () => this.reload()],
    ];
    for (const [signal, listener] of signals) process.on(signal, listener);
    const onExit = (worker: Worker, code: number | null, signal: string | null): void =>
      this.workerExited(worker, code, signal);
    // Each worker accepts for itself, as in other servers that fork. Under cluster's own choice the supervisor hands
    // connections over, and one that is on its way to a worker that dies is never answered and never closed.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({ execArgv: process.execArgv, args: process.argv.slice(2), silent: false });
    cluster.on('exit', onExit);
    try {
      log(`Supervisor ${process.pid} starts ${workers} worker${workers === 1 ? '' : 's'}`);
      return await new Promise<number>((resolve) => {
        this.finish = resolve;
        for (let count = 0; count < workers; count++) this.fork();
      });
    } finally {
      for (const [signal, listener] of signals) process.off(signal, listener);
      cluster.off('exit', onExit);
      for (const timer of this.timers) clearTimeout(timer);
      if (pidFile) rmSync(pidFile, { force: true });
    }
  }

  private get running(): Worker[] {
    return Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker !== undefined);
  }

  private fork(whenReady?: () => void): void {
    const worker = cluster.fork();
    worker.on('message', (message: WorkerMessage) => {
      if (message?.tsango === 'ready') {
        this.ready.add(worker.id);
        this.failedStarts = 0;
        whenReady?.();
      } else if (message?.tsango === 'retire' && !this.retiring.has(worker.id) && this.status === undefined) {
        // The next worker answers before this one stops.
        this.fork(() => this.retire(worker));
      }
    });
  }

  /** Asks a worker to finish what it has; kills it when its time is up. */
  private retire(worker: Worker): void {
    if (this.retiring.has(worker.id)) return;
    this.retiring.add(worker.id);
    worker.process.kill('SIGTERM');
    this.later(this.options.gracefulTimeout * 1000, () => {
      if (!worker.isDead()) {
        this.options.log(`Worker ${worker.process.pid} did not finish in time and is killed`);
        worker.process.kill('SIGKILL');
      }
    });
  }

  private later(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, milliseconds);
    this.timers.add(timer);
  }

  private workerExited(worker: Worker, code: number | null, signal: string | null): void {
    const { log } = this.options;
    const wasReady = this.ready.delete(worker.id);
    const retired = this.retiring.delete(worker.id);
    if (this.status !== undefined) {
      if (this.running.length === 0) this.finish(this.status);
      return;
    }
    if (retired) return;
    log(`Worker ${worker.process.pid} ended (${signal ?? `status ${code}`}); another is started`);
    if (wasReady) {
      this.fork();
      return;
    }
    this.failedStarts++;
    if (this.failedStarts >= MAX_FAILED_STARTS) {
      log(`No worker could start, ${MAX_FAILED_STARTS} times in a row; giving up`);
      this.status = BOOT_ERROR;
      for (const other of this.running) this.retire(other);
      if (this.running.length === 0) this.finish(this.status);
      return;
    }
    this.later(Math.min(100 * 2 ** this.failedStarts, LONGEST_PAUSE_MS), () => {
      if (this.status === undefined) this.fork();
    });
  }

  /** Replaces every worker by one with the code as it is now; each old one stops when a new one answers. */
  private reload(): void {
    if (this.status !== undefined) return;
    this.options.log('Reloading');
    for (const old of this.running) {
      if (!this.retiring.has(old.id)) this.fork(() => this.retire(old));
    }
  }

  private stop(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.status === undefined) this.options.log('Stopping');
    this.status ??= 0;
    for (const worker of this.running) {
      if (signal === 'SIGKILL') worker.process.kill('SIGKILL');
      else this.retire(worker);
    }
    if (this.running.length === 0) this.finish(this.status);
  }
}

/** @throws CommandError if the file names a process that is still there. */
function claimPidFile(file: string): void {
  let other = Number.NaN;
  try {
    other = Number(readFileSync(file, 'utf8'));
  } catch {
    // No file yet.
  }
  if (other > 0 && other !== process.pid && isAlive(other)) {
    throw new CommandError(
      `Already running: ${file} names the process ${other}. Stop it, or give another --pid.`,
    );
  }
  writeFileSync(file, `${process.pid}\n`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
