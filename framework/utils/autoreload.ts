/**
 * Restarts the development server when its code changes.
 *
 * The process that was started watches; the server is its child, so that an endless loop or a crash in the site's
 * code cannot stop the watching. The child tells which files it loaded. A change to one of them restarts it; a
 * change to a template is announced to it (`fileChanged`), and restarts it only if nobody there takes care of it.
 * A child that fails, by a syntax error for example, is started again when some file changes.
 *
 * Django: `django.utils.autoreload`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { Signal } from '../dispatch/dispatcher';
import { outlive } from '../python/streams';
import { FileWatcher } from './file_watcher';
import { getSiteRoot } from './module_loading';

/** Set in the child. */
export const AUTORELOAD_ENV = 'TSANGO_RUN_MAIN';

/** A watched file that is not code has changed. A receiver that takes care of it returns `true`. */
export const fileChanged = new Signal<{ filePath: string }>();

/** How long a child may take to end, in milliseconds. */
const PATIENCE = 2000;
/** How often a child tells what it has loaded since, in milliseconds. */
const REPORT = 300;

type Message =
  | { tsango: 'files'; files: string[]; folders: string[] }
  | { tsango: 'final' }
  | { tsango: 'reload'; file: string }
  | { tsango: 'changed'; file: string };

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'tsango' in message;
}

const CODE = /\.(?:[cm]?[jt]s|json)$/;

/** Whether this process is the server that a reloader started. */
export function isReloaderChild(): boolean {
  return process.env[AUTORELOAD_ENV] === 'true' && process.send !== undefined;
}

/** The watching process. */
class Reloader {
  private child: ChildProcess | undefined;
  private state: 'running' | 'restarting' | 'failed' | 'stopping' = 'running';
  private final = false;
  private readonly loaded = new Set<string>();
  private readonly folders = new Set<string>();
  /** When a file last changed that nobody had loaded, as far as the reports went. */
  private readonly unloaded = new Map<string, number>();
  /** Whether a file has changed since the child was started that it had not loaded, or loaded and failed at. */
  private passedOver = false;
  private readonly watcher = new FileWatcher((file) => this.changed(file));
  private finish: (status: number) => void = () => undefined;

  /** Keeps a server running until it is told to stop. @returns the exit status. */
  async run(): Promise<number> {
    this.watcher.addTree({ root: getSiteRoot(), matches: (file) => CODE.test(file) });
    const stop = (): void => this.stop();
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, stop);
    const status = await new Promise<number>((resolve) => {
      this.finish = resolve;
      this.start();
    });
    for (const signal of signals) process.off(signal, stop);
    this.watcher.close();
    return status;
  }

  private start(): void {
    this.state = 'running';
    this.final = false;
    this.passedOver = false;
    const child = fork(process.argv[1] as string, process.argv.slice(2), {
      env: { ...process.env, [AUTORELOAD_ENV]: 'true' },
    });
    this.child = child;
    child.on('message', (message) => {
      if (isMessage(message)) this.receive(message);
    });
    child.on('error', (error) => {
      outlive(process.stderr).write(`Error: ${error.message}\n`);
      this.finish(1);
    });
    child.on('exit', (code) => this.ended(code));
  }

  private receive(message: Message): void {
    if (message.tsango === 'final') {
      this.final = true;
    } else if (message.tsango === 'reload') {
      this.restart(message.file);
    } else if (message.tsango === 'files') {
      const fresh = message.files.filter((file) => !this.loaded.has(file));
      for (const file of fresh) this.loaded.add(file);
      this.watcher.addFiles(message.files);
      for (const folder of message.folders) {
        this.folders.add(folder + path.sep);
        this.watcher.addTree({ root: folder, matches: () => true });
      }
      // It may have been loaded before its change, and reported after.
      const missed = fresh.find((file) => Date.now() - (this.unloaded.get(file) ?? 0) < 3 * REPORT);
      if (missed !== undefined) this.restart(missed);
      this.unloaded.clear();
    }
  }

  private ended(code: number | null): void {
    this.child = undefined;
    if (this.state === 'stopping') this.finish(0);
    else if (this.state === 'restarting') this.start();
    else if (this.final || code === 0) this.finish(code ?? 1);
    // What it fails at is in no report: the fix may have come while it was on its way out.
    else if (this.passedOver) this.start();
    else this.state = 'failed';
  }

  private changed(file: string): void {
    if (this.state === 'failed') {
      this.start();
    } else if (this.state === 'running') {
      // Before the child's first report nothing is known of it, so that any change may matter.
      if (this.loaded.has(file) || this.loaded.size === 0) this.restart(file);
      else if ([...this.folders].some((folder) => file.startsWith(folder))) {
        this.child?.send({ tsango: 'changed', file } satisfies Message, () => undefined);
      } else {
        this.unloaded.set(file, Date.now());
        this.passedOver = true;
      }
    }
  }

  private restart(file: string): void {
    if (this.state !== 'running') return;
    outlive(process.stderr).write(`${file} changed, reloading.\n`);
    this.state = 'restarting';
    this.endChild();
  }

  private stop(): void {
    const again = this.state === 'stopping';
    this.state = 'stopping';
    if (this.child === undefined) this.finish(0);
    else if (again) this.child.kill('SIGKILL');
    else this.endChild();
  }

  private endChild(): void {
    const child = this.child;
    if (child === undefined) return;
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    child.once('exit', () => clearTimeout(kill));
  }
}

/** Runs this process's command line again in a child, and again whenever its code changes. */
export function runWithReloader(): Promise<number> {
  return new Reloader().run();
}

/** Sends, and waits until it is sent: the process may end next. */
function send(message: Message): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}

const installed = `${path.sep}node_modules${path.sep}`;

function loadedFiles(): string[] {
  return Object.keys(require.cache).filter((file) => !file.includes(installed));
}

/**
 * In the child: tells the reloader what to watch, now and whenever more is loaded, and ends the process when the
 * reloader is gone.
 *
 * @param folders every file in them is watched: the templates.
 */
export async function startReporting(folders: readonly string[]): Promise<void> {
  if (!isReloaderChild()) return;
  let reported = 0;
  const report = async (): Promise<void> => {
    const files = loadedFiles();
    if (files.length === reported) return;
    reported = files.length;
    await send({ tsango: 'files', files, folders: [...folders] });
  };
  setInterval(() => void report(), REPORT).unref();
  process.on('message', (message) => {
    if (isMessage(message) && message.tsango === 'changed') void handleChange(message.file);
  });
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  await report();
}

async function handleChange(filePath: string): Promise<void> {
  const results = await fileChanged.sendRobust(undefined, { filePath });
  if (!results.some(({ result }) => result === true)) await send({ tsango: 'reload', file: filePath });
}

/** In the child: what it fails with next is not for a change of code to mend, so the reloader ends with it. */
export async function reportFinal(): Promise<void> {
  if (isReloaderChild()) await send({ tsango: 'final' });
}

/** In the child: it is about to end with an error; the reloader is to watch all that it had loaded. */
export async function reportFailure(): Promise<void> {
  if (isReloaderChild()) await send({ tsango: 'files', files: loadedFiles(), folders: [] });
}
