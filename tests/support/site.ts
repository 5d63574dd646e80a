/** A sample site in a process of its own: a free port, a database of its own, and an orderly end. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** The folder of `manage.ts`. */
export const ROOT = path.resolve(__dirname, '..', '..');

const TS_NODE = path.join(ROOT, 'node_modules', 'ts-node', 'dist', 'bin.js');

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Runs a command of the sample site's `manage.ts`. @returns what it printed. */
export function manage(env: NodeJS.ProcessEnv, ...args: string[]): string {
  return execFileSync(process.execPath, [TS_NODE, 'manage.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
}

/** A server that runs. */
export interface RunningSite {
  port: number;
  url: string;
  child: ChildProcess;
  /** The folder of its database. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** What it printed so far. */
  output(): string;
  /** Stops it with SIGTERM and removes its folder. @returns the exit status. */
  stop(): Promise<number | null>;
}

/** How a site is started. */
export interface SiteOptions {
  env?: NodeJS.ProcessEnv;
  /** Migrates its database first; default true. */
  migrate?: boolean;
  /** The path that tells that it serves. */
  probe?: string;
  /** The port; a free one unless given. */
  port?: number;
  /** The Unix socket on which it serves instead. */
  socket?: string;
}

/** Starts a site, the sample site unless the arguments name other settings, and waits for the first answer. */
export async function startSite(
  args: (port: number) => readonly string[],
  { env: extraEnv = {}, migrate = true, probe = '/set_session/', port: wanted, socket }: SiteOptions = {},
): Promise<RunningSite> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-site-'));
  const env: NodeJS.ProcessEnv = {
    DATABASE: path.join(folder, 'db.sqlite3'),
    SECRET_KEY: 'a-key-for-tests-of-more-than-fifty-characters-0123456789',
    ...extraEnv,
  };
  if (migrate) manage(env, 'migrate', '--verbosity', '0');
  const port = wanted ?? (await freePort());
  const child = spawn(process.execPath, [TS_NODE, 'manage.ts', ...args(port)], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-200_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const code = await exited;
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The server did not answer:\n${printed}`);
    }
    try {
      if (socket === undefined) await fetch(`${url}${probe}`);
      else await askSocket(socket, probe);
      return { port, url, child, folder, env, output: () => printed, stop };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function askSocket(socketPath: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get({ socketPath, path, headers: { host: '127.0.0.1' } }, (response) => {
        response.resume().once('end', resolve);
      })
      .on('error', reject);
  });
}
