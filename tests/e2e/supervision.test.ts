/** `manage.ts serve`: what an operator counts on when workers hang, leak, do not start, or lose their supervisor. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type RunningSite, startSite } from '../support/site';

const SETTINGS = ['--settings', 'tests.support.slow_site'];

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not happen in 20 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The text at a path, over a connection of its own. */
function ask(site: RunningSite, target = '/'): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get(`${site.url}${target}`, { agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve(text));
        response.on('error', reject);
      })
      .on('error', reject);
  });
}

const askOrNothing = (site: RunningSite, target = '/'): Promise<string> => ask(site, target).catch(() => '');

/** The processes that a process started. */
function children(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        // The name in brackets may hold anything; the parent is the second field after it.
        return (
          readFileSync(`/proc/${candidate}/stat`, 'utf8').split(') ').pop()?.split(' ')[1] === String(pid)
        );
      } catch {
        return false;
      }
    });
}

/** Sends bytes and never more. @returns what came back until the server closed the connection. */
function sendAndWait(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

describe('supervision', () => {
  let site: RunningSite | undefined;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-supervision-'));
  });
  afterEach(async () => {
    await site?.stop();
    site = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const serve = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<RunningSite> => {
    site = await startSite((port) => ['serve', `127.0.0.1:${port}`, ...SETTINGS, ...args], {
      env,
      migrate: false,
      probe: '/',
    });
    return site;
  };

  it('replaces a worker that hangs, and one that has too much memory', async () => {
    const running = await serve(['--workers', '1', '--timeout', '3', '--max-memory', '400']);
    const first = await ask(running);
    await expect(ask(running, '/hang/')).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(running.output()).toContain(`Worker ${first} was silent for 3 seconds and is killed`);
    let second = '';
    await until(async () => {
      second = await askOrNothing(running);
      return second !== '';
    });
    expect(second).not.toBe(first);

    expect(await ask(running, '/leak/?mib=400')).toBe(second);
    let failed = 0;
    await until(async () => {
      const pid = await askOrNothing(running);
      if (pid === '') failed++;
      return pid !== second;
    });
    expect(failed).toBe(0);
    expect(await running.stop()).toBe(0);
  }, 60_000);

  it('keeps the workers that it has when the code does not start any more', async () => {
    const flag = path.join(folder, 'broken');
    const running = await serve(['--workers', '2'], { BROKEN_FLAG: flag });
    await until(() => children(running.child.pid ?? 0).length === 2);
    const before = new Set<string>();
    await until(async () => before.add(await ask(running)).size === 2);
    writeFileSync(flag, '');
    running.child.kill('SIGHUP');
    await until(() => [...before].every((pid) => running.output().includes(`worker ${pid} stays`)));
    expect(before).toContain(await ask(running));
    expect(
      children(running.child.pid ?? 0)
        .map(String)
        .sort(),
    ).toEqual([...before].sort());

    // Mended; two reloads at once are one.
    rmSync(flag);
    running.child.kill('SIGHUP');
    running.child.kill('SIGHUP');
    await until(() => [...before].every((pid) => !existsSync(`/proc/${pid}`)));
    expect(children(running.child.pid ?? 0)).toHaveLength(2);
    expect(await running.stop()).toBe(0);
  }, 60_000);

  it('finishes what it is answering when the supervisor is killed, and frees the port', async () => {
    const running = await serve(['--workers', '2']);
    const workers = children(running.child.pid ?? 0);
    const answer = ask(running, '/slow/?ms=1500&say=it+begins');
    await until(() => running.output().includes('it begins'));
    running.child.kill('SIGKILL');
    expect(await answer).toMatch(/^done by \d+$/);
    await until(() => workers.every((pid) => !existsSync(`/proc/${pid}`)));
    await expect(ask(running)).rejects.toThrow('ECONNREFUSED');
  }, 60_000);

  it('pauses longer and longer between workers that end soon after they started', async () => {
    const running = await serve(['--workers', '1']);
    let crashes = 0;
    const started = Date.now();
    while (Date.now() - started < 4000) {
      if ((await askOrNothing(running, '/crash/')) === 'soon') crashes++;
      await until(async () => (await askOrNothing(running)) !== '');
    }
    const workers = running.output().match(/Worker \d+ ended \(status 1\)/g) ?? [];
    expect(crashes).toBeGreaterThan(1);
    expect(workers.length).toBeGreaterThan(1);
    expect(workers.length).toBeLessThan(8);
  }, 60_000);

  it('gives up when no worker can start', async () => {
    const flag = path.join(folder, 'broken');
    const running = await serve(['--workers', '1'], { BROKEN_FLAG: flag });
    writeFileSync(flag, '');
    const ended = new Promise((resolve) => running.child.once('exit', resolve));
    process.kill(Number(await ask(running)), 'SIGKILL');
    expect(await ended).toBe(3);
    expect(running.output()).toContain('No worker could start, 5 times in a row; giving up');
    expect(running.output()).toContain('this version does not start');
  }, 60_000);

  it('serves on a Unix socket with the permissions that are asked for', async () => {
    const socket = path.join(folder, 'site.sock');
    const running = await startSite(
      () => ['serve', `unix:${socket}`, ...SETTINGS, '-w', '2', '--socket-mode', '660'],
      {
        migrate: false,
        socket,
      },
    );
    site = running;
    expect(statSync(socket).mode & 0o777).toBe(0o660);
    expect(await running.stop()).toBe(0);
    expect(existsSync(socket)).toBe(false);
  }, 60_000);

  it('says with its status that something was cut off', async () => {
    const running = await serve(['--workers', '1', '--graceful-timeout', '1']);
    const answer = ask(running, '/slow/?ms=60000&say=it+begins').catch(() => 'cut off');
    await until(() => running.output().includes('it begins'));
    expect(await running.stop()).toBe(1);
    expect(await answer).toBe('cut off');
  }, 60_000);

  it('opens its log anew on USR1, and nothing in a request can forge a line', async () => {
    const log = path.join(folder, 'access.log');
    const running = await serve(['--workers', '1', '--access-log', log]);
    await ask(running, '/?before');
    await until(() => readFileSync(log, 'utf8').includes('"GET /?before HTTP/1.1" 200'));
    renameSync(log, `${log}.1`);
    running.child.kill('SIGUSR1');
    await until(() => existsSync(log));
    const raw =
      'GET /?after"\x1b[2J HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: a"\t\x85b\\\r\nConnection: close\r\n\r\n';
    await sendAndWait(running.port, raw);
    await sendAndWait(running.port, raw.replace('\x1b[2J', ''));
    await until(() => readFileSync(log, 'utf8').includes('after'));
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/"GET \/\?after\\" HTTP\/1\.1" 200 \d+ "-" "a\\"\\x09.*b\\\\"$/);
    expect(readFileSync(`${log}.1`, 'utf8')).not.toContain('after');
    expect(running.output()).not.toContain('Debugger');
  }, 60_000);

  it('does not wait for clients that send slowly, or nothing', async () => {
    const running = await serve(['--workers', '1', '--headers-timeout', '1', '--request-timeout', '2']);
    const started = Date.now();
    const head = 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n';
    const answers = await Promise.all(
      ['', head, `${head}Content-Length: 5\r\n\r\nab`].map((bytes) => sendAndWait(running.port, bytes)),
    );
    expect(answers.slice(0, 2).every((text) => text === '' || text.startsWith('HTTP/1.1 408 '))).toBe(true);
    expect(answers[1]).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(Date.now() - started).toBeLessThan(5000);
    expect(await ask(running)).toMatch(/^\d+$/);
  }, 60_000);
});
