/** What a production server makes sure of before it starts: that no other is there, by its PID file and its address. */
import { lstatSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { CommandError } from '../management/errors';

/** A port on an address, or the path of a Unix socket. */
export type Listen = { port: number; host: string } | { path: string };

/** An address as people write it. */
export function describeListen(listen: Listen): string {
  if ('path' in listen) return `unix:${listen.path}`;
  return `${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`;
}

const ERRORS: Record<string, string> = {
  EACCES: 'this user may not listen there',
  EADDRINUSE: 'another server is there',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOENT: 'there is no such folder',
  ENOTFOUND: 'nobody knows that name',
};

/**
 * Writes the process id to a file.
 *
 * @throws CommandError if the file names a process that is still there, or cannot be written.
 */
export function claimPidFile(file: string): void {
  const other = Number(read(file));
  if (other > 0 && other !== process.pid && isAlive(other)) {
    throw new CommandError(
      `Already running: ${file} names the process ${other}. Stop it, or give another --pid.`,
    );
  }
  try {
    writeFileSync(file, `${process.pid}\n`);
  } catch (error) {
    throw new CommandError(`--pid: ${(error as Error).message}`);
  }
}

/** Removes the PID file, unless another server has it now. */
export function releasePidFile(file: string): void {
  if (Number(read(file)) === process.pid) unlinkSync(file);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Makes sure that an address can be listened on; the workers would each find out, and say so, for themselves. Removes
 * the file of a Unix socket whose server is gone.
 *
 * @throws CommandError where it cannot.
 */
export async function claimAddress(listen: Listen): Promise<void> {
  if ('path' in listen && (await isAbandoned(listen.path))) unlinkSync(listen.path);
  try {
    await new Promise<void>((resolve, reject) => {
      const server = createServer((socket) => socket.destroy());
      server.once('error', reject);
      server.listen(listen, () => server.close(() => resolve()));
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError(`Cannot serve on ${describeListen(listen)}: ${ERRORS[code ?? ''] ?? message}.`);
  }
}

/** Whether a path is a socket that nobody answers on. @throws CommandError if it is another kind of file. */
async function isAbandoned(path: string): Promise<boolean> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (!stats.isSocket()) {
    throw new CommandError(
      `Cannot serve on unix:${path}: there is a file that is no socket. Remove it, or give another path.`,
    );
  }
  return new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(false);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
