/** What `serve` makes sure of before it starts. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CommandError } from 'tsango/core/management';
import { claimAddress, claimPidFile, releasePidFile } from 'tsango/core/servers/claims';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-claims-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The id of a process that has ended. */
const endedPid = (): string =>
  execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();

describe('the PID file', () => {
  it.each(['', 'no number', '-1'])('takes the place of one that names nobody (%j)', (content) => {
    const file = path.join(folder, 'pid');
    writeFileSync(file, content);
    claimPidFile(file);
    expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`);
    releasePidFile(file);
    expect(existsSync(file)).toBe(false);
  });

  it('takes the place of one whose process is gone', () => {
    const file = path.join(folder, 'pid');
    writeFileSync(file, endedPid());
    claimPidFile(file);
    expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`);
  });

  it('is refused while the process that it names is alive, and left to it', () => {
    const file = path.join(folder, 'pid');
    writeFileSync(file, `${process.ppid}\n`);
    expect(() => claimPidFile(file)).toThrow(
      new CommandError(
        `Already running: ${file} names the process ${process.ppid}. Stop it, or give another --pid.`,
      ),
    );
    releasePidFile(file);
    expect(readFileSync(file, 'utf8')).toBe(`${process.ppid}\n`);
  });

  it('says where it cannot be written', () => {
    const file = path.join(folder, 'missing', 'pid');
    expect(() => claimPidFile(file)).toThrow(
      new CommandError(`--pid: ENOENT: no such file or directory, open '${file}'`),
    );
  });
});

describe('the address', () => {
  const listening: net.Server[] = [];
  const listen = (where: net.ListenOptions): Promise<net.Server> =>
    new Promise((resolve) => {
      const server = net.createServer();
      listening.push(server);
      server.listen(where, () => resolve(server));
    });
  afterEach(async () => {
    await Promise.all(
      listening.splice(0).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
  });

  it('is refused where another server is', async () => {
    const server = await listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.address() as net.AddressInfo;
    await expect(claimAddress({ host: '127.0.0.1', port })).rejects.toThrow(
      new CommandError(`Cannot serve on 127.0.0.1:${port}: another server is there.`),
    );
    const socket = path.join(folder, 'live.sock');
    await listen({ path: socket });
    await expect(claimAddress({ path: socket })).rejects.toThrow(
      new CommandError(`Cannot serve on unix:${socket}: another server is there.`),
    );
  });

  it('is refused where the machine has it not, or the path is no socket', async () => {
    await expect(claimAddress({ host: '192.0.2.1', port: 1 })).rejects.toThrow(
      new CommandError('Cannot serve on 192.0.2.1:1: this machine does not have that address.'),
    );
    const file = path.join(folder, 'precious.txt');
    writeFileSync(file, 'precious');
    await expect(claimAddress({ path: file })).rejects.toThrow(
      new CommandError(
        `Cannot serve on unix:${file}: there is a file that is no socket. Remove it, or give another path.`,
      ),
    );
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  it('takes the place of a socket whose server was killed', async () => {
    const socket = path.join(folder, 'stale.sock');
    const script = `require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;
    expect(() => execFileSync(process.execPath, ['-e', script])).toThrow();
    expect(existsSync(socket)).toBe(true);
    await claimAddress({ path: socket });
    expect(existsSync(socket)).toBe(false);
    await listen({ path: socket });
  });
});
