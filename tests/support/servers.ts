/** Redis and memcached of a test's own: on a free port, with nothing else's data, to be killed and started again. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { freePort } from './site';

export { freePort };

/** Whether something listens there. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A server process. */
export class OwnServer {
  private child: ChildProcess | undefined;

  constructor(
    readonly port: number,
    private readonly command: string,
    private readonly args: readonly string[],
  ) {}

  async start(): Promise<this> {
    const child = spawn(this.command, this.args, { stdio: 'ignore' });
    this.child = child;
    for (let tries = 0; tries < 200; tries++) {
      if (await listens(this.port)) return this;
      if (child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`${this.command} does not listen on port ${this.port}.`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Stops it as a debugger would, and waits until each of its threads has stopped: one may be at work still. */
  async pause(): Promise<void> {
    this.signal('SIGSTOP');
    const tasks = `/proc/${this.child?.pid}/task`;
    if (!existsSync(tasks)) return;
    const stopped = (task: string): boolean =>
      /\) T /.test(readFileSync(path.join(tasks, task, 'stat'), 'utf8'));
    while (!readdirSync(tasks).every(stopped)) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Kills it and waits until it is dead. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  }
}

export async function startRedis(...extra: string[]): Promise<OwnServer> {
  const port = await freePort();
  // A replica writes what its master sends into a file, where it was started unless told otherwise.
  const files = ['--dir', tmpdir(), '--dbfilename', `tsango-${port}.rdb`];
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    ...files,
    ...extra,
  ];
  return new OwnServer(port, 'redis-server', args).start();
}

export async function startMemcached(...extra: string[]): Promise<OwnServer> {
  const port = await freePort();
  const user = userInfo().uid === 0 ? ['-u', 'root'] : [];
  return new OwnServer(port, 'memcached', [
    '-l',
    '127.0.0.1',
    '-p',
    String(port),
    '-U',
    '0',
    ...user,
    ...extra,
  ]).start();
}

/** A Redis Cluster of three. */
export async function startRedisCluster(): Promise<{ ports: number[]; stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'redis-cluster-'));
  const servers: OwnServer[] = [];
  for (let i = 0; i < 3; i++) {
    const bus = await freePort();
    servers.push(
      await startRedis(
        ...['--cluster-enabled', 'yes', '--cluster-port', String(bus)],
        ...['--dir', folder, '--cluster-config-file', `nodes-${i}.conf`],
      ),
    );
  }
  const ports = servers.map((server) => server.port);
  const nodes = ports.map((port) => `127.0.0.1:${port}`);
  execFileSync('redis-cli', ['--cluster', 'create', ...nodes, '--cluster-yes'], { stdio: 'ignore' });
  return {
    ports,
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
