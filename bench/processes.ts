/** Processes: where they run, how they start and stop, and what they use. Linux's /proc tells the latter. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';

/** Processor for the server and for the load, so that neither takes the other's time. */
export const SERVER_CPU = '0';
export const LOAD_CPU = '1';

/** Whether a command is on the PATH. */
export function onPath(command: string): boolean {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, command)));
}

const PINNING = onPath('taskset');

/** The command, kept to one processor where the system can do that. */
export function pinned(cpu: string, command: readonly string[]): [file: string, args: string[]] {
  const [file = '', ...args] = PINNING ? ['taskset', '-c', cpu, ...command] : command;
  return [file, args];
}

/** Keeps this process to the processor of the load. */
export function pinLoad(): void {
  if (PINNING)
    execFileSync('taskset', ['-a', '-c', '-p', LOAD_CPU, String(process.pid)], { stdio: 'ignore' });
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A process and all that it has started. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children ? children.split(' ').flatMap((child) => family(Number(child))) : [])];
}

/** Bytes of memory that a process and its children hold. */
export function residentBytes(pid: number): number {
  const kilobytes = family(pid).map((member) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${member}/status`, 'utf8'))?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, value) => sum + value, 0) * 1024;
}

/** What Linux counts processor time in, whatever its own clock: USER_HZ. */
const TICKS_A_SECOND = 100;

/** The fields of /proc/PID/stat that count ticks: user, system, and both of the children that have ended. */
const TICK_FIELDS = [11, 12, 13, 14] as const;

/**
 * Seconds of processor time, user and system together, that a process and its children have used since they started.
 * Another process on the machine can make a server slow, but cannot make it use more of this.
 *
 * @throws Error where the system has no /proc.
 */
export function processorSeconds(pid: number): number {
  const ticks = family(pid).map((member) => {
    // The name of the command stands in brackets, and may hold anything.
    const fields = /\) (.*)$/s.exec(readFileSync(`/proc/${member}/stat`, 'utf8'))?.[1]?.split(' ') ?? [];
    return TICK_FIELDS.reduce((sum, index) => sum + Number(fields[index]), 0);
  });
  return ticks.reduce((sum, value) => sum + value, 0) / TICKS_A_SECOND;
}

/** How many file descriptors a process and its children have open. */
export function openFiles(pid: number): number {
  return family(pid).reduce((sum, member) => sum + readdirSync(`/proc/${member}/fd`).length, 0);
}

/** A server that runs. */
export interface Running {
  url: string;
  pid: number;
  /** From the start of the process to its first answer. */
  startMilliseconds: number;
  /** Processor time until then, of the process and its children. */
  startProcessorMilliseconds: number;
  stop(): Promise<void>;
}

/** What a server is started with. */
export interface Launch {
  name: string;
  /** `{port}` stands for the port. */
  command: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 30_000;
const STOP_MS = 5000;
const POLL_MS = 3;

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/plain', agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
    });
    request.once('error', () => resolve(false));
  });
}

/**
 * Starts a server on its own processor and waits until it answers.
 *
 * @throws Error with what the server printed, if it ends or does not answer in time.
 */
export async function launch({ name, command, cwd, env }: Launch): Promise<Running> {
  const port = await freePort();
  const [file, args] = pinned(
    SERVER_CPU,
    command.map((part) => part.replace('{port}', String(port))),
  );
  const begin = performance.now();
  const child: ChildProcess = spawn(file, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', ...env, BENCH_PORT: String(port) },
  });
  let printed = '';
  let failure: Error | undefined;
  const keep = (chunk: Buffer): void => {
    printed = (printed + String(chunk)).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      failure = error;
      resolve();
    });
  });
  const alive = (): boolean => !failure && child.exitCode === null && child.signalCode === null;
  const stop = async (): Promise<void> => {
    if (!alive()) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  while (performance.now() - begin < PATIENCE_MS && alive()) {
    if (await answers(port)) {
      const startMilliseconds = performance.now() - begin;
      const pid = child.pid ?? 0;
      const startProcessorMilliseconds = processorSeconds(pid) * 1000;
      return { url: `http://127.0.0.1:${port}`, pid, startMilliseconds, startProcessorMilliseconds, stop };
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await stop();
  throw new Error(`${name} did not answer: ${failure?.message ?? printed}`);
}
