/** The servers that the benchmark compares: how each starts, and which stores it has. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where sessions are kept. */
export type Store = 'sqlite' | 'postgresql' | 'redis' | 'cookie' | 'memory';

/** One contestant. */
export interface Server {
  name: string;
  command: readonly string[];
  cwd: string;
  stores: readonly Store[];
  env?: Readonly<Record<string, string>>;
  /** What has to be there for it to run. */
  needs?: string;
}

const PEERS = path.join(__dirname, 'peers');
const ALL: readonly Store[] = ['sqlite', 'postgresql', 'redis', 'cookie', 'memory'];

/** Processor for the server and for the load, so that neither takes the other's time. */
export const SERVER_CPU = '0';
export const LOAD_CPU = '1';

export const SERVERS: readonly Server[] = [
  { name: 'raw', command: ['node', 'raw.js'], cwd: PEERS, stores: ALL },
  { name: 'tsango', command: ['node', 'server.js'], cwd: path.join(__dirname, 'tsango'), stores: ALL },
  {
    name: 'tsango (Session alone)',
    command: ['node', 'server.js'],
    cwd: path.join(__dirname, 'tsango'),
    stores: ALL,
    env: { BENCH_MIDDLEWARE: 'session' },
  },
  { name: 'fastify', command: ['node', 'fastify.js'], cwd: PEERS, stores: ALL },
  { name: 'koa', command: ['node', 'koa.js'], cwd: PEERS, stores: ALL },
  { name: 'hono', command: ['node', 'hono.js'], cwd: PEERS, stores: ['cookie'] },
  { name: 'adonis', command: ['node', 'adonis/server.js'], cwd: PEERS, stores: ['cookie', 'memory'] },
  { name: 'express', command: ['node', 'express.js'], cwd: PEERS, stores: ALL },
  {
    name: 'django',
    command: [
      'gunicorn',
      '-w',
      '1',
      '--log-level',
      'error',
      '-b',
      '127.0.0.1:{port}',
      'django_site:application',
    ],
    cwd: PEERS,
    stores: ['sqlite', 'postgresql', 'cookie', 'memory'],
    needs: 'gunicorn',
  },
];

/** Whether a command is on the PATH. */
export function onPath(command: string): boolean {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, command)));
}

/** A server that runs. */
export interface Running {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

const PATIENCE_MS = 20_000;

/**
 * Starts a server on its own processor and waits until it answers.
 *
 * @throws Error with what the server printed, if it ends or does not answer in time.
 */
export async function start(server: Server, store: Store, port: number, folder: string): Promise<Running> {
  const command = server.command.map((part) => part.replace('{port}', String(port)));
  const pinned = onPath('taskset') ? ['taskset', '-c', SERVER_CPU, ...command] : command;
  const child: ChildProcess = spawn(pinned[0] ?? '', pinned.slice(1), {
    cwd: server.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...server.env,
      NODE_ENV: 'production',
      BENCH_STORE: store,
      BENCH_PORT: String(port),
      BENCH_SQLITE: path.join(folder, `${store}.sqlite3`),
    },
  });
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    }
  };
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    try {
      await fetch(`http://127.0.0.1:${port}/plain`);
      return { port, pid: child.pid ?? 0, stop };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  await stop();
  throw new Error(`${server.name} with ${store} did not answer:\n${printed.slice(-2000)}`);
}
